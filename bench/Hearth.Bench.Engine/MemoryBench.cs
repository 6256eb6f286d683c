using System.Globalization;
using Hearth.Engine;
using Hearth.Engine.Duck;
using Hearth.Engine.Session;

namespace Hearth.Bench.Engine;

/// <summary>Work that is several times larger than the session's memory: it must spill and end, as bare DuckDB's with the same limit does. Also the most memory that the process had.</summary>
internal static class MemoryBench
{
    private const int MebiBytes = 200;

    private static readonly (string Name, string Sql)[] Work =
    [
        ("sort", "SELECT count(*), min(n), max(n) FROM (SELECT s, row_number() OVER (ORDER BY h, s) AS n FROM {0}) t"),
        ("join", "SELECT count(*), max(length(b.s)) FROM {0} a JOIN {0} b ON a.id = b.k"),
        ("aggregate", "SELECT count(*), max(c) FROM (SELECT s, count(*) AS c, max(h) AS m FROM {0} GROUP BY s) t"),
    ];

    /// <summary>Prints what each took, beside bare DuckDB.</summary>
    public static void Run()
    {
        string root = Directory.CreateTempSubdirectory("hearth-bench-memory-").FullName, file = $"{root}/rows.parquet", memory = $"{MebiBytes.ToString(CultureInfo.InvariantCulture)}m";
        try
        {
            using (DuckDatabase maker = Timing.Bare())
            using (DuckConnection making = maker.Connect())
            {
                making.Execute($"COPY (SELECT i AS id, (i * 7919) % 5000000 AS k, hash(i) % 1000000007 AS h, concat('a text of some length that takes memory, number ', i) AS s FROM range(5000000) t(i)) TO '{file}' (FORMAT parquet)");
            }

            using EngineSession spark = Timing.Open(root, (EngineOptions.MemoryKey, memory), (EngineOptions.TempKey, root));
            using DuckDatabase duck = Timing.Bare(("memory_limit", $"{MebiBytes.ToString(CultureInfo.InvariantCulture)}MiB"), ("temp_directory", $"{root}/bare"));
            using DuckConnection bare = duck.Connect();
            foreach ((string name, string sql) in Work)
            {
                (double own, string ownEnd) = Try(() => Timing.Drain(spark, string.Format(CultureInfo.InvariantCulture, sql, $"parquet.`{file}`")));
                (double peer, string peerEnd) = Try(() => Timing.Drain(bare, string.Format(CultureInfo.InvariantCulture, sql, $"'{file}'")));
                Timing.Print($"{name}, {memory}, {ownEnd}, duckdb {peerEnd}", own, peer);
            }

            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"largest resident set of both together: {Peak()} MiB"));
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    private static (double Milliseconds, string End) Try(Action work)
    {
        string end = "done";
        double time = Timing.Once(() =>
        {
            try
            {
                work();
            }
            catch (EngineException error)
            {
                end = error.ErrorClass;
            }
        });
        return (time, end);
    }

    private static long Peak() => File.Exists("/proc/self/status")
        ? long.Parse(File.ReadLines("/proc/self/status").First(l => l.StartsWith("VmHWM", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) / 1024
        : 0;
}
