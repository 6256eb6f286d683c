using Hearth.Scheduling.Catalog;
using Hearth.Scheduling.Karpenter;
using Hearth.Scheduling.Requirements;
using Hearth.Scheduling.Resources;

namespace Hearth.Scheduling.Provisioning;

/// <summary>What a claim becomes.</summary>
/// <param name="Offer">Type with capacity and allocatable.</param>
/// <param name="Offering">Zone, capacity type and price.</param>
public sealed record LaunchChoice(TypeOffer Offer, Offering Offering);

/// <summary>Offerings that the cloud has just refused for want of capacity.</summary>
/// <param name="CapacityType">spot or on-demand.</param>
/// <param name="InstanceType">Type name.</param>
/// <param name="Zone">Zone name.</param>
public readonly record struct OfferingKey(string CapacityType, string InstanceType, string Zone);

/// <summary>
/// Which instance a claim is launched as (aws/karpenter-provider-aws, providers/instance): metal and accelerators only when nothing else is left; spot when it is
/// allowed and offered, else on-demand; then the lowest price. EC2's own weighing of spot capacity is not public: the lowest price stands in for it.
/// </summary>
public static class LaunchChooser
{
    /// <summary>Types that one launch may name.</summary>
    public const int MaxTypes = 60;

    /// <summary>Chooses, or null when nothing compatible is offered and fits (an insufficient-capacity answer).</summary>
    /// <param name="requirements">Of the claim.</param>
    /// <param name="requests">That must fit in the node's allocatable.</param>
    /// <param name="offers">Types as the claim's class makes them.</param>
    /// <param name="unavailable">Offerings to leave out.</param>
    public static LaunchChoice? Choose(
        RequirementSet requirements, ResourceVector requests, IReadOnlyList<TypeOffer> offers, IReadOnlySet<OfferingKey>? unavailable = null)
    {
        var candidates = offers
            .Where(o => TypeOffer.LabelsMatch(o.Type, requirements) && requests.FitsIn(o.Allocatable))
            .SelectMany(o => o.Compatible(requirements).Select(f => new LaunchChoice(o, f)))
            .Where(c => unavailable is null || !unavailable.Contains(new(c.Offering.CapacityType, c.Offer.Type.Name, c.Offering.Zone)))
            .ToList();
        if (!requirements.Items.Any(r => r.MinValues is not null))
        {
            candidates = WithoutDearSpot(WithoutExotic(candidates));
        }

        var named = candidates
            .GroupBy(c => c.Offer.Type.Name, StringComparer.Ordinal)
            .OrderBy(g => g.Min(c => c.Offering.PricePerHour)).ThenBy(g => g.Key, StringComparer.Ordinal)
            .Take(MaxTypes)
            .SelectMany(g => g)
            .ToList();
        var spot = named.Any(c => c.Offering.CapacityType == KarpenterLabels.Spot);
        return named
            .Where(c => !spot || c.Offering.CapacityType == KarpenterLabels.Spot)
            .OrderBy(c => c.Offering.PricePerHour)
            .ThenBy(c => c.Offer.Type.Name, StringComparer.Ordinal)
            .ThenBy(c => c.Offering.Zone, StringComparer.Ordinal)
            .FirstOrDefault();
    }

    private static List<LaunchChoice> WithoutExotic(List<LaunchChoice> candidates)
    {
        var plain = candidates.Where(c => !c.Offer.Type.IsExotic).ToList();
        return plain.Count > 0 ? plain : candidates;
    }

    private static List<LaunchChoice> WithoutDearSpot(List<LaunchChoice> candidates)
    {
        decimal? cheapestOnDemand = null;
        foreach (var candidate in candidates)
        {
            if (candidate.Offering.CapacityType == KarpenterLabels.OnDemand && !(candidate.Offering.PricePerHour >= cheapestOnDemand))
            {
                cheapestOnDemand = candidate.Offering.PricePerHour;
            }
        }

        return cheapestOnDemand is null
            ? candidates
            : [.. candidates.Where(c => c.Offering.CapacityType != KarpenterLabels.Spot || c.Offering.PricePerHour <= cheapestOnDemand)];
    }
}
