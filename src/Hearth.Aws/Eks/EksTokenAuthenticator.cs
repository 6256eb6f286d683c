using System.Text;
using Hearth.Aws.Http;
using Hearth.Aws.Signing;

namespace Hearth.Aws.Eks;

/// <summary>Who an EKS token stands for.</summary>
/// <param name="Arn">The AWS principal.</param>
/// <param name="Username">Name in Kubernetes: the ARN.</param>
/// <param name="Groups"><c>system:masters</c> for the administrator, <c>hearth:team:NAME</c> for a team.</param>
/// <param name="Team">The team; null for the administrator.</param>
public sealed record EksTokenIdentity(string Arn, string Username, IReadOnlyList<string> Groups, string? Team);

/// <summary>
/// Believes <c>k8s-aws-v1.</c> tokens of <c>aws eks get-token</c>: a presigned GetCallerIdentity request. EKS sends that request to STS;
/// here the signature is checked against the platform's own keys. Rules after aws-iam-authenticator's token verifier.
/// </summary>
/// <param name="credentials">The keys.</param>
/// <param name="clusterName">Signed into the token as header <c>x-k8s-aws-id</c>.</param>
/// <param name="region">The platform's region.</param>
/// <param name="time">The clock.</param>
public sealed class EksTokenAuthenticator(ICredentialStore credentials, string clusterName, string region, TimeProvider time)
{
    private const string Prefix = "k8s-aws-v1.";
    private const int LongestToken = 16 * 1024;
    private const string ClusterHeader = "x-k8s-aws-id";
    private static readonly TimeSpan LongestLife = TimeSpan.FromMinutes(15);

    private static readonly HashSet<string> Allowed = new(StringComparer.OrdinalIgnoreCase)
    {
        "Action", "Version", "X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date", "X-Amz-Expires", "X-Amz-Security-Token", "X-Amz-Signature", "X-Amz-SignedHeaders",
    };

    private readonly SigV4Verifier verifier = new(credentials, region, time);

    /// <summary>Whether a bearer token claims to be one of EKS.</summary>
    public static bool IsEksToken(string token) => token.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>Checks a token.</summary>
    /// <param name="token">The bearer token.</param>
    /// <param name="reason">Why it is not believed; null when it is.</param>
    /// <returns>The identity, or null.</returns>
    public EksTokenIdentity? Authenticate(string token, out string? reason)
    {
        try
        {
            var credential = Verify(token);
            reason = null;

            // A role has no access entry: what it may do here, it may do by bindings to its name.
            string[] groups = credential.Session?.RoleArn is not null ? [] : credential.IsAdmin ? ["system:masters"] : [$"hearth:team:{credential.Team}"];
            return new EksTokenIdentity(credential.PrincipalArn, credential.PrincipalArn, groups, credential.Team);
        }
        catch (Exception e) when (e is SignatureException or AwsException or FormatException)
        {
            reason = e.Message;
            return null;
        }
    }

    private AwsCredential Verify(string token)
    {
        if (!IsEksToken(token) || token.Length > LongestToken)
        {
            throw new FormatException($"the token does not start with {Prefix} or is too long");
        }
        var url = Decode(token[Prefix.Length..]);
        if (url.Scheme is not ("https" or "http") || url.AbsolutePath is not "/")
        {
            throw new FormatException("the token does not hold a request to STS");
        }
        var query = QueryParameters.Parse(url.Query.TrimStart('?'));
        CheckParameters(query);
        var claim = SignatureParser.Parse(_ => null, query) ?? throw new FormatException("the request in the token is not signed");
        if (claim.Service is not "sts" || !claim.SignedHeaders.Contains(ClusterHeader, StringComparer.Ordinal))
        {
            throw new FormatException($"the request in the token is not one to STS that signs the header {ClusterHeader}");
        }
        if (claim.Expires > LongestLife)
        {
            throw new FormatException("the token asks to live longer than 15 minutes");
        }

        // The request inside says 60 seconds; a token holds for 15 minutes from its date all the same, as with EKS.
        string? Header(string name) => name switch { "host" => url.Authority, ClusterHeader => clusterName, _ => null };
        var request = new SignedRequest("GET", "/", query, Header, []);
        return verifier.Verify(request, claim with { Expires = LongestLife }, PayloadMarkers.EmptyHash).Credential;
    }

    private static Uri Decode(string text)
    {
        var padded = text.Replace('-', '+').Replace('_', '/') + new string('=', (4 - (text.Length % 4)) % 4);
        return Uri.TryCreate(Encoding.UTF8.GetString(Convert.FromBase64String(padded)), UriKind.Absolute, out var url)
            ? url
            : throw new FormatException("the token does not hold a URL");
    }

    private static void CheckParameters(QueryParameters query)
    {
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, _) in query)
        {
            if (!Allowed.Contains(name) || !seen.Add(name))
            {
                throw new FormatException($"the request in the token has the parameter '{name}', which may not be there or not twice");
            }
        }
        if (query["Action"] is not "GetCallerIdentity")
        {
            throw new FormatException("the request in the token is not GetCallerIdentity");
        }
    }
}
