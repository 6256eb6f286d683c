namespace Hearth.Scheduling.Fit;

/// <summary>
/// kube-scheduler's default scores for the nodes that passed all filters: least allocated (1) and balanced allocation (1) of cpu and memory, preferred node
/// affinity (2), few untolerated PreferNoSchedule taints (3), wishes to be near or far from other pods (2, <see cref="PodAffinityScores"/>), ScheduleAnyway spread (2, <see cref="SpreadScores"/>). Images are not scored: nothing is pulled.
/// </summary>
public static class NodeScores
{
    private const int AffinityWeight = 2;
    private const int TaintWeight = 3;
    private const int PodAffinityWeight = 2;
    private const int SpreadWeight = 2;

    /// <summary>The best node; equal scores go to the name that sorts first.</summary>
    public static NodeInfo Best(PodInfo pod, ReadOnlySpan<NodeInfo> nodes, ClusterState cluster)
    {
        if (nodes.Length == 1)
        {
            return nodes[0];
        }

        var affinity = pod.PreferredNodeTerms.Count == 0 ? null : Normalized(nodes, n => Preference(pod, n), reversed: false);
        var taints = AnySoftTaints(nodes) ? Normalized(nodes, n => UntoleratedWishes(pod, n), reversed: true) : null;
        var near = PodAffinityScores.Of(pod, nodes, cluster);
        var even = SpreadScores.Of(pod, nodes, cluster);
        var best = 0;
        var bestScore = long.MinValue;
        for (var i = 0; i < nodes.Length; i++)
        {
            var score = LeastAllocated(pod, nodes[i]) + Balanced(pod, nodes[i])
                + (affinity is null ? 0 : AffinityWeight * affinity[i]) + (TaintWeight * (taints is null ? 100 : taints[i]))
                + (near is null ? 0 : PodAffinityWeight * near[i]) + (even is null ? 0 : SpreadWeight * even[i]);
            if (score > bestScore)
            {
                (best, bestScore) = (i, score);
            }
        }

        return nodes[best];
    }

    /// <summary>0-100: the mean share of cpu and memory that stays free.</summary>
    public static long LeastAllocated(PodInfo pod, NodeInfo node)
    {
        var cpu = FreeShare(node.Scored.MilliCpu + pod.Scored.MilliCpu, node.Allocatable.MilliCpu);
        var memory = FreeShare(node.Scored.Memory + pod.Scored.Memory, node.Allocatable.Memory);
        return (cpu + memory) / 2;
    }

    /// <summary>0-100: 100 when the same share of cpu and of memory is used.</summary>
    public static long Balanced(PodInfo pod, NodeInfo node)
    {
        var cpu = UsedShare(node.Requested.MilliCpu + pod.Requests.MilliCpu, node.Allocatable.MilliCpu);
        var memory = UsedShare(node.Requested.Memory + pod.Requests.Memory, node.Allocatable.Memory);
        return (long)((1 - (Math.Abs(cpu - memory) / 2)) * 100);
    }

    private static long FreeShare(long requested, long capacity) =>
        capacity == 0 || requested > capacity ? 0 : capacity > long.MaxValue / 100 ? (long)((capacity - requested) * (Int128)100 / capacity) : (capacity - requested) * 100 / capacity;

    private static double UsedShare(long requested, long capacity) => capacity == 0 ? 1 : Math.Min(1, (double)requested / capacity);

    private static bool AnySoftTaints(ReadOnlySpan<NodeInfo> nodes)
    {
        foreach (var node in nodes)
        {
            if (node.HasSoftTaints)
            {
                return true;
            }
        }

        return false;
    }

    private static long Preference(PodInfo pod, NodeInfo node)
    {
        long sum = 0;
        foreach (var wish in pod.PreferredNodeTerms)
        {
            sum += wish.Term.Matches(node.Name, node.Labels) ? wish.Weight : 0;
        }

        return sum;
    }

    private static long UntoleratedWishes(PodInfo pod, NodeInfo node)
    {
        long count = 0;
        foreach (var taint in node.Taints)
        {
            count += taint.Effect == Taints.PreferNoSchedule && !Taints.Tolerated(taint, pod.Tolerations) ? 1 : 0;
        }

        return count;
    }

    /// <summary>Scaled to 0-100 by the largest; null when all are 0.</summary>
    private static long[]? Normalized(ReadOnlySpan<NodeInfo> nodes, Func<NodeInfo, long> raw, bool reversed)
    {
        var scores = new long[nodes.Length];
        long max = 0;
        for (var i = 0; i < scores.Length; i++)
        {
            scores[i] = raw(nodes[i]);
            max = Math.Max(max, scores[i]);
        }

        if (max == 0)
        {
            return null;
        }

        for (var i = 0; i < scores.Length; i++)
        {
            var scaled = scores[i] * 100 / max;
            scores[i] = reversed ? 100 - scaled : scaled;
        }

        return scores;
    }
}
