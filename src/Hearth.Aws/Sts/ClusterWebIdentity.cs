using System.Buffers.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hearth.Aws.Eks;
using Hearth.Aws.Http;
using Hearth.Kube.Client;
using Hearth.Kube.Objects;

namespace Hearth.Aws.Sts;

/// <summary>
/// Believes the service-account tokens of one cluster. The cluster itself checks them (TokenReview): its keys, and that service account and pod
/// still exist. What the token says is read before only to say better what is wrong with it.
/// </summary>
public sealed class ClusterWebIdentity(IKubeClient client, string issuer, TimeProvider time) : IWebIdentityVerifier
{
    private static readonly ResourceType Reviews = new("authentication.k8s.io", "v1", "tokenreviews", "TokenReview", false);

    /// <inheritdoc/>
    public async Task<WebIdentity> VerifyAsync(string token, CancellationToken ct)
    {
        CheckClaims(Claims(token));
        var review = new JsonObject
        {
            ["apiVersion"] = Reviews.ApiVersion,
            ["kind"] = Reviews.Kind,
            ["metadata"] = new JsonObject { ["name"] = "sts" },
            ["spec"] = new JsonObject { ["token"] = token, ["audiences"] = new JsonArray(OidcIssuer.StsAudience) },
        };
        JsonObject answer;
        try
        {
            answer = await client.CreateAsync(Reviews, null, review, ct).ConfigureAwait(false);
        }
        catch (KubeException)
        {
            throw new AwsException(400, "IDPCommunicationError", "Error communicating with the identity provider: the cluster does not answer. Try again.");
        }

        return answer["status"]?["authenticated"]?.GetValue<bool>() == true && answer["status"]!["user"]?["username"]?.GetValue<string>() is { } subject
            ? new WebIdentity(issuer, subject, OidcIssuer.StsAudience)
            : throw Invalid("The ID Token provided is not a valid JWT. (Its signature does not hold, or its service account or pod is gone.)");
    }

    private void CheckClaims(JsonElement claims)
    {
        var from = Text(claims, "iss");
        if (!string.Equals(from, issuer, StringComparison.Ordinal))
        {
            throw Invalid($"No OpenIDConnect provider found in your account for {from}");
        }

        if (claims.TryGetProperty("exp", out var ends) && ends.TryGetInt64(out var seconds) && time.GetUtcNow().ToUnixTimeSeconds() is var now && seconds <= now)
        {
            throw new AwsException(400, "ExpiredTokenException", $"Token expired: current date/time {now} must be before the expiration date/time {seconds}");
        }

        if (!claims.TryGetProperty("aud", out var audience) || !Audiences(audience).Contains(OidcIssuer.StsAudience, StringComparer.Ordinal))
        {
            throw Invalid("Incorrect token audience");
        }
    }

    private static JsonElement Claims(string token)
    {
        try
        {
            var parts = token.Split('.');
            if (parts.Length == 3)
            {
                using var document = JsonDocument.Parse(Base64Url.DecodeFromChars(parts[1]));
                if (document.RootElement.ValueKind == JsonValueKind.Object)
                {
                    return document.RootElement.Clone();
                }
            }
        }
        catch (Exception e) when (e is FormatException or JsonException)
        {
            // Said below.
        }

        throw Invalid("The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)");
    }

    private static IEnumerable<string> Audiences(JsonElement audience) => audience.ValueKind == JsonValueKind.Array
        ? audience.EnumerateArray().Where(a => a.ValueKind == JsonValueKind.String).Select(a => a.GetString()!)
        : audience.ValueKind == JsonValueKind.String ? [audience.GetString()!] : [];

    private static string Text(JsonElement claims, string name) =>
        claims.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    private static AwsException Invalid(string message) => new(400, "InvalidIdentityToken", message);
}
