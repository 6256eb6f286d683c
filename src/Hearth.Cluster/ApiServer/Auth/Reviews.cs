using System.Text.Json.Nodes;
using Hearth.Cluster.ApiServer.Auth.Rbac;
using Hearth.Cluster.ApiServer.Core;

namespace Hearth.Cluster.ApiServer.Auth;

/// <summary>Who am I: SelfSubjectReview.</summary>
internal sealed class SelfSubjectReviews : IVirtualResource
{
    public Task<JsonObject> CreateAsync(ApiCall call, string? ns, JsonObject body, CancellationToken ct)
    {
        body["status"] = new JsonObject { ["userInfo"] = UserTree.Of(call.User) };
        return Task.FromResult(body);
    }
}

/// <summary>May I, may they: SelfSubjectAccessReview, SubjectAccessReview, LocalSubjectAccessReview.</summary>
/// <param name="authorizer">Decides.</param>
/// <param name="self">About the caller, whatever the body says.</param>
internal sealed class AccessReviews(IAuthorizer authorizer, bool self) : IVirtualResource
{
    public Task<JsonObject> CreateAsync(ApiCall call, string? ns, JsonObject body, CancellationToken ct)
    {
        var spec = body.Obj("spec");
        var request = Request(spec, ns);
        var user = self ? call.User : UserTree.Read(spec, "user");
        var allowed = authorizer.IsAllowed(user, request, out var reason);
        var status = new JsonObject { ["allowed"] = allowed };
        if (reason.Length > 0)
        {
            status["reason"] = reason;
        }

        body["status"] = status;
        return Task.FromResult(body);
    }

    private static AccessRequest Request(JsonObject? spec, string? ns)
    {
        if (spec.Obj("nonResourceAttributes") is { } path)
        {
            return AccessRequest.ForPath(path.Str("verb") ?? "", path.Str("path") ?? "");
        }

        var resource = spec.Obj("resourceAttributes") ?? throw ApiErrors.BadRequest("spec must have resourceAttributes or nonResourceAttributes");
        return new AccessRequest(
            resource.Str("verb") ?? "",
            resource.Str("group") ?? "",
            resource.Str("resource") ?? "",
            MetaTree.NullIfEmpty(resource.Str("subresource")),
            MetaTree.NullIfEmpty(resource.Str("namespace")) ?? ns,
            MetaTree.NullIfEmpty(resource.Str("name")));
    }
}

/// <summary>What may I do here: SelfSubjectRulesReview.</summary>
internal sealed class RulesReviews(RbacAuthorizer authorizer) : IVirtualResource
{
    public Task<JsonObject> CreateAsync(ApiCall call, string? ns, JsonObject body, CancellationToken ct)
    {
        var resources = new JsonArray();
        var paths = new JsonArray();
        foreach (var rule in authorizer.RulesFor(call.User, body.Obj("spec").Str("namespace")))
        {
            if (rule.Resources.Count > 0)
            {
                var tree = new JsonObject { ["verbs"] = Array(rule.Verbs), ["apiGroups"] = Array(rule.Groups), ["resources"] = Array(rule.Resources) };
                if (rule.Names.Count > 0)
                {
                    tree["resourceNames"] = Array(rule.Names);
                }

                resources.Add((JsonNode)tree);
            }

            if (rule.Paths.Count > 0)
            {
                paths.Add((JsonNode)new JsonObject { ["verbs"] = Array(rule.Verbs), ["nonResourceURLs"] = Array(rule.Paths) });
            }
        }

        body["status"] = new JsonObject { ["resourceRules"] = resources, ["nonResourceRules"] = paths, ["incomplete"] = false };
        return Task.FromResult(body);
    }

    private static JsonArray Array(IReadOnlyList<string> values) => new([.. values.Select(v => (JsonNode)v)]);
}

/// <summary>Whose token is this: TokenReview.</summary>
internal sealed class TokenReviews(TokenAuthenticatorChain tokens) : IVirtualResource
{
    public async Task<JsonObject> CreateAsync(ApiCall call, string? ns, JsonObject body, CancellationToken ct)
    {
        var token = body.Obj("spec").Str("token") ?? "";
        var wanted = body.Obj("spec").Strings("audiences");
        var identity = token.Length > 0 ? await tokens.AuthenticateAsync(new TokenRequestContext(token, wanted), ct).ConfigureAwait(false) : null;
        body["status"] = identity is null
            ? new JsonObject { ["user"] = new JsonObject(), ["error"] = "[invalid bearer token]" }
            : new JsonObject
            {
                ["authenticated"] = true,
                ["user"] = UserTree.Of(identity.User),
                ["audiences"] = new JsonArray([.. (wanted.Count > 0 ? identity.Audiences.Intersect(wanted, StringComparer.Ordinal) : identity.Audiences).Select(a => (JsonNode)a)]),
            };
        return body;
    }
}

/// <summary>Users as JSON.</summary>
internal static class UserTree
{
    public static JsonObject Of(UserInfo user)
    {
        var tree = new JsonObject { ["username"] = user.Name };
        if (user.Uid is not null)
        {
            tree["uid"] = user.Uid;
        }

        tree["groups"] = new JsonArray([.. user.Groups.Select(g => (JsonNode)g)]);
        if (user.Extra.Count > 0)
        {
            var extra = new JsonObject();
            foreach (var (key, values) in user.Extra)
            {
                extra[key] = new JsonArray([.. values.Select(v => (JsonNode)v)]);
            }

            tree["extra"] = extra;
        }

        return tree;
    }

    /// <summary>The subject of an access review.</summary>
    public static UserInfo Read(JsonObject? spec, string nameMember) => new(spec.Str(nameMember) ?? "", spec.Strings("groups")) { Uid = spec.Str("uid") };
}
