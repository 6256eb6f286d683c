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
        var types = claim.Types.Members().Select(i => claim.Pool.Types[i]).ToArray();
        var offered = types.SelectMany(t => t.Compatible(requirements)).Select(o => o.CapacityType).Distinct(StringComparer.Ordinal);
        requirements = requirements.Add(Requirement.In(KarpenterLabels.CapacityType, offered));
        var cheapestFirst = types
            .OrderBy(t => t.CheapestPrice(requirements))
            .ThenBy(t => t.Type.Name, StringComparer.Ordinal)
            .Take(MaxTypes);
        return new(claim.Pool, requirements, [.. cheapestFirst], claim.Requests, claim.Pods);
    }
}
