// Spark SQL through Hearth beside the same question in DuckDB's own SQL, in one process and one run, best of five each.
// Also the time from Spark SQL text to DuckDB SQL text (parse, bind, print).
using System.Diagnostics;
using System.Globalization;
using Hearth.Engine.Duck;
using Hearth.Engine.Session;

if (args is ["delta"])
{
    Hearth.Bench.Engine.DeltaBench.Run();
    return;
}

const int Rounds = 5;
string data = Path.Combine(Path.GetTempPath(), $"hearth-bench-{Environment.ProcessId}.parquet");
Dictionary<string, string> settings = new(StringComparer.Ordinal) { ["threads"] = "2" };
using DuckDatabase duck = DuckDatabase.Open(settings);
using DuckConnection bare = duck.Connect();
bare.Execute($"COPY (SELECT range AS id, range % 263 AS zone, (range % 97) * 1.5 AS fare, CAST(range % 5 AS INTEGER) AS passengers FROM range(3000000)) TO '{data}' (FORMAT parquet)");
using EngineSession spark = EngineSession.Open(new EngineOptions { Conf = new Dictionary<string, string>(StringComparer.Ordinal) { [EngineOptions.ThreadsKey] = "2", ["spark.sql.session.timeZone"] = "UTC" } });

(string Name, string Spark, string Duck)[] questions =
[
    ("group by", $"SELECT zone, count(*), sum(fare), avg(fare) FROM parquet.`{data}` GROUP BY zone", $"SELECT zone, count(*), sum(fare), avg(fare) FROM '{data}' GROUP BY zone"),
    ("filter and project", $"SELECT id, fare / passengers FROM parquet.`{data}` WHERE passengers > 3 AND zone = 7", $"SELECT id, fare / nullif(passengers, 0) FROM '{data}' WHERE passengers > 3 AND zone = 7"),
    ("window", $"SELECT zone, max(n) FROM (SELECT zone, row_number() OVER (PARTITION BY zone ORDER BY fare DESC) AS n FROM parquet.`{data}`) GROUP BY zone", $"SELECT zone, max(n) FROM (SELECT zone, row_number() OVER (PARTITION BY zone ORDER BY fare DESC) AS n FROM '{data}') GROUP BY zone"),
    ("join", $"SELECT count(*) FROM parquet.`{data}` a JOIN parquet.`{data}` b ON a.id = b.id WHERE b.passengers = 1", $"SELECT count(*) FROM '{data}' a JOIN '{data}' b ON a.id = b.id WHERE b.passengers = 1"),
];

foreach ((string name, string sparkSql, string duckSql) in questions)
{
    double hearth = Best(() => RunSpark(sparkSql)), native = Best(() => RunDuck(duckSql));
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-20} hearth {hearth,8:0.0} ms   duckdb {native,8:0.0} ms   ratio {hearth / native:0.00}"));
}

const int Times = 200;
string wide = "WITH t AS (SELECT id, id % 7 AS k FROM range(100)) SELECT a.k, count(*) AS n, sum(b.id) FROM t a JOIN t b ON a.id = b.id WHERE a.id BETWEEN 3 AND 50 GROUP BY a.k HAVING count(*) > 1 ORDER BY n DESC LIMIT 5";
double translate = Best(() =>
{
    for (int i = 0; i < Times; i++)
    {
        _ = spark.Translate(spark.Execute(wide).Relation);
    }
}) / Times;
Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"parse, bind (twice), print {translate * 1000:0} us a statement"));
File.Delete(data);

static double Best(Action work)
{
    double best = double.MaxValue;
    for (int i = 0; i < Rounds; i++)
    {
        long start = Stopwatch.GetTimestamp();
        work();
        best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
    }

    return best;
}

void RunSpark(string sql)
{
    using QueryResult result = spark.Run(spark.Execute(sql).Relation);
    while (result.NextChunk())
    {
    }
}

void RunDuck(string sql)
{
    using DuckResult result = bare.Query(sql);
    while (result.NextChunk())
    {
    }
}
