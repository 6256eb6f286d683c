namespace Hearth.Scheduling.Fit;

/// <summary>
/// kube-scheduler's PodTopologySpread score for ScheduleAnyway constraints: domains with fewer matching pods are better; a constraint over few domains weighs less
/// than one over many (weight ln(domains + 2)). The constraints that upstream adds to pods of Services and ReplicaSets by itself are not part of it.
/// </summary>
public static class SpreadScores
{
    private const string Hostname = "kubernetes.io/hostname";

    /// <summary>0-100 for each node; null without such constraints. A node that lacks one of the labels scores 0.</summary>
    public static long[]? Of(PodInfo pod, ReadOnlySpan<NodeInfo> nodes, ClusterState cluster)
    {
        if (pod.Spread.Count == 0 || pod.Spread.All(s => s.Required))
        {
            return null;
        }

        SpreadTerm[] terms = [.. pod.Spread.Where(s => !s.Required)];
        var counts = Array.ConvertAll(terms, t => Hosts(t) ? null : new Dictionary<string, int>(StringComparer.Ordinal));
        var labelled = 0;
        foreach (var node in nodes)
        {
            if (!HasAll(node, terms))
            {
                continue;
            }

            labelled++;
            for (var i = 0; i < terms.Length; i++)
            {
                counts[i]?.TryAdd(node.Labels[terms[i].TopologyKey], 0);
            }
        }

        Count(pod, terms, counts, cluster);
        var weights = terms.Select((_, i) => Math.Log((counts[i]?.Count ?? labelled) + 2)).ToArray();
        return Normalized(nodes, node => HasAll(node, terms) ? Raw(pod, terms, counts, weights, node) : null);
    }

    private static bool Hosts(SpreadTerm term) => string.Equals(term.TopologyKey, Hostname, StringComparison.Ordinal);

    private static bool HasAll(NodeInfo node, SpreadTerm[] terms) => Array.TrueForAll(terms, t => node.Labels.ContainsKey(t.TopologyKey));

    private static void Count(PodInfo pod, SpreadTerm[] terms, Dictionary<string, int>?[] counts, ClusterState cluster)
    {
        foreach (var node in cluster.Nodes)
        {
            if (!HasAll(node, terms))
            {
                continue;
            }

            for (var i = 0; i < terms.Length; i++)
            {
                var domain = node.Labels[terms[i].TopologyKey];
                if (counts[i] is { } known && known.TryGetValue(domain, out var count) && terms[i].Includes(pod, node))
                {
                    known[domain] = count + terms[i].Count(node, pod.Namespace);
                }
            }
        }
    }

    private static long? Raw(PodInfo pod, SpreadTerm[] terms, Dictionary<string, int>?[] counts, double[] weights, NodeInfo node)
    {
        var score = 0.0;
        for (var i = 0; i < terms.Length; i++)
        {
            var count = counts[i] is { } known ? known.GetValueOrDefault(node.Labels[terms[i].TopologyKey]) : terms[i].Count(node, pod.Namespace);
            score += (count * weights[i]) + (terms[i].MaxSkew - 1);
        }

        return (long)Math.Round(score, MidpointRounding.AwayFromZero);
    }

    private static long[] Normalized(ReadOnlySpan<NodeInfo> nodes, Func<NodeInfo, long?> raw)
    {
        var values = new long?[nodes.Length];
        var (least, most) = (long.MaxValue, 0L);
        for (var i = 0; i < values.Length; i++)
        {
            if ((values[i] = raw(nodes[i])) is { } value)
            {
                (least, most) = (Math.Min(least, value), Math.Max(most, value));
            }
        }

        return Array.ConvertAll(values, v => v is not { } value ? 0 : most == 0 ? 100 : 100 * (most + least - value) / most);
    }
}
