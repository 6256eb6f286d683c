using System.Text.RegularExpressions;

namespace Hearth.Deploy.Tests.Inventory;

/// <summary>The repository's own tests and pages.</summary>
internal static partial class Sources
{
    public static string Root { get; } = Find();

    private static readonly Lazy<IReadOnlySet<string>> Named = new(() => Directory.EnumerateFiles(Path.Combine(Root, "tests"), "*.cs", SearchOption.AllDirectories)
        .Where(f => !f.Contains("node_modules", StringComparison.Ordinal))
        .SelectMany(f => Method().Matches(File.ReadAllText(f)).Select(m => m.Groups[1].Value)).ToHashSet(StringComparer.Ordinal));

    /// <summary>Names of test methods.</summary>
    public static IReadOnlySet<string> Tests => Named.Value;

    /// <summary>The page of differences, lines joined.</summary>
    public static string Differences { get; } = File.ReadAllText(Path.Combine(Root, "docs", "differences-from-the-blueprints.md")).ReplaceLineEndings(" ");

    /// <summary>The page line by line.</summary>
    public static IReadOnlyList<string> DifferenceLines { get; } = File.ReadAllLines(Path.Combine(Root, "docs", "differences-from-the-blueprints.md"));

    private static string Find()
    {
        var directory = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(directory, "Hearth.slnx")))
        {
            directory = Path.GetDirectoryName(directory) ?? throw new InvalidOperationException("no repository above the tests");
        }

        return directory;
    }

    [GeneratedRegex(@"public (?:static )?(?:async )?(?:void|Task) (\w+)\(", RegexOptions.CultureInvariant, 5000)]
    private static partial Regex Method();
}
