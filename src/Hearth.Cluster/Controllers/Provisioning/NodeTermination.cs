using System.Globalization;
using System.Text.Json.Nodes;
using Hearth.Kube.Client;
using Hearth.Kube.Core;
using Hearth.Kube.Events;
using Hearth.Kube.Objects;
using Hearth.Scheduling.Disruption;
using Hearth.Scheduling.Fit;
using Hearth.Scheduling.Karpenter;
using Microsoft.Extensions.Logging;

namespace Hearth.Cluster.Controllers.Provisioning;

/// <summary>
/// Ends a claim that is being deleted: its node is tainted, drained through the eviction API, deleted, then the claim's finalizer is dropped. A termination grace
/// period bounds the drain; without one a pod that may not be disrupted holds it for ever, as on AWS.
/// </summary>
internal sealed partial class NodeTermination(IKubeClient client, ClusterInformers informers, EventRecorder events, KarpenterMetrics metrics, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);
    private static readonly Taint Disrupted = new() { Key = KarpenterLabels.DisruptedTaint, Effect = Taints.NoSchedule };

    /// <summary>Does what can be done now; a delay asks for another look.</summary>
    public async Task<TimeSpan?> ContinueAsync(NodeClaim claim, CancellationToken ct)
    {
        foreach (var node in informers.Nodes.Items.Values.Where(n => BelongsTo(n, claim)))
        {
            await TaintAsync(node, ct).ConfigureAwait(false);
            if (!await DrainAsync(claim, node, ct).ConfigureAwait(false))
            {
                await SayDrainingAsync(claim, ct).ConfigureAwait(false);
                return LookAgain;
            }

            await RemoveAsync(node.Ref(), node.Metadata.Finalizers, delete: true, ct).ConfigureAwait(false);
            Count(claim, node);
            LogTerminated(logger, node.Metadata.Name!, claim.Metadata.Name!);
        }

        if (claim.Metadata.Finalizers?.Contains(KarpenterLabels.TerminationFinalizer) == true)
        {
            await RemoveAsync(claim.Ref(), claim.Metadata.Finalizers, delete: false, ct).ConfigureAwait(false);
            var pool = ("nodepool", claim.Metadata.Label(KarpenterLabels.NodePool) ?? "");
            metrics.Count("nodeclaims_terminated_total", pool, ("capacity_type", claim.Metadata.Label(KarpenterLabels.CapacityType) ?? ""), ("zone", claim.Metadata.Label(KarpenterLabels.Zone) ?? ""));
            metrics.Observe("nodeclaims_termination_duration_seconds", time.GetUtcNow() - (claim.Metadata.DeletionTimestamp ?? time.GetUtcNow()), pool);
            metrics.Observe("nodeclaims_instance_termination_duration_seconds", TimeSpan.Zero, pool); // a simulated instance ends at once
            metrics.Observe("cloudprovider_duration_seconds", TimeSpan.Zero, ("controller", "nodeclaim.lifecycle"), ("method", "Delete"), ("provider", "aws"));
        }

        return null;
    }

    /// <summary>The condition of a claim whose node waits for its pods to leave; what follows is done at once, and then the claim is gone.</summary>
    private async Task SayDrainingAsync(NodeClaim claim, CancellationToken ct)
    {
        if (claim.Status?.Conditions.Find("Drained") is null)
        {
            await client.PatchStatusAsync(claim, NodeClaimPatches.ConditionStatus(claim, time.GetUtcNow(), "Drained", "Unknown", "Draining", "Draining"), ct).ConfigureAwait(false);
        }
    }

    private void Count(NodeClaim claim, Node node)
    {
        var (pool, now) = (("nodepool", claim.Metadata.Label(KarpenterLabels.NodePool) ?? ""), time.GetUtcNow());
        metrics.Count("nodes_drained_total", pool);
        metrics.Count("nodes_terminated_total", pool, ("zone", claim.Metadata.Label(KarpenterLabels.Zone) ?? ""));
        metrics.Observe("nodes_termination_duration_seconds", now - (node.Metadata.DeletionTimestamp ?? claim.Metadata.DeletionTimestamp ?? now), pool);
        metrics.Observe("nodes_lifetime_duration_seconds", now - (node.Metadata.CreationTimestamp ?? now), pool);
    }

    /// <summary>Marks a node so that nothing new comes to it.</summary>
    public async Task TaintAsync(Node node, CancellationToken ct)
    {
        if (node.Spec?.Taints?.Any(t => t.Key == Disrupted.Key) == true)
        {
            return;
        }

        var taints = new JsonArray([.. (node.Spec?.Taints ?? []).Append(Disrupted).Select(t => (JsonNode)ToJson(t))]);
        var patch = new JsonObject
        {
            ["metadata"] = new JsonObject { ["labels"] = new JsonObject { ["node.kubernetes.io/exclude-from-external-load-balancers"] = "karpenter" } },
            ["spec"] = new JsonObject { ["taints"] = taints },
        };
        await client.PatchAsync(node.Ref(), KubePatch.Merge(patch), ct).ConfigureAwait(false);
    }

    /// <summary>Takes the mark off again.</summary>
    public async Task UntaintAsync(Node node, CancellationToken ct)
    {
        var taints = new JsonArray([.. (node.Spec?.Taints ?? []).Where(t => t.Key != Disrupted.Key).Select(t => (JsonNode)ToJson(t))]);
        await client.PatchAsync(node.Ref(), KubePatch.Merge(new JsonObject { ["spec"] = new JsonObject { ["taints"] = taints } }), ct).ConfigureAwait(false);
    }

    private static bool BelongsTo(Node node, NodeClaim claim) =>
        node.Metadata.OwnerReferences?.Any(o => o.Uid == claim.Metadata.Uid) == true
        || (claim.Status?.ProviderID is { } instance && node.Spec?.ProviderID == instance);

    private static JsonObject ToJson(Taint taint)
    {
        var json = new JsonObject { ["key"] = taint.Key, ["effect"] = taint.Effect };
        if (!string.IsNullOrEmpty(taint.Value))
        {
            json["value"] = taint.Value;
        }

        return json;
    }

    /// <summary>Whether the node is free of pods that have to leave it.</summary>
    private async Task<bool> DrainAsync(NodeClaim claim, Node node, CancellationToken ct)
    {
        var pods = informers.Pods.Items.Values.Where(p => p.Spec?.NodeName == node.Metadata.Name && MustLeave(p)).ToArray();
        var deadline = await DeadlineAsync(claim, ct).ConfigureAwait(false);
        var first = pods.Length == 0 ? 0 : pods.Min(Tier);
        foreach (var pod in pods.Where(p => !p.Metadata.IsDeleting() && (Tier(p) == first || deadline is not null)))
        {
            if (deadline is { } end && time.GetUtcNow() >= end - TimeSpan.FromSeconds(pod.Spec?.TerminationGracePeriodSeconds ?? 30))
            {
                await client.DeleteIfExistsAsync(pod.Ref(), DeleteOptions.Default, ct).ConfigureAwait(false);
            }
            else if (Tier(pod) == first && !PodBlocks.IsProtected(pod, time.GetUtcNow()))
            {
                await EvictAsync(pod, ct).ConfigureAwait(false);
            }
        }

        return pods.Length == 0 || InstanceEnds(claim) <= time.GetUtcNow() || (deadline is { } last && time.GetUtcNow() >= last);
    }

    /// <summary>When draining ends whatever is left: the claim's grace period after its deletion, written down once for people to see.</summary>
    private async Task<DateTimeOffset?> DeadlineAsync(NodeClaim claim, CancellationToken ct)
    {
        if (claim.Spec?.TerminationGracePeriod is not { } text || KarpenterDuration.Parse(text) is not { } grace || claim.Metadata.DeletionTimestamp is not { } deleted)
        {
            return null;
        }

        var end = deleted + grace;
        if (claim.Metadata.Annotation(KarpenterLabels.TerminationTimestamp) is null)
        {
            var annotations = new JsonObject { [KarpenterLabels.TerminationTimestamp] = KubeTimeConverter.ToText(end) };
            await client.PatchAsync(claim.Ref(), KubePatch.Merge(new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = annotations } }), ct).ConfigureAwait(false);
            await events.RecordAsync(claim, new EventText("TerminationGracePeriodExpiring", $"All pods will be deleted by {KubeTimeConverter.ToText(end)}", Warning: true), ct).ConfigureAwait(false);
        }

        return end;
    }

    /// <summary>When the cloud takes the instance back, or null: then the node is gone with what is on it.</summary>
    private static DateTimeOffset? InstanceEnds(NodeClaim claim) =>
        DateTimeOffset.TryParse(claim.Metadata.Annotation(KarpenterLabels.InstanceEnds), CultureInfo.InvariantCulture, out var end) ? end : null;

    /// <summary>Ordinary pods first, then daemons, then critical pods: a daemon may serve those that leave.</summary>
    private static int Tier(Pod pod) =>
        (pod.Spec?.PriorityClassName is "system-cluster-critical" or "system-node-critical" ? 2 : 0) + (pod.Metadata.IsOwnedBy("DaemonSet") ? 1 : 0);

    private static bool MustLeave(Pod pod) =>
        !pod.IsFinished() && !pod.Metadata.IsOwnedBy("Node") && !Taints.Tolerated(Disrupted, pod.Spec?.Tolerations ?? []);

    private async Task EvictAsync(Pod pod, CancellationToken ct)
    {
        var body = new JsonObject
        {
            ["apiVersion"] = "policy/v1",
            ["kind"] = "Eviction",
            ["metadata"] = new JsonObject { ["name"] = pod.Metadata.Name, ["namespace"] = pod.Metadata.Namespace },
        };
        try
        {
            await client.PostAsync(pod.Ref(), "eviction", body, ct).ConfigureAwait(false);
            metrics.Count("pods_eviction_requests_total", ("code", "200"));
            await events.RecordAsync(pod, new EventText("Evicted", "Evicted pod: node is being terminated"), ct).ConfigureAwait(false);
        }
        catch (KubeException e) when (e.Code is 429)
        {
            metrics.Count("pods_eviction_requests_total", ("code", "429"));
            await events.RecordAsync(pod, new EventText("FailedDraining", $"Failed to drain node: {e.Message}", Warning: true), ct).ConfigureAwait(false);
        }
        catch (KubeException e) when (e.IsNotFound)
        {
            // It has left already.
        }
    }

    private async Task RemoveAsync(ObjectRef target, IReadOnlyList<string>? finalizers, bool delete, CancellationToken ct)
    {
        var kept = (finalizers ?? []).Where(f => f != KarpenterLabels.TerminationFinalizer).Select(f => (JsonNode)f).ToArray();
        var patch = new JsonObject { ["metadata"] = new JsonObject { ["finalizers"] = new JsonArray(kept) } };
        try
        {
            if (delete)
            {
                await client.DeleteIfExistsAsync(target, DeleteOptions.Default, ct).ConfigureAwait(false);
            }

            await client.PatchAsync(target, KubePatch.Merge(patch), ct).ConfigureAwait(false);
        }
        catch (KubeException e) when (e.IsNotFound)
        {
            // Gone already.
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "node {Node} of nodeclaim {Claim} is terminated")]
    private static partial void LogTerminated(ILogger logger, string node, string claim);
}
