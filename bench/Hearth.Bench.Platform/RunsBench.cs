using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Hearth.Bench.Platform;

/// <summary>Whole job runs a minute: an empty script with one executor each, submitted all at once, until the last one is COMPLETED.</summary>
internal sealed class RunsBench(BenchOptions options, Report report)
{
    private const string Part = "Job runs, an empty script with one executor each";
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(10);

    public async Task RunAsync()
    {
        await using var platform = await UpPlatform.StartAsync(options);
        using var aws = platform.Administrator();
        var team = platform.Declaration.Teams[0];
        var cluster = await BenchJobs.ClusterAsync(aws, team);
        await BenchJobs.UploadAsync(aws, team, "nothing.py", "print('done')\n");
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < options.Runs; i++)
        {
            await aws.JsonAsync("emr-containers", HttpMethod.Post, $"/virtualclusters/{cluster}/jobruns", BenchJobs.Request(platform, team, "nothing.py"), CancellationToken.None);
        }

        var submitted = Stopwatch.GetElapsedTime(started).TotalSeconds;
        while (await LiveAsync() > 0)
        {
            if (Stopwatch.GetElapsedTime(started) > Deadline)
            {
                throw new BenchException($"{options.Runs} runs did not end in {Deadline.TotalMinutes:0} minutes");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(200));
        }

        var all = Stopwatch.GetElapsedTime(started).TotalSeconds;
        report.Add(new Figure(Part, FormattableString.Invariant($"{options.Runs} runs submitted"), submitted, "s"));
        report.Add(new Figure(Part, "until the last was COMPLETED", all, "s"));
        report.Add(new Figure(Part, "whole runs", options.Runs / all * 60, "/min"));

        async Task<int> LiveAsync()
        {
            var page = await aws.JsonAsync("emr-containers", HttpMethod.Get, $"/virtualclusters/{cluster}/jobruns?maxResults=50&states=PENDING&states=SUBMITTED&states=RUNNING", null, CancellationToken.None);
            var failed = await aws.JsonAsync("emr-containers", HttpMethod.Get, $"/virtualclusters/{cluster}/jobruns?maxResults=1&states=FAILED", null, CancellationToken.None);
            return failed["jobRuns"]!.AsArray() is [{ } first, ..] ? throw new BenchException($"a run failed: {first["stateDetails"]}") : page["jobRuns"]!.AsArray().Count;
        }
    }
}
