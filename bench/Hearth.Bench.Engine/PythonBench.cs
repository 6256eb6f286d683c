using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Hearth.Engine.Protocol;
using Hearth.Engine.Session;

namespace Hearth.Bench.Engine;

/// <summary>
/// PySpark: its start beside an empty Python program, an action beside the same SQL through the engine in one process,
/// functions in Python beside a loop of Python that calls the same function.
/// </summary>
internal static class PythonBench
{
    private const int Actions = 100;
    private const string Small = "SELECT id % 7 AS k, count(*) AS n FROM range(1000) GROUP BY id % 7 ORDER BY k";
    private const string Wide = "SELECT id, id * 2 AS a, CAST(id AS STRING) AS s FROM range(20000)";

    private const string Script = """
        import json, sys, time
        from pyspark.sql import SparkSession
        from pyspark.sql.functions import udf, pandas_udf
        from pyspark.sql.types import LongType

        def best(rounds, work):
            times = []
            for _ in range(rounds):
                start = time.perf_counter()
                work()
                times.append(time.perf_counter() - start)
            return 1000 * min(times)

        small, wide, rows = sys.argv[1], sys.argv[2], int(sys.argv[3])
        start = time.perf_counter()
        spark = SparkSession.builder.getOrCreate()
        out = {"connect": 1000 * (time.perf_counter() - start)}
        out["sql"] = best(100, lambda: spark.sql(small).collect())
        frame = spark.range(1000)
        out["dataframe"] = best(100, lambda: frame.filter("id > 10").groupBy((frame.id % 7).alias("k")).count().collect())
        out["wide"] = best(5, lambda: spark.sql(wide).collect())

        def f(x):
            return x * 3 + 1

        plain = udf(f, LongType())
        numbers = spark.range(rows)
        out["udf"] = best(3, lambda: numbers.select(plain("id").alias("v")).agg({"v": "sum"}).collect())
        try:
            import pandas
            series = pandas_udf(f, LongType())
            out["pandas"] = best(3, lambda: numbers.select(series("id").alias("v")).agg({"v": "sum"}).collect())
        except ImportError:
            pass
        out["loop"] = best(3, lambda: sum([f(x) for x in range(rows)]))
        print(json.dumps(out))
        """;

    /// <summary>Prints the ratios; skips without Python.</summary>
    public static async Task RunAsync()
    {
        const int Rows = 200_000;
        string root = Directory.CreateTempSubdirectory("hearth-bench-python-").FullName;
        try
        {
            using EngineSession session = Timing.Open(root);
            double small = Timing.Best(Actions, () => Timing.Drain(session, Small)), wide = Timing.Best(5, () => Timing.Drain(session, Wide));
            await using EngineServer server = EngineServer.Listen(Path.Combine(root, "s"), session);
            using CancellationTokenSource stop = new();
            Task serving = server.RunAsync(stop.Token);
            (double empty, double import) = Timing.Turns(5, () => Python(root, "pass"), () => Python(root, "from pyspark.sql import SparkSession; SparkSession.builder.getOrCreate()"));
            Timing.Print("python: import, session", import, empty, "python -c pass");
            JsonElement times = JsonDocument.Parse(Python(root, Script, Small, Wide, Rows.ToString(CultureInfo.InvariantCulture))).RootElement;
            double Of(string name) => times.GetProperty(name).GetDouble();
            Timing.Print("action, spark.sql, 7 rows", Of("sql"), small, "engine");
            Timing.Print("action, DataFrame, 7 rows", Of("dataframe"), small, "engine");
            Timing.Print("action, 20,000 rows of 3", Of("wide"), wide, "engine");
            Function("udf", Of("udf"), Of("loop"), Rows);
            if (times.TryGetProperty("pandas", out JsonElement pandas))
            {
                Function("pandas_udf", pandas.GetDouble(), Of("loop"), Rows);
            }

            await stop.CancelAsync();
            await serving;
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    private static void Function(string name, double own, double loop, int rows)
    {
        Timing.Print(name, own, loop, "python loop");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {rows / own:0} rows/ms, the loop {rows / loop:0}"));
    }

    private static string Python(string root, string script, params string[] arguments)
    {
        ProcessStartInfo start = new("python3", ["-c", script, .. arguments]) { RedirectStandardOutput = true };
        start.Environment["PYTHONPATH"] = Path.Combine(Timing.Home(), "python");
        start.Environment["HEARTH_ENGINE_SOCKET"] = Path.Combine(root, "s");
        using Process process = Process.Start(start)!;
        string text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? text : throw new InvalidOperationException($"python3 ended with {process.ExitCode}");
    }
}
