using System.Text.Json.Nodes;
using Hearth.Cluster.ApiServer.Auth;
using Hearth.Cluster.ApiServer.Core;
using Hearth.Cluster.ApiServer.Kinds;

namespace Hearth.Cluster.ApiServer.Admission;

/// <summary>Nobody gives away rights that they do not have, unless a role lets them: verbs <c>escalate</c> on roles, <c>bind</c> on the role of a binding.</summary>
internal sealed class RbacEscalation(ObjectReader reader, IAuthorizer authorizer) : IAdmission
{
    private const string Group = "rbac.authorization.k8s.io";

    public void Validate(AdmissionRequest request)
    {
        if (request.Operation == AdmissionOperation.Delete || request.Resource.Type.Group != Group || request.Call.User.Groups.Contains(UserInfo.Masters, StringComparer.Ordinal))
        {
            return;
        }

        if (request.Resource.Type.Plural is "roles" or "clusterroles")
        {
            if (request.Old is null || !JsonTree.Same(request.Old["rules"], request.Object["rules"]))
            {
                CheckRole(request);
            }
        }
        else if (request.Old is null || !JsonTree.Same(request.Old["subjects"], request.Object["subjects"]))
        {
            CheckBinding(request);
        }
    }

    private void CheckRole(AdmissionRequest request)
    {
        var escalate = new AccessRequest("escalate", Group, request.Resource.Type.Plural, null, request.Namespace, request.Name);
        if (!authorizer.IsAllowed(request.Call.User, escalate, out _))
        {
            CheckRules(request, request.Object.Objects("rules"));
        }
    }

    private void CheckBinding(AdmissionRequest request)
    {
        var reference = request.Object.Obj("roleRef");
        var (plural, name) = (reference.Str("kind") == "Role" ? "roles" : "clusterroles", reference.Str("name") ?? "");
        if (authorizer.IsAllowed(request.Call.User, new AccessRequest("bind", Group, plural, null, request.Namespace, name), out _))
        {
            return;
        }

        var definition = plural == "roles" ? RbacKinds.Roles : RbacKinds.ClusterRoles;
        var role = reader.Get(definition, definition == RbacKinds.Roles ? request.Namespace : null, name);
        CheckRules(request, role.ToTree().Objects("rules"));
    }

    private void CheckRules(AdmissionRequest request, IEnumerable<JsonObject> rules)
    {
        var missing = rules.Where(r => !Holds(request, r)).ToList();
        if (missing.Count > 0)
        {
            var user = request.Call.User;
            throw ApiErrors.Forbidden(
                request.Resource.Type,
                request.Name,
                $"user \"{user.Name}\" (groups=[{string.Join(" ", user.Groups.Select(g => $"\"{g}\""))}]) is attempting to grant RBAC permissions not currently held:\n{string.Join("\n", missing.Select(Show))}");
        }
    }

    private bool Holds(AdmissionRequest request, JsonObject rule)
    {
        var names = rule.Strings("resourceNames") is { Count: > 0 } given ? given.ConvertAll(n => (string?)n) : [null];
        return rule.Strings("verbs").TrueForAll(verb =>
            rule.Strings("nonResourceURLs").TrueForAll(p => May(request, AccessRequest.ForPath(verb, p)))
            && rule.Strings("apiGroups").TrueForAll(group => rule.Strings("resources").TrueForAll(resource => names.TrueForAll(name => May(request, Ask(request, verb, group, resource, name))))));
    }

    private static AccessRequest Ask(AdmissionRequest request, string verb, string group, string resource, string? name)
    {
        var parts = resource.Split('/', 2);
        return new AccessRequest(verb, group, parts[0], parts.Length > 1 ? parts[1] : null, request.Namespace, name);
    }

    private bool May(AdmissionRequest request, AccessRequest wanted) => authorizer.IsAllowed(request.Call.User, wanted, out _);

    private static string Show(JsonObject rule)
    {
        string Texts(string label, string member) => rule.Strings(member) is { Count: > 0 } texts ? $"{label}:[{string.Join(", ", texts.Select(t => $"\"{t}\""))}]" : "";
        var parts = ((string[])[Texts("APIGroups", "apiGroups"), Texts("Resources", "resources"), Texts("ResourceNames", "resourceNames"), Texts("NonResourceURLs", "nonResourceURLs"), Texts("Verbs", "verbs")]).Where(p => p.Length > 0);
        return $"{{{string.Join(", ", parts)}}}";
    }
}
