using System.Security.Cryptography;
using System.Text;

namespace Hearth.Aws.Eks;

/// <summary>
/// The issuer of the cluster's service-account tokens, as EKS names it. It depends on the declaration alone, never on a port, because trust
/// policies name it and outlive restarts. Its documents are served by the AWS endpoint under the same path.
/// </summary>
public static class OidcIssuer
{
    /// <summary>Audience of tokens for STS.</summary>
    public const string StsAudience = "sts.amazonaws.com";

    private const int IdLength = 32;

    /// <summary>For example <c>https://oidc.eks.us-west-2.amazonaws.com/id/4A0C...</c>.</summary>
    public static string Of(string region, string account, string cluster) => $"https://oidc.eks.{region}.amazonaws.com/id/{Id(region, account, cluster)}";

    private static string Id(string region, string account, string cluster) =>
        Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{account}/{region}/{cluster}")))[..IdLength];
}
