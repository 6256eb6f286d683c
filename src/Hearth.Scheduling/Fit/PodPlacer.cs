using System.Buffers;

namespace Hearth.Scheduling.Fit;

/// <summary>Where a pod goes, or why nowhere.</summary>
/// <param name="NodeName">The chosen node, or null.</param>
/// <param name="Failure">Set when there is none.</param>
public sealed record Placement(string? NodeName, FitFailure? Failure);

/// <summary>The default scheduler's decision for one pod: filter, score, pick.</summary>
public static class PodPlacer
{
    /// <summary>Decides; changes nothing.</summary>
    public static Placement Place(PodInfo pod, ClusterState cluster)
    {
        if (pod.Volumes.Blocked is { } blocked)
        {
            return new(null, FitFailure.Before(cluster.Nodes.Length, blocked));
        }

        if (Unsupported(pod) is { } reason)
        {
            return new(null, FitFailure.Before(cluster.Nodes.Length, reason));
        }

        var nodes = cluster.Nodes;
        var fitting = ArrayPool<NodeInfo>.Shared.Rent(Math.Max(1, nodes.Length));
        try
        {
            var count = Filter(pod, nodes, TopologyFilters.For(pod, cluster), fitting);
            return count == 0 ? new(null, Explain(pod, cluster)) : new(NodeScores.Best(pod, fitting.AsSpan(0, count)).Name, null);
        }
        finally
        {
            ArrayPool<NodeInfo>.Shared.Return(fitting, clearArray: true);
        }
    }

    private static int Filter(PodInfo pod, NodeInfo[] nodes, TopologyFilters? topology, NodeInfo[] fitting)
    {
        var count = 0;
        foreach (var node in nodes)
        {
            // Most refusals are for want of room: that is cheap to see, and why is only asked when no node is left.
            if (pod.Requests.FitsIn(node.Free) && NodeFilters.Check(pod, node) is null && topology?.Check(node) is null)
            {
                fitting[count++] = node;
            }
        }

        return count;
    }

    private static FitFailure Explain(PodInfo pod, ClusterState cluster)
    {
        var topology = TopologyFilters.For(pod, cluster);
        var failure = new FitFailure(cluster.Nodes.Length, pod.MayPreempt);
        foreach (var node in cluster.Nodes)
        {
            var refusal = NodeFilters.Check(pod, node) ?? topology!.Check(node)!;
            failure.Add(refusal, refusal.Resolvable && node.HasPodsBelow(pod.Priority));
        }

        return failure;
    }

    private static string? Unsupported(PodInfo pod) =>
        pod.PodAffinity.Concat(pod.PodAntiAffinity).Any(t => t.HasNamespaceSelector)
            ? "pod affinity with a namespaceSelector by labels is not supported: name the namespaces, or use an empty selector for all"
            : null;
}
