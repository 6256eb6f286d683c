using Hearth.Scheduling.Catalog;
using Hearth.Scheduling.Requirements;

namespace Hearth.Scheduling.Provisioning;

/// <summary>Flexibility that a pool asks for: the types of a claim must show at least so many values of a label.</summary>
internal static class MinValues
{
    /// <summary>The first key with too few values, or null.</summary>
    public static string? Violated(PoolInfo pool, TypeSet types, RequirementSet requirements)
    {
        foreach (var requirement in requirements.Items)
        {
            if (requirement.MinValues is { } min && InstanceTypeLabels.Defines(requirement.Key) && Distinct(pool, types, requirement.Key) < min)
            {
                return requirement.Key;
            }
        }

        return null;
    }

    private static int Distinct(PoolInfo pool, TypeSet types, string key) =>
        types.Members().Select(i => InstanceTypeLabels.Value(pool.Types[i].Type, key)).OfType<string>().Distinct(StringComparer.Ordinal).Count();
}
