using System.Globalization;
using System.Text.Json.Nodes;
using Hearth.Cluster.Controllers.NodeGroups;
using Hearth.Kube.Client;
using Hearth.Kube.Core;
using Hearth.Kube.Events;
using Hearth.Kube.Objects;
using Hearth.Scheduling.ClusterAutoscaler;
using Hearth.Scheduling.Fit;
using Hearth.Scheduling.Karpenter;
using Microsoft.Extensions.Logging;

namespace Hearth.Cluster.Controllers.Autoscaler;

/// <summary>
/// Removes nodes: taints them (<c>ToBeDeletedByClusterAutoscaler</c>), evicts their pods through the eviction API, lowers the group's size, deletes the node. A node
/// whose pods may not leave in time keeps its place and loses its taint.
/// </summary>
internal sealed partial class NodeRemovals(
    IKubeClient client, GroupSizes sizes, AutoscalerSettings settings, EventRecorder events, AutoscalerStatus status, TimeProvider time, ILogger logger)
{
    /// <summary>Taint of nodes that are going.</summary>
    public const string Taint = "ToBeDeletedByClusterAutoscaler";

    private readonly Dictionary<string, Leaving> _leaving = new(StringComparer.Ordinal);

    /// <summary>Gone, but perhaps still in a copy that is behind.</summary>
    private readonly HashSet<string> _removed = new(StringComparer.Ordinal);

    private sealed record Leaving(DateTimeOffset Since, bool Drains)
    {
        public HashSet<string> Told { get; } = new(StringComparer.Ordinal);
    }

    /// <summary>Whether a node is on its way out, or gone.</summary>
    public bool IsLeaving(string node) => _leaving.ContainsKey(node) || _removed.Contains(node);

    /// <summary>Whether a node with pods is on its way out.</summary>
    public bool IsDraining => _leaving.Values.Any(l => l.Drains);

    /// <summary>Takes off the taints of a process that ended before it was done.</summary>
    public async Task CleanUpAsync(IEnumerable<Node> nodes, CancellationToken ct)
    {
        foreach (var node in nodes.Where(n => n.Spec?.Taints?.Any(t => t.Key == Taint) == true))
        {
            await UntaintAsync(node.Metadata.Name!, ct).ConfigureAwait(false);
        }
    }

    /// <summary>Begins: from now on nothing new comes to the node.</summary>
    public async Task StartAsync(NodeRemoval removal, CancellationToken ct)
    {
        var node = removal.Node.Node;
        var name = node.Metadata.Name!;
        var now = time.GetUtcNow();
        var mark = new Taint { Key = Taint, Value = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture), Effect = Taints.NoSchedule };
        await PatchTaintsAsync(name, t => [.. t.Where(o => o.Key != Taint), mark], ct).ConfigureAwait(false);
        _leaving[name] = new Leaving(now, removal.Moving.Count > 0);
        var pods = string.Join(',', removal.Moving.Select(p => p.Metadata.Name));
        await status.SayAsync(
            removal.Moving.Count == 0 ? "ScaleDownEmpty" : "ScaleDown",
            removal.Moving.Count == 0
                ? $"Scale-down: removing empty node \"{name}\""
                : string.Create(CultureInfo.InvariantCulture, $"Scale-down: removing node {name}, utilization: {removal.Utilization:0.00}, pods to reschedule: {pods}"),
            ct).ConfigureAwait(false);
        await events.RecordAsync(node, new EventText("ScaleDown", "marked the node as toBeDeleted/unschedulable"), ct).ConfigureAwait(false);
    }

    /// <summary>Goes on with what has begun: as far as it can be done now.</summary>
    public async Task ContinueAsync(AutoscalerSnapshot snapshot, CancellationToken ct)
    {
        _removed.RemoveWhere(n => snapshot.Cluster.Find(n) is null);
        foreach (var (name, leaving) in _leaving.ToArray())
        {
            var node = await FindAsync(name, ct).ConfigureAwait(false);
            if (node is null)
            {
                _leaving.Remove(name);
                continue;
            }

            // From the API and not from a copy: a pod may have been bound while the taint was on its way.
            var here = await client.ListAsync<Pod>(null, new ListOptions { FieldSelector = $"spec.nodeName={name}" }, ct).ConfigureAwait(false);
            var pods = here.Where(p => !p.IsFinished() && (DrainRules.Moves(p) || p.Metadata.IsDeleting())).ToArray();
            var waited = time.GetUtcNow() - leaving.Since;
            if (pods.Select(p => DrainRules.Blocks(p, settings.Options, snapshot.Budgets()) is { } why && why != "NotEnoughPdb" ? $"{p.Metadata.Key()}: {why}" : null).FirstOrDefault(w => w is not null) is { } blocked)
            {
                await GiveUpAsync(node, blocked, ct).ConfigureAwait(false);
            }
            else if (pods.Length == 0 || waited > settings.MaxTermination)
            {
                await FinishAsync(node, ct).ConfigureAwait(false);
            }
            else if (!await EvictAsync(pods, leaving, ct).ConfigureAwait(false) && waited > settings.MaxEvictionTime)
            {
                await GiveUpAsync(node, "its pods could not be evicted in time", ct).ConfigureAwait(false);
            }
        }
    }

    /// <summary>True when every pod has been told to leave.</summary>
    private async Task<bool> EvictAsync(Pod[] pods, Leaving leaving, CancellationToken ct)
    {
        var all = true;
        foreach (var pod in pods.Where(p => !p.Metadata.IsDeleting() && !leaving.Told.Contains(p.Metadata.Uid ?? p.Metadata.Key())))
        {
            var body = new JsonObject
            {
                ["apiVersion"] = "policy/v1", ["kind"] = "Eviction", ["metadata"] = new JsonObject { ["name"] = pod.Metadata.Name, ["namespace"] = pod.Metadata.Namespace },
            };
            try
            {
                await client.PostAsync(pod.Ref(), "eviction", body, ct).ConfigureAwait(false);
                leaving.Told.Add(pod.Metadata.Uid ?? pod.Metadata.Key());
                await events.RecordAsync(pod, new EventText("ScaleDown", "deleting pod for node scale down"), ct).ConfigureAwait(false);
            }
            catch (KubeException e) when (e.IsNotFound)
            {
                // It has left already.
            }
            catch (KubeException e) when (e.Code == 429)
            {
                all = false;
            }
        }

        return all;
    }

    /// <summary>The size first: a node that is gone before would be replaced.</summary>
    private async Task FinishAsync(Node node, CancellationToken ct)
    {
        var name = node.Metadata.Name!;
        if (node.Metadata.Label(KarpenterLabels.NodeGroup) is { } group)
        {
            await sizes.SetAsync(client, group, Math.Max(0, sizes.Of(group) - 1), ct).ConfigureAwait(false);
        }

        await client.DeleteIfExistsAsync(node.Ref(), DeleteOptions.Default, ct).ConfigureAwait(false);
        _leaving.Remove(name);
        _removed.Add(name);
        await events.RecordAsync(node, new EventText("ScaleDown", "node removed by cluster autoscaler"), ct).ConfigureAwait(false);
        LogRemoved(logger, name);
    }

    private async Task GiveUpAsync(Node node, string problem, CancellationToken ct)
    {
        _leaving.Remove(node.Metadata.Name!);
        await UntaintAsync(node.Metadata.Name!, ct).ConfigureAwait(false);
        await events.RecordAsync(node, new EventText("ScaleDownFailed", $"failed to drain the node: {problem}", Warning: true), ct).ConfigureAwait(false);
    }

    private Task UntaintAsync(string name, CancellationToken ct) => PatchTaintsAsync(name, t => [.. t.Where(o => o.Key != Taint)], ct);

    private async Task PatchTaintsAsync(string name, Func<IReadOnlyList<Taint>, IReadOnlyList<Taint>> change, CancellationToken ct)
    {
        if (await FindAsync(name, ct).ConfigureAwait(false) is not { } node)
        {
            return;
        }

        var taints = change(node.Spec?.Taints ?? []).Select(t => (JsonNode)new JsonObject { ["key"] = t.Key, ["value"] = t.Value, ["effect"] = t.Effect }).ToArray();
        var patch = new JsonObject
        {
            ["metadata"] = new JsonObject { ["resourceVersion"] = node.Metadata.ResourceVersion }, ["spec"] = new JsonObject { ["taints"] = new JsonArray(taints) },
        };
        await client.PatchAsync(node.Ref(), KubePatch.Merge(patch), ct).ConfigureAwait(false);
    }

    private async Task<Node?> FindAsync(string name, CancellationToken ct)
    {
        try
        {
            return await client.GetAsync<Node>(null, name, ct).ConfigureAwait(false);
        }
        catch (KubeException e) when (e.IsNotFound)
        {
            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "node {Node} was not needed and is removed")]
    private static partial void LogRemoved(ILogger logger, string node);
}
