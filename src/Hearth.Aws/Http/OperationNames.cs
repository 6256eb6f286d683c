using System.Text;

namespace Hearth.Aws.Http;

/// <summary>Guesses service, protocol and operation of requests that no service of the endpoint answers.</summary>
internal static class OperationNames
{
    /// <summary>Service of a request without a signature, from its form.</summary>
    public static string GuessService(AwsRequest request)
    {
        if (request.Header("X-Amz-Target") is { } target)
        {
            return target.Split('.')[0].Split('_')[0].ToLowerInvariant();
        }
        if (IsForm(request) || request.Query.Has("Action"))
        {
            return "sts";
        }
        return request.RawPath.Split('/')[1] switch
        {
            "virtualclusters" or "jobtemplates" or "securityconfigurations" or "tags" => "emr-containers",
            "clusters" or "id" => "eks",
            _ => "s3",
        };
    }

    /// <summary>Protocol of a service that is not here.</summary>
    public static AwsProtocol GuessProtocol(AwsRequest request, string service)
    {
        if (request.Header("X-Amz-Target") is not null)
        {
            return AwsProtocol.JsonRpc;
        }
        if (IsForm(request) || request.Query.Has("Action"))
        {
            return service is "ec2" ? AwsProtocol.Ec2Query : AwsProtocol.Query;
        }
        return AwsProtocol.RestJson;
    }

    /// <summary>Name of the operation: from <c>X-Amz-Target</c>, from <c>Action=</c>, otherwise method and path.</summary>
    public static string Operation(AwsRequest request, ReadOnlyMemory<byte> body)
    {
        if (request.Header("X-Amz-Target") is { } target)
        {
            return target[(target.LastIndexOf('.') + 1)..];
        }
        var form = IsForm(request) ? QueryParameters.ParseReadable(Encoding.UTF8.GetString(body.Span)) : request.Query;
        return form["Action"] ?? request.Query["Action"] ?? $"{request.Method} {request.RawPath}";
    }

    private static bool IsForm(AwsRequest request) =>
        request.Header("Content-Type")?.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) == true;
}
