using System.Text.Json.Nodes;
using Hearth.Cluster.ApiServer.Core;
using Hearth.Cluster.ApiServer.Kinds;
using Hearth.Cluster.ApiServer.Registry;
using Hearth.Cluster.Store;

namespace Hearth.Cluster.ApiServer.Auth.Rbac;

/// <summary>Keeps the rules of cluster roles with an aggregationRule: the union of the rules of all roles that it selects.</summary>
internal sealed class RoleAggregation(ObjectReader reader, ObjectUpdater updater) : ICommitListener
{
    private readonly ApiCall _call = new(UserInfo.Master("system:apiserver"));

    public async ValueTask CommittedAsync(ResourceDefinition resource, ChangeType type, StoredObject written, bool created, CancellationToken ct)
    {
        if (resource.Type != RbacKinds.ClusterRoles.Type)
        {
            return;
        }

        // A role that changes here comes by again, for the roles above it; unchanged ones are not written, so this ends.
        foreach (var role in reader.All(RbacKinds.ClusterRoles).Where(r => r.Root.Count("aggregationRule", "clusterRoleSelectors") > 0))
        {
            var rules = Rules(role);
            if (!Present(role).SequenceEqual(rules.Select(r => r!.ToJsonString()), StringComparer.Ordinal))
            {
                var change = new ObjectChange(null, tree =>
                {
                    tree["rules"] = rules.DeepClone();
                    return tree;
                });
                await updater.UpdateAsync(_call, RbacKinds.ClusterRoles, null, role.Name, change, CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    private static IEnumerable<string> Present(StoredObject role) => role.Root.Items("rules").Select(r => JsonObject.Create(r)!.ToJsonString());

    private JsonArray Rules(StoredObject role)
    {
        var rules = new JsonArray();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var selector in role.Root.Items("aggregationRule", "clusterRoleSelectors"))
        {
            var wanted = SelectorTree.Parse(JsonObject.Create(selector));
            foreach (var part in reader.All(RbacKinds.ClusterRoles).Where(r => r.Name != role.Name && wanted.Matches(r.Document.Labels)))
            {
                foreach (var rule in part.Root.Items("rules"))
                {
                    if (seen.Add(rule.GetRawText()))
                    {
                        rules.Add((JsonNode)JsonObject.Create(rule)!.DeepClone());
                    }
                }
            }
        }

        return rules;
    }
}
