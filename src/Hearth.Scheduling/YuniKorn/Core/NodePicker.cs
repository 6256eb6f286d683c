using Hearth.Scheduling.Fit;
using Hearth.Scheduling.Resources;
using Hearth.Scheduling.YuniKorn.Configuration;

namespace Hearth.Scheduling.YuniKorn.Core;

/// <summary>
/// YuniKorn's choice of a node: the filters of kube-scheduler, and then the least used node (fair) or the most used one (bin packing). It has none of
/// kube-scheduler's scores, wishes of the pod among them.
/// </summary>
internal static class NodePicker
{
    /// <summary>The node, or null when none takes the pod; equal nodes go by name.</summary>
    public static NodeInfo? Pick(PodInfo pod, ClusterState cluster, PartitionConfig config)
    {
        if (pod.Volumes.Blocked is not null)
        {
            return null;
        }

        var topology = TopologyFilters.For(pod, cluster);
        KeyValuePair<string, double>[] weights = [.. config.ResourceWeights]; // once a pod: the loop below runs for every node
        NodeInfo? best = null;
        var bestUse = 0.0;
        foreach (var node in cluster.Nodes)
        {
            if (!pod.Requests.FitsIn(node.Free) || NodeFilters.Check(pod, node) is not null || topology?.Check(node) is not null)
            {
                continue;
            }

            var use = Use(node, weights);
            if (best is null || (config.BinPacking ? use > bestUse : use < bestUse))
            {
                (best, bestUse) = (node, use);
            }
        }

        return best;
    }

    /// <summary>Whether a node would take a pod if it had the room.</summary>
    public static bool Accepts(PodInfo pod, NodeInfo node, ClusterState cluster)
    {
        var refusal = NodeFilters.Check(pod, node);
        return pod.Volumes.Blocked is null && (refusal is null || refusal.Reasons.All(r => r.StartsWith("Insufficient", StringComparison.Ordinal) || r == Refusal.TooManyPods))
            && TopologyFilters.For(pod, cluster)?.Check(node) is null;
    }

    /// <summary>The weighted mean of the used shares.</summary>
    public static double Use(NodeInfo node, KeyValuePair<string, double>[] resources)
    {
        var (sum, weights) = (0.0, 0.0);
        foreach (var (name, weight) in resources)
        {
            var of = QueueAmounts.Of(node.Allocatable, name);
            if (of > 0)
            {
                sum += weight * QueueAmounts.Of(node.Requested, name) / of;
                weights += weight;
            }
        }

        return weights > 0 ? sum / weights : 0;
    }
}
