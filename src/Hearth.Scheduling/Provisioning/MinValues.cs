using Hearth.Scheduling.Catalog;
using Hearth.Scheduling.Requirements;

namespace Hearth.Scheduling.Provisioning;

/// <summary>Flexibility that a pool asks for: the types of a claim must show at least so many values of a label.</summary>
internal static class MinValues
{
    /// <summary>The first key with too few values, or null.</summary>
    public static string? Violated(PoolInfo pool, TypeSet types, RequirementSet requirements) =>
        requirements.Items.Any(Asks) ? Violated([.. types.Members().Select(i => pool.Types[i])], requirements) : null;

    /// <summary>The first key of which these types have too few values, or null.</summary>
    public static string? Violated(IReadOnlyList<TypeOffer> types, RequirementSet requirements) =>
        requirements.Items.FirstOrDefault(r => Asks(r) && Distinct(types, r.Key) < r.MinValues)?.Key;

    /// <summary>With what these types show in place of what they cannot.</summary>
    public static RequirementSet Lowered(PoolInfo pool, TypeSet types, RequirementSet requirements)
    {
        TypeOffer[] left = [.. types.Members().Select(i => pool.Types[i])];
        foreach (var requirement in requirements.Items.Where(Asks).Where(r => Distinct(left, r.Key) < r.MinValues).ToArray())
        {
            requirements = requirements.Replace(requirement.WithMinValues(Distinct(left, requirement.Key)));
        }

        return requirements;
    }

    /// <summary>How many of these types, from the first on, are needed to have enough values; all of them when they never suffice.</summary>
    public static int Needed(IReadOnlyList<TypeOffer> types, RequirementSet requirements)
    {
        var needed = 0;
        while (needed < types.Count && Violated([.. types.Take(needed)], requirements) is not null)
        {
            needed++;
        }

        return needed;
    }

    private static bool Asks(Requirement requirement) => requirement.MinValues is not null && InstanceTypeLabels.Defines(requirement.Key);

    private static int Distinct(IReadOnlyList<TypeOffer> types, string key) =>
        types.Select(t => InstanceTypeLabels.Value(t.Type, key)).OfType<string>().Distinct(StringComparer.Ordinal).Count();
}
