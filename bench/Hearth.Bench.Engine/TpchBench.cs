using System.Globalization;
using Hearth.Engine.Duck;
using Hearth.Engine.Session;
using Hearth.Engine.Sql;

namespace Hearth.Bench.Engine;

/// <summary>
/// The sample <c>tpch</c>: its tables are made once, its 22 queries run as Spark SQL text through the engine and, word for word, in bare DuckDB over the same files.
/// Also what of a query's time is spent before DuckDB has it: parsing, binding, printing.
/// </summary>
internal static class TpchBench
{
    private const string Queries = "-- Q1\n";

    /// <summary>Prints the ratios.</summary>
    /// <param name="scale">1 is about 6 million line items; at most 1.</param>
    /// <param name="directory">Keeps the tables, for the next run; null for a temporary one.</param>
    public static void Run(double scale, string? directory)
    {
        string root = directory ?? Directory.CreateTempSubdirectory("hearth-bench-tpch-").FullName;
        string script = File.ReadAllText(Path.Combine(Timing.Home(), "samples", "tpch", "tpch.sql")).Replace("${scale}", scale.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
        int split = script.IndexOf(Queries, StringComparison.Ordinal);
        try
        {
            using EngineSession spark = Timing.Open(root);
            double made = Timing.Once(() =>
            {
                foreach (string statement in SqlParser.SplitScript(script[..split]))
                {
                    spark.Execute(statement);
                }
            });
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"tables of scale {scale} made or found in {made / 1000:0.0} s"));
            using DuckDatabase duck = Timing.Bare();
            using DuckConnection bare = duck.Connect();
            foreach (string table in Directory.EnumerateDirectories(Path.Combine(root, "tpch.db")))
            {
                bare.Execute($"CREATE VIEW {Path.GetFileName(table)} AS SELECT * FROM read_parquet('{table}/*.parquet')");
            }

            Compare(spark, bare, SqlParser.SplitScript(script[split..]));
        }
        finally
        {
            if (directory is null)
            {
                Directory.Delete(root, recursive: true);
            }
        }
    }

    private static void Compare(EngineSession spark, DuckConnection bare, IReadOnlyList<string> queries)
    {
        double own = 0, peer = 0, translating = 0, worst = 0;
        for (int i = 0; i < queries.Count; i++)
        {
            string sql = queries[i];
            long ownRows = 0, peerRows = 0;
            (double hearth, double duckdb) = Timing.Turns(3, () => ownRows = Timing.Drain(spark, sql), () => peerRows = Timing.Drain(bare, sql));
            double translate = Timing.Best(5, () => _ = spark.Translate(spark.Execute(sql).Relation));
            Timing.Print($"Q{i + 1}, {translate.ToString("0.0", CultureInfo.InvariantCulture)} ms to translate", hearth, duckdb);
            if (ownRows != peerRows)
            {
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {ownRows} rows, but DuckDB has {peerRows}"));
            }

            (own, peer, translating, worst) = (own + hearth, peer + duckdb, translating + translate, Math.Max(worst, hearth / duckdb));
        }

        Timing.Print("22 queries", own, peer);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"parse, bind, print: {translating / queries.Count:0.0} ms a query, {100 * translating / own:0.0} % of the run; highest ratio of a query {worst:0.00}"));
    }
}
