using Hearth.Scheduling.Fit;
using Hearth.Scheduling.Karpenter;
using Hearth.Scheduling.Provisioning;

namespace Hearth.Scheduling.Tests.Provisioning;

/// <summary>
/// The rules once more, from their definitions: slow, and without anything of what is tested. Zones and capacity types that pools could launch into count as empty
/// domains besides those of nodes.
/// </summary>
internal sealed class TopologyChecker(IReadOnlyList<PoolState> pools)
{
    private static readonly NamespaceLabels Nobody = new();

    /// <summary>The rule that a pod on a node would break, or null.</summary>
    public string? Broken(PodInfo pod, NodeInfo node, ClusterState cluster)
    {
        var others = cluster.Nodes.SelectMany(n => n.Pods.Select(p => (Pod: p, Node: n))).Where(o => o.Pod.Key != pod.Key).ToArray();
        foreach (var term in pod.PodAntiAffinity)
        {
            if (others.Any(o => Together(term, node, o.Node) && term.Matches(o.Pod, Nobody)))
            {
                return "anti-affinity";
            }
        }

        if (others.Any(o => o.Pod.PodAntiAffinity.Any(t => Together(t, node, o.Node) && t.Matches(pod, Nobody))))
        {
            return "anti-affinity of another";
        }

        foreach (var term in pod.PodAffinity)
        {
            var friends = others.Where(o => term.Matches(o.Pod, Nobody)).ToArray();
            if (!friends.Any(o => Together(term, node, o.Node)) && (friends.Length > 0 || !term.Matches(pod, Nobody)))
            {
                return "affinity";
            }
        }

        return pod.Spread.Where(s => s.Required).Select(s => Skewed(s, pod, node, cluster)).FirstOrDefault(b => b is not null);
    }

    private static bool Together(PodTerm term, NodeInfo a, NodeInfo b) =>
        a.Labels.TryGetValue(term.TopologyKey, out var one) && b.Labels.TryGetValue(term.TopologyKey, out var other) && one == other;

    private string? Skewed(SpreadTerm term, PodInfo pod, NodeInfo node, ClusterState cluster)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var each in cluster.Nodes.Where(n => term.Includes(pod, n)))
        {
            var domain = each.Labels[term.TopologyKey];
            counts[domain] = counts.GetValueOrDefault(domain) + each.Pods.Count(p => p.Key != pod.Key && term.Matches(p, pod.Namespace));
        }

        var own = counts.GetValueOrDefault(node.Labels[term.TopologyKey]) + (term.Matches(pod, pod.Namespace) ? 1 : 0);
        if (term.TopologyKey == Rules.Host)
        {
            return own > term.MaxSkew ? "spread by host" : null;
        }

        foreach (var domain in Launchable(term, pod))
        {
            counts.TryAdd(domain, 0);
        }

        var least = counts.Count < term.MinDomains ? 0 : counts.Values.Min();
        return own - least > term.MaxSkew ? $"spread by {term.TopologyKey}: {string.Join(' ', counts)}" : null;
    }

    private IEnumerable<string> Launchable(SpreadTerm term, PodInfo pod) =>
        from pool in pools
        where !term.HonorsTaints || Taints.FirstUntolerated(pool.Pool.Taints, pod.Tolerations) is null
        from offer in pool.Pool.Types
        from offering in offer.Offerings
        where pool.Pool.Requirements.Allows(KarpenterLabels.Zone, offering.Zone) && pool.Pool.Requirements.Allows(KarpenterLabels.CapacityType, offering.CapacityType)
            && pod.NodeSelector.All(s => s.Key switch
            {
                KarpenterLabels.Zone => term.TopologyKey != KarpenterLabels.Zone || s.Value == offering.Zone,
                KarpenterLabels.CapacityType => term.TopologyKey != KarpenterLabels.CapacityType || s.Value == offering.CapacityType,
                _ => pool.Pool.Requirements.Allows(s.Key, s.Value) && pool.Pool.Requirements.Has(s.Key),
            })
            && pod.NodeSelector.All(s => s.Key is not (KarpenterLabels.Zone or KarpenterLabels.CapacityType) || pool.Pool.Requirements.Allows(s.Key, s.Value))
        select term.TopologyKey == KarpenterLabels.Zone ? offering.Zone : offering.CapacityType;
}
