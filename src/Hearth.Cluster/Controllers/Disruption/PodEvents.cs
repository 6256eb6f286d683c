using System.Collections.Concurrent;
using Hearth.Kube.Client;
using Hearth.Kube.Core;

namespace Hearth.Cluster.Controllers.Disruption;

/// <summary>When a pod last came to a node or left it: binding, end, start of deletion. Pods of DaemonSets and of the node itself do not count.</summary>
internal sealed class PodEvents(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, string> _phases = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, DateTimeOffset> _last = new(StringComparer.Ordinal);

    /// <summary>Takes note of a change; true when it was such an event.</summary>
    public bool See(WatchEventType type, Pod pod)
    {
        if (pod.Spec?.NodeName is not { Length: > 0 } node || pod.Metadata.IsOwnedBy("DaemonSet") || pod.Metadata.IsOwnedBy("Node"))
        {
            return false;
        }

        var uid = pod.Metadata.Uid ?? pod.Metadata.Key();
        var phase = type == WatchEventType.Deleted ? "gone" : pod.IsFinished() ? "finished" : pod.Metadata.IsDeleting() ? "leaving" : "here";
        var known = _phases.GetValueOrDefault(uid);
        if (type == WatchEventType.Deleted)
        {
            _phases.TryRemove(uid, out _);
        }
        else
        {
            _phases[uid] = phase;
        }

        if (known == phase || (phase == "gone" && known is "finished"))
        {
            return false;
        }

        _last[node] = time.GetUtcNow();
        return true;
    }

    /// <summary>The last event on a node, or null when none has been seen.</summary>
    public DateTimeOffset? Last(string node) => _last.TryGetValue(node, out var at) ? at : null;

    /// <summary>The node is gone.</summary>
    public void Forget(string node) => _last.TryRemove(node, out _);
}
