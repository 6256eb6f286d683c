namespace Hearth.Scheduling.Disruption;

/// <summary>What a pass over single nodes found.</summary>
/// <param name="Command">The first that works, or null.</param>
/// <param name="Unconsolidatable">Nodes that were looked at in vain, with the reason.</param>
/// <param name="Unseen">Pools that the pass did not get to before its time was over: they come first the next time.</param>
public sealed record SingleNodeOutcome(DisruptionCommand? Command, IReadOnlyList<(DisruptionCandidate Candidate, string Why)> Unconsolidatable, IReadOnlyList<string> Unseen);

/// <summary>One node at a time, removed or replaced by a cheaper one (Karpenter, disruption/singlenodeconsolidation.go): pools take turns, the first that works is done.</summary>
public static class SingleNodeConsolidation
{
    /// <summary>Looks at each candidate until one works.</summary>
    /// <param name="world">The cluster.</param>
    /// <param name="first">Pools that the last pass did not get to.</param>
    /// <param name="timedOut">Whether the pass has used its time (Karpenter: three minutes).</param>
    public static SingleNodeOutcome Decide(DisruptionWorld world, IReadOnlyCollection<string>? first = null, Func<bool>? timedOut = null)
    {
        var budgets = new BudgetLedger(world, DisruptionReason.Underutilized);
        var inVain = new List<(DisruptionCandidate, string)>();
        var candidates = InTurns(Consolidation.Candidates(world), first ?? []);
        for (var i = 0; i < candidates.Count; i++)
        {
            if (timedOut?.Invoke() == true)
            {
                var seen = candidates.Take(i).Select(c => c.Pool).ToHashSet(StringComparer.Ordinal);
                return new(null, inVain, [.. candidates.Select(c => c.Pool).Distinct(StringComparer.Ordinal).Where(p => !seen.Contains(p))]);
            }

            if (budgets.Left(candidates[i].Pool) <= 0)
            {
                continue;
            }

            var outcome = Consolidation.Of(world, [candidates[i]], "single");
            if (outcome.Command is not null)
            {
                return new(outcome.Command, inVain, []);
            }

            inVain.Add((candidates[i], outcome.Why!));
        }

        return new(null, inVain, []);
    }

    private static List<DisruptionCandidate> InTurns(IReadOnlyList<DisruptionCandidate> ordered, IReadOnlyCollection<string> first) =>
    [
        .. ordered
            .GroupBy(c => c.Pool, StringComparer.Ordinal)
            .OrderByDescending(g => first.Contains(g.Key)).ThenBy(g => g.Key, StringComparer.Ordinal)
            .SelectMany((g, pool) => g.Select((candidate, turn) => (candidate, turn, pool)))
            .OrderBy(c => c.turn).ThenBy(c => c.pool).Select(c => c.candidate),
    ];
}
