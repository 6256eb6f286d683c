using Hearth.Cluster.ApiServer.Registry;

namespace Hearth.Cluster.ApiServer.Discovery;

/// <summary>Groups and versions in the order in which clients shall prefer them.</summary>
internal static class GroupOrder
{
    /// <summary>Named groups: built-in ones first, as they are declared, then those of custom resources by name.</summary>
    public static IEnumerable<string> Groups(ResourceCatalog.Snapshot snapshot) => snapshot.Definitions
        .Where(d => d.Type.Group.Length > 0)
        .GroupBy(d => d.Type.Group, StringComparer.Ordinal)
        .Select((g, index) => (Name: g.Key, Custom: g.All(d => d.IsCustom), Index: index))
        .OrderBy(g => g.Custom).ThenBy(g => g.Custom ? g.Name : "", StringComparer.Ordinal).ThenBy(g => g.Index)
        .Select(g => g.Name);

    /// <summary>Versions of a group: v2, v1, v1beta2, v1beta1, v1alpha1, then what is not a version, by name.</summary>
    public static IReadOnlyList<string> Versions(ResourceCatalog.Snapshot snapshot, string group) =>
        [.. snapshot.GroupVersions.Where(g => g.Group == group).Select(g => g.Version).OrderDescending(VersionPriority.Comparer)];
}

/// <summary>Compares API versions by maturity (apimachinery <c>version.CompareKubeAwareVersionStrings</c>).</summary>
internal sealed class VersionPriority : IComparer<string>
{
    public static readonly VersionPriority Comparer = new();

    public int Compare(string? x, string? y)
    {
        var (a, b) = (Rank(x!), Rank(y!));
        var byRank = a.CompareTo(b);
        return byRank != 0 ? byRank : string.CompareOrdinal(y, x);
    }

    /// <summary>Stage (3 stable, 2 beta, 1 alpha, 0 something else), major, minor.</summary>
    private static (int Stage, int Major, int Minor) Rank(string version)
    {
        var at = 1;
        if (version.Length < 2 || version[0] != 'v' || !Number(version, ref at, out var major))
        {
            return (0, 0, 0);
        }

        if (at == version.Length)
        {
            return (3, major, 0);
        }

        var stage = version.AsSpan(at).StartsWith("beta", StringComparison.Ordinal) ? 2 : version.AsSpan(at).StartsWith("alpha", StringComparison.Ordinal) ? 1 : 0;
        at += stage == 2 ? 4 : 5;
        return stage > 0 && at < version.Length && Number(version, ref at, out var minor) && at == version.Length ? (stage, major, minor) : (0, 0, 0);
    }

    private static bool Number(string text, ref int at, out int number)
    {
        number = 0;
        var start = at;
        while (at < text.Length && char.IsAsciiDigit(text[at]))
        {
            number = (number * 10) + (text[at++] - '0');
        }

        return at > start;
    }
}
