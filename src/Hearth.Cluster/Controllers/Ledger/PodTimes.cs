using Hearth.Kube.Client;
using Hearth.Kube.Core;
using Hearth.Scheduling.Pricing;
using Hearth.Scheduling.Resources;

namespace Hearth.Cluster.Controllers.Ledger;

/// <summary>Pods seen on nodes, and when they came and went.</summary>
internal sealed class PodTimes(TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Dictionary<string, PodRecord>> _byNode = new(StringComparer.Ordinal);

    /// <summary>Takes note of a bound pod.</summary>
    public void See(WatchEventType type, Pod pod)
    {
        var ended = type == WatchEventType.Deleted || pod.IsFinished() ? FinishedAt(pod) ?? time.GetUtcNow() : (DateTimeOffset?)null;
        lock (_lock)
        {
            if (!_byNode.TryGetValue(pod.Spec!.NodeName!, out var pods))
            {
                _byNode[pod.Spec.NodeName!] = pods = new(StringComparer.Ordinal);
            }

            var uid = pod.Metadata.Uid!;
            pods[uid] = pods.TryGetValue(uid, out var known)
                ? known with { EndedAt = known.EndedAt ?? ended }
                : new PodRecord
                {
                    Namespace = pod.Metadata.Namespace,
                    Name = pod.Metadata.Name,
                    Labels = pod.Metadata.Labels,
                    Requests = PodRequests.Of(pod.Spec).ToQuantities(),
                    BoundAt = pod.Status?.Conditions.Find("PodScheduled") is { Status: "True", LastTransitionTime: { } bound } ? bound : time.GetUtcNow(),
                    EndedAt = ended,
                };
        }
    }

    /// <summary>Pods of a node by uid.</summary>
    public IReadOnlyDictionary<string, PodRecord> On(string node)
    {
        lock (_lock)
        {
            return _byNode.TryGetValue(node, out var pods) ? new Dictionary<string, PodRecord>(pods, StringComparer.Ordinal) : new Dictionary<string, PodRecord>(StringComparer.Ordinal);
        }
    }

    /// <summary>The node is gone and written down.</summary>
    public void Forget(string node)
    {
        lock (_lock)
        {
            _byNode.Remove(node);
        }
    }

    /// <summary>These pods have ended and are written down.</summary>
    public void Forget(string node, IEnumerable<string> uids)
    {
        lock (_lock)
        {
            if (_byNode.TryGetValue(node, out var pods))
            {
                foreach (var uid in uids)
                {
                    pods.Remove(uid);
                }
            }
        }
    }

    /// <summary>When the last container ended.</summary>
    private static DateTimeOffset? FinishedAt(Pod pod) =>
        pod.IsFinished() ? pod.Status?.ContainerStatuses?.Select(s => s.State?.Terminated?.FinishedAt).Max() : null;
}
