using System.Text.Json.Nodes;
using Hearth.Jobs.Driver;
using Hearth.Jobs.Spark;
using Hearth.Jobs.Tests.Controllers;
using Hearth.Kube.Client;
using Hearth.Kube.Core;
using Hearth.Kube.Objects;

namespace Hearth.Jobs.Tests.Driver;

/// <summary>A driver program over a fake cluster whose executors run as soon as they are created (or as told), with an engine that only counts.</summary>
internal sealed class DriverWorld : IEngineHost, IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _kubelet;

    public DriverWorld(Func<Pod, string?>? executorStatus = null)
    {
        Directory = System.IO.Directory.CreateTempSubdirectory("hearth-driver").FullName;
        System.IO.Directory.CreateDirectory(Path.Combine(Directory, "s3", "b"));
        Cluster = new FakeCluster(TimeProvider.System);
        executorStatus ??= _ => JobWorld.Running(SparkNames.ExecutorContainer);
        _kubelet = KubeletAsync(executorStatus);
    }

    public string Directory { get; }

    public FakeCluster Cluster { get; }

    public StringWriter Output { get; } = new();

    public StringWriter Error { get; } = new();

    public List<int> Threads { get; } = [];

    public List<string> ExecutorsSeen { get; } = [];

    public IReadOnlyDictionary<string, string> EngineConf { get; private set; } = new Dictionary<string, string>();

    public bool EngineEnded { get; private set; }

    /// <summary>What the engine has to do.</summary>
    public EngineLoad Load { get; set; } = new(0, false);

    public string TerminationMessage => File.ReadAllText(Path.Combine(Directory, "termination"));

    public Task<IEngineSession> StartAsync(EngineStart start, CancellationToken ct)
    {
        EngineConf = start.Conf;
        start.Progress(new EngineProgress("scan", 10, 2));
        start.Query(new EngineQuery("q1", "collect", 0, HasEnded: false, Failed: false, 0, 0));
        start.Query(new EngineQuery("q1", "collect", 0, HasEnded: true, Failed: false, 10, 2));
        return Task.FromResult<IEngineSession>(new Session(this));
    }

    public void Put(string key, string text) => File.WriteAllText(Path.Combine(Directory, "s3", "b", key), text);

    public async Task<int> RunAsync(IEnumerable<string> program, IReadOnlyDictionary<string, string>? conf = null, CancellationToken ct = default)
    {
        await Cluster.CreateAsync(Pod.Type, "ns", (JsonObject)JsonNode.Parse("""{"metadata":{"name":"drv","labels":{"spark-version":"3.5.5"}},"spec":{"serviceAccountName":"sa"}}""")!, CancellationToken.None);
        var properties = SparkConf.Of(new Dictionary<string, string>
        {
            ["spark.app.id"] = "spark-1", ["spark.app.name"] = "my app", ["spark.kubernetes.namespace"] = "ns", ["spark.kubernetes.driver.pod.name"] = "drv",
            ["spark.kubernetes.container.image"] = "spark", ["spark.hearth.s3.root"] = Path.Combine(Directory, "s3"), ["spark.kubernetes.executor.podNamePrefix"] = "x",
            ["spark.executor.cores"] = "1", ["spark.kubernetes.allocation.batch.delay"] = "20ms",
        }).With(conf ?? new Dictionary<string, string>());
        var file = Path.Combine(Directory, "spark.properties");
        await File.WriteAllTextAsync(file, PropertiesText.Write(properties.Values), ct);
        var host = new DriverHost
        {
            Engine = this, Client = Cluster, Home = Path.Combine(Directory, "home"), Output = Output, Error = Error,
            Variable = name => name switch { "TERMINATION_ERROR_LOG_FILE_PATH" => Path.Combine(Directory, "termination"), "SPARK_LOCAL_DIRS" => Directory, _ => null },
        };
        return await new DriverProgram(host).RunAsync(["driver", "--properties-file", file, .. program], ct);
    }

    public static string[] Python(string uri, params string[] arguments) => ["--class", DriverCommandLine.PythonRunner, uri, .. arguments];

    public async Task<int> PodsAsync() => (await Cluster.ListAsync<Pod>("ns", new ListOptions { LabelSelector = "spark-role=executor" }, CancellationToken.None)).Count;

    public void Dispose()
    {
        _stop.Cancel();
        _kubelet.ContinueWith(_ => { }, TaskScheduler.Default).Wait(TimeSpan.FromSeconds(5));
        _stop.Dispose();
        Output.Dispose();
        Error.Dispose();
        System.IO.Directory.Delete(Directory, recursive: true);
    }

    private async Task KubeletAsync(Func<Pod, string?> status)
    {
        await foreach (var (type, pod) in Cluster.WatchAsync<Pod>("ns", new WatchOptions { LabelSelector = "spark-role=executor" }, _stop.Token))
        {
            if (type == WatchEventType.Added && status(pod) is { } said)
            {
                lock (ExecutorsSeen)
                {
                    ExecutorsSeen.Add(pod.Metadata.Name!);
                }

                await Cluster.StatusAsync<Pod>("ns", pod.Metadata.Name!, said);
            }
        }
    }

    private sealed class Session(DriverWorld world) : IEngineSession
    {
        public EngineLoad Load => world.Load;

        public void SetThreads(int threads)
        {
            lock (world.Threads)
            {
                world.Threads.Add(threads);
            }
        }

        public ValueTask DisposeAsync()
        {
            world.EngineEnded = true;
            return ValueTask.CompletedTask;
        }
    }
}
