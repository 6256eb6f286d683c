using System.Diagnostics;
using System.Globalization;
using Hearth.Engine.Duck;
using Hearth.Engine.Session;

namespace Hearth.Bench.Engine;

/// <summary>Delta tables beside bare DuckDB that does the same work on the same rows in the same run.</summary>
internal static class DeltaBench
{
    private const long Rows = 10_000_000;

    /// <summary>Prints the ratios.</summary>
    public static void Run()
    {
        string root = Directory.CreateTempSubdirectory("hearth-bench-delta-").FullName;
        try
        {
            using EngineSession session = Open(root);
            using DuckDatabase duck = DuckDatabase.Open(new Dictionary<string, string>(StringComparer.Ordinal) { ["threads"] = "2" });
            using DuckConnection bare = duck.Connect();
            session.Execute($"CREATE TABLE delta.`{root}/big` USING delta AS SELECT id, id % 1000 AS k, CAST(id * 2 AS DOUBLE) AS v, concat('name-', id) AS s FROM range({Rows.ToString(CultureInfo.InvariantCulture)})");
            Scan(session, bare, root);
            Merge(session, bare, root, 100, "1%");
            Merge(session, bare, root, 2, "50%");
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }

        Commits();
    }

    private static EngineSession Open(string root) => EngineSession.Open(new EngineOptions
    {
        Conf = new Dictionary<string, string>(StringComparer.Ordinal) { [EngineOptions.ThreadsKey] = "2", ["spark.sql.session.timeZone"] = "UTC", [EngineOptions.WarehouseKey] = root },
    });

    private static string Files(string table) => $"read_parquet([{string.Join(", ", Directory.EnumerateFiles(table, "part-*.parquet").Order(StringComparer.Ordinal).Select(f => $"'{f}'"))}])";

    private static void Scan(EngineSession session, DuckConnection bare, string root)
    {
        string files = Files($"{root}/big");
        (string Name, string Sql)[] questions = [("scan, aggregate", "SELECT k, sum(v), max(s) FROM {0} GROUP BY k"), ("scan, filter", "SELECT count(*) FROM {0} WHERE id BETWEEN 5000000 AND 5001000")];
        foreach ((string name, string sql) in questions)
        {
            double hearth = Best(3, () => Drain(session, string.Format(CultureInfo.InvariantCulture, sql, $"delta.`{root}/big`"))), native = Best(3, () => bare.Execute(string.Format(CultureInfo.InvariantCulture, sql, files)));
            Print(name, hearth, native);
        }
    }

    private static void Drain(EngineSession session, string sql)
    {
        using QueryResult result = session.Run(session.Execute(sql).Relation);
        while (result.NextChunk())
        {
        }
    }

    // Bare DuckDB: the same join over the same files, all rows written anew to Parquet. It keeps no log, looks for no row that matches twice and tells no counts.
    private static void Merge(EngineSession session, DuckConnection bare, string root, int share, string name)
    {
        string n = share.ToString(CultureInfo.InvariantCulture);
        string source = $"SELECT id * {n} AS id, -1.0 AS v FROM range({(Rows / share).ToString(CultureInfo.InvariantCulture)}) t(id)";
        string files = Files($"{root}/big"), target = $"{root}/bare-{n}.parquet";
        double native = Best(1, () => bare.Execute($"COPY (SELECT coalesce(t.id, s.id) AS id, t.k, CASE WHEN s.id IS NOT NULL THEN s.v ELSE t.v END AS v, t.s FROM {files} t FULL JOIN ({source}) s ON t.id = s.id) TO '{target}' (FORMAT parquet, COMPRESSION snappy)"));
        double hearth = Best(1, () => session.Execute($"MERGE INTO delta.`{root}/big` t USING (SELECT id * {n} AS id, CAST(-1.0 AS DOUBLE) AS v FROM range({(Rows / share).ToString(CultureInfo.InvariantCulture)})) s ON t.id = s.id WHEN MATCHED THEN UPDATE SET v = s.v WHEN NOT MATCHED THEN INSERT (id, v) VALUES (s.id, s.v)"));
        Print($"merge {name} into 10 M", hearth, native);
        session.Execute($"RESTORE TABLE delta.`{root}/big` TO VERSION AS OF 0");
    }

    // 100 writers that share nothing but the directory: each has a session of its own state, all append single rows.
    private static void Commits()
    {
        const int Writers = 100, Each = 5;
        string root = Directory.CreateTempSubdirectory("hearth-bench-commits-").FullName;
        EngineSession[] sessions = [.. Enumerable.Range(0, 10).Select(_ => Open(root))];
        try
        {
            sessions[0].Execute($"CREATE TABLE delta.`{root}/t` (id INT) USING delta");
            Stopwatch watch = Stopwatch.StartNew();
            Parallel.For(0, Writers, new ParallelOptions { MaxDegreeOfParallelism = Writers }, w =>
            {
                for (int i = 0; i < Each; i++)
                {
                    sessions[w % sessions.Length].Execute($"INSERT INTO delta.`{root}/t` VALUES ({w.ToString(CultureInfo.InvariantCulture)})");
                }
            });
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"100 writers           {Writers * Each / watch.Elapsed.TotalSeconds:0} commits/s (each an INSERT of one row: a data file, a commit, both on the disk)"));
        }
        finally
        {
            foreach (EngineSession session in sessions)
            {
                session.Dispose();
            }

            Directory.Delete(root, recursive: true);
        }
    }

    private static double Best(int rounds, Action work)
    {
        double best = double.MaxValue;
        for (int i = 0; i < rounds; i++)
        {
            long start = Stopwatch.GetTimestamp();
            work();
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        return best;
    }

    private static void Print(string name, double hearth, double native) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-20} hearth {hearth,8:0.0} ms   duckdb {native,8:0.0} ms   ratio {hearth / native:0.00}"));
}
