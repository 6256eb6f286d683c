using System.Collections.Concurrent;
using Hearth.Kube.Client;
using Hearth.Kube.Core;
using Hearth.Kube.Objects;

namespace Hearth.Cluster.Controllers.Provisioning;

/// <summary>How long pods wait for a node and until they run, as Karpenter measures it: only of pods that this process has seen waiting.</summary>
public sealed class PodTimings
{
    private readonly KarpenterMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<string, bool> _waiting = new(StringComparer.Ordinal);

    /// <summary>Subscribes to the informer.</summary>
    public PodTimings(ClusterInformers informers, KarpenterMetrics metrics, TimeProvider time)
    {
        (_metrics, _time) = (metrics, time);
        informers.Pods.Changed += OnPod;
    }

    private void OnPod(WatchEventType type, Pod pod)
    {
        if (pod.Metadata.Uid is not { } uid)
        {
            return;
        }

        if (type == WatchEventType.Deleted || pod.IsFinished())
        {
            _waiting.TryRemove(uid, out _);
            return;
        }

        var bound = !string.IsNullOrEmpty(pod.Spec?.NodeName);
        if (!bound)
        {
            _waiting.TryAdd(uid, false);
            return;
        }

        if (pod.Metadata.CreationTimestamp is not { } created || !_waiting.TryGetValue(uid, out var counted))
        {
            return;
        }

        if (!counted)
        {
            _metrics.Observe("pods_bound_duration_seconds", (pod.Status?.Conditions.Find("PodScheduled")?.LastTransitionTime ?? _time.GetUtcNow()) - created);
            _waiting[uid] = true;
        }

        if (pod.Status?.Phase == "Running" && _waiting.TryRemove(uid, out _))
        {
            _metrics.Observe("pods_startup_duration_seconds", (pod.Status.Conditions.Find("Ready")?.LastTransitionTime ?? _time.GetUtcNow()) - created);
        }
    }
}
