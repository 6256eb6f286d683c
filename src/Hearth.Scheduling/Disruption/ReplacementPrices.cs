using Hearth.Scheduling.Karpenter;
using Hearth.Scheduling.Provisioning;
using Hearth.Scheduling.Requirements;

namespace Hearth.Scheduling.Disruption;

/// <summary>What a replacement may cost at worst (Karpenter, cloudprovider/types.go): it must be cheaper even if the dearest of its offerings is launched.</summary>
internal static class ReplacementPrices
{
    /// <summary>The dearest compatible offering of the capacity type that would be launched (USD/h), or null when nothing is compatible.</summary>
    public static decimal? WorstLaunch(TypeOffer type, RequirementSet requirements)
    {
        decimal? reserved = null, spot = null, onDemand = null;
        foreach (var offering in type.Compatible(requirements))
        {
            ref var dearest = ref reserved;
            if (offering.CapacityType == KarpenterLabels.Spot)
            {
                dearest = ref spot;
            }
            else if (offering.CapacityType == KarpenterLabels.OnDemand)
            {
                dearest = ref onDemand;
            }

            if (!(offering.PricePerHour <= dearest))
            {
                dearest = offering.PricePerHour;
            }
        }

        return reserved ?? spot ?? onDemand;
    }

    /// <summary>The claim with only those types that are cheaper than a price whatever is launched; null when none is, or too few for the claim's minValues.</summary>
    public static PlannedClaim? CheaperThan(PlannedClaim claim, decimal price)
    {
        var cheaper = claim.Types.Where(t => WorstLaunch(t, claim.Requirements) < price).ToArray();
        return cheaper.Length == 0 || MinValues.Violated(cheaper, claim.Requirements) is not null ? null : claim with { Types = cheaper };
    }
}
