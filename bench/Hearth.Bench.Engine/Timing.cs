using System.Diagnostics;
using System.Globalization;
using Hearth.Engine.Duck;
using Hearth.Engine.Session;

namespace Hearth.Bench.Engine;

/// <summary>What the benchmarks share: times of the same work by two engines, and their ratio.</summary>
internal static class Timing
{
    /// <summary>Worker threads of both sides.</summary>
    public const string Threads = "2";

    /// <summary>An engine session with a warehouse of its own.</summary>
    public static EngineSession Open(string root, params (string Key, string Value)[] conf)
    {
        Dictionary<string, string> settings = new(StringComparer.Ordinal) { [EngineOptions.ThreadsKey] = Threads, ["spark.sql.session.timeZone"] = "UTC", [EngineOptions.WarehouseKey] = root };
        foreach ((string key, string value) in conf)
        {
            settings[key] = value;
        }

        return EngineSession.Open(new EngineOptions { Conf = settings });
    }

    /// <summary>Bare DuckDB with the same threads.</summary>
    public static DuckDatabase Bare(params (string Key, string Value)[] settings)
    {
        Dictionary<string, string> all = new(StringComparer.Ordinal) { ["threads"] = Threads };
        foreach ((string key, string value) in settings)
        {
            all[key] = value;
        }

        return DuckDatabase.Open(all);
    }

    /// <summary>Runs Spark SQL and takes all its rows.</summary>
    public static long Drain(EngineSession session, string sql)
    {
        using QueryResult result = session.Run(session.Execute(sql).Relation);
        long rows = 0;
        while (result.NextChunk())
        {
            rows += result.ChunkRows;
        }

        return rows;
    }

    /// <summary>Runs DuckDB SQL and takes all its rows.</summary>
    public static long Drain(DuckConnection bare, string sql)
    {
        using DuckResult result = bare.Query(sql);
        long rows = 0;
        while (result.NextChunk())
        {
            rows += result.RowCount;
        }

        return rows;
    }

    /// <summary>The shortest of some runs, in ms.</summary>
    public static double Best(int rounds, Action work)
    {
        double best = double.MaxValue;
        for (int i = 0; i < rounds; i++)
        {
            best = Math.Min(best, Once(work));
        }

        return best;
    }

    /// <summary>The shortest run of each of two works that take turns, in ms: what else the machine does meets both.</summary>
    public static (double First, double Second) Turns(int rounds, Action first, Action second)
    {
        double a = double.MaxValue, b = double.MaxValue;
        for (int i = 0; i < rounds; i++)
        {
            a = Math.Min(a, Once(first));
            b = Math.Min(b, Once(second));
        }

        return (a, b);
    }

    /// <summary>One run, in ms.</summary>
    public static double Once(Action work)
    {
        long start = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    /// <summary>A line of two times and their ratio.</summary>
    public static void Print(string name, double own, double peer, string peerName = "duckdb") =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-34} hearth {own,10:0.0} ms   {peerName} {peer,10:0.0} ms   ratio {own / peer:0.00}"));

    /// <summary>The repository: the nearest directory above that has the solution.</summary>
    public static string Home()
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "Hearth.slnx")))
            {
                return at.FullName;
            }
        }

        throw new DirectoryNotFoundException("run it inside the repository: no Hearth.slnx above " + AppContext.BaseDirectory);
    }
}
