using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Hearth.Bench.Platform;

/// <summary>A job that does nothing, from StartJobRun to COMPLETED, beside what Python and an engine session cost on their own.</summary>
internal sealed class JobBench(BenchOptions options, Report report)
{
    private const string Part = "Empty job, StartJobRun to COMPLETED";
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private static readonly (string File, string What, string Text)[] Scripts =
    [
        ("nothing.py", "script without Spark", "print('done')\n"),
        ("empty.py", "script that starts and stops a session, 1 executor", "from pyspark.sql import SparkSession\n\nSparkSession.builder.getOrCreate().stop()\n"),
    ];

    public async Task RunAsync()
    {
        List<double> python = [], query = [];
        var interpreter = (await Child.RunAsync("python3", ["-c", "import sys; print(sys.executable)"], Deadline)).Output.Trim();
        for (var round = 0; round < options.Rounds; round++)
        {
            python.Add((await Child.RunAsync(interpreter, ["-c", "pass"], Deadline)).Seconds);
            query.Add((await Child.RunAsync(options.Hearth, ["query", "select 1"], Deadline)).Seconds);
        }

        report.AddMedian(Part, "bare: python3 -c pass", python, "s");
        var bare = ("bare query", report.AddMedian(Part, "bare: hearth query \"select 1\"", query, "s"));
        await using var platform = await UpPlatform.StartAsync(options);
        var team = platform.Declaration.Teams[0];
        using var aws = platform.Aws(team);
        using var kube = platform.Kube();
        var cluster = await BenchJobs.ClusterAsync(aws, team);
        foreach (var (file, what, text) in Scripts)
        {
            await BenchJobs.UploadAsync(aws, team, file, text);
            List<double> rounds = [];
            for (var round = 0; round < options.Rounds; round++)
            {
                var watch = new JobWatch(kube, team.Namespace, options.Trace);
                var started = Stopwatch.GetTimestamp();
                var answer = await aws.JsonAsync("emr-containers", HttpMethod.Post, $"/virtualclusters/{cluster}/jobruns", BenchJobs.Request(platform, team, file), CancellationToken.None);
                rounds.Add(await watch.CompletedAsync(answer["id"]!.GetValue<string>(), started, Deadline));
            }

            report.AddMedian(Part, what, rounds, "s", bare);
        }
    }
}
