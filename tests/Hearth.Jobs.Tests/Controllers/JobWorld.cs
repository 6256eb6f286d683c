using System.Collections.Concurrent;
using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Hearth.Jobs.Controllers;
using Hearth.Jobs.Emr;
using Hearth.Jobs.Logs;
using Hearth.Jobs.Model;
using Hearth.Jobs.Resources;
using Hearth.Jobs.Storage;
using Hearth.Kube.Client;
using Hearth.Kube.Core;
using Hearth.Kube.Objects;

namespace Hearth.Jobs.Tests.Controllers;

/// <summary>A fake cluster with the job controllers running, objects in memory, and hands for what nodes and people do.</summary>
internal sealed class JobWorld : IObjectReader, IObjectWriter, ILogStore, IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;

    public JobWorld(Func<JobControllerOptions, JobControllerOptions>? change = null)
    {
        Cluster = new FakeCluster(TimeProvider.System);
        var options = new JobControllerOptions
        {
            Submission = new SubmissionOptions { AccountId = "123456789012", Defaults = new Dictionary<string, string> { ["spark.hearth.s3.root"] = "/s3" } },
            Objects = this,
            Logs = new LogShipping { SpoolDirectory = Path.Combine(Path.GetTempPath(), "hearth-jobs-" + Guid.NewGuid().ToString("N")), Writer = this, Store = this, Log = Errors.Enqueue },
            Region = "us-west-2",
            DriverRetention = TimeSpan.Zero,
            UnscheduledNotice = TimeSpan.Zero,
            ImageGrace = TimeSpan.Zero,
            Log = Errors.Enqueue,
        };
        Runners = new RunnerHands(Cluster, Ns, _ => Task.FromResult<IKubeClient>(Cluster));
        _running = Task.WhenAll(
            RunnerHands.ControlAsync(Cluster, Ns, _stop.Token), Runners.RunAsync(_stop.Token), new JobControllers(Cluster, change?.Invoke(options) ?? options).RunAsync(_stop.Token));
    }

    public RunnerHands Runners { get; }

    public FakeCluster Cluster { get; }

    public ConcurrentDictionary<string, byte[]> Objects { get; } = new(StringComparer.Ordinal);

    public ConcurrentDictionary<string, ConcurrentQueue<string>> Streams { get; } = new(StringComparer.Ordinal);

    public ConcurrentQueue<string> Errors { get; } = new();

    public const string Ns = "team-a";

    public static string Id => "0000000abcdefghijkl";

    public Task<Stream> OpenAsync(Uri uri, string? roleArn, CancellationToken ct) => Objects.TryGetValue(uri.ToString(), out var bytes)
        ? Task.FromResult<Stream>(new MemoryStream(bytes))
        : throw new ObjectAccessException(ObjectAccessError.NotFound, "The specified key does not exist.");

    public async Task PutAsync(Uri uri, Stream content, string contentType, string? roleArn, CancellationToken ct)
    {
        using var copy = new MemoryStream();
        await content.CopyToAsync(copy, ct);
        Objects[uri.ToString()] = copy.ToArray();
    }

    public Task AppendAsync(string group, string stream, IReadOnlyList<LogLine> lines, string? roleArn, CancellationToken ct)
    {
        foreach (var line in lines)
        {
            Streams.GetOrAdd($"{group} {stream}", _ => new()).Enqueue(line.Text);
        }

        return Task.CompletedTask;
    }

    public ConcurrentDictionary<string, int> Flushed { get; } = new(StringComparer.Ordinal);

    public Task FlushAsync(string group, string stream, CancellationToken ct)
    {
        Flushed[$"{group} {stream}"] = Streams.GetValueOrDefault($"{group} {stream}")?.Count ?? 0;
        return Task.CompletedTask;
    }

    public void Put(string uri, string text) => Objects[uri] = Encoding.UTF8.GetBytes(text);

    public string Unzip(string uri)
    {
        using var reader = new StreamReader(new GZipStream(new MemoryStream(Objects[uri]), CompressionMode.Decompress));
        return reader.ReadToEnd();
    }

    /// <summary>Starts a run.</summary>
    public Task StartAsync(string driver = """{"sparkSubmitJobDriver":{"entryPoint":"s3://b/x.py"}}""", string? overrides = null, int? attempts = null, string? id = null)
    {
        var spec = new JsonObject
        {
            ["name"] = "taxi", ["virtualClusterId"] = "vc1", ["executionRoleArn"] = "arn:aws:iam::123456789012:role/myrole", ["releaseLabel"] = "emr-7.9.0-latest",
            ["jobDriver"] = JsonNode.Parse(driver), ["configurationOverrides"] = JsonNode.Parse(overrides ?? "{}"),
        };
        if (attempts is not null)
        {
            spec["retryPolicyConfiguration"] = new JsonObject { ["maxAttempts"] = attempts };
        }

        var run = new JsonObject { ["metadata"] = new JsonObject { ["name"] = id ?? Id, ["finalizers"] = new JsonArray(EmrGroup.CancelFinalizer) }, ["spec"] = spec };
        return Cluster.CreateAsync(JobRun.Type, Ns, run, CancellationToken.None);
    }

    /// <summary>The virtual cluster, with a limit of runs at a time.</summary>
    public Task ClusterAsync(int limit) => Cluster.CreateAsync(
        VirtualCluster.Type,
        null,
        new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = "vc1" },
            ["spec"] = new JsonObject { ["name"] = "vc", ["schedulerConfiguration"] = new JsonObject { ["maxConcurrentJobRuns"] = limit } },
        },
        CancellationToken.None);

    public Task<JobRun> RunAsync(JobRunState state) => RunAsync(r => r.Status?.State == state, state.ToString());

    /// <summary>The run as soon as it is as wanted.</summary>
    public async Task<JobRun> RunAsync(Func<JobRun, bool> wanted, string what, string? id = null)
    {
        JobRun? last = null;
        for (var deadline = DateTime.UtcNow.AddSeconds(60); DateTime.UtcNow < deadline;)
        {
            last = await Cluster.FindAsync<JobRun>(Ns, id ?? Id, CancellationToken.None);
            if (last is not null && wanted(last))
            {
                return last;
            }

            await Task.Delay(5);
        }

        throw new TimeoutException($"not {what}: {last?.Status?.State} {last?.Status?.StateDetails} {string.Join(" | ", Errors)}");
    }

    public static string DriverName() => EmrNames.DriverPod(Id);

    /// <summary>Sets what a kubelet says of a pod.</summary>
    public async Task PodAsync(string status, string? pod = null)
    {
        pod ??= DriverName();
        await UntilAsync(async () => await Cluster.FindAsync<Pod>(Ns, pod, CancellationToken.None) is not null, "pod " + pod);
        await Cluster.StatusAsync<Pod>(Ns, pod, status);
    }

    public Task BindAsync(string pod, string node) =>
        Cluster.PatchAsync(new ObjectRef(Pod.Type, Ns, pod), KubePatch.Merge(new JsonObject { ["spec"] = new JsonObject { ["nodeName"] = node } }), CancellationToken.None);

    public async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        for (var deadline = DateTime.UtcNow.AddSeconds(60); DateTime.UtcNow < deadline;)
        {
            if (await condition())
            {
                return;
            }

            await Task.Delay(5);
        }

        throw new TimeoutException(what + ": " + string.Join(" | ", Errors));
    }

    public static string Running(string container = "spark-kubernetes-driver") =>
        """{"phase":"Running","containerStatuses":[{"name":"NAME","state":{"running":{"startedAt":"2024-01-01T00:00:00Z"}}}]}""".Replace("NAME", container, StringComparison.Ordinal);

    public static string Ended(int exitCode, string? reason = null, string? message = null, string container = "spark-kubernetes-driver")
    {
        var terminated = new JsonObject { ["exitCode"] = exitCode, ["reason"] = reason, ["message"] = message, ["finishedAt"] = DateTimeOffset.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture) };
        return new JsonObject
        {
            ["phase"] = exitCode == 0 ? "Succeeded" : "Failed",
            ["containerStatuses"] = new JsonArray(new JsonObject { ["name"] = container, ["state"] = new JsonObject { ["running"] = null, ["terminated"] = terminated } }),
        }.ToJsonString();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }
}
