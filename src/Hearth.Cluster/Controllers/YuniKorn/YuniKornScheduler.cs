using Hearth.Cluster.Controllers.Scheduler;
using Hearth.Kube.Client;
using Hearth.Kube.Core;
using Hearth.Kube.Objects;
using Hearth.Scheduling.Fit;
using Hearth.Scheduling.YuniKorn;
using Hearth.Scheduling.YuniKorn.Configuration;
using Hearth.Scheduling.YuniKorn.Core;
using Hearth.Scheduling.YuniKorn.Shim;
using Microsoft.Extensions.Logging;

namespace Hearth.Cluster.Controllers.YuniKorn;

/// <summary>
/// Apache YuniKorn in the scheduler's loop: feeds the pods whose <c>schedulerName</c> is <c>yunikorn</c> to the pure scheduler (<see cref="YuniKornShim"/>) and has
/// what it decides carried out.
/// </summary>
public sealed partial class YuniKornScheduler : ISchedulingPartner
{
    private static readonly TimeSpan Pass = TimeSpan.FromSeconds(1);

    private readonly ClusterInformers _informers;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly YuniKornWrites _writes;
    private readonly PodVolumesReader _volumes;
    private PartitionConfig _config = PartitionConfig.Default;
    private YuniKornShim? _shim;
    private Action<Action> _post = static _ => { };
    private bool _started;

    /// <summary>Give it to a <see cref="PodScheduler"/>, and run it.</summary>
    public YuniKornScheduler(IKubeClient client, ClusterInformers informers, TimeProvider time, ILogger logger)
    {
        (_informers, _time, _logger) = (informers, time, logger);
        _writes = new YuniKornWrites(client, informers, time, logger);
        _volumes = new PodVolumesReader(informers);
    }

    /// <summary>The queue text that is in force.</summary>
    public string QueuesText { get; private set; } = "";

    /// <summary>Works until cancelled: writes, and a pass every second, since time-outs and preemption come with time alone.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        var writes = _writes.RunAsync(ct);
        while (!ct.IsCancellationRequested)
        {
            await Task.Delay(Pass, _time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _post(static () => { });
        }

        await writes.ConfigureAwait(false);
    }

    /// <summary>Takes a queue text. One that is not valid is refused, and the old one stays.</summary>
    public void Configure(string text)
    {
        try
        {
            var config = QueuesYaml.Read(text);
            _post(() =>
            {
                (_config, QueuesText) = (config, text);
                _shim?.Partition.Reconfigure(config);
            });
        }
        catch (FormatException e)
        {
            LogRefused(_logger, e.Message);
        }
    }

    /// <summary>Reads the scheduler's state, in its loop.</summary>
    public Task<T> ReadAsync<T>(Func<Partition, T> read, CancellationToken ct)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _post(() =>
        {
            try
            {
                answer.TrySetResult(read(_shim!.Partition));
            }
            catch (Exception e) // it belongs to who asked, not to the loop
            {
                answer.TrySetException(e);
            }
        });
        return answer.Task.WaitAsync(ct);
    }

    /// <inheritdoc/>
    public void Attach(ClusterState cluster, Action<Action> post)
    {
        _post = post;
        Nodes = cluster;
        _shim = new YuniKornShim(new Partition(cluster, _config), new ShimSettings { Namespace = NamespaceOf, Volumes = VolumesOf });
    }

    /// <summary>Nodes and what is on them; for use within <see cref="ReadAsync"/>.</summary>
    public ClusterState? Nodes { get; private set; }

    /// <inheritdoc/>
    public void Start(IReadOnlyCollection<Pod> pods)
    {
        _started = true;
        _shim!.Recover(pods, _time.GetUtcNow());
    }

    /// <inheritdoc/>
    public void OnPod(WatchEventType type, Pod pod)
    {
        if (_started)
        {
            _shim!.OnPod(pod, type == WatchEventType.Deleted, _time.GetUtcNow());
        }
    }

    /// <inheritdoc/>
    public void Step()
    {
        foreach (var action in _shim!.Step(_time.GetUtcNow()))
        {
            _writes.Do(action, NotBound, NotCreated);
        }
    }

    private void NotBound(string key) => _post(() => _shim!.NotBound(key, _time.GetUtcNow()));

    private void NotCreated(string application, string key, string problem) => _post(() => _shim!.NotCreated(application, key, problem, _time.GetUtcNow()));

    private ObjectMeta? NamespaceOf(string name) => _informers.Namespaces.Find(null, name)?.Metadata;

    private PodVolumes? VolumesOf(Pod pod) => PodVolumesReader.HasClaims(pod) ? _volumes.Read(pod) : null;

    [LoggerMessage(Level = LogLevel.Warning, Message = "the new queue text is refused, the old one stays: {Problem}")]
    private static partial void LogRefused(ILogger logger, string problem);
}
