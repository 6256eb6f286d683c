using Hearth.Scheduling.Provisioning;

namespace Hearth.Scheduling.Disruption;

/// <summary>
/// Several nodes at once, replaced by nothing or by one (Karpenter, disruption/multinodeconsolidation.go): the longest beginning of the ordered candidates for which
/// that works, found by halving, since trying every set is out of reach.
/// </summary>
public static class MultiNodeConsolidation
{
    /// <summary>Candidates that are looked at in one pass.</summary>
    public const int MaxCandidates = 100;

    /// <summary>The longest that works, or null.</summary>
    /// <param name="world">The cluster.</param>
    /// <param name="timedOut">Whether the pass has used its time (Karpenter: a minute); then the best so far counts.</param>
    public static DisruptionCommand? Decide(DisruptionWorld world, Func<bool>? timedOut = null)
    {
        var budgets = new BudgetLedger(world, DisruptionReason.Underutilized);
        var candidates = Consolidation.Candidates(world).Where(c => budgets.TrySpend(c.Pool)).Take(MaxCandidates).ToArray();
        DisruptionCommand? best = null;
        for (var (least, most) = (1, candidates.Length - 1); least <= most && timedOut?.Invoke() != true;)
        {
            var middle = (least + most) / 2;
            if (Try(world, candidates[..(middle + 1)]) is { } command)
            {
                (best, least) = (command, middle + 1);
            }
            else
            {
                most = middle - 1;
            }
        }

        return best;
    }

    private static DisruptionCommand? Try(DisruptionWorld world, DisruptionCandidate[] candidates)
    {
        if (Consolidation.Of(world, candidates, "multi").Command is not { } command)
        {
            return null;
        }

        if (command.Replacements is not [var claim])
        {
            return command;
        }

        return WithoutSameType(claim, candidates) is { } other ? command with { Replacements = [other] } : null;
    }

    /// <summary>To replace three nodes by one of them is to delete two: with a type that goes among the replacements, only what is cheaper than it stays.</summary>
    private static PlannedClaim? WithoutSameType(PlannedClaim claim, DisruptionCandidate[] candidates)
    {
        var listed = claim.Types.Select(t => t.Type.Name).ToHashSet(StringComparer.Ordinal);
        var same = candidates.Where(c => listed.Contains(c.InstanceType!)).Select(c => c.PricePerHour).Min();
        return same is { } price ? ReplacementPrices.CheaperThan(claim, price) : claim;
    }
}
