using Hearth.Kube.Client;
using Hearth.Kube.Core;
using Hearth.Kube.Objects;
using Hearth.Scheduling.Fit;

namespace Hearth.Cluster.Controllers.Scheduler;

/// <summary>What the scheduler learns from watches, and which waiting pods each change may help: one that helps nobody's pod is never a reason to look again, one that may always is.</summary>
public sealed partial class PodScheduler
{
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
            Leave(key);
        }
        else if (!string.IsNullOrEmpty(pod.Spec?.NodeName))
        {
            OnBound(key, pod);
        }
        else
        {
            OnWaiting(key, pod);
        }
    }

    private void OnWaiting(string key, Pod pod)
    {
        if (_cluster.FindPod(key) is { } former && former.Uid != pod.Metadata.Uid)
        {
            Leave(key); // another pod had this name, and its end was not seen
        }

        if (_assumed.ContainsKey(key))
        {
            return;
        }

        if (!IsMine(pod))
        {
            LeaveQueue(key);
        }
        else if (pod.Spec?.SchedulingGates is { Count: > 0 })
        {
            LeaveQueue(key);
            _writes.HoldBack(pod);
        }
        else
        {
            Admit(pod);
        }
    }

    private static bool IsMine(Pod pod) =>
        pod.Spec?.SchedulerName is null or Name && !pod.Metadata.IsDeleting();

    private void Admit(Pod pod)
    {
        try
        {
            var known = _queue.Find(pod.Metadata.Key())?.Pod;
            var info = PodInfo.From(pod);
            _queue.Add(pod, info);
            var promised = pod.Status?.NominatedNodeName;
            if (promised != known?.Status?.NominatedNodeName || known?.Metadata.Uid != pod.Metadata.Uid)
            {
                Promise(info, promised);
            }
        }
        catch (FormatException e)
        {
            _writes.Refuse(pod, e.Message, null, static () => { });
        }
    }

    /// <summary>Follows the API where it says what a pod is promised: after a restart, or when something else has set it.</summary>
    private void Promise(PodInfo info, string? node)
    {
        if (!string.IsNullOrEmpty(node))
        {
            _cluster.Nominations.Set(info, node);
        }
        else if (_cluster.Nominations.Remove(info.Key))
        {
            _queue.RetryAll();
        }
    }

    private void OnBound(string key, Pod pod)
    {
        LeaveQueue(key);
        _assumed.Remove(key);
        var node = pod.Spec!.NodeName!;
        var known = _cluster.FindPod(key);
        var moved = known is not null && (_cluster.NodeOf(key) != node || known.Uid != pod.Metadata.Uid);
        if (known is not null && !moved && !PodChanges.Matter(known, pod))
        {
            return;
        }

        var fresh = PodInfo.From(pod);
        _cluster.AddPod(known?.IsPreempted == true && known.Uid == fresh.Uid ? fresh.AsPreempted() : fresh, node);
        _queue.RetryNeighbours();
        if (moved)
        {
            _queue.RetryAll();
        }
    }

    /// <summary>A pod is gone: what it had is free, and who waited for room may have it.</summary>
    private void Leave(string key)
    {
        LeaveQueue(key);
        _assumed.Remove(key);
        if (_cluster.RemovePod(key))
        {
            _queue.RetryAll();
        }
    }

    private void LeaveQueue(string key)
    {
        _queue.Remove(key);
        if (_cluster.Nominations.Remove(key))
        {
            _queue.RetryAll();
        }
    }

    private void OnNode(WatchEventType type, Node node)
    {
        if (type == WatchEventType.Deleted)
        {
            _cluster.RemoveNode(node.Metadata.Name!);
            _queue.RetryAll(); // a domain fewer can make a spread hold, and the texts count one node fewer
            return;
        }

        if (node.Status is not { Allocatable.Count: > 0 } and not { Capacity.Count: > 0 })
        {
            return; // it has not reported yet: counting it as full would only tell pods something that is not so
        }

        var fresh = NodeInfo.From(node);
        if (NodeChanges.Matter(_cluster.Find(fresh.Name), fresh))
        {
            _cluster.SetNode(fresh);
            _queue.RetryAll();
        }
    }

    private void OnNamespace(WatchEventType type, Namespace ns)
    {
        var labels = type == WatchEventType.Deleted ? null : ns.Metadata.Labels ?? new Dictionary<string, string>(StringComparer.Ordinal);
        if (_cluster.Namespaces.Set(ns.Metadata.Name!, labels))
        {
            _queue.RetryNeighbours();
        }
    }
}
