using Hearth.Scheduling.Karpenter;
using Hearth.Scheduling.Requirements;

namespace Hearth.Scheduling.Provisioning;

/// <summary>Turns an open claim into what is asked of the cloud.</summary>
internal static class ClaimEmission
{
    /// <summary>Types a claim lists at most, as Karpenter up to v1.6 and the AWS provider in every version.</summary>
    public const int MaxTypes = 60;

    public static PlannedClaim Emit(OpenClaim claim)
    {
        var requirements = claim.Requirements.Remove(KarpenterLabels.InstanceType);
        requirements = requirements.Add(Requirement.In(KarpenterLabels.CapacityType, claim.Pool.CapacityTypes(requirements, claim.Types)));
        TypeOffer[] cheapestFirst = [.. claim.Pool.CheapestFirst(requirements).Where(claim.Types.Contains).Take(MaxTypes).Select(i => claim.Pool.Types[i])];
        if (claim.Requirements.Find(KarpenterLabels.InstanceType)?.MinValues is { } least)
        {
            requirements = requirements.Add(Requirement.In(KarpenterLabels.InstanceType, cheapestFirst.Select(t => t.Type.Name)).WithMinValues(least));
        }

        return new(claim.Pool, requirements, cheapestFirst, claim.Requests, claim.Pods) { MinValuesRelaxed = claim.MinValuesRelaxed };
    }
}
