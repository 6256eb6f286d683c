using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Hearth.Kube.Client;
using Hearth.Kube.Core;
using Hearth.Kube.Events;
using Hearth.Kube.Objects;
using Hearth.Scheduling.ClusterAutoscaler;

namespace Hearth.Cluster.Controllers.Autoscaler;

/// <summary>
/// The ConfigMap <c>kube-system/cluster-autoscaler-status</c>, in the YAML of upstream since 1.30, and the events about it. It is written when something in it has
/// changed; the times of upstream's probes, which change with every look, are left out.
/// </summary>
internal sealed class AutoscalerStatus(IKubeClient client, TimeProvider time)
{
    /// <summary>Where the autoscaler lives.</summary>
    public const string Namespace = "kube-system";

    private const string Name = "cluster-autoscaler-status";
    private static readonly ObjectReference About = new() { ApiVersion = "v1", Kind = "ConfigMap", Namespace = Namespace, Name = Name };
    private readonly EventRecorder _events = new(client, NodeGroupAutoscaler.Component, null, time);
    private string _written = "";

    /// <summary>Records an event about the whole.</summary>
    public Task SayAsync(string reason, string message, CancellationToken ct, bool warning = false) => _events.RecordAsync(About, new EventText(reason, message, warning), ct);

    /// <summary>Writes the status if it has changed.</summary>
    public async Task WriteAsync(IReadOnlyList<GroupState> groups, int candidates, bool grew, CancellationToken ct)
    {
        var text = Text(groups, candidates, grew);
        if (text == _written)
        {
            return;
        }

        var now = time.GetUtcNow().ToString("yyyy-MM-dd HH:mm:ss.fffffff' +0000 UTC'", CultureInfo.InvariantCulture);
        var data = new JsonObject { ["status"] = $"time: {now}\n{text}" };
        var annotations = new JsonObject { ["cluster-autoscaler.kubernetes.io/last-updated"] = now };
        try
        {
            var patch = new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = annotations.DeepClone() }, ["data"] = data.DeepClone() };
            await client.PatchAsync(new ObjectRef(ConfigMap.Type, Namespace, Name), KubePatch.Merge(patch), ct).ConfigureAwait(false);
        }
        catch (KubeException e) when (e.IsNotFound)
        {
            await client.CreateAsync(
                ConfigMap.Type, Namespace, new JsonObject { ["metadata"] = new JsonObject { ["name"] = Name, ["namespace"] = Namespace, ["annotations"] = annotations }, ["data"] = data }, ct).ConfigureAwait(false);
        }

        _written = text;
    }

    /// <summary>The text, but for its time.</summary>
    internal static string Text(IReadOnlyList<GroupState> groups, int candidates, bool grew)
    {
        var present = groups.Sum(g => g.Present);
        var growing = grew || groups.Any(g => g.Present < g.Target);
        var text = new StringBuilder("autoscalerStatus: Running\nclusterWide:\n");
        text.Append(CultureInfo.InvariantCulture, $"  health:\n    status: Healthy\n    nodeCounts:\n      registered:\n        total: {present}\n        ready: {present}\n        notStarted: 0\n      longUnregistered: 0\n      unregistered: 0\n");
        text.Append(CultureInfo.InvariantCulture, $"  scaleUp:\n    status: {(growing ? "InProgress" : "NoActivity")}\n");
        text.Append(CultureInfo.InvariantCulture, $"  scaleDown:\n    status: {(candidates > 0 ? "CandidatesPresent" : "NoCandidates")}\n    candidates: {candidates}\nnodeGroups:\n");
        foreach (var group in groups.OrderBy(g => g.Name, StringComparer.Ordinal))
        {
            text.Append(CultureInfo.InvariantCulture, $"- name: {group.Name}\n  health:\n    status: Healthy\n    nodeCounts:\n      registered:\n        total: {group.Present}\n        ready: {group.Present}\n");
            text.Append(CultureInfo.InvariantCulture, $"    cloudProviderTarget: {group.Target}\n    minSize: {group.Min}\n    maxSize: {group.Max}\n");
            text.Append(CultureInfo.InvariantCulture, $"  scaleUp:\n    status: {(group.Backoff is not null ? "Backoff" : group.Present < group.Target ? "InProgress" : "NoActivity")}\n");
            if (group.Backoff is { } error)
            {
                text.Append(CultureInfo.InvariantCulture, $"    backoffInfo:\n      errorCode: {error.Code}\n      errorMessage: {error.Message}\n");
            }
        }

        return text.ToString();
    }
}
