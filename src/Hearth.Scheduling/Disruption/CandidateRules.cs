namespace Hearth.Scheduling.Disruption;

/// <summary>Which nodes may be considered at all, and in which order (Karpenter, disruption/types.go and state/statenode.go).</summary>
public static class CandidateRules
{
    /// <summary>Whether a node may be taken away for a reason, budgets aside.</summary>
    public static bool IsEligible(DisruptionCandidate candidate, string reason) =>
        candidate is { Initialized: true, Deleting: false } && BlockedBy(candidate, reason) is null;

    /// <summary>What holds up a node that is otherwise ready to go, in the words of upstream's DisruptionBlocked events, or null.</summary>
    public static string? BlockedBy(DisruptionCandidate candidate, string reason) => candidate switch
    {
        { DoNotDisrupt: true } => "Disruption is blocked through the \"karpenter.sh/do-not-disrupt\" annotation",
        { Nominated: true } => "Node is nominated for a pending pod",
        { PodBlock: { } pod } when reason != DisruptionReason.Drifted || !candidate.HasTerminationGracePeriod => pod,
        _ => null,
    };

    /// <summary>The most money for the least disturbance first: price over disruption cost; then the longest without pod events, then by name.</summary>
    public static IEnumerable<DisruptionCandidate> InOrder(IEnumerable<DisruptionCandidate> candidates) => candidates
        .OrderByDescending(c => (double)(c.PricePerHour ?? 0) / c.DisruptionCost)
        .ThenBy(c => c.LastPodEvent)
        .ThenBy(c => c.NodeName, StringComparer.Ordinal);
}

/// <summary>What each pool's budgets still allow for one reason, while a command is put together.</summary>
internal sealed class BudgetLedger
{
    private readonly Dictionary<string, int> _left = new(StringComparer.Ordinal);

    public BudgetLedger(DisruptionWorld world, string reason)
    {
        foreach (var group in world.Candidates.Where(c => c.Initialized).GroupBy(c => c.Pool, StringComparer.Ordinal))
        {
            if (world.Pools.TryGetValue(group.Key, out var pool))
            {
                _left[group.Key] = Budgets.Allowed(pool.Budgets, reason, group.Count(), group.Count(c => c.Deleting || !c.Ready), world.Now);
            }
        }
    }

    public int Left(string pool) => _left.GetValueOrDefault(pool);

    public bool TrySpend(string pool)
    {
        if (Left(pool) <= 0)
        {
            return false;
        }

        _left[pool]--;
        return true;
    }
}
