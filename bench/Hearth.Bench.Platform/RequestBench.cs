using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json.Nodes;
using Hearth.Aws.Client;

namespace Hearth.Bench.Platform;

/// <summary>
/// StartJobRun, DescribeJobRun and ListJobRuns while 10 to 10,000 runs wait for a slot of their virtual cluster, and the same calls to <c>moto_server</c> where it is
/// installed. Every acknowledged run is synced to disk here; moto keeps its in memory.
/// </summary>
internal sealed class RequestBench(BenchOptions options, Report report)
{
    private const string Part = "Requests while runs are queued (4 clients)";
    private const int Clients = 4;
    private const int Describes = 400;
    private const int Lists = 60;
    private static readonly int[] Depths = [10, 100, 1_000, 10_000];

    public async Task RunAsync()
    {
        var least = new Dictionary<string, (string, double)>(StringComparer.Ordinal);
        await using (var platform = await UpPlatform.StartAsync(options))
        {
            using var aws = platform.Administrator();
            var team = platform.Declaration.Teams[0];
            var cluster = await BenchJobs.ClusterAsync(aws, team);
            await aws.JsonAsync("emr-containers", HttpMethod.Patch, $"/virtualclusters/{cluster}", new JsonObject
            {
                ["clientToken"] = Guid.NewGuid().ToString("N"),
                ["schedulerConfiguration"] = new JsonObject { ["maxConcurrentJobRuns"] = 1, ["maxInQueueJobRuns"] = 10_000 },
            }, CancellationToken.None);
            await BenchJobs.UploadAsync(aws, team, "sleep.py", "import time\n\ntime.sleep(3600)\n");
            await MeasureAsync("hearth", aws, cluster, () => BenchJobs.Request(platform, team, "sleep.py"), Depths.Where(d => d <= options.Queued), least);
        }

        await using var moto = await MotoServer.StartAsync();
        if (moto is null)
        {
            report.Note("requests: moto_server is not installed (pip install 'moto[server]'): no figures beside Hearth's");
            return;
        }

        using var client = moto.Client();
        await MeasureAsync("moto", client, await moto.ClusterAsync(client), MotoServer.Request, Depths.Where(d => d <= Math.Min(1_000, options.Queued)), []);
    }

    private async Task MeasureAsync(string who, AwsClient aws, string cluster, Func<JsonObject> request, IEnumerable<int> depths, Dictionary<string, (string, double)> least)
    {
        var ids = new ConcurrentBag<string>();
        foreach (var depth in depths)
        {
            var start = await ManyAsync(Math.Max(1, depth - ids.Count), async () =>
                ids.Add((await aws.JsonAsync("emr-containers", HttpMethod.Post, $"/virtualclusters/{cluster}/jobruns", request(), CancellationToken.None))["id"]!.GetValue<string>()));
            Add(who, "StartJobRun", depth, start, least);
            var known = ids.ToArray();
            var next = 0;
            Add(who, "DescribeJobRun", depth, await ManyAsync(Describes, () =>
                aws.JsonAsync("emr-containers", HttpMethod.Get, $"/virtualclusters/{cluster}/jobruns/{known[Interlocked.Increment(ref next) % known.Length]}", null, CancellationToken.None)), least);
            Add(who, "ListJobRuns", depth, await ManyAsync(Lists, () =>
                aws.JsonAsync("emr-containers", HttpMethod.Get, $"/virtualclusters/{cluster}/jobruns?maxResults=50", null, CancellationToken.None)), least);
        }
    }

    /// <summary>Latency against that at the least depth: flat is 1.</summary>
    private void Add(string who, string operation, int depth, (double PerSecond, double Median, double P99) figures, Dictionary<string, (string, double)> least)
    {
        var what = FormattableString.Invariant($"{who} {operation}, {depth} queued");
        var first = least.TryGetValue(operation, out var known);
        report.Add(new Figure(Part, $"{what}: median", figures.Median * 1000, "ms", first ? known : null));
        report.Add(new Figure(Part, $"{what}: p99", figures.P99 * 1000, "ms"));
        report.Add(new Figure(Part, $"{what}: requests", figures.PerSecond, "1/s"));
        least.TryAdd(operation, ("the first depth", figures.Median * 1000));
    }

    private static async Task<(double PerSecond, double Median, double P99)> ManyAsync(int count, Func<Task> call)
    {
        var seconds = new ConcurrentBag<double>();
        var left = count;
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(async _ =>
        {
            while (Interlocked.Decrement(ref left) >= 0)
            {
                var one = Stopwatch.GetTimestamp();
                await call();
                seconds.Add(Stopwatch.GetElapsedTime(one).TotalSeconds);
            }
        }));
        var all = Stopwatch.GetElapsedTime(started).TotalSeconds;
        double[] sorted = [.. seconds.Order()];
        return (count / all, Report.Median(sorted), sorted[Math.Min(sorted.Length - 1, (int)(sorted.Length * 0.99))]);
    }
}
