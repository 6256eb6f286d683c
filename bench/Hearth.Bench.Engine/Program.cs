// Spark SQL through Hearth beside the same question in DuckDB's own SQL, in one process and one run, best of five each.
// Also the time from Spark SQL text to DuckDB SQL text (parse, bind, print).
using System.Globalization;
using Hearth.Bench.Engine;
using Hearth.Engine.Duck;
using Hearth.Engine.Session;

switch (args)
{
    case ["delta"]:
        DeltaBench.Run();
        return;
    case ["commits"]:
        DeltaBench.Commits();
        return;
    case ["tpch", .. var rest]:
        TpchBench.Run(rest.Length > 0 ? double.Parse(rest[0], CultureInfo.InvariantCulture) : 1, rest.Length > 1 ? rest[1] : null);
        return;
    case ["session"]:
        SessionBench.Run();
        return;
    case ["python"]:
        await PythonBench.RunAsync();
        return;
    case ["memory"]:
        MemoryBench.Run();
        return;
    case [_, ..]:
        Console.Error.WriteLine("usage: [delta | commits | tpch [SCALE [DIR]] | session | python | memory]");
        return;
}

const int Rounds = 5;
string data = Path.Combine(Path.GetTempPath(), $"hearth-bench-{Environment.ProcessId}.parquet");
using DuckDatabase duck = Timing.Bare();
using DuckConnection bare = duck.Connect();
bare.Execute($"COPY (SELECT range AS id, range % 263 AS zone, (range % 97) * 1.5 AS fare, CAST(range % 5 AS INTEGER) AS passengers FROM range(3000000)) TO '{data}' (FORMAT parquet)");
using EngineSession spark = Timing.Open(Path.GetTempPath());

(string Name, string Spark, string Duck)[] questions =
[
    ("group by", $"SELECT zone, count(*), sum(fare), avg(fare) FROM parquet.`{data}` GROUP BY zone", $"SELECT zone, count(*), sum(fare), avg(fare) FROM '{data}' GROUP BY zone"),
    ("filter and project", $"SELECT id, fare / passengers FROM parquet.`{data}` WHERE passengers > 3 AND zone = 7", $"SELECT id, fare / nullif(passengers, 0) FROM '{data}' WHERE passengers > 3 AND zone = 7"),
    ("window", $"SELECT zone, max(n) FROM (SELECT zone, row_number() OVER (PARTITION BY zone ORDER BY fare DESC) AS n FROM parquet.`{data}`) GROUP BY zone", $"SELECT zone, max(n) FROM (SELECT zone, row_number() OVER (PARTITION BY zone ORDER BY fare DESC) AS n FROM '{data}') GROUP BY zone"),
    ("join", $"SELECT count(*) FROM parquet.`{data}` a JOIN parquet.`{data}` b ON a.id = b.id WHERE b.passengers = 1", $"SELECT count(*) FROM '{data}' a JOIN '{data}' b ON a.id = b.id WHERE b.passengers = 1"),
];

foreach ((string name, string sparkSql, string duckSql) in questions)
{
    (double hearth, double native) = Timing.Turns(Rounds, () => Timing.Drain(spark, sparkSql), () => Timing.Drain(bare, duckSql));
    Timing.Print(name, hearth, native);
}

const int Times = 200;
string wide = "WITH t AS (SELECT id, id % 7 AS k FROM range(100)) SELECT a.k, count(*) AS n, sum(b.id) FROM t a JOIN t b ON a.id = b.id WHERE a.id BETWEEN 3 AND 50 GROUP BY a.k HAVING count(*) > 1 ORDER BY n DESC LIMIT 5";
double translate = Timing.Best(Rounds, () =>
{
    for (int i = 0; i < Times; i++)
    {
        _ = spark.Translate(spark.Execute(wide).Relation);
    }
}) / Times;
Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"parse, bind (twice), print {translate * 1000:0} us a statement"));
File.Delete(data);
