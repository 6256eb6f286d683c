using System.Text.Json.Nodes;
using Hearth.Cluster.ApiServer.Core;
using Hearth.Cluster.ApiServer.Kinds;
using Hearth.Cluster.ApiServer.Registry;
using Hearth.Kube.Quantities;

namespace Hearth.Cluster.ApiServer.Admission.Quota;

/// <summary>How much of a quota is used, counted from the objects that are there.</summary>
internal sealed class QuotaLedger(ObjectReader reader, Func<ResourceCatalog.Snapshot> served)
{
    /// <summary>The quotas of a namespace.</summary>
    public IReadOnlyList<JsonObject> Quotas(string ns) => [.. reader.All(CoreKinds.ResourceQuotas, ns).Select(q => q.ToTree())];

    /// <summary>The limits of a quota.</summary>
    public static Dictionary<string, Quantity> Hard(JsonObject quota) =>
        QuantityFields.Read(quota.At("spec", "hard")).ToDictionary(h => h.Name, h => h.Amount, StringComparer.Ordinal);

    /// <summary>Used amounts of everything that the quota limits.</summary>
    public Dictionary<string, Quantity> Used(JsonObject quota)
    {
        var hard = Hard(quota);
        var used = hard.Keys.ToDictionary(k => k, _ => Quantity.Zero, StringComparer.Ordinal);
        foreach (var definition in served().Definitions.Where(d => d.Type.Namespaced && d.StoredAs is null && d.Verbs.Contains("list", StringComparer.Ordinal)))
        {
            if (!hard.Keys.Any(name => Concerns(definition, name)))
            {
                continue;
            }

            var isPod = definition.Type == CoreKinds.Pods.Type;
            foreach (var item in reader.All(definition, quota.Namespace()))
            {
                var tree = item.ToTree();
                if (QuotaScopes.Match(quota.Obj("spec"), isPod, tree))
                {
                    Add(used, QuotaUsage.Of(definition.Type, tree));
                }
            }
        }

        return used;
    }

    /// <summary>Whether objects of a kind can take of a limit.</summary>
    private static bool Concerns(ResourceDefinition definition, string name)
    {
        if (name.StartsWith("count/", StringComparison.Ordinal))
        {
            return name.AsSpan(6).SequenceEqual(definition.Type.GroupResource);
        }

        return definition.Type.Group.Length == 0 && definition.Type.Plural switch
        {
            "persistentvolumeclaims" => name == "persistentvolumeclaims" || name.EndsWith("storage", StringComparison.Ordinal) || name.Contains("storageclass", StringComparison.Ordinal),
            "services" => name.StartsWith("services", StringComparison.Ordinal),
            "pods" => name is "pods" or "cpu" or "memory" or "ephemeral-storage" || name.StartsWith("requests.", StringComparison.Ordinal) || name.StartsWith("limits.", StringComparison.Ordinal),
            var plural => name == plural,
        };
    }

    private static void Add(Dictionary<string, Quantity> used, Dictionary<string, Quantity> more)
    {
        foreach (var (name, amount) in more)
        {
            if (used.TryGetValue(name, out var known))
            {
                used[name] = known + amount;
            }
        }
    }
}
