using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using Hearth.Jobs.Emr;
using Hearth.Jobs.Spark;
using Hearth.Kube.Client;
using Hearth.Kube.Core;
using Hearth.Kube.Informers;
using Hearth.Kube.Objects;

namespace Hearth.Jobs.Driver.Scaling;

/// <summary>
/// Asks the cluster for the executors of an application and keeps as many as are wanted: batches, replacements, removal at the end.
/// The target may change while it works, see <see cref="ExecutorScaler"/>.
/// </summary>
public sealed class ExecutorPool : IAsyncDisposable
{
    private const string Name = "ExecutorPodsAllocator";
    private readonly IKubeClient _client;
    private readonly ExecutorPodRequest _request;
    private readonly AllocationSettings _settings;
    private readonly DriverLog _log;
    private readonly TimeProvider _time;
    private readonly Informer<Pod> _pods;
    private readonly ConcurrentDictionary<int, DateTimeOffset> _asked = new();
    private readonly HashSet<int> _failed = [];
    private readonly HashSet<int> _seenOnce = [];
    private readonly ConcurrentDictionary<int, bool> _retired = new();
    private readonly ConcurrentDictionary<int, string> _alive = new();
    private readonly TaskCompletionSource _failedTooOften = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _wake = new(0);
    private readonly CancellationTokenSource _stop = new();
    private readonly DateTimeOffset _startedAt;
    private Task _working = Task.CompletedTask;
    private DateTimeOffset _lastBatch = DateTimeOffset.MinValue;
    private int _lastId;
    private int _target;
    private int _running = -1;

    /// <summary>A pool for an application.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="request">What executors are built from; its id does not matter.</param>
    /// <param name="settings">How they are asked for.</param>
    /// <param name="log">The driver's log.</param>
    /// <param name="time">Clock.</param>
    public ExecutorPool(IKubeClient client, ExecutorPodRequest request, AllocationSettings settings, DriverLog log, TimeProvider time)
    {
        _client = client;
        _request = request;
        _settings = settings;
        _log = log;
        _time = time;
        _target = settings.Instances;
        _startedAt = time.GetUtcNow();
        _pods = new Informer<Pod>(client, request.Application.Namespace, $"spark-app-selector={request.Application.Id},spark-role=executor", time);
        _pods.Changed += (_, _) => _wake.Release();
    }

    /// <summary>How many executors run. Called on the pool's own task after each change.</summary>
    public event Action<int>? RunningChanged;

    /// <summary>An executor runs: its id and the name of its pod. Called on the pool's own task.</summary>
    public event Action<int, string>? Added;

    /// <summary>An executor does not run any more: its id and why. Called on the pool's own task.</summary>
    public event Action<int, string>? Removed;

    /// <summary>Ids of those that run now.</summary>
    public IReadOnlyCollection<int> RunningIds => [.. _alive.Keys];

    /// <summary>How many executors are wanted.</summary>
    public int Target => Volatile.Read(ref _target);

    /// <summary>Fails when too many executors did.</summary>
    public Task Failed => _failedTooOften.Task;

    /// <summary>How many run now.</summary>
    public int Running => Math.Max(0, Volatile.Read(ref _running));

    /// <summary>Begins to ask.</summary>
    public void Start() => _working = Task.WhenAll(_pods.RunAsync(_stop.Token), WorkAsync(_stop.Token));

    /// <summary>Changes how many executors are wanted.</summary>
    /// <param name="target">How many.</param>
    /// <param name="remove">Running ones that shall go.</param>
    public void SetTarget(int target, IReadOnlyList<int> remove)
    {
        foreach (var id in remove)
        {
            _retired[id] = true;
        }

        Volatile.Write(ref _target, Math.Max(0, target));
        _wake.Release();
    }

    /// <summary>Completes when enough executors run for work to start; says so in the log while it waits, as Spark does.</summary>
    public async Task EnoughAsync(CancellationToken ct)
    {
        var nextWarning = TimeSpan.FromSeconds(15);
        while (Running < _settings.Enough(Target, _time.GetUtcNow() - _startedAt))
        {
            if (_time.GetUtcNow() - _startedAt >= nextWarning)
            {
                nextWarning += TimeSpan.FromSeconds(15);
                _log.Warn("TaskSchedulerImpl", "Initial job has not accepted any resources; check your cluster UI to ensure that workers are registered and have sufficient resources");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), _time, ct).ConfigureAwait(false);
        }
    }

    /// <summary>Stops asking and deletes every executor, their claims and their settings.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _working.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        try
        {
            await CleanAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (e is KubeException or HttpRequestException or IOException or OperationCanceledException)
        {
            // The garbage collector removes what belongs to the driver pod.
            _log.Warn(Name, $"executors could not be deleted: {e.Message}");
        }

        _stop.Dispose();
        _wake.Dispose();
    }

    private async Task CleanAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10), _time);
        var ns = _request.Application.Namespace;
        var own = new ListOptions { LabelSelector = $"spark-app-selector={_request.Application.Id},spark-role=executor" };
        foreach (var type in (ResourceType[])[Pod.Type, ConfigMap.Type])
        {
            var list = await _client.ListAsync(type, ns, own, patience.Token).ConfigureAwait(false);
            await Task.WhenAll(list.Items.Select(i => DeleteAsync(type, i["metadata"]!["name"]!.ToString(), patience.Token))).ConfigureAwait(false);
        }
    }

    private Task DeleteAsync(ResourceType type, string name, CancellationToken ct) =>
        _client.DeleteIfExistsAsync(new ObjectRef(type, _request.Application.Namespace, name), DeleteOptions.Default, ct);

    private async Task WorkAsync(CancellationToken ct)
    {
        await _pods.Synced.WaitAsync(ct).ConfigureAwait(false);
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await StepAsync(ct).ConfigureAwait(false);
            }
            catch (Exception e) when (e is KubeException or HttpRequestException or IOException)
            {
                _log.Warn(Name, $"Cannot request executors, will try again: {e.Message}");
            }

            // A change wakes it at once; the delay paces batches.
            await _wake.WaitAsync(_settings.BatchDelay, ct).ConfigureAwait(false);
            while (_wake.Wait(0, CancellationToken.None))
            {
                // One look covers all changes so far.
            }
        }
    }

    private async Task StepAsync(CancellationToken ct)
    {
        var now = _time.GetUtcNow();
        var seen = Seen();
        Count(seen);
        var step = AllocationStep.Next(Target, seen, [.. _retired.Keys], _settings, now);
        foreach (var id in step.Remove)
        {
            _asked.TryRemove(id, out _);
            Leave(id, _retired.TryRemove(id, out _) ? "Executor was idle for too long" : seen.First(s => s.Id == id).Phase == "Failed" ? "Its container ended with an error" : "Executor is not needed any more");
            await DeleteAsync(Pod.Type, SparkNames.ExecutorPod(_request.Prefix, id), ct).ConfigureAwait(false);
        }

        if (step.Create > 0 && now - _lastBatch >= _settings.BatchDelay)
        {
            _lastBatch = now;
            _log.Info(Name, string.Create(CultureInfo.InvariantCulture, $"Going to request {step.Create} executors from Kubernetes for ResourceProfile Id: 0, target: {Target}, known: {seen.Count(s => s.Phase != "Gone")}, sharedSlotFromPendingPods: 2147483647."));
            for (var i = 0; i < step.Create; i++)
            {
                await CreateAsync(++_lastId, ct).ConfigureAwait(false);
            }
        }
    }

    private async Task CreateAsync(int id, CancellationToken ct)
    {
        var built = ExecutorPod.Build(_request with { Id = id });
        EmrPod.Complete(built.Pod, SparkRole.Executor);
        _asked[id] = _time.GetUtcNow();
        try
        {
            await _client.CreateAsync(Pod.Type, _request.Application.Namespace, built.Pod, ct).ConfigureAwait(false);
        }
        catch
        {
            _asked.TryRemove(id, out _);
            throw;
        }

        foreach (var claim in built.Claims)
        {
            await _client.CreateAsync(PersistentVolumeClaim.Type, _request.Application.Namespace, claim, ct).ConfigureAwait(false);
        }
    }

    private List<ExecutorSeen> Seen()
    {
        var pods = _pods.Items.Values
            .Where(p => p.Metadata.DeletionTimestamp is null)
            .ToLookup(p => p.Metadata.Label("spark-exec-id") ?? "", StringComparer.Ordinal);
        var known = new List<ExecutorSeen>();
        foreach (var (id, at) in _asked)
        {
            var pod = pods[id.ToString(CultureInfo.InvariantCulture)].FirstOrDefault();
            if (pod is null && _seenOnce.Contains(id))
            {
                _asked.TryRemove(id, out _);
                Leave(id, "Its pod is gone");
                _log.Warn("KubernetesClusterSchedulerBackend", string.Create(CultureInfo.InvariantCulture, $"Executor {id} was lost: its pod is gone"));
                continue;
            }

            if (pod is not null)
            {
                _seenOnce.Add(id);
            }

            known.Add(new ExecutorSeen(id, at, pod is null ? null : Phase(pod)));
        }

        return known;
    }

    private static string Phase(Pod pod) => SparkContainer.Status(pod)?.State switch
    {
        { Terminated.ExitCode: 0 } => "Succeeded",
        { Terminated: not null } => "Failed",
        { Running: not null } => "Running",
        _ => pod.Status?.Phase is "Failed" or "Succeeded" ? pod.Status.Phase : "Pending",
    };

    private void Leave(int id, string reason)
    {
        if (_alive.TryRemove(id, out _))
        {
            Removed?.Invoke(id, reason);
        }
    }

    private void Count(List<ExecutorSeen> seen)
    {
        foreach (var failed in seen.Where(s => s.Phase == "Failed" && _failed.Add(s.Id)))
        {
            _log.Error("TaskSchedulerImpl", string.Create(CultureInfo.InvariantCulture, $"Lost executor {failed.Id}: its container ended with an error"));
        }

        if (_failed.Count > _settings.MaxFailures)
        {
            _failedTooOften.TrySetException(new DriverException(string.Create(CultureInfo.InvariantCulture, $"Max number of executor failures ({_settings.MaxFailures}) reached")));
        }

        foreach (var fresh in seen.Where(s => s.Phase == "Running" && !_alive.ContainsKey(s.Id)))
        {
            var pod = SparkNames.ExecutorPod(_request.Prefix, fresh.Id);
            _alive[fresh.Id] = pod;
            Added?.Invoke(fresh.Id, pod);
        }

        var running = seen.Count(s => s.Phase == "Running");
        if (Interlocked.Exchange(ref _running, running) != running)
        {
            _log.Info("KubernetesClusterSchedulerBackend", string.Create(CultureInfo.InvariantCulture, $"{running} of {Target} executors run"));
            RunningChanged?.Invoke(running);
        }
    }
}
