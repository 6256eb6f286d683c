using Hearth.Platform.Text;

namespace Hearth.Cli.Commands.Lint.Rules;

/// <summary>Settings that Spark 3.5 documents. Source: the configuration, SQL and Kubernetes pages of its documentation.</summary>
internal static class SparkKeys
{
    private const int Farthest = 3;

    private static readonly Lazy<(IReadOnlyList<string> Keys, IReadOnlyList<string> Prefixes)> Table = new(Read);

    /// <summary>Whole keys.</summary>
    public static IReadOnlyList<string> All => Table.Value.Keys;

    /// <summary>The key that was probably meant, or null when the key is right, or like none.</summary>
    public static string? Misspelt(string key)
    {
        var (keys, prefixes) = Table.Value;
        if (!key.StartsWith("spark.", StringComparison.Ordinal) || keys.Contains(key) || prefixes.Any(p => key.StartsWith(p, StringComparison.Ordinal)))
        {
            return null;
        }

        var near = Nearest.Closest(key, keys, 1)[0];
        if (Nearest.Distance(key.ToLowerInvariant(), near.ToLowerInvariant()) <= Allowed(key))
        {
            return near;
        }

        // Below a prefix the rest is the user's: only the beginning can be misspelt.
        var begins = prefixes.Where(p => p.Length < key.Length && Nearest.Distance(key[..p.Length], p) is > 0 and <= 2).MaxBy(p => p.Length);
        return begins is null ? null : begins + key[begins.Length..];
    }

    /// <summary>Long keys may have more typing errors; short ones would be like anything.</summary>
    private static int Allowed(string key) => Math.Clamp(key.Length / 10, 1, Farthest);

    private static (IReadOnlyList<string>, IReadOnlyList<string>) Read()
    {
        using var stream = typeof(SparkKeys).Assembly.GetManifestResourceStream("spark-keys.txt")!;
        using var reader = new StreamReader(stream);
        var lines = reader.ReadToEnd().Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Where(l => l[0] != '#').ToArray();
        return ([.. lines.Where(l => l[^1] != '*')], [.. lines.Where(l => l[^1] == '*').Select(l => l[..^1])]);
    }
}
