using Hearth.Scheduling.Catalog;
using Hearth.Scheduling.Karpenter;
using Hearth.Scheduling.Requirements;
using Hearth.Scheduling.Resources;

namespace Hearth.Scheduling.Provisioning;

/// <summary>An instance type as one node class would make it: what it has, what pods may use, where and for how much it is sold.</summary>
/// <param name="Type">Facts.</param>
/// <param name="Capacity">Everything.</param>
/// <param name="Allocatable">What pods may use.</param>
/// <param name="Offerings">Not empty.</param>
public sealed record TypeOffer(InstanceType Type, ResourceVector Capacity, ResourceVector Allocatable, IReadOnlyList<Offering> Offerings)
{
    /// <summary>Whether the type's own labels satisfy requirements. Keys that no type decides are not looked at.</summary>
    public static bool LabelsMatch(InstanceType type, RequirementSet requirements)
    {
        foreach (var requirement in requirements.Items)
        {
            if (InstanceTypeLabels.Defines(requirement.Key) && !LabelMatches(type, requirement))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether one requirement on a key that types decide holds for a type.</summary>
    public static bool LabelMatches(InstanceType type, Requirement requirement) =>
        InstanceTypeLabels.Value(type, requirement.Key) is { } value ? requirement.Allows(value) : requirement.AllowsAbsence;

    /// <summary>Offerings that the requirements on zone, region and capacity type accept.</summary>
    public IEnumerable<Offering> Compatible(RequirementSet requirements) =>
        Offerings.Where(o => requirements.Allows(KarpenterLabels.Zone, o.Zone) && requirements.Allows(KarpenterLabels.CapacityType, o.CapacityType));

    /// <summary>The lowest price (USD/h) among compatible offerings, or null when there is none.</summary>
    public decimal? CheapestPrice(RequirementSet requirements)
    {
        var (zone, capacityType) = (requirements.Find(KarpenterLabels.Zone), requirements.Find(KarpenterLabels.CapacityType));
        decimal? best = null;
        foreach (var offering in Offerings)
        {
            if (!(offering.PricePerHour >= best) && zone?.Allows(offering.Zone) != false && capacityType?.Allows(offering.CapacityType) != false)
            {
                best = offering.PricePerHour;
            }
        }

        return best;
    }
}
