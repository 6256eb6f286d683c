using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hearth.Cluster.ApiServer.Core;
using Hearth.Cluster.ApiServer.Kinds;

namespace Hearth.Cluster.ApiServer.Auth.Tokens;

/// <summary>What a service-account token shall say.</summary>
/// <param name="Namespace">Of the service account.</param>
/// <param name="Name">Of the service account.</param>
/// <param name="Uid">Of the service account: the token dies with it.</param>
/// <param name="Audiences">For whom.</param>
/// <param name="Lifetime">How long.</param>
/// <param name="Pod">The pod it dies with, or null.</param>
/// <param name="Node">The node of that pod, or null.</param>
internal sealed record TokenWish(
    string Namespace, string Name, string Uid, IReadOnlyList<string> Audiences, TimeSpan Lifetime, TokenBinding? Pod = null, TokenBinding? Node = null);

/// <summary>An object that a token is bound to.</summary>
internal sealed record TokenBinding(string Name, string Uid);

/// <summary>
/// Makes and checks the JWTs of service accounts (ES256). A token is good while its service account, and the pod it is bound to, exist with the same uid.
/// </summary>
internal sealed class ServiceAccountTokens(ObjectReader reader, ECDsa key, string issuer) : ITokenAuthenticator
{
    /// <summary>Audience of tokens for the API server itself.</summary>
    public const string ApiAudience = "https://kubernetes.default.svc";

    private const string Claims = "kubernetes.io";
    private readonly string _keyId = KeyId(key);

    /// <summary>Who makes the tokens: claim <c>iss</c>, and base address of the discovery document.</summary>
    public string Issuer => issuer;

    /// <summary>A signed token and the instant it ends.</summary>
    public (string Token, DateTimeOffset Expires) Issue(TokenWish wish)
    {
        var now = DateTimeOffset.FromUnixTimeSeconds(reader.Time.GetUtcNow().ToUnixTimeSeconds());
        var expires = now + wish.Lifetime;
        var bound = new JsonObject
        {
            ["namespace"] = wish.Namespace,
            ["serviceaccount"] = new JsonObject { ["name"] = wish.Name, ["uid"] = wish.Uid },
        };
        AddBinding(bound, "pod", wish.Pod);
        AddBinding(bound, "node", wish.Node);
        var payload = new JsonObject
        {
            ["aud"] = new JsonArray([.. wish.Audiences.Select(a => (JsonNode)a)]),
            ["exp"] = expires.ToUnixTimeSeconds(),
            ["iat"] = now.ToUnixTimeSeconds(),
            ["iss"] = issuer,
            ["jti"] = Guid.NewGuid().ToString(),
            [Claims] = bound,
            ["nbf"] = now.ToUnixTimeSeconds(),
            ["sub"] = $"{UserInfo.ServiceAccountPrefix}{wish.Namespace}:{wish.Name}",
        };
        var header = new JsonObject { ["alg"] = "ES256", ["kid"] = _keyId, ["typ"] = "JWT" };
        var signed = $"{Part(header)}.{Part(payload)}";
        var signature = key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        return ($"{signed}.{Base64Url.EncodeToString(signature)}", expires);
    }

    public ValueTask<TokenIdentity?> AuthenticateAsync(TokenRequestContext request, CancellationToken ct) => ValueTask.FromResult(Check(request));

    /// <summary>The public key as a JSON Web Key Set.</summary>
    public JsonObject KeySet()
    {
        var parameters = key.ExportParameters(includePrivateParameters: false);
        return new JsonObject
        {
            ["keys"] = new JsonArray(new JsonObject
            {
                ["use"] = "sig",
                ["kty"] = "EC",
                ["kid"] = _keyId,
                ["crv"] = "P-256",
                ["alg"] = "ES256",
                ["x"] = Base64Url.EncodeToString(parameters.Q.X),
                ["y"] = Base64Url.EncodeToString(parameters.Q.Y),
            }),
        };
    }

    /// <summary>The OpenID discovery document.</summary>
    public JsonObject Discovery(string keySetAddress) => new()
    {
        ["issuer"] = issuer,
        ["jwks_uri"] = keySetAddress,
        ["response_types_supported"] = new JsonArray("id_token"),
        ["subject_types_supported"] = new JsonArray("public"),
        ["id_token_signing_alg_values_supported"] = new JsonArray("ES256"),
    };

    private TokenIdentity? Check(TokenRequestContext request)
    {
        if (Verify(request.Token) is not { } claims)
        {
            return null;
        }

        var now = reader.Time.GetUtcNow().ToUnixTimeSeconds();
        var audiences = claims.Items("aud").Select(a => a.GetString() ?? "").ToList();
        var wanted = request.Audiences.Count > 0 ? request.Audiences : [ApiAudience];
        var inTime = claims.Number("exp") > now && (claims.Number("nbf") ?? 0) <= now + 5;
        if (!inTime || claims.Text("iss") != issuer || !audiences.Intersect(wanted, StringComparer.Ordinal).Any())
        {
            return null;
        }

        return Identity(claims) is { } user ? new TokenIdentity(user, audiences) : null;
    }

    private UserInfo? Identity(JsonElement claims)
    {
        var bound = claims.At(Claims);
        var (ns, name, uid) = (bound.Text("namespace"), bound.Text("serviceaccount", "name"), bound.Text("serviceaccount", "uid"));
        if (ns is null || name is null || reader.Find(CoreKinds.ServiceAccounts, ns, name)?.Uid != uid)
        {
            return null;
        }

        var extra = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal)
        {
            ["authentication.kubernetes.io/credential-id"] = [$"JTI={claims.Text("jti")}"],
        };
        if (bound.Text("pod", "name") is { } pod)
        {
            if (reader.Find(CoreKinds.Pods, ns, pod)?.Uid != bound.Text("pod", "uid"))
            {
                return null;
            }

            extra["authentication.kubernetes.io/pod-name"] = [pod];
            extra["authentication.kubernetes.io/pod-uid"] = [bound.Text("pod", "uid") ?? ""];
        }

        if (bound.Text("node", "name") is { } node)
        {
            extra["authentication.kubernetes.io/node-name"] = [node];
            extra["authentication.kubernetes.io/node-uid"] = [bound.Text("node", "uid") ?? ""];
        }

        return UserInfo.ServiceAccount(ns, name) with { Uid = uid, Extra = extra };
    }

    private JsonElement? Verify(string token)
    {
        var parts = token.Split('.');
        if (parts.Length != 3 || !parts.All(p => Base64Url.IsValid(p)))
        {
            return null;
        }

        try
        {
            var signed = Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}");
            using var header = JsonDocument.Parse(Base64Url.DecodeFromChars(parts[0]));
            if (header.RootElement.Text("alg") != "ES256"
                || !key.VerifyData(signed, Base64Url.DecodeFromChars(parts[2]), HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation))
            {
                return null;
            }

            return JsonDocument.Parse(Base64Url.DecodeFromChars(parts[1])).RootElement;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static void AddBinding(JsonObject bound, string member, TokenBinding? binding)
    {
        if (binding is not null)
        {
            bound[member] = new JsonObject { ["name"] = binding.Name, ["uid"] = binding.Uid };
        }
    }

    private static string Part(JsonObject tree) => Base64Url.EncodeToString(ObjectCodec.Utf8(tree));

    private static string KeyId(ECDsa key) => Base64Url.EncodeToString(SHA256.HashData(key.ExportSubjectPublicKeyInfo()));
}
