using System.Globalization;
using System.Text.Json.Nodes;
using Hearth.Cluster.Controllers.Jobs;
using Hearth.Kube.Client;
using Hearth.Kube.Core;
using Hearth.Kube.Events;
using Hearth.Kube.Informers;
using Hearth.Kube.Objects;
using Microsoft.Extensions.Logging;

namespace Hearth.Cluster.Controllers.Workloads;

/// <summary>Keeps as many pods of a replica set as it asks for. Pods without an owner are not adopted.</summary>
public sealed class ReplicaSetController : PodOwnerController<ReplicaSet, OwnedPods>
{
    private const string DeletionCost = "controller.kubernetes.io/pod-deletion-cost";

    /// <summary>Subscribes to the informers; <see cref="PodOwnerController{TOwner,TBook}.RunAsync"/> starts.</summary>
    public ReplicaSetController(IKubeClient client, ClusterInformers informers, Informer<ReplicaSet> sets, TimeProvider time, ILogger logger)
        : base("replicaset-controller", client, informers, sets, time, logger)
    {
    }

    /// <inheritdoc/>
    protected override async Task<TimeSpan?> ReconcileAsync(ReplicaSet owner, OwnedPods book, CancellationToken ct)
    {
        var (set, own) = (owner, book);
        var (pods, coming) = own.Look();
        var active = pods.Where(p => !p.IsFinished() && !p.Metadata.IsDeleting()).ToArray();
        var missing = (set.Spec?.Replicas ?? 1) - active.Length - coming.Count;
        for (; missing > 0; missing--)
        {
            await CreateAsync(set, own, ct).ConfigureAwait(false);
        }

        foreach (var pod in InOrderOfLoss(active).Take(-missing))
        {
            await DeleteAsync(set, own, pod, ct).ConfigureAwait(false);
        }

        return await WriteAsync(set, active, ct).ConfigureAwait(false);
    }

    private Task CreateAsync(ReplicaSet set, OwnedPods own, CancellationToken ct)
    {
        var name = $"{set.Metadata.Name}-{JobPods.Suffix()}";
        own.Expect(name);
        return CreateAsync(set, own, PodTemplates.Pod(set.Spec?.Template, ReplicaSet.Type, set.Metadata, name), ct);
    }

    private async Task DeleteAsync(ReplicaSet set, OwnedPods own, Pod pod, CancellationToken ct)
    {
        own.ExpectGone(pod.Metadata.Uid!);
        try
        {
            await Client.DeleteIfExistsAsync(pod.Ref(), new DeleteOptions { Uid = pod.Metadata.Uid }, ct).ConfigureAwait(false);
        }
        catch (KubeException)
        {
            own.UnexpectGone(pod.Metadata.Uid!);
            throw;
        }

        await Events.RecordAsync(set, new EventText("SuccessfulDelete", $"Deleted pod: {pod.Metadata.Name}"), ct).ConfigureAwait(false);
    }

    /// <summary>Which pods go first: without a node, not ready, cheap to lose, together with others of the set on one node, young (upstream's ActivePodsWithRanks).</summary>
    internal static IEnumerable<Pod> InOrderOfLoss(IReadOnlyCollection<Pod> pods)
    {
        var together = pods.CountBy(p => p.Spec?.NodeName ?? "").ToDictionary(StringComparer.Ordinal);
        return pods
            .OrderBy(p => !string.IsNullOrEmpty(p.Spec?.NodeName))
            .ThenBy(p => p.Status?.Phase == "Running")
            .ThenBy(PodTemplates.IsReady)
            .ThenBy(p => int.TryParse(p.Metadata.Annotation(DeletionCost), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var cost) ? cost : 0)
            .ThenByDescending(p => together[p.Spec?.NodeName ?? ""])
            .ThenByDescending(p => PodTemplates.ReadySince(p))
            .ThenByDescending(p => p.Metadata.CreationTimestamp)
            .ThenBy(p => p.Metadata.Name, StringComparer.Ordinal);
    }

    private async Task<TimeSpan?> WriteAsync(ReplicaSet set, Pod[] active, CancellationToken ct)
    {
        var now = Time.GetUtcNow();
        var wait = set.Spec?.MinReadySeconds ?? 0;
        var status = new ReplicaSetStatus
        {
            Replicas = active.Length, FullyLabeledReplicas = active.Length, ReadyReplicas = active.Count(PodTemplates.IsReady),
            AvailableReplicas = active.Count(p => PodTemplates.IsAvailable(p, wait, now)), ObservedGeneration = set.Metadata.Generation,
        };
        if (status != set.Status)
        {
            await Client.PatchStatusAsync(set, KubeJson.Write(set with { Status = status })["status"]!.DeepClone().AsObject(), ct).ConfigureAwait(false);
        }

        return status.AvailableReplicas < status.ReadyReplicas ? TimeSpan.FromSeconds(wait) : null;
    }
}
