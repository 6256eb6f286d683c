using System.Text.Json.Nodes;
using Hearth.Cluster.Controllers.Provisioning;
using Hearth.Kube.Objects;
using Hearth.Scheduling.Pricing;

namespace Hearth.Cluster.Controllers.Ledger;

/// <summary>The difference between what a record says of its pods and what has been seen. Pure.</summary>
internal static class PodChanges
{
    /// <summary>A merge patch of the status that touches only what changed, or null.</summary>
    /// <param name="status">What is written.</param>
    /// <param name="seen">Pods by uid.</param>
    /// <param name="limit">Finished pods beyond this are dropped, oldest first.</param>
    public static JsonObject? Between(NodeRecordStatus? status, IReadOnlyDictionary<string, PodRecord> seen, int limit)
    {
        var written = status?.Pods ?? new Dictionary<string, PodRecord>(StringComparer.Ordinal);
        var pods = new JsonObject();
        foreach (var (uid, pod) in seen)
        {
            if (!written.TryGetValue(uid, out var known))
            {
                pods[uid] = New(pod);
            }
            else if (known.EndedAt is null && pod.EndedAt is { } ended)
            {
                pods[uid] = new JsonObject { ["endedAt"] = KubeTimeConverter.ToText(ended) };
            }
        }

        var dropped = Drop(written, seen, pods, limit);
        if (pods.Count == 0)
        {
            return null;
        }

        var patch = new JsonObject { ["pods"] = pods };
        if (dropped > 0)
        {
            patch["droppedPods"] = (status?.DroppedPods ?? 0) + dropped;
        }

        return patch;
    }

    private static int Drop(IReadOnlyDictionary<string, PodRecord> written, IReadOnlyDictionary<string, PodRecord> seen, JsonObject pods, int limit)
    {
        var excess = written.Count + pods.Count(p => !written.ContainsKey(p.Key)) - limit;
        if (excess <= 0)
        {
            return 0;
        }

        var oldest = written.Where(w => w.Value.EndedAt is not null && !pods.ContainsKey(w.Key))
            .OrderBy(w => w.Value.EndedAt).ThenBy(w => w.Key, StringComparer.Ordinal).Take(excess).ToArray();
        foreach (var (uid, _) in oldest.Where(o => !seen.ContainsKey(o.Key) || seen[o.Key].EndedAt is not null))
        {
            pods[uid] = null;
        }

        return oldest.Length;
    }

    private static JsonObject New(PodRecord pod)
    {
        var json = new JsonObject
        {
            ["namespace"] = pod.Namespace,
            ["name"] = pod.Name,
            ["labels"] = NodeClaimPatches.Map(pod.Labels ?? new Dictionary<string, string>()),
            ["requests"] = NodeClaimPatches.Map(pod.Requests ?? new Dictionary<string, Kube.Quantities.Quantity>()),
            ["boundAt"] = KubeTimeConverter.ToText(pod.BoundAt!.Value),
        };
        if (pod.EndedAt is { } ended)
        {
            json["endedAt"] = KubeTimeConverter.ToText(ended);
        }

        return json;
    }
}
