namespace Hearth.Scheduling.Disruption;

/// <summary>What a look at drifted nodes found.</summary>
/// <param name="Command">One node to take away, or null.</param>
/// <param name="Blocked">Nodes whose pods would have no place, with the reason.</param>
public sealed record DriftOutcome(DisruptionCommand? Command, IReadOnlyList<(DisruptionCandidate Candidate, string Why)> Blocked);

/// <summary>
/// Nodes that are no longer what their pool or class asks for (Karpenter, disruption/drift.go): empty ones first, then the longest drifted, one a command. Their pods
/// may need several replacements, and those may cost more. The pool's consolidateAfter does not matter.
/// </summary>
public static class DriftReplacement
{
    /// <summary>The next node to take away.</summary>
    public static DriftOutcome Decide(DisruptionWorld world)
    {
        var budgets = new BudgetLedger(world, DisruptionReason.Drifted);
        var blocked = new List<(DisruptionCandidate, string)>();
        foreach (var candidate in Candidates(world).Where(c => budgets.Left(c.Pool) > 0))
        {
            var command = new DisruptionCommand(DisruptionReason.Drifted, [candidate]);
            if (candidate.Pods.Count == 0)
            {
                return new(command, blocked);
            }

            var (plan, problem) = DisruptionSimulation.Without(world, [candidate]);
            if (problem is null)
            {
                return new(command with { Replacements = plan.Claims }, blocked);
            }

            blocked.Add((candidate, problem));
        }

        return new(null, blocked);
    }

    internal static IEnumerable<DisruptionCandidate> Candidates(DisruptionWorld world) => world.Candidates
        .Where(c => c.Drift is not null && world.Pools.ContainsKey(c.Pool) && CandidateRules.IsEligible(c, DisruptionReason.Drifted))
        .OrderByDescending(c => c.Pods.Count == 0).ThenBy(c => c.DriftedSince).ThenBy(c => c.NodeName, StringComparer.Ordinal);
}
