using System.Text.Json;
using Hearth.Engine.Session;
using Hearth.Engine.Types;

namespace Hearth.Engine.Tests;

/// <summary>Spark's documented function examples. The number that passes can only rise; what is refused is refused by name.</summary>
public sealed class FunctionCaseTests(ITestOutputHelper output)
{
    /// <summary>Raise it when more pass.</summary>
    private const int LeastPassing = 495;

    /// <summary>Examples whose documented result depends on ANSI mode, the clock, a random seed, the machine or Spark 4.</summary>
    private static readonly string[] Excused = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "cases", "functions", "excused.txt"));

    private sealed record Case(string Query, string[] Result, JsonElement Columns);

    private static IEnumerable<Case> Cases() => File.ReadLines(Path.Combine(AppContext.BaseDirectory, "cases", "functions", "spark-function-cases.jsonl"))
        .Select(line => JsonDocument.Parse(line).RootElement)
        .Select(json => new Case(json.GetProperty("query").GetString()!, [.. json.GetProperty("result").EnumerateArray().Select(r => r.GetString()!)], json.GetProperty("columns")));

    [Fact]
    public void Documented_examples_give_the_documented_rows_or_are_refused_by_name()
    {
        using EngineSession session = Sessions.Open("America/Los_Angeles");
        int passing = 0;
        List<string> refused = [], wrong = [];
        foreach (Case example in Cases())
        {
            string? difference = Difference(session, example, out bool isRefused);
            if (difference is null)
            {
                passing++;
            }
            else
            {
                (isRefused ? refused : wrong).Add($"{example.Query} -> {difference}");
            }
        }

        output.WriteLine($"passing {passing}, refused {refused.Count}, different {wrong.Count}");
        File.WriteAllLines(Path.Combine(AppContext.BaseDirectory, "function-cases.log"), ["## different", .. wrong, "## refused", .. refused]);
        wrong.Where(w => !Excused.Any(e => e.Length > 0 && w.StartsWith(e, StringComparison.Ordinal))).ShouldBeEmpty();
        passing.ShouldBeGreaterThanOrEqualTo(LeastPassing);
    }

    private static string? Difference(EngineSession session, Case example, out bool refused)
    {
        refused = false;
        try
        {
            using QueryResult result = session.Run(session.Execute(example.Query.TrimEnd(';')).Relation);
            string[] rows = [.. result.Rows().Select(row => string.Join('\t', row.Select((v, i) => HiveText.Of(v, result.Schema.Fields[i].Type, session.Conf.Get("spark.sql.session.timeZone")!))))];
            return rows.Order(StringComparer.Ordinal).SequenceEqual(example.Result.Order(StringComparer.Ordinal), StringComparer.Ordinal)
                ? null
                : $"got {string.Join(" | ", rows)} expected {string.Join(" | ", example.Result)}";
        }
        catch (EngineException error)
        {
            refused = error.ErrorClass is "UNRESOLVED_ROUTINE" or "UNSUPPORTED_FEATURE" or "PARSE_SYNTAX_ERROR" or "WRONG_NUM_ARGS.WITHOUT_SUGGESTION";
            return error.Describe();
        }
    }
}
