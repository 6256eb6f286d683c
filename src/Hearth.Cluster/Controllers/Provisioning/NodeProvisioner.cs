using System.Collections.Concurrent;
using System.Threading.Channels;
using Hearth.Cluster.Controllers.Scheduler;
using Hearth.Cluster.Controllers.Simulation;
using Hearth.Kube.Client;
using Hearth.Kube.Core;
using Hearth.Kube.Events;
using Hearth.Kube.Objects;
using Hearth.Scheduling.Karpenter;
using Hearth.Scheduling.Provisioning;
using Microsoft.Extensions.Logging;

namespace Hearth.Cluster.Controllers.Provisioning;

/// <summary>How long pods are gathered before one plan is made for all of them.</summary>
/// <param name="Idle">Until no new pod comes for so long.</param>
/// <param name="Longest">But not longer than this.</param>
/// <param name="Again">A pod that still waits is looked at again after this.</param>
public sealed record BatchWindow(TimeSpan Idle, TimeSpan Longest, TimeSpan Again)
{
    /// <summary>100 ms and 1 s: nodes of the embedded cluster are there at once, so waiting long gains nothing.</summary>
    public static BatchWindow Embedded { get; } = new(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10));

    /// <summary>1 s and 10 s, Karpenter's defaults.</summary>
    public static BatchWindow Karpenter { get; } = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(10));
}

/// <summary>
/// Karpenter's provisioner: gathers the pods that the scheduler could not place, plans (<see cref="ProvisioningPlanner"/>), creates NodeClaims, and tells each pod
/// what it may count on or why nothing can be launched for it.
/// </summary>
public sealed partial class NodeProvisioner
{
    private static readonly (string, string) Controller = ("controller", "provisioner");
    private static readonly TimeSpan SayAgain = TimeSpan.FromMinutes(5);
    private readonly IKubeClient _client;
    private readonly ClusterInformers _informers;
    private readonly PoolCatalog _pools;
    private readonly Nominations _nominations;
    private readonly KarpenterMetrics _metrics;
    private readonly BatchWindow _window;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly EventRecorder _events;
    private readonly PodVolumesReader _volumes;
    private readonly Channel<bool> _triggers = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly ConcurrentDictionary<string, NodeClaim> _justCreated = new(StringComparer.Ordinal);
    private volatile bool _waitsForLaunch;
    private readonly Dictionary<string, (string Message, DateTimeOffset At)> _said = new(StringComparer.Ordinal);

    /// <summary>Subscribes to the informers; <see cref="RunAsync"/> starts.</summary>
    public NodeProvisioner(
        IKubeClient client, ClusterInformers informers, SimulatedCloud cloud, Nominations nominations, KarpenterMetrics metrics, BatchWindow window, TimeProvider time, ILogger logger)
    {
        (_client, _informers, _nominations, _metrics, _window, _time, _logger) = (client, informers, nominations, metrics, window, time, logger);
        _pools = new PoolCatalog(informers, cloud);
        _events = new EventRecorder(client, "karpenter", null, time);
        _volumes = new PodVolumesReader(informers);
        informers.Pods.Changed += (type, pod) => TriggerIf(type != WatchEventType.Deleted && ClusterSnapshot.IsProvisionable(pod));
        informers.NodePools.Changed += (_, _) => TriggerIf(true);
        informers.NodeClasses.Changed += (_, _) => TriggerIf(true);
        informers.NodeClaims.Changed += (type, claim) =>
        {
            _justCreated.TryRemove(claim.Metadata.Name!, out _);
            TriggerIf(type == WatchEventType.Deleted || _waitsForLaunch || claim.Metadata.IsDeleting()); // pods of a node that goes are planned at once
        };
    }

    /// <summary>How strictly wishes of pods are taken.</summary>
    public SolvePolicy Policy { get; init; } = SolvePolicy.Default;

    /// <summary>Provisions until cancelled.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        await _informers.Synced.WaitAsync(ct).ConfigureAwait(false);
        while (!ct.IsCancellationRequested)
        {
            await GatherAsync(ct).ConfigureAwait(false);
            try
            {
                await ProvisionAsync(ct).ConfigureAwait(false);
            }
            catch (Exception e) when (e is KubeException or HttpRequestException or IOException or FormatException)
            {
                LogFailed(_logger, e.Message);
                TriggerIf(true);
            }
        }
    }

    private void TriggerIf(bool relevant)
    {
        if (relevant)
        {
            _triggers.Writer.TryWrite(true);
        }
    }

    /// <summary>Waits for a first pod (or the time to look again), then until no more come.</summary>
    private async Task GatherAsync(CancellationToken ct)
    {
        if (!await TriggeredWithinAsync(_window.Again, ct).ConfigureAwait(false))
        {
            return;
        }

        var end = _time.GetUtcNow() + _window.Longest;
        while (_time.GetUtcNow() < end && await TriggeredWithinAsync(_window.Idle, ct).ConfigureAwait(false))
        {
            // One more: wait again.
        }
    }

    private async Task<bool> TriggeredWithinAsync(TimeSpan time, CancellationToken ct)
    {
        using var limit = new CancellationTokenSource(time, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, limit.Token);
        try
        {
            return await _triggers.Reader.ReadAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return false;
        }
    }

    private async Task ProvisionAsync(CancellationToken ct)
    {
        _waitsForLaunch = true; // before looking: a change that comes meanwhile must not be missed
        var snapshot = new ClusterSnapshot(_informers, _volumes, _justCreated.Values);
        if (snapshot.IsLaunching)
        {
            return; // the claim's next change triggers again
        }

        _waitsForLaunch = false;
        var existing = snapshot.Existing();
        var waiting = snapshot.Waiting();
        var leaving = snapshot.Leaving();
        _metrics.Set("scheduler_queue_depth", waiting.Count, Controller);
        if (waiting.Count + leaving.Count == 0)
        {
            _said.Clear();
            return;
        }

        var started = _time.GetTimestamp();
        var plan = ProvisioningPlanner.Plan(new ProvisioningRequest
        {
            Pods = [.. waiting.Select(w => w.Info), .. leaving], Pools = snapshot.Pools(_pools), Nodes = existing, Daemons = snapshot.Daemons,
            Namespaces = snapshot.Namespaces(), Policy = Policy,
        });
        _metrics.Observe("scheduler_scheduling_duration_seconds", _time.GetElapsedTime(started), Controller);
        _metrics.Set("scheduler_unschedulable_pods_count", plan.Unplaced.Count, Controller);
        var pods = waiting.ToDictionary(w => w.Info.Key, w => w.Pod, StringComparer.Ordinal);
        LogPlanned(_logger, waiting.Count + leaving.Count, plan.Claims.Count, plan.OnExisting.Count, plan.Unplaced.Count);
        await Task.WhenAll(plan.Claims.Select(c => CreateAsync(c, pods, ct))).ConfigureAwait(false);
        foreach (var assignment in plan.OnExisting)
        {
            _nominations.Nominate(assignment.NodeName);
        }

        foreach (var unplaced in plan.Unplaced.Where(u => pods.ContainsKey(u.Pod.Key)))
        {
            await ExplainAsync(pods[unplaced.Pod.Key], unplaced.Message, ct).ConfigureAwait(false);
        }
    }

    private async Task CreateAsync(PlannedClaim planned, Dictionary<string, Pod> pods, CancellationToken ct)
    {
        var claim = await _client.CreateAsync(NodeClaimBuilder.Build(planned), ct).ConfigureAwait(false);
        var name = claim.Metadata.Name!;
        _justCreated[name] = claim;
        if (_informers.NodeClaims.Find(null, name) is not null)
        {
            _justCreated.TryRemove(name, out _);
        }

        _nominations.Nominate(name);
        _metrics.Count("nodeclaims_created_total", ("reason", "provisioned"), ("nodepool", planned.Pool.Name), ("min_values_relaxed", planned.MinValuesRelaxed ? "true" : "false"));
        LogCreated(_logger, name, planned.Pool.Name, planned.Pods.Count, planned.Types[0].Type.Name);
        foreach (var pod in planned.Pods.Where(p => pods.ContainsKey(p.Key)))
        {
            await _events.RecordAsync(pods[pod.Key], new EventText("Nominated", $"Pod should schedule on: nodeclaim/{name}"), ct).ConfigureAwait(false);
        }
    }

    /// <summary>The same explanation is repeated only after a while.</summary>
    private async Task ExplainAsync(Pod pod, string message, CancellationToken ct)
    {
        var now = _time.GetUtcNow();
        var key = pod.Metadata.Uid ?? pod.Metadata.Key();
        if (_said.TryGetValue(key, out var said) && said.Message == message && now - said.At < SayAgain)
        {
            return;
        }

        _said[key] = (message, now);
        await _events.RecordAsync(pod, new EventText("FailedScheduling", message, Warning: true), ct).ConfigureAwait(false);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Pods} pods wait: {Claims} new nodes, {Existing} on present nodes, {Unplaced} without a place")]
    private static partial void LogPlanned(ILogger logger, int pods, int claims, int existing, int unplaced);

    [LoggerMessage(Level = LogLevel.Information, Message = "created nodeclaim {Claim} of pool {Pool} for {Pods} pods, cheapest type {Type}")]
    private static partial void LogCreated(ILogger logger, string claim, string pool, int pods, string type);

    [LoggerMessage(Level = LogLevel.Warning, Message = "provisioning failed and will be tried again: {Problem}")]
    private static partial void LogFailed(ILogger logger, string problem);
}
