using System.Globalization;
using Hearth.Scheduling.Fit;

namespace Hearth.Scheduling.ClusterAutoscaler;

/// <summary>One way to help: so many nodes of a group for so many pods.</summary>
/// <param name="Group">The group.</param>
/// <param name="Nodes">New nodes, at least one.</param>
/// <param name="Pods">Pods that they take.</param>
public sealed record NodeEstimate(GroupState Group, int Nodes, IReadOnlyList<PodInfo> Pods)
{
    /// <summary>Idle share of cpu and of memory of the new nodes, added (expander least-waste): 0-2.</summary>
    public double Waste => Idle(static v => v.MilliCpu) + Idle(static v => v.Memory);

    private double Idle(Func<Resources.ResourceVector, long> of)
    {
        var all = (double)of(Group.Template.Allocatable) * Nodes;
        return all <= 0 ? 0 : (all - Pods.Sum(p => of(p.Requests))) / all;
    }

    /// <summary>
    /// Packs pods on new nodes of a group, larger ones first, each on the first that takes it (upstream's binpacking estimator). The state is left as it was.
    /// </summary>
    /// <param name="group">The group.</param>
    /// <param name="pods">Pods that a new node of it takes, each alone.</param>
    /// <param name="cluster">What is there.</param>
    /// <param name="most">Most nodes.</param>
    /// <returns>Null when no pod gets a place.</returns>
    public static NodeEstimate? Of(GroupState group, IReadOnlyList<PodInfo> pods, ClusterState cluster, int most)
    {
        var nodes = new List<NodeInfo>();
        var placed = new List<PodInfo>();
        try
        {
            foreach (var pod in pods.OrderByDescending(p => Size(p, group)).ThenBy(p => p.Key, StringComparer.Ordinal))
            {
                if (FindNode(pod, group, nodes, cluster, most) is { } node)
                {
                    cluster.AddPod(pod, node.Name);
                    placed.Add(pod);
                }
            }
        }
        finally
        {
            placed.ForEach(p => cluster.RemovePod(p.Key));
            nodes.ForEach(n => cluster.RemoveNode(n.Name));
        }

        return placed.Count == 0 ? null : new NodeEstimate(group, nodes.Count, placed);
    }

    private static NodeInfo? FindNode(PodInfo pod, GroupState group, List<NodeInfo> nodes, ClusterState cluster, int most)
    {
        var filters = new PlacementFilters(pod, cluster);
        if (nodes.Find(n => pod.Requests.FitsIn(n.Free) && filters.Check(n) is null) is { } known)
        {
            return known;
        }

        if (nodes.Count >= most)
        {
            return null;
        }

        var fresh = group.NewNode(string.Create(CultureInfo.InvariantCulture, $"template-node-for-{group.Name}-{nodes.Count}"));
        cluster.SetNode(fresh);
        if (new PlacementFilters(pod, cluster).Check(fresh) is not null)
        {
            cluster.RemoveNode(fresh.Name);
            return null;
        }

        nodes.Add(fresh);
        return fresh;
    }

    private static double Size(PodInfo pod, GroupState group)
    {
        var all = group.Template.Allocatable;
        return (all.MilliCpu > 0 ? (double)pod.Requests.MilliCpu / all.MilliCpu : 0) + (all.Memory > 0 ? (double)pod.Requests.Memory / all.Memory : 0);
    }
}
