using System.Text.Json;
using Hearth.Cluster.ApiServer.Core;
using Hearth.Cluster.ApiServer.Kinds;

namespace Hearth.Cluster.ApiServer.Auth.Rbac;

/// <summary>One binding with the rules it gives.</summary>
/// <param name="Namespace">Where they hold; null: everywhere.</param>
/// <param name="Description">For the reason of a decision.</param>
/// <param name="Subjects">To whom.</param>
/// <param name="Rules">What.</param>
internal sealed record RbacGrant(string? Namespace, string Description, IReadOnlyList<RbacSubject> Subjects, IReadOnlyList<RbacRule> Rules);

/// <summary>A user, group or service account of a binding.</summary>
internal sealed record RbacSubject(string Kind, string Name)
{
    public bool Is(UserInfo user) => Kind == "Group"
        ? user.Groups.Contains(Name, StringComparer.Ordinal)
        : string.Equals(user.Name, Name, StringComparison.Ordinal);
}

/// <summary>All roles and bindings of one moment.</summary>
internal sealed class RbacSnapshot
{
    private readonly List<RbacGrant> _cluster = [];
    private readonly Dictionary<string, List<RbacGrant>> _namespaced = new(StringComparer.Ordinal);

    public static RbacSnapshot Read(ObjectReader reader)
    {
        var snapshot = new RbacSnapshot();
        var clusterRoles = reader.All(RbacKinds.ClusterRoles).ToDictionary(r => r.Name, StringComparer.Ordinal);
        foreach (var binding in reader.All(RbacKinds.ClusterRoleBindings))
        {
            var role = binding.Root.Text("roleRef", "name") ?? "";
            var rules = clusterRoles.TryGetValue(role, out var found) ? Rules(found.Root) : [];
            snapshot._cluster.Add(new RbacGrant(null, $"RBAC: allowed by ClusterRoleBinding \"{binding.Name}\" of ClusterRole \"{role}\"", Subjects(binding.Root, null), rules));
        }

        var roles = reader.All(RbacKinds.Roles).ToDictionary(r => (r.Namespace, r.Name));
        foreach (var binding in reader.All(RbacKinds.RoleBindings))
        {
            var (kind, role) = (binding.Root.Text("roleRef", "kind") ?? "", binding.Root.Text("roleRef", "name") ?? "");
            IReadOnlyList<RbacRule> rules = kind == "Role"
                ? roles.TryGetValue((binding.Namespace, role), out var local) ? Rules(local.Root) : []
                : clusterRoles.TryGetValue(role, out var found) ? Rules(found.Root) : [];
            var ns = binding.Namespace ?? "";
            if (!snapshot._namespaced.TryGetValue(ns, out var grants))
            {
                snapshot._namespaced[ns] = grants = [];
            }

            grants.Add(new RbacGrant(ns, $"RBAC: allowed by RoleBinding \"{binding.Name}/{ns}\" of {kind} \"{role}\"", Subjects(binding.Root, ns), rules));
        }

        return snapshot;
    }

    /// <summary>The grants that can matter for a request in a namespace (null: cluster scope).</summary>
    public IEnumerable<RbacGrant> For(UserInfo user, string? ns)
    {
        var local = !string.IsNullOrEmpty(ns) && _namespaced.TryGetValue(ns, out var found) ? found : [];
        return _cluster.Concat(local).Where(g => g.Subjects.Any(s => s.Is(user)));
    }

    private static List<RbacRule> Rules(JsonElement role) => [.. role.Items("rules").Select(RbacRule.Read)];

    private static List<RbacSubject> Subjects(JsonElement binding, string? ns) => [.. binding.Items("subjects").Select(s =>
        s.Text("kind") == "ServiceAccount"
            ? new RbacSubject("User", $"{UserInfo.ServiceAccountPrefix}{s.Text("namespace") ?? ns}:{s.Text("name")}")
            : new RbacSubject(s.Text("kind") ?? "", s.Text("name") ?? ""))];
}
