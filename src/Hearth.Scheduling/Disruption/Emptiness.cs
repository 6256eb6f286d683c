namespace Hearth.Scheduling.Disruption;

/// <summary>Takes away nodes without pods once they have been so for the pool's time (Karpenter, disruption/emptiness.go), whatever the policy.</summary>
public static class Emptiness
{
    /// <summary>All nodes that may go now, within each pool's budgets; null when there is none.</summary>
    public static DisruptionCommand? Decide(DisruptionWorld world)
    {
        var budgets = new BudgetLedger(world, DisruptionReason.Empty);
        var chosen = CandidateRules.InOrder(world.Candidates.Where(c => world.Pools.TryGetValue(c.Pool, out var pool) && DueAt(c, pool) <= world.Now))
            .Where(c => budgets.TrySpend(c.Pool))
            .ToList();
        return chosen.Count == 0 ? null : new(DisruptionReason.Empty, chosen) { Method = "empty" };
    }

    /// <summary>When the node may go if nothing changes, or null when it may not: it has pods, is protected, or the pool never consolidates.</summary>
    public static DateTimeOffset? DueAt(DisruptionCandidate candidate, PoolDisruption pool) =>
        candidate.Pods.Count == 0 && CandidateRules.IsEligible(candidate, DisruptionReason.Empty) && pool.ConsolidateAfter is { } after
            ? candidate.LastPodEvent + after
            : null;
}
