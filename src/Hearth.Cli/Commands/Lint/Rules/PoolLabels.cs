using Hearth.Cli.Commands.Lint.Placing;
using Hearth.Scheduling.Requirements;

namespace Hearth.Cli.Commands.Lint.Rules;

/// <summary>The values that one label has on the nodes of a platform.</summary>
/// <param name="Names">Those that are known by name.</param>
/// <param name="Requirements">What pools demand of it.</param>
internal sealed record LabelValues(IReadOnlyList<string> Names, IReadOnlyList<Requirement> Requirements)
{
    /// <summary>Whether some node could have this value.</summary>
    public bool Allows(string value) => Names.Contains(value) || Requirements.Any(r => r.Allows(value));
}

/// <summary>The labels of the nodes of a platform.</summary>
internal static class PoolLabels
{
    /// <summary>By key.</summary>
    public static IReadOnlyDictionary<string, LabelValues> Of(PlatformNodes nodes)
    {
        var pools = nodes.Pools.SelectMany(p => p.Pool.Requirements.Items).ToLookup(r => r.Key, StringComparer.Ordinal);
        var groups = nodes.Groups.SelectMany(g => g.Labels).ToLookup(l => l.Key, l => l.Value, StringComparer.Ordinal);
        return pools.Select(p => p.Key).Concat(groups.Select(g => g.Key)).Distinct(StringComparer.Ordinal).ToDictionary(
            key => key,
            key => new LabelValues([.. pools[key].Where(r => !r.Complement).SelectMany(r => r.Values).Concat(groups[key]).Distinct(StringComparer.Ordinal)], [.. pools[key]]),
            StringComparer.Ordinal);
    }
}
