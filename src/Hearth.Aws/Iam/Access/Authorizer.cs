using Hearth.Aws.Http;
using Hearth.Aws.Iam.Policy;

namespace Hearth.Aws.Iam.Access;

/// <summary>Asks <see cref="AccessControl"/> for a request and refuses in the words of its protocol.</summary>
public sealed class Authorizer(AccessControl access)
{
    /// <summary>Key that says which team a resource belongs to: what lies in a team's namespace, and the buckets that it made.</summary>
    public const string TeamKey = "hearth:team";

    /// <summary>Value of <see cref="TeamKey"/> for what lies in a namespace of no team: no name of a team is empty.</summary>
    public const string NoTeam = "";

    /// <summary>The decisions.</summary>
    public AccessControl Access => access;

    /// <summary>Whether the caller of a request may do something.</summary>
    public bool Allows(AwsRequest request, string action, string resource, RequestContext? context = null) =>
        access.Decide(request.Caller, action, resource, Of(request).With(context ?? RequestContext.Empty)).Allowed;

    /// <summary>Refuses unless the caller of a request may do something.</summary>
    /// <param name="request">The request.</param>
    /// <param name="protocol">The service's, for the error's code.</param>
    /// <param name="action">For example <c>logs:PutLogEvents</c>.</param>
    /// <param name="resource">ARN, or <c>*</c>.</param>
    /// <param name="context">Further keys.</param>
    /// <exception cref="AwsException">403 (JSON 1.1: 400): not authorised.</exception>
    public void Require(AwsRequest request, AwsProtocol protocol, string action, string resource, RequestContext? context = null)
    {
        var decision = access.Decide(request.Caller, action, resource, Of(request).With(context ?? RequestContext.Empty));
        if (!decision.Allowed)
        {
            throw Refusal(protocol, decision.Sentence(request.Caller.PrincipalArn, action, resource));
        }
    }

    /// <summary>The error of a refusal.</summary>
    public static AwsException Refusal(AwsProtocol protocol, string sentence) => protocol switch
    {
        AwsProtocol.JsonRpc => new AwsException(400, "AccessDeniedException", sentence),
        AwsProtocol.RestJson => new AwsException(403, "AccessDeniedException", sentence),
        AwsProtocol.Ec2Query => new AwsException(403, "UnauthorizedOperation", $"You are not authorized to perform this operation. {sentence}"),
        _ => new AwsException(403, "AccessDenied", sentence),
    };

    private static RequestContext Of(AwsRequest request)
    {
        var address = request.Http.Connection.RemoteIpAddress;
        return RequestContext.Empty
            .With("aws:SourceIp", (address?.IsIPv4MappedToIPv6 == true ? address.MapToIPv4() : address)?.ToString())
            .With("aws:SecureTransport", request.Http.Request.IsHttps ? "true" : "false")
            .With("aws:UserAgent", request.Header("User-Agent"))
            .With("aws:RequestedRegion", request.Signature.Claim.Region);
    }
}
