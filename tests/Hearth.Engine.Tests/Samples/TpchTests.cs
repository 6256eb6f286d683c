using System.Globalization;
using Hearth.Engine.Duck;
using Hearth.Engine.Session;
using Hearth.Engine.Sql;
using Hearth.Engine.Types;

namespace Hearth.Engine.Tests.Samples;

/// <summary>samples/tpch at a small scale: every query gives what libduckdb gives for the same text over the same files, without our parser, types and printer.</summary>
public sealed class TpchTests
{
    private const string Scale = "0.004";

    [Fact]
    public void Every_query_gives_what_an_independent_run_over_the_same_files_gives()
    {
        string script = File.ReadAllText(Path.Combine(Functions.CompatibilityPage.Root(), "samples", "tpch", "tpch.sql")).Replace("${scale}", Scale, StringComparison.Ordinal);
        string[] parts = script.Split("\n-- Q");
        using EngineSession session = Sessions.Open();
        foreach (string statement in SqlParser.SplitScript(parts[0]))
        {
            session.Execute(statement);
        }

        DuckConnection plain = session.Rent();
        foreach (string table in (string[])["region", "nation", "supplier", "part", "partsupp", "customer", "lineitem", "orders"])
        {
            plain.Execute($"CREATE TEMP VIEW {table} AS SELECT * FROM read_parquet('{session.Find("tpch", table)!.Location}/*.parquet')");
        }

        List<string> different = [], empty = [];
        foreach (string part in parts[1..])
        {
            string name = "Q" + part[..part.IndexOf('\n', StringComparison.Ordinal)], query = part[part.IndexOf('\n', StringComparison.Ordinal)..].Trim().TrimEnd(';');
            string[][] ours = [.. Ours(session, query)], theirs = [.. Theirs(plain, query)];
            if (ours.Length != theirs.Length || !ours.Zip(theirs).All(p => p.First.Zip(p.Second).All(c => Same(c.First, c.Second))))
            {
                different.Add($"{name}: {string.Join(" / ", ours.Take(3).Select(r => string.Join('|', r)))} instead of {string.Join(" / ", theirs.Take(3).Select(r => string.Join('|', r)))}");
            }

            if (ours.Length == 0)
            {
                empty.Add(name);
            }
        }

        session.Return(plain);
        parts.Length.ShouldBe(23);
        different.ShouldBeEmpty();
        empty.ShouldBeSubsetOf(["Q2", "Q18", "Q20", "Q21"], "so few rows may answer these at this scale, the others must find some");
    }

    private static IEnumerable<string[]> Ours(EngineSession session, string query)
    {
        using QueryResult result = session.Run(session.Execute(query).Relation);
        return [.. result.Rows().Select(row => row.Select(Text).ToArray())];
    }

    private static List<string[]> Theirs(DuckConnection connection, string query)
    {
        using DuckResult result = connection.Query(query);
        List<string[]> rows = [];
        while (result.NextChunk())
        {
            for (int row = 0; row < result.RowCount; row++)
            {
                rows.Add([.. Enumerable.Range(0, result.Columns.Count).Select(c => Text(result.Value(row, c)))]);
            }
        }

        return rows;
    }

    private static string Text(object? value) => value switch
    {
        null => "NULL",
        SparkDate date => date.Days.ToString(CultureInfo.InvariantCulture),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => $"{value}",
    };

    // DuckDB averages and divides decimals as doubles, Spark as decimals with a fixed number of fraction digits.
    private static bool Same(string a, string b) => a == b
        || (double.TryParse(a, CultureInfo.InvariantCulture, out double x) && double.TryParse(b, CultureInfo.InvariantCulture, out double y) && Math.Abs(x - y) <= 1e-5 + (Math.Abs(y) * 1e-9));
}
