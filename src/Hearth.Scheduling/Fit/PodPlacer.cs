using System.Buffers;
using Hearth.Scheduling.Preemption;

namespace Hearth.Scheduling.Fit;

/// <summary>Where a pod goes, or why nowhere.</summary>
/// <param name="NodeName">The chosen node, or null.</param>
/// <param name="Failure">Set when there is none.</param>
/// <param name="Preempts">Which pods must leave where, so that there will be room; null when nothing helps or nothing is needed.</param>
public sealed record Placement(string? NodeName, FitFailure? Failure, PreemptionDecision? Preempts = null);

/// <summary>The default scheduler's decision for one pod: filter, score, pick; and when nothing fits, whom to preempt.</summary>
public static class PodPlacer
{
    /// <summary>Decides; changes nothing.</summary>
    /// <param name="pod">The pod.</param>
    /// <param name="cluster">Nodes and pods.</param>
    /// <param name="budgets">Disruption budgets that preemption tries to keep.</param>
    public static Placement Place(PodInfo pod, ClusterState cluster, IReadOnlyList<PodBudget>? budgets = null)
    {
        var nodes = cluster.Nodes;
        if (pod.Volumes.Blocked is { } blocked)
        {
            return new(null, FitFailure.Before(nodes.Length, blocked));
        }

        var filters = new PlacementFilters(pod, cluster);
        if (cluster.Nominations.NodeOf(pod.Key) is { } promised && cluster.Find(promised) is { } own && filters.Check(own) is null)
        {
            return new(promised, null); // upstream looks at the nominated node first, and at no other when it fits
        }

        var fitting = ArrayPool<NodeInfo>.Shared.Rent(Math.Max(1, nodes.Length));
        try
        {
            var count = 0;
            foreach (var node in nodes)
            {
                // Most refusals are for want of room: that is cheap to see, and why is only asked when no node is left.
                if (pod.Requests.FitsIn(node.Free) && filters.Check(node) is null)
                {
                    fitting[count++] = node;
                }
            }

            return count == 0 ? Explain(filters, budgets ?? []) : new(NodeScores.Best(pod, fitting.AsSpan(0, count), cluster).Name, null);
        }
        finally
        {
            ArrayPool<NodeInfo>.Shared.Return(fitting, clearArray: true);
        }
    }

    private static Placement Explain(PlacementFilters filters, IReadOnlyList<PodBudget> budgets)
    {
        var failure = new FitFailure(filters.Cluster.Nodes.Length);
        foreach (var node in filters.Cluster.Nodes)
        {
            failure.Add(filters.Check(node)!, node);
        }

        return new(null, failure, PreemptionPlanner.Decide(filters, failure, budgets));
    }
}
