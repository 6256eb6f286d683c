using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Hearth.Engine.Functions;

namespace Hearth.Engine.Tests.Functions;

/// <summary>docs/spark-compatibility.md, from the function table and the outcomes of the documented examples.</summary>
internal static partial class CompatibilityPage
{
    private const string Head = """
        # Spark functions on the embedded engine

        Generated from the engine's function table and from the 766 example queries of Spark's function documentation, all of which run in the tests (`HEARTH_UPDATE=1` writes this page).
        An example is *right* when rows and column types are the documented ones, *refused* when it stops with `UNSUPPORTED_FEATURE` and the function's name. None may be anything else.
        What depends on the clock, the machine or a seed counts by its type; sums of doubles may differ in the last digit, as they do in Spark with another number of partitions.


        """;

    public static string Of(IReadOnlyList<FunctionOutcome> outcomes)
    {
        StringBuilder text = new(Head);
        Areas(text, outcomes);
        Functions(text, outcomes);
        return text.ToString();
    }

    private static void Areas(StringBuilder text, IReadOnlyList<FunctionOutcome> outcomes)
    {
        text.Append("| area | examples | right | refused | in Spark 3.5 |\n|---|---|---|---|---|\n");
        foreach (IGrouping<string, FunctionOutcome> area in outcomes.GroupBy(o => o.Case.Area + (o.Case.Core ? "" : " (may be refused)")).OrderByDescending(g => g.First().Case.Core).ThenBy(g => g.Key, StringComparer.Ordinal))
        {
            Row(text, area.Key, [.. area]);
        }

        Row(text, "**core areas**", [.. outcomes.Where(o => o.Case.Core)]);
        Row(text, "**all**", outcomes);
    }

    private static void Row(StringBuilder text, string name, IReadOnlyList<FunctionOutcome> outcomes)
    {
        FunctionOutcome[] stable = [.. outcomes.Where(o => !SparkCatalogue.NeedsNewerSpark(o))];
        string share = stable.Length == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{stable.Count(o => o.Verdict == Verdict.Right)} of {stable.Length} ({100.0 * stable.Count(o => o.Verdict == Verdict.Right) / stable.Length:0.0} %)");
        text.Append(CultureInfo.InvariantCulture, $"| {name} | {outcomes.Count} | {outcomes.Count(o => o.Verdict == Verdict.Right)} | {outcomes.Count(o => o.Verdict == Verdict.Refused)} | {share} |\n");
    }

    private static void Functions(StringBuilder text, IReadOnlyList<FunctionOutcome> outcomes)
    {
        Dictionary<string, FunctionOutcome[]> examples = outcomes.SelectMany(o => Names(o.Case.Query).Select(n => (Name: n, Outcome: o))).GroupBy(p => p.Name, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Select(p => p.Outcome).ToArray(), StringComparer.Ordinal);
        text.Append("\n## Function by function\n\n*supported*: the examples that name it are right, or it has none. *differs*: right apart from what the note says. *partly*: some of its forms are refused by name.\n\n| function | | note |\n|---|---|---|\n");
        foreach (string name in FunctionTable.Names.Where(n => !n.StartsWith("trim_", StringComparison.Ordinal)))
        {
            FunctionOutcome[] own = examples.GetValueOrDefault(name, []);
            string note = SparkCatalogue.Differences.GetValueOrDefault(name, "");
            bool refused = own.Any(o => o.Verdict == Verdict.Refused && o.Detail.Contains($" {name}()", StringComparison.Ordinal));
            string status = note.Length > 0 ? "differs" : refused ? "partly" : "supported";
            string detail = note.Length > 0 ? note : refused ? Reason(own.First(o => o.Verdict == Verdict.Refused && o.Detail.Contains($" {name}()", StringComparison.Ordinal)).Detail) : "";
            text.Append(CultureInfo.InvariantCulture, $"| `{name}` | {status} | {detail} |\n");
        }

        text.Append("\n## Unsupported\n\nRefused with `UNSUPPORTED_FEATURE` and the function's name.\n\n| function | why |\n|---|---|\n");
        foreach ((string name, string why) in UnsupportedFunctions.All.OrderBy(p => p.Key, StringComparer.Ordinal))
        {
            text.Append(CultureInfo.InvariantCulture, $"| `{name}` | {why} |\n");
        }
    }

    private static string Reason(string detail) => ReasonPattern().Match(detail).Groups[1].Value is { Length: > 0 } reason ? "not " + reason : "";

    private static IEnumerable<string> Names(string query) => CallPattern().Matches(query).Select(m => m.Groups[1].Value.ToLowerInvariant()).Distinct(StringComparer.Ordinal);

    [GeneratedRegex(@"\b([A-Za-z_][A-Za-z_0-9]*)\s*\(", RegexOptions.None, 1000)]
    private static partial Regex CallPattern();

    [GeneratedRegex(@"\(\) ([^.;]*)", RegexOptions.None, 1000)]
    private static partial Regex ReasonPattern();

    public static string Root()
    {
        DirectoryInfo? directory = new(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "Hearth.slnx")))
        {
            directory = directory.Parent;
        }

        return directory?.FullName ?? throw new DirectoryNotFoundException("Hearth.slnx");
    }
}
