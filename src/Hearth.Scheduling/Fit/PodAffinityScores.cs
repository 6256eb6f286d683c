namespace Hearth.Scheduling.Fit;

/// <summary>
/// kube-scheduler's InterPodAffinity score: the weights of wishes to be near or far from other pods, those of the pod itself and those that pods on nodes have
/// about it. A required affinity of a pod that is there counts with weight 1 (hardPodAffinityWeight).
/// </summary>
public static class PodAffinityScores
{
    private const int HardWeight = 1;

    /// <summary>0-100 for each node, from the lowest sum of weights to the highest; null when no wish speaks of any pod.</summary>
    public static long[]? Of(PodInfo pod, ReadOnlySpan<NodeInfo> nodes, ClusterState cluster)
    {
        var sums = new Dictionary<(string Key, string Value), long>();
        if (pod.PreferredPodAffinity.Count + pod.PreferredPodAntiAffinity.Count > 0)
        {
            foreach (var node in cluster.Nodes)
            {
                foreach (var other in node.Pods)
                {
                    AddWishes(sums, pod.PreferredPodAffinity, other, node, cluster, 1);
                    AddWishes(sums, pod.PreferredPodAntiAffinity, other, node, cluster, -1);
                }
            }
        }

        foreach (var other in cluster.PodsWithAffinity)
        {
            if (cluster.NodeOf(other.Key) is not { } name || cluster.Find(name) is not { } node)
            {
                continue;
            }

            foreach (var term in other.PodAffinity)
            {
                Add(sums, term, pod, node, cluster, HardWeight);
            }

            AddWishes(sums, other.PreferredPodAffinity, pod, node, cluster, 1);
            AddWishes(sums, other.PreferredPodAntiAffinity, pod, node, cluster, -1);
        }

        return sums.Count == 0 ? null : Normalized(nodes, sums);
    }

    private static void AddWishes(
        Dictionary<(string, string), long> sums, IReadOnlyList<WeightedPodTerm> wishes, PodInfo subject, NodeInfo node, ClusterState cluster, int sign)
    {
        foreach (var wish in wishes)
        {
            Add(sums, wish.Term, subject, node, cluster, sign * wish.Weight);
        }
    }

    private static void Add(Dictionary<(string, string), long> sums, PodTerm term, PodInfo subject, NodeInfo node, ClusterState cluster, long weight)
    {
        if (node.Labels.TryGetValue(term.TopologyKey, out var domain) && term.Matches(subject, cluster.Namespaces))
        {
            sums[(term.TopologyKey, domain)] = sums.GetValueOrDefault((term.TopologyKey, domain)) + weight;
        }
    }

    private static long[] Normalized(ReadOnlySpan<NodeInfo> nodes, Dictionary<(string Key, string Value), long> sums)
    {
        var keys = sums.Keys.Select(k => k.Key).Distinct(StringComparer.Ordinal).ToArray();
        var scores = new long[nodes.Length];
        var (least, most) = (long.MaxValue, long.MinValue);
        for (var i = 0; i < scores.Length; i++)
        {
            foreach (var key in keys)
            {
                scores[i] += nodes[i].Labels.TryGetValue(key, out var domain) ? sums.GetValueOrDefault((key, domain)) : 0;
            }

            (least, most) = (Math.Min(least, scores[i]), Math.Max(most, scores[i]));
        }

        for (var i = 0; i < scores.Length; i++)
        {
            scores[i] = most == least ? 0 : (long)(100.0 * (scores[i] - least) / (most - least));
        }

        return scores;
    }
}
