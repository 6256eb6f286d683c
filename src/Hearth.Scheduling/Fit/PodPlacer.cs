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
            return new(null, FitFailure.Before(cluster.Nodes.Count, blocked));
        }

        if (Unsupported(pod) is { } reason)
        {
            return new(null, FitFailure.Before(cluster.Nodes.Count, reason));
        }

        var topology = TopologyFilters.For(pod, cluster);
        var fitting = new List<NodeInfo>();
        var failure = new FitFailure(cluster.Nodes.Count, pod.MayPreempt);
        foreach (var node in cluster.Nodes)
        {
            var refusal = NodeFilters.Check(pod, node) ?? topology?.Check(node);
            if (refusal is null)
            {
                fitting.Add(node);
            }
            else
            {
                failure.Add(refusal, node.Pods.Any(p => p.Priority < pod.Priority));
            }
        }

        return fitting.Count == 0 ? new(null, failure) : new(NodeScores.Best(pod, fitting).Name, null);
    }

    private static string? Unsupported(PodInfo pod) =>
        pod.PodAffinity.Concat(pod.PodAntiAffinity).Any(t => t.HasNamespaceSelector)
            ? "pod affinity with a namespaceSelector by labels is not supported: name the namespaces, or use an empty selector for all"
            : null;
}
