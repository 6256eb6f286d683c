using Hearth.Scheduling.Provisioning;

namespace Hearth.Scheduling.Disruption;

/// <summary>
/// Whether a command that was decided a while ago still holds (Karpenter, disruption/validation.go): consolidation waits 15 s between deciding and doing, so that
/// a cluster that is moving is left alone.
/// </summary>
public static class DisruptionValidation
{
    /// <summary>Time between decision and validation.</summary>
    public static TimeSpan ConsolidationTtl { get; } = TimeSpan.FromSeconds(15);

    /// <summary>What of the command is left to do, or why nothing.</summary>
    /// <param name="world">The cluster now.</param>
    /// <param name="command">What was decided.</param>
    public static (DisruptionCommand? Command, string? Why) Again(DisruptionWorld world, DisruptionCommand command)
    {
        if (command.Reason == DisruptionReason.Drifted)
        {
            return (command, null);
        }

        var budgets = new BudgetLedger(world, command.Reason);
        var now = Current(world, command).Where(c => budgets.TrySpend(c.Pool)).ToArray();
        if (command.Reason == DisruptionReason.Empty)
        {
            return now.Length > 0 ? (command with { Candidates = now }, null) : (null, "candidates are no longer empty or may no longer be disrupted");
        }

        if (now.Length < command.Candidates.Count)
        {
            return (null, "a candidate is no longer valid, or its budget has been spent");
        }

        var (plan, problem) = DisruptionSimulation.Without(world, now);
        if (problem is not null)
        {
            return (null, problem);
        }

        return Same(command, plan) ? (command with { Candidates = now }, null) : (null, "scheduling simulation produced new results");
    }

    private static IEnumerable<DisruptionCandidate> Current(DisruptionWorld world, DisruptionCommand command)
    {
        var known = world.Candidates.ToDictionary(c => c.NodeName, StringComparer.Ordinal);
        foreach (var old in command.Candidates)
        {
            if (known.TryGetValue(old.NodeName, out var now) && now.ClaimName == old.ClaimName && StillValid(world, now, command.Reason))
            {
                yield return now;
            }
        }
    }

    private static bool StillValid(DisruptionWorld world, DisruptionCandidate candidate, string reason) => reason == DisruptionReason.Empty
        ? world.Pools.TryGetValue(candidate.Pool, out var pool) && Emptiness.DueAt(candidate, pool) <= world.Now
        : Consolidation.WhyNot(world, candidate) is null;

    /// <summary>As many launches as before, and every type that was to be launched would still do.</summary>
    private static bool Same(DisruptionCommand command, ProvisioningPlan plan)
    {
        if (plan.Claims.Count != command.Replacements.Count)
        {
            return false;
        }

        return command.Replacements.Count == 0
            || command.Replacements[0].Types.Select(t => t.Type.Name).ToHashSet(StringComparer.Ordinal).IsSubsetOf(plan.Claims[0].Types.Select(t => t.Type.Name));
    }
}
