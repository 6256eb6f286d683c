using System.Diagnostics;
using System.Globalization;
using Hearth.Engine.Duck;
using Hearth.Engine.Samples;

namespace Hearth.Bench.Platform;

/// <summary>The taxi script through the engine beside the same questions in DuckDB's own SQL, over the same files in the same run.</summary>
internal sealed class TaxiBench(BenchOptions options, Report report)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(120);

    /// <summary>Each round costs several seconds; three are enough to see an outlier.</summary>
    private int Rounds => Math.Min(3, options.Rounds);

    public async Task RunAsync()
    {
        var part = $"Taxi job, {options.Rows:N0} rows";
        var directory = Directory.CreateTempSubdirectory("hearth-bench-taxi-");
        try
        {
            var input = Path.Combine(directory.FullName, "input");
            await TaxiTripsGenerator.GenerateAsync(input, options.Rows);
            List<double> duck = [], script = [], requests = [];
            for (var round = 0; round < Rounds; round++)
            {
                var (byDuck, byScript) = (Path.Combine(directory.FullName, $"duck-{round}"), Path.Combine(directory.FullName, $"spark-{round}"));
                Directory.CreateDirectory(byDuck);
                duck.Add(Duck(input, byDuck));
                var (whole, engine) = await ScriptAsync(input, byScript, directory.FullName, round);
                script.Add(whole);
                requests.Add(engine);
                Compare(byDuck, byScript);
            }

            var bare = ("bare DuckDB", report.AddMedian(part, "bare: the same questions in DuckDB SQL", duck, "s"));
            report.AddMedian(part, "script: all requests to the engine", requests, "s", bare);
            report.AddMedian(part, "script: whole process", script, "s", bare);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private double Duck(string input, string output)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["threads"] = Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture), ["preserve_insertion_order"] = "false",
        };
        var started = Stopwatch.GetTimestamp();
        using var database = DuckDatabase.Open(settings);
        using var connection = database.Connect();
        foreach (var sql in TaxiSql.Statements(input, output))
        {
            var statement = Stopwatch.GetTimestamp();
            using var result = connection.Query(sql);
            while (result.NextChunk())
            {
            }

            Trace($"duck {Stopwatch.GetElapsedTime(statement).TotalMilliseconds,7:0} ms  {sql.ReplaceLineEndings(" ")[..Math.Min(60, sql.Length)]}");
        }

        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private async Task<(double Whole, double Requests)> ScriptAsync(string input, string output, string directory, int round)
    {
        var engineSocket = Path.Combine(directory, $"engine-{round}");
        await using var engine = Child.Start(options.Hearth, ["engine", "serve", "--socket", engineSocket, "--conf", "spark.sql.session.timeZone=UTC"]);
        await engine.LineAsync("engine ready", Deadline);
        var socket = Path.Combine(directory, $"relay-{round}");
        await using var relay = new EngineRelay(socket, engineSocket);
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["HEARTH_ENGINE_SOCKET"] = socket, ["PYTHONPATH"] = Path.Combine(options.Home, "python"), ["TZ"] = "UTC", ["PYTHONDONTWRITEBYTECODE"] = "1",
        };
        var file = Path.Combine(options.Home, "samples", "taxi-trips", "pyspark-taxi-trip.py");
        var (seconds, _) = await Child.RunAsync("python3", [file, input, output], Deadline, environment);
        foreach (var (name, (count, sum)) in relay.Operations.OrderByDescending(o => o.Value.Seconds))
        {
            Trace(string.Create(CultureInfo.InvariantCulture, $"engine {sum * 1000,7:0} ms  {count} x {name}"));
        }

        return (seconds, relay.Operations.Values.Sum(o => o.Seconds));
    }

    /// <summary>Both sides must have done the same work: the same trips, the same months and kinds of payment.</summary>
    private static void Compare(string byDuck, string byScript)
    {
        using var database = DuckDatabase.Open(new Dictionary<string, string>(StringComparer.Ordinal));
        using var connection = database.Connect();
        var (left, right) = (Answers("/trips/*/*.parquet", "/tips.parquet", byDuck), Answers("/trips/*/*.parquet", "/tips/*.parquet", byScript));
        if (left != right)
        {
            throw new BenchException($"DuckDB and the script wrote different results: {left} against {right}");
        }

        string Answers(string trips, string tips, string root)
        {
            using var result = connection.Query(
                $"SELECT count(*)::VARCHAR || ' trips, ' || sum(PULocationID * pickup_hour)::VARCHAR || ', ' || (SELECT string_agg(payment || trips || highest_tip, ' ' ORDER BY trips) FROM '{root}{tips}') FROM read_parquet('{root}{trips}', hive_partitioning=true)");
            return result.NextChunk() ? (string)result.Value(0, 0)! : "";
        }
    }

    private void Trace(string line)
    {
        if (options.Trace)
        {
            Console.Error.WriteLine(line);
        }
    }
}
