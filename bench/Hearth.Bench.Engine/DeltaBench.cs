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
            using EngineSession session = Timing.Open(root);
            using DuckDatabase duck = Timing.Bare();
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

    private static string Files(string table) => $"read_parquet([{string.Join(", ", Directory.EnumerateFiles(table, "part-*.parquet").Order(StringComparer.Ordinal).Select(f => $"'{f}'"))}])";

    private static void Scan(EngineSession session, DuckConnection bare, string root)
    {
        string files = Files($"{root}/big");
        (string Name, string Sql)[] questions = [("scan, aggregate", "SELECT k, sum(v), max(s) FROM {0} GROUP BY k"), ("scan, filter", "SELECT count(*) FROM {0} WHERE id BETWEEN 5000000 AND 5001000")];
        foreach ((string name, string sql) in questions)
        {
            (double hearth, double native) = Timing.Turns(3, () => Timing.Drain(session, string.Format(CultureInfo.InvariantCulture, sql, $"delta.`{root}/big`")), () => Timing.Drain(bare, string.Format(CultureInfo.InvariantCulture, sql, files)));
            Timing.Print(name, hearth, native);
        }
    }

    // Bare DuckDB: the same join over the same files, all rows written anew to Parquet. It keeps no log, looks for no row that matches twice and tells no counts.
    private static void Merge(EngineSession session, DuckConnection bare, string root, int share, string name)
    {
        string n = share.ToString(CultureInfo.InvariantCulture);
        string source = $"SELECT id * {n} AS id, -1.0 AS v FROM range({(Rows / share).ToString(CultureInfo.InvariantCulture)}) t(id)";
        string files = Files($"{root}/big"), target = $"{root}/bare-{n}.parquet";
        double native = Timing.Once(() => bare.Execute($"COPY (SELECT coalesce(t.id, s.id) AS id, t.k, CASE WHEN s.id IS NOT NULL THEN s.v ELSE t.v END AS v, t.s FROM {files} t FULL JOIN ({source}) s ON t.id = s.id) TO '{target}' (FORMAT parquet, COMPRESSION snappy)"));
        double hearth = Timing.Once(() => session.Execute($"MERGE INTO delta.`{root}/big` t USING (SELECT id * {n} AS id, CAST(-1.0 AS DOUBLE) AS v FROM range({(Rows / share).ToString(CultureInfo.InvariantCulture)})) s ON t.id = s.id WHEN MATCHED THEN UPDATE SET v = s.v WHEN NOT MATCHED THEN INSERT (id, v) VALUES (s.id, s.v)"));
        Timing.Print($"merge {name} into 10 M", hearth, native);
        session.Execute($"RESTORE TABLE delta.`{root}/big` TO VERSION AS OF 0");
    }

    /// <summary>100 writers that share nothing but the directory: each has a session of its own state, all append single rows.</summary>
    public static void Commits()
    {
        const int Writers = 100, Each = 5;
        string root = Directory.CreateTempSubdirectory("hearth-bench-commits-").FullName;
        EngineSession[] sessions = [.. Enumerable.Range(0, 10).Select(_ => Timing.Open(root))];
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
}
