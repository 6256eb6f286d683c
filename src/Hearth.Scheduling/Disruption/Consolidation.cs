using System.Globalization;
using Hearth.Scheduling.Karpenter;
using Hearth.Scheduling.Provisioning;
using Hearth.Scheduling.Requirements;

namespace Hearth.Scheduling.Disruption;

/// <summary>What can be done about some nodes, or why nothing can (the text of upstream's Unconsolidatable event).</summary>
/// <param name="Command">Delete them, or replace them by one that is cheaper; null for nothing.</param>
/// <param name="Why">Set when there is no command.</param>
public sealed record ConsolidationOutcome(DisruptionCommand? Command, string? Why)
{
    internal static ConsolidationOutcome Nothing(string why) => new(null, why);
}

/// <summary>
/// Nodes whose pods fit elsewhere, or on one cheaper node (Karpenter, disruption/consolidation.go). Never one node by two, nor several by more than one.
/// </summary>
public static class Consolidation
{
    /// <summary>Types that must be cheaper before one spot node is replaced by another: fewer would give up availability for price.</summary>
    public const int SpotToSpotTypes = 15;

    /// <summary>Nodes with pods that the policies let go now, in the order in which they are tried.</summary>
    public static IReadOnlyList<DisruptionCandidate> Candidates(DisruptionWorld world) =>
        [.. CandidateRules.InOrder(world.Candidates.Where(c => WhyNot(world, c) is null))];

    /// <summary>Why a node is not considered for consolidation, budgets aside; null when it is.</summary>
    public static string? WhyNot(DisruptionWorld world, DisruptionCandidate candidate)
    {
        if (!world.Pools.TryGetValue(candidate.Pool, out var pool))
        {
            return $"NodePool \"{candidate.Pool}\" is unknown";
        }

        return candidate switch
        {
            { Initialized: false } or { Deleting: true } => "Node is not ready to be considered",
            { Pods.Count: 0 } => "Node is empty",
            { InstanceType: null } => "Instance Type \"\" not found",
            { CapacityType: null } => "Node does not have label \"karpenter.sh/capacity-type\"",
            { Zone: null } => "Node does not have label \"topology.kubernetes.io/zone\"",
            _ when pool.ConsolidateAfter is null => $"NodePool \"{pool.Name}\" has consolidation disabled",
            _ when pool.Policy == PoolDisruption.WhenEmpty => $"NodePool \"{pool.Name}\" has non-empty consolidation disabled",
            _ when !candidate.IsConsolidatable(pool, world.Now) => "Node had pod events too recently",
            _ => CandidateRules.BlockedBy(candidate, DisruptionReason.Underutilized),
        };
    }

    /// <summary>What can be done about these nodes together.</summary>
    /// <param name="world">The cluster.</param>
    /// <param name="candidates">Not empty.</param>
    /// <param name="method">single or multi.</param>
    public static ConsolidationOutcome Of(DisruptionWorld world, IReadOnlyList<DisruptionCandidate> candidates, string method)
    {
        var (plan, problem) = DisruptionSimulation.Without(world, candidates);
        if (problem is not null)
        {
            return ConsolidationOutcome.Nothing(problem);
        }

        var command = new DisruptionCommand(DisruptionReason.Underutilized, candidates) { Method = method };
        if (plan.Claims.Count == 0)
        {
            return Accepted(world, command, launched: 0);
        }

        if (plan.Claims.Count > 1)
        {
            return ConsolidationOutcome.Nothing(string.Create(CultureInfo.InvariantCulture, $"Can't remove without creating {plan.Claims.Count} candidates"));
        }

        var price = candidates.Any(c => c.PricePerHour is null) ? 0 : candidates.Sum(c => c.PricePerHour!.Value);
        var (claim, why) = Replacement(world, candidates, plan.Claims[0], price);
        return claim is null ? ConsolidationOutcome.Nothing(why!) : Accepted(world, command with { Replacements = [claim] }, LaunchChooser.Choose(claim.Requirements, claim.Requests, claim.Types)?.Offering.PricePerHour ?? price);
    }

    private static ConsolidationOutcome Accepted(DisruptionWorld world, DisruptionCommand command, decimal launched) =>
        BalancedPolicy.WhyNot(world, command, launched) is { } why ? ConsolidationOutcome.Nothing(why) : new(command, null);

    private static (PlannedClaim? Claim, string? Why) Replacement(DisruptionWorld world, IReadOnlyList<DisruptionCandidate> candidates, PlannedClaim planned, decimal price)
    {
        var spotAllowed = planned.Requirements.Allows(KarpenterLabels.CapacityType, KarpenterLabels.Spot);
        if (spotAllowed && candidates.All(c => c.CapacityType == KarpenterLabels.Spot))
        {
            return SpotBySpot(world, candidates, planned, price);
        }

        if (ReplacementPrices.CheaperThan(planned, price) is not { } cheaper)
        {
            return (null, "Can't replace with a cheaper node");
        }

        // With spot and on-demand allowed, the price test was made for spot: on-demand must not be launched when spot runs out meanwhile.
        return spotAllowed && cheaper.Types.SelectMany(t => t.Compatible(cheaper.Requirements)).Any(o => o.CapacityType == KarpenterLabels.Spot)
            ? OnlySpot(cheaper) is { } pinned ? (pinned, null) : (null, "Can't replace with a cheaper node")
            : (cheaper, null);
    }

    private static (PlannedClaim? Claim, string? Why) SpotBySpot(DisruptionWorld world, IReadOnlyList<DisruptionCandidate> candidates, PlannedClaim planned, decimal price)
    {
        if (!world.SpotToSpot)
        {
            return (null, "SpotToSpotConsolidation is disabled, can't replace a spot node with a spot node");
        }

        if (OnlySpot(planned) is not { } spot || ReplacementPrices.CheaperThan(spot, price) is not { } cheaper)
        {
            return (null, "Can't replace with a cheaper node");
        }

        if (candidates.Count > 1)
        {
            return (cheaper, null);
        }

        return cheaper.Types.Count < SpotToSpotTypes
            ? (null, string.Create(CultureInfo.InvariantCulture, $"SpotToSpotConsolidation requires {SpotToSpotTypes} cheaper instance type options than the current candidate to consolidate, got {cheaper.Types.Count}"))
            : (cheaper with { Types = [.. cheaper.Types.Take(Math.Max(SpotToSpotTypes, MinValues.Needed(cheaper.Types, cheaper.Requirements)))] }, null);
    }

    private static PlannedClaim? OnlySpot(PlannedClaim claim)
    {
        var requirements = claim.Requirements.Add(Requirement.In(KarpenterLabels.CapacityType, KarpenterLabels.Spot));
        var types = claim.Types
            .Where(t => t.CheapestPrice(requirements) is not null)
            .OrderBy(t => t.CheapestPrice(requirements)).ThenBy(t => t.Type.Name, StringComparer.Ordinal).ToArray();
        return types.Length == 0 ? null : claim with { Requirements = requirements, Types = types };
    }
}
