using System.Diagnostics;
using System.Threading.Channels;
using Hearth.Kube.Client;
using Hearth.Kube.Core;
using Hearth.Kube.Objects;
using Hearth.Scheduling.Fit;
using Hearth.Scheduling.Preemption;
using Microsoft.Extensions.Logging;

namespace Hearth.Cluster.Controllers.Scheduler;

/// <summary>
/// The default scheduler: puts pods on nodes, one decision at a time on one consistent state, in which a pod it has just placed counts already. Bindings, evictions
/// and events are written beside the decisions. Pods of other schedulers only take up room.
/// </summary>
public sealed partial class PodScheduler
{
    /// <summary>Its <c>schedulerName</c>.</summary>
    public const string Name = "default-scheduler";

    private static readonly TimeSpan SayAgain = TimeSpan.FromSeconds(1);

    private readonly ClusterInformers _informers;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly SchedulerWrites _writes;
    private readonly PodVolumesReader _volumes;
    private readonly ISchedulingPartner? _partner;
    private readonly Channel<Action> _changes = Channel.CreateUnbounded<Action>(new UnboundedChannelOptions { SingleReader = true });
    private readonly ClusterState _cluster = new();
    private readonly SchedulingQueue _queue = new();
    private readonly HashSet<string> _untold = new(StringComparer.Ordinal);

    /// <summary>Uids of pods that were placed and whose binding has not come back yet.</summary>
    private readonly Dictionary<string, string?> _assumed = new(StringComparer.Ordinal);
    private IReadOnlyList<PodBudget>? _budgets;

    /// <summary>Subscribes to the informers; <see cref="RunAsync"/> starts.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="informers">Shared copies.</param>
    /// <param name="time">Clock.</param>
    /// <param name="logger">Log.</param>
    /// <param name="partner">A scheduler for other pods in the same loop, or null.</param>
    public PodScheduler(IKubeClient client, ClusterInformers informers, TimeProvider time, ILogger logger, ISchedulingPartner? partner = null)
    {
        (_informers, _time, _logger, _partner) = (informers, time, logger, partner);
        partner?.Attach(_cluster, Post);
        _writes = new SchedulerWrites(client, time, logger);
        _volumes = new PodVolumesReader(informers);
        informers.Pods.Changed += (type, pod) => Post(() => OnPod(type, pod));
        informers.Nodes.Changed += (type, node) => Post(() => OnNode(type, node));
        informers.Namespaces.Changed += (type, ns) => Post(() => OnNamespace(type, ns));
        informers.PodBudgets.Changed += (_, _) => Post(() => _budgets = null);
        informers.Claims.Changed += (_, _) => Post(_queue.RetryAll);
        informers.Volumes.Changed += (_, _) => Post(_queue.RetryAll);
        informers.StorageClasses.Changed += (_, _) => Post(_queue.RetryAll);
    }

    /// <summary>Schedules until cancelled.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        var writes = _writes.RunAsync(ct);
        await Task.WhenAll(
            _informers.Pods.Synced, _informers.Nodes.Synced, _informers.Namespaces.Synced, _informers.PodBudgets.Synced, _informers.Claims.Synced,
            _informers.Volumes.Synced, _informers.StorageClasses.Synced).WaitAsync(ct).ConfigureAwait(false);
        TakeChanges();
        _partner?.Start([.. _informers.Pods.Items.Values]);
        do
        {
            // First what is there already: a change that was taken before the first wait announces itself no more.
            do
            {
                TakeChanges();
            }
            while (ScheduleNext());
            _partner?.Step();
        }
        while (await _changes.Reader.WaitToReadAsync(ct).ConfigureAwait(false));

        await writes.ConfigureAwait(false);
    }

    private void Post(Action change) => _changes.Writer.TryWrite(change);

    private void TakeChanges()
    {
        while (_changes.Reader.TryRead(out var change))
        {
            change();
        }
    }

    private bool ScheduleNext()
    {
        if (_queue.Next() is not { } pending)
        {
            return false;
        }

        var started = Stopwatch.GetTimestamp();
        var info = PodVolumesReader.HasClaims(pending.Pod) ? PodInfo.From(pending.Pod, _volumes.Read(pending.Pod)) : pending.Info;
        var placement = PodPlacer.Place(info, _cluster, Budgets());
        if (placement.NodeName is { } node)
        {
            Assume(pending, info, node);
        }
        else
        {
            Refuse(pending, info, placement);
        }

        LogDecided(_logger, info.Key, placement.NodeName ?? "no node", Stopwatch.GetElapsedTime(started).TotalMicroseconds);
        return true;
    }

    private IReadOnlyList<PodBudget> Budgets() => _budgets ??= [.. _informers.PodBudgets.Items.Values.Select(PodBudget.From)];

    private void Assume(PendingPod pending, PodInfo info, string node)
    {
        _queue.Remove(info.Key);
        _cluster.Nominations.Remove(info.Key);
        _cluster.AddPod(info, node);
        _assumed[info.Key] = pending.Pod.Metadata.Uid;
        _queue.RetryNeighbours(); // somebody may have waited for a pod like this one
        _writes.Bind(pending.Pod, node, () => Post(() => Forget(pending.Pod)));
    }

    private void Refuse(PendingPod pending, PodInfo info, Placement placement)
    {
        var before = _cluster.Nominations.NodeOf(info.Key);
        if (placement.Preempts is { } preempts)
        {
            Preempt(pending, info, preempts);
        }
        else if (!placement.Failure!.KeepsNomination)
        {
            _cluster.Nominations.Remove(info.Key);
        }

        var after = _cluster.Nominations.NodeOf(info.Key);
        Tell(pending, placement.Failure!.Message(), after, urgent: before != after);
        if (before is not null && after is null)
        {
            _queue.RetryAll(); // what was kept for it is free for others
        }
    }

    /// <summary>Tells victims to leave and keeps their room. They count as leaving at once, so that the next look does not choose others as well.</summary>
    private void Preempt(PendingPod pending, PodInfo info, PreemptionDecision decision)
    {
        foreach (var overtaken in decision.Overtaken)
        {
            _cluster.Nominations.Remove(overtaken.Key);
            if (_queue.Find(overtaken.Key) is { } loser)
            {
                _writes.Overtake(loser.Pod);
                _queue.Retry(overtaken.Key);
            }
        }

        _cluster.Nominations.Set(info, decision.NodeName);
        foreach (var victim in decision.Victims.Where(v => !v.IsTerminating))
        {
            _cluster.AddPod(victim.AsPreempted(), decision.NodeName);
            if (_informers.Pods.Find(victim.Namespace, victim.Name) is { } pod)
            {
                _writes.Preempt(pod, pending.Pod, decision.NodeName, () => Post(() => Stayed(victim, info)));
            }
        }
    }

    /// <summary>A victim could not be told to leave: it counts as staying again, and the pod that wanted its room looks again.</summary>
    private void Stayed(PodInfo victim, PodInfo preemptor)
    {
        if (_cluster.NodeOf(victim.Key) is { } node && _cluster.FindPod(victim.Key)?.Uid == victim.Uid)
        {
            _cluster.AddPod(victim, node);
        }

        _cluster.Nominations.Remove(preemptor.Key);
        _queue.Retry(preemptor.Key);
    }

    /// <summary>A pod that was placed but not bound gives its room back and is tried again, if it still waits.</summary>
    private void Forget(Pod pod)
    {
        var key = pod.Metadata.Key();
        if (_assumed.TryGetValue(key, out var uid) && uid == pod.Metadata.Uid)
        {
            _assumed.Remove(key);
            _cluster.RemovePod(key);
            if (_informers.Pods.Find(pod.Metadata.Namespace, pod.Metadata.Name!) is { } current)
            {
                OnPod(WatchEventType.Modified, current);
            }

            _queue.RetryAll();
        }
    }

    /// <summary>Says why a pod waits: at once the first time, then at most once in a while, since each node that comes or goes changes the text for every waiting pod.</summary>
    private void Tell(PendingPod pending, string message, string? nominated, bool urgent)
    {
        if (!urgent && string.Equals(message, pending.Said, StringComparison.Ordinal))
        {
            return;
        }

        var now = _time.GetUtcNow();
        if (!urgent && pending.Said is not null && now - pending.SaidAt < SayAgain)
        {
            TellLater(pending.Info.Key);
            return;
        }

        (pending.Said, pending.SaidAt) = (message, now);
        _writes.Refuse(pending.Pod, message, nominated, () => Post(() => Unsaid(pending)));
    }

    /// <summary>What a pod waits for did not reach the API, where provisioners read it: say it again.</summary>
    private void Unsaid(PendingPod pending)
    {
        pending.Said = null;
        _queue.Retry(pending.Info.Key);
    }

    private void TellLater(string key)
    {
        if (_untold.Add(key) && _untold.Count == 1)
        {
            _writes.CallLater(() => Post(RetryUntold));
        }
    }

    private void RetryUntold()
    {
        foreach (var key in _untold)
        {
            _queue.Retry(key);
        }

        _untold.Clear();
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Pod}: {Node} ({Microseconds} us)")]
    private static partial void LogDecided(ILogger logger, string pod, string node, double microseconds);
}
