using System.Text.Json.Nodes;
using Hearth.Cluster.ApiServer.Core;
using Hearth.Cluster.ApiServer.Kinds;
using Hearth.Kube.Objects;

namespace Hearth.Cluster.ApiServer.Auth.Tokens;

/// <summary>Makes tokens on request: <c>POST serviceaccounts/x/token</c>.</summary>
internal sealed class TokenRequestAction(ObjectReader reader, ServiceAccountTokens tokens) : ISubresourceAction
{
    private const long DefaultSeconds = 3600;
    private const long LeastSeconds = 600;
    private const long MostSeconds = 1L << 32;

    private static readonly ResourceType Kind = new("authentication.k8s.io", "v1", "tokenrequests", "TokenRequest", true);

    public Task<JsonObject> PostAsync(ApiCall call, string? ns, string name, JsonObject body, CancellationToken ct)
    {
        var account = reader.Get(CoreKinds.ServiceAccounts, ns, name);
        var spec = body.Ensure("spec");
        var seconds = spec.Int("expirationSeconds") ?? DefaultSeconds;
        CheckLifetime(name, seconds);
        var audiences = spec.Strings("audiences");
        if (audiences.Count == 0)
        {
            audiences = [ServiceAccountTokens.ApiAudience];
        }

        var (pod, node) = Binding(ns!, account, spec.Obj("boundObjectRef"));
        var (token, expires) = tokens.Issue(new TokenWish(ns!, name, account.Uid!, audiences, TimeSpan.FromSeconds(seconds), pod, node));
        body["kind"] = "TokenRequest";
        body["apiVersion"] = "authentication.k8s.io/v1";
        var meta = body.Meta();
        meta["name"] = name;
        meta["namespace"] = ns;
        meta["creationTimestamp"] = KubeTimeConverter.ToText(reader.Time.GetUtcNow());
        spec["audiences"] = new JsonArray([.. audiences.Select(a => (JsonNode)a)]);
        spec["expirationSeconds"] = seconds;
        body["status"] = new JsonObject { ["token"] = token, ["expirationTimestamp"] = KubeTimeConverter.ToText(expires) };
        return Task.FromResult(body);
    }

    private static void CheckLifetime(string name, long seconds)
    {
        var errors = new FieldErrors();
        if (seconds < LeastSeconds)
        {
            errors.Invalid("spec.expirationSeconds", JsonValue.Create(seconds), "may not specify a duration less than 10 minutes");
        }
        else if (seconds > MostSeconds)
        {
            errors.Invalid("spec.expirationSeconds", JsonValue.Create(seconds), "may not specify a duration larger than 2^32 seconds");
        }

        if (errors.Any)
        {
            throw ApiErrors.Invalid(Kind, name, errors);
        }
    }

    private (TokenBinding? Pod, TokenBinding? Node) Binding(string ns, StoredObject account, JsonObject? reference)
    {
        if (reference is null)
        {
            return (null, null);
        }

        if (reference.Str("kind") != "Pod")
        {
            throw ApiErrors.BadRequest($"cannot bind token to object of kind {reference.Str("kind")}; supported: Pod");
        }

        var pod = reader.Get(CoreKinds.Pods, ns, reference.Str("name") ?? "");
        if (MetaTree.NullIfEmpty(reference.Str("uid")) is { } uid && uid != pod.Uid)
        {
            throw ApiErrors.Conflict(CoreKinds.Pods.Type, pod.Name, $"the UID in the bound object reference ({uid}) does not match the UID in record. The object might have been deleted and then recreated");
        }

        if ((pod.Root.Text("spec", "serviceAccountName") ?? "default") != account.Name)
        {
            throw ApiErrors.BadRequest($"cannot bind token for serviceaccount \"{account.Name}\" to pod running with different serviceaccount name.");
        }

        var node = pod.Root.Text("spec", "nodeName") is { Length: > 0 } nodeName
            ? reader.Find(CoreKinds.Nodes, null, nodeName) is { } found ? new TokenBinding(nodeName, found.Uid!) : null
            : null;
        return (new TokenBinding(pod.Name, pod.Uid!), node);
    }
}
