using System.Text.Json.Nodes;

namespace Hearth.Aws.Eks;

/// <summary>
/// The discovery document and keys of the cluster's issuer, under the path of the issuer and without a signature, as at the issuer's own host:
/// <c>$AWS_ENDPOINT_URL/id/ID/.well-known/openid-configuration</c>.
/// </summary>
/// <param name="Issuer">The issuer's URL.</param>
/// <param name="Keys">The public keys, a JSON Web Key Set.</param>
public sealed record OidcDocuments(string Issuer, Func<JsonObject> Keys)
{
    private const string KeysPath = "/keys";
    private const string DiscoveryPath = "/.well-known/openid-configuration";

    private string Path => new Uri(Issuer).AbsolutePath;

    /// <summary>The document at a path, or null when there is none.</summary>
    /// <param name="path">Path of the request.</param>
    /// <param name="authority">Scheme, host and port that the request came to: the keys are there too.</param>
    public JsonObject? Find(string path, string authority)
    {
        if (string.Equals(path, Path + KeysPath, StringComparison.Ordinal))
        {
            return Keys();
        }

        return !string.Equals(path, Path + DiscoveryPath, StringComparison.Ordinal) ? null : new JsonObject
        {
            ["issuer"] = Issuer,
            ["jwks_uri"] = $"{authority}{Path}{KeysPath}",
            ["authorization_endpoint"] = "urn:kubernetes:programmatic_authorization",
            ["response_types_supported"] = new JsonArray("id_token"),
            ["subject_types_supported"] = new JsonArray("public"),
            ["claims_supported"] = new JsonArray("sub", "iss"),
            ["id_token_signing_alg_values_supported"] = new JsonArray("ES256"),
        };
    }
}
