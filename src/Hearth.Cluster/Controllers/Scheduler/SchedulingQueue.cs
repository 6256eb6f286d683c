using Hearth.Kube.Core;
using Hearth.Scheduling.Fit;

namespace Hearth.Cluster.Controllers.Scheduler;

/// <summary>A pod that waits for a node.</summary>
internal sealed class PendingPod(Pod pod, PodInfo info)
{
    public Pod Pod { get; set; } = pod;
    public PodInfo Info { get; set; } = info;

    /// <summary>Waits to be tried, as against for something to change.</summary>
    public bool Queued { get; set; }

    /// <summary>What was last said about why it waits.</summary>
    public string? Said { get; set; }

    /// <summary>When it was said.</summary>
    public DateTimeOffset SaidAt { get; set; }
}

/// <summary>Pods that wait for a node: by priority, then age. A pod that could not be placed comes back when the cluster changes.</summary>
internal sealed class SchedulingQueue
{
    private readonly Dictionary<string, PendingPod> _pods = new(StringComparer.Ordinal);
    private readonly PriorityQueue<PendingPod, (int Priority, long Created, long Sequence)> _order = new();
    private long _sequence;

    public int Count => _pods.Count;

    public PendingPod? Find(string key) => _pods.GetValueOrDefault(key);

    public void Add(Pod pod, PodInfo info)
    {
        if (_pods.TryGetValue(info.Key, out var known) && string.Equals(known.Info.Uid, info.Uid, StringComparison.Ordinal))
        {
            var changed = Changed(known.Pod, pod);
            known.Pod = pod;
            if (changed)
            {
                known.Info = info;
                Enqueue(known);
            }

            return;
        }

        var fresh = new PendingPod(pod, info) { Said = Said(pod) };
        _pods[info.Key] = fresh;
        Enqueue(fresh);
    }

    public void Remove(string key)
    {
        if (_pods.Remove(key, out var pod))
        {
            pod.Queued = false;
        }
    }

    /// <summary>The next pod to try, or null. It stays known until it is removed.</summary>
    public PendingPod? Next()
    {
        while (_order.TryDequeue(out var pod, out _))
        {
            if (pod.Queued && ReferenceEquals(Find(pod.Info.Key), pod))
            {
                pod.Queued = false;
                return pod;
            }
        }

        return null;
    }

    /// <summary>Tries every waiting pod again.</summary>
    public void RetryAll()
    {
        foreach (var pod in _pods.Values)
        {
            Enqueue(pod);
        }
    }

    /// <summary>Tries those again to which it matters which other pods are where.</summary>
    public void RetryNeighbours()
    {
        foreach (var pod in _pods.Values)
        {
            if (pod.Info.Spread.Count > 0 || pod.Info.PodAffinity.Count > 0)
            {
                Enqueue(pod);
            }
        }
    }

    public void Retry(string key)
    {
        if (Find(key) is { } pod)
        {
            Enqueue(pod);
        }
    }

    private static string? Said(Pod pod) => pod.Status?.Conditions.Find("PodScheduled") is { Status: "False" } condition ? condition.Message : null;

    /// <summary>What can change about a waiting pod and matter: labels, tolerations, gates. Its own status does not.</summary>
    private static bool Changed(Pod old, Pod fresh) =>
        old.Spec?.Tolerations?.Count != fresh.Spec?.Tolerations?.Count
        || old.Spec?.NodeSelector?.Count != fresh.Spec?.NodeSelector?.Count
        || !(old.Metadata.Labels ?? new Dictionary<string, string>()).Order(LabelOrder.Instance).SequenceEqual((fresh.Metadata.Labels ?? new Dictionary<string, string>()).Order(LabelOrder.Instance));

    private void Enqueue(PendingPod pod)
    {
        if (!pod.Queued)
        {
            pod.Queued = true;
            _order.Enqueue(pod, (-pod.Info.Priority, pod.Info.Created.UtcTicks, _sequence++));
        }
    }

    private sealed class LabelOrder : IComparer<KeyValuePair<string, string>>
    {
        public static readonly LabelOrder Instance = new();

        public int Compare(KeyValuePair<string, string> x, KeyValuePair<string, string> y) => string.CompareOrdinal(x.Key, y.Key);
    }
}
