using Hearth.Aws.Signing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Hearth.Aws.Http;

/// <summary>A request as it came over the wire: the path is kept raw because Kestrel decodes parts of it that signatures and labels need.</summary>
public sealed class AwsRequest
{
    private AwsRequest(HttpContext http, string rawPath, string rawQuery)
    {
        Http = http;
        RawPath = rawPath;
        RawQuery = rawQuery;
        Query = QueryParameters.ParseReadable(rawQuery);
    }

    /// <summary>The ASP.NET Core request and response.</summary>
    public HttpContext Http { get; }

    /// <summary>GET, PUT, ...</summary>
    public string Method => Http.Request.Method;

    /// <summary>Path as sent, still encoded, starting with a slash.</summary>
    public string RawPath { get; }

    /// <summary>Query string as sent, without the question mark.</summary>
    public string RawQuery { get; }

    /// <summary>Query parameters, decoded.</summary>
    public QueryParameters Query { get; }

    /// <summary>Answered as <c>x-amzn-RequestId</c> or <c>x-amz-request-id</c>.</summary>
    public string RequestId { get; } = Guid.NewGuid().ToString();

    /// <summary>The verified signature; set before a service sees the request.</summary>
    public VerifiedSignature Signature { get; internal set; } = null!;

    /// <summary>Whoever signed.</summary>
    public AwsCredential Caller => Signature.Credential;

    /// <summary>Cancelled when the client goes away or the endpoint stops.</summary>
    public CancellationToken Aborted => Http.RequestAborted;

    /// <summary>Reads the request line of a request.</summary>
    public static AwsRequest From(HttpContext http)
    {
        var target = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        if (!target.StartsWith('/'))
        {
            var scheme = target.IndexOf("://", StringComparison.Ordinal);
            var slash = scheme < 0 ? -1 : target.IndexOf('/', scheme + 3);
            target = slash < 0 ? "/" : target[slash..];
        }
        var question = target.IndexOf('?');
        return question < 0
            ? new AwsRequest(http, target, "")
            : new AwsRequest(http, target[..question], target[(question + 1)..]);
    }

    /// <summary>A header's value with several lines joined by commas, or null.</summary>
    public string? Header(string name) =>
        Http.Request.Headers.TryGetValue(name, out var values) && values.Count > 0 ? values.ToString() : null;

    /// <summary>
    /// Segments of the raw path, each decoded once: <c>/tags/arn%3Aaws%3Ax%2Fy</c> gives <c>tags</c> and <c>arn:aws:x/y</c>.
    /// </summary>
    public IReadOnlyList<string> Segments()
    {
        var parts = RawPath[1..].Split('/');
        for (var i = 0; i < parts.Length; i++)
        {
            if (!PercentEncoding.TryDecode(parts[i], plusIsSpace: false, out parts[i]))
            {
                throw new AwsException(400, "ValidationException", "The path is not UTF-8 text.");
            }
        }
        return parts;
    }
}
