using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Hearth.Kube.Client;
using Hearth.Kube.Core;
using Hearth.Kube.Events;
using Hearth.Kube.Objects;
using Hearth.Scheduling.Fit;
using Microsoft.Extensions.Logging;

namespace Hearth.Cluster.Controllers.Scheduler;

/// <summary>
/// The default scheduler: puts pods on nodes, one decision at a time on one consistent state, in which a pod it has just placed counts already. Bindings and
/// events are written beside the decisions. Pods of other schedulers only take up room.
/// </summary>
public sealed partial class PodScheduler
{
    /// <summary>Its <c>schedulerName</c>.</summary>
    public const string Name = "default-scheduler";

    private const int Writers = 16;
    private const string Gated = "Scheduling is blocked due to non-empty scheduling gates";
    private static readonly TimeSpan BindRetry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SayAgain = TimeSpan.FromSeconds(1);

    private readonly IKubeClient _client;
    private readonly ClusterInformers _informers;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly EventRecorder _events;
    private readonly BackgroundWrites _writes;
    private readonly PodVolumesReader _volumes;
    private readonly ISchedulingPartner? _partner;
    private readonly Channel<Action> _changes = Channel.CreateUnbounded<Action>(new UnboundedChannelOptions { SingleReader = true });
    private readonly ClusterState _cluster = new();
    private readonly SchedulingQueue _queue = new();
    private readonly HashSet<string> _untold = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _assumed = new(StringComparer.Ordinal);

    /// <summary>Subscribes to the informers; <see cref="RunAsync"/> starts.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="informers">Shared copies.</param>
    /// <param name="time">Clock.</param>
    /// <param name="logger">Log.</param>
    /// <param name="partner">A scheduler for other pods in the same loop, or null.</param>
    public PodScheduler(IKubeClient client, ClusterInformers informers, TimeProvider time, ILogger logger, ISchedulingPartner? partner = null)
    {
        (_client, _informers, _time, _logger, _partner) = (client, informers, time, logger, partner);
        partner?.Attach(_cluster, Post);
        _events = new EventRecorder(client, Name, null, time);
        _writes = new BackgroundWrites(Writers, logger);
        _volumes = new PodVolumesReader(informers);
        informers.Pods.Changed += (type, pod) => Post(() => OnPod(type, pod));
        informers.Nodes.Changed += (type, node) => Post(() => OnNode(type, node));
        informers.Claims.Changed += (_, _) => Post(_queue.RetryAll);
        informers.Volumes.Changed += (_, _) => Post(_queue.RetryAll);
        informers.StorageClasses.Changed += (_, _) => Post(_queue.RetryAll);
    }

    /// <summary>Schedules until cancelled.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        var writes = _writes.RunAsync(ct);
        await Task.WhenAll(_informers.Pods.Synced, _informers.Nodes.Synced, _informers.Claims.Synced, _informers.Volumes.Synced, _informers.StorageClasses.Synced)
            .WaitAsync(ct).ConfigureAwait(false);
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

    private void OnPod(WatchEventType type, Pod pod)
    {
        Note(type, pod);
        _partner?.OnPod(type, pod);
    }

    private void Note(WatchEventType type, Pod pod)
    {
        var key = pod.Metadata.Key();
        if (type == WatchEventType.Deleted || pod.IsFinished())
        {
            _queue.Remove(key);
            _assumed.Remove(key);
            if (_cluster.RemovePod(key))
            {
                _queue.RetryAll();
            }
        }
        else if (!string.IsNullOrEmpty(pod.Spec?.NodeName))
        {
            _queue.Remove(key);
            _assumed.Remove(key);
            if (_cluster.NodeOf(key) != pod.Spec.NodeName)
            {
                _cluster.AddPod(PodInfo.From(pod), pod.Spec.NodeName);
            }
        }
        else if (IsMine(pod) && !_assumed.ContainsKey(key))
        {
            if (pod.Spec?.SchedulingGates is { Count: > 0 })
            {
                HoldBack(pod);
            }
            else
            {
                Admit(pod);
            }
        }
    }

    private void Admit(Pod pod)
    {
        try
        {
            _queue.Add(pod, PodInfo.From(pod));
        }
        catch (FormatException e)
        {
            Say(pod, e.Message);
        }
    }

    private static bool IsMine(Pod pod) =>
        pod.Spec?.SchedulerName is null or Name && !pod.Metadata.IsDeleting();

    /// <summary>A gated pod is not tried; its condition says so, without an event.</summary>
    private void HoldBack(Pod pod)
    {
        if (pod.Status?.Conditions.Find("PodScheduled")?.Reason != "SchedulingGated")
        {
            var conditions = (pod.Status?.Conditions).With(_time.GetUtcNow(), "PodScheduled", "False", "SchedulingGated", Gated);
            _writes.Post(ct => _client.PatchAsync(pod.Ref(), KubePatch.Status(new JsonObject { ["conditions"] = conditions.ToJson() }), ct));
        }
    }

    private void OnNode(WatchEventType type, Node node)
    {
        if (type == WatchEventType.Deleted)
        {
            _cluster.RemoveNode(node.Metadata.Name!);
            return;
        }

        if (node.Status is not { Allocatable.Count: > 0 } and not { Capacity.Count: > 0 })
        {
            return; // it has not reported yet: counting it as full would only tell pods something that is not so
        }

        var fresh = NodeInfo.From(node);
        if (!NodeChanges.Matter(_cluster.Find(fresh.Name), fresh))
        {
            return;
        }

        _cluster.SetNode(fresh);
        _queue.RetryAll();
    }

    private bool ScheduleNext()
    {
        if (_queue.Next() is not { } pending)
        {
            return false;
        }

        var started = Stopwatch.GetTimestamp();
        var info = PodVolumesReader.HasClaims(pending.Pod) ? PodInfo.From(pending.Pod, _volumes.Read(pending.Pod)) : pending.Info;
        var placement = PodPlacer.Place(info, _cluster);
        if (placement.NodeName is { } node)
        {
            _queue.Remove(info.Key);
            _cluster.AddPod(info, node);
            _assumed[info.Key] = node;
            _writes.Post(ct => BindAsync(pending.Pod, node, ct));
        }
        else
        {
            Tell(pending, placement.Failure!.Message());
        }

        LogDecided(_logger, info.Key, placement.NodeName ?? "no node", Stopwatch.GetElapsedTime(started).TotalMicroseconds);
        return true;
    }

    private async Task BindAsync(Pod pod, string node, CancellationToken ct)
    {
        var body = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Binding",
            ["metadata"] = new JsonObject { ["name"] = pod.Metadata.Name, ["namespace"] = pod.Metadata.Namespace, ["uid"] = pod.Metadata.Uid },
            ["target"] = new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Node", ["name"] = node },
        };
        try
        {
            await _client.PostAsync(pod.Ref(), "binding", body, ct).ConfigureAwait(false);
        }
        catch (Exception e) when (e is KubeException or HttpRequestException or IOException)
        {
            LogNotBound(_logger, pod.Metadata.Key(), node, e.Message);
            await _events.RecordAsync(pod, new EventText("FailedScheduling", $"binding rejected: {e.Message}", Warning: true), ct).ConfigureAwait(false);
            await Task.Delay(BindRetry, _time, ct).ConfigureAwait(false);
            Post(() => Forget(pod));
            return;
        }

        await _events.RecordAsync(pod, new EventText("Scheduled", $"Successfully assigned {pod.Metadata.Key()} to {node}"), ct).ConfigureAwait(false);
    }

    /// <summary>A pod that was placed but not bound gives its room back and is tried again, if it still waits.</summary>
    private void Forget(Pod pod)
    {
        var key = pod.Metadata.Key();
        if (_assumed.Remove(key))
        {
            _cluster.RemovePod(key);
            if (_informers.Pods.Find(pod.Metadata.Namespace, pod.Metadata.Name!) is { } current)
            {
                OnPod(WatchEventType.Modified, current);
            }

            _queue.RetryAll();
        }
    }

    /// <summary>Says why a pod waits: at once the first time, then at most once in a while, since each node that comes or goes changes the text for every waiting pod.</summary>
    private void Tell(PendingPod pending, string message)
    {
        if (string.Equals(message, pending.Said, StringComparison.Ordinal))
        {
            return;
        }

        var now = _time.GetUtcNow();
        if (pending.Said is not null && now - pending.SaidAt < SayAgain)
        {
            TellLater(pending.Info.Key);
            return;
        }

        (pending.Said, pending.SaidAt) = (message, now);
        Say(pending.Pod, message);
    }

    private void TellLater(string key)
    {
        if (_untold.Add(key) && _untold.Count == 1)
        {
            _writes.Post(async ct =>
            {
                await Task.Delay(SayAgain, _time, ct).ConfigureAwait(false);
                Post(RetryUntold);
            });
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

    private void Say(Pod pod, string message)
    {
        var conditions = (pod.Status?.Conditions).With(_time.GetUtcNow(), "PodScheduled", "False", "Unschedulable", message);
        var patch = KubePatch.Status(new JsonObject { ["conditions"] = conditions.ToJson() });
        _writes.Post(async ct =>
        {
            await _client.PatchAsync(pod.Ref(), patch, ct).ConfigureAwait(false);
            await _events.RecordAsync(pod, new EventText("FailedScheduling", message, Warning: true), ct).ConfigureAwait(false);
        });
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Pod}: {Node} ({Microseconds} us)")]
    private static partial void LogDecided(ILogger logger, string pod, string node, double microseconds);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Pod} could not be bound to {Node}: {Problem}")]
    private static partial void LogNotBound(ILogger logger, string pod, string node, string problem);
}
