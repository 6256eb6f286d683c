namespace Hearth.Scheduling.Disruption;

/// <summary>Takes away nodes without pods once they have been so for the pool's time (Karpenter, disruption/emptiness.go). Consolidation of nodes with pods is another method.</summary>
public static class Emptiness
{
    /// <summary>All nodes that may go now, within each pool's budgets; null when there is none.</summary>
    /// <param name="candidates">Every node of every pool: the budgets count all of them.</param>
    /// <param name="pools">Rules by pool name.</param>
    /// <param name="now">The time to decide for.</param>
    public static DisruptionCommand? Decide(IReadOnlyList<DisruptionCandidate> candidates, IReadOnlyDictionary<string, PoolDisruption> pools, DateTimeOffset now)
    {
        var chosen = new List<DisruptionCandidate>();
        foreach (var group in candidates.GroupBy(c => c.Pool, StringComparer.Ordinal))
        {
            if (pools.TryGetValue(group.Key, out var pool))
            {
                var nodes = group.Count(c => c.Initialized);
                var busy = group.Count(c => c.Initialized && (c.Deleting || !c.Ready));
                chosen.AddRange(group
                    .Where(c => DueAt(c, pool) <= now)
                    .OrderBy(c => c.LastPodEvent).ThenBy(c => c.NodeName, StringComparer.Ordinal)
                    .Take(Budgets.Allowed(pool.Budgets, DisruptionReason.Empty, nodes, busy, now)));
            }
        }

        return chosen.Count == 0 ? null : new(DisruptionReason.Empty, chosen);
    }

    /// <summary>When the node may go if nothing changes, or null when it may not: it has pods, is protected, or the pool never consolidates.</summary>
    public static DateTimeOffset? DueAt(DisruptionCandidate candidate, PoolDisruption pool) =>
        candidate is { Initialized: true, Deleting: false, Nominated: false, DoNotDisrupt: false, PodBlock: null, ReschedulablePods: 0 }
        && pool.ConsolidateAfter is { } after
            ? candidate.LastPodEvent + after
            : null;
}
