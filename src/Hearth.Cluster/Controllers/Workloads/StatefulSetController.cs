using System.Globalization;
using System.Text.Json.Nodes;
using Hearth.Kube.Client;
using Hearth.Kube.Core;
using Hearth.Kube.Events;
using Hearth.Kube.Informers;
using Hearth.Kube.Objects;
using Microsoft.Extensions.Logging;

namespace Hearth.Cluster.Controllers.Workloads;

/// <summary>
/// Keeps the pods of stateful sets, with their names, their claims and their order. ControllerRevision objects are not kept: a rollback is an apply of the older template.
/// </summary>
public sealed class StatefulSetController : PodOwnerController<StatefulSet, OwnedPods>
{
    /// <summary>Subscribes to the informers; <see cref="PodOwnerController{TOwner,TBook}.RunAsync"/> starts.</summary>
    public StatefulSetController(IKubeClient client, ClusterInformers informers, TimeProvider time, ILogger logger)
        : base("statefulset-controller", client, informers, informers.StatefulSets, time, logger)
    {
    }

    /// <inheritdoc/>
    protected override string Created(StatefulSet owner, string pod, string? problem) =>
        $"create Pod {pod} in StatefulSet {owner.Metadata.Name} {(problem is null ? "successful" : $"failed error: {problem}")}";

    /// <inheritdoc/>
    protected override async Task<TimeSpan?> ReconcileAsync(StatefulSet owner, OwnedPods book, CancellationToken ct)
    {
        var set = owner;
        var (name, own, now) = (set.Metadata.Name!, book, Time.GetUtcNow());
        var (seen, coming) = own.Look();
        var pods = seen.Where(p => StatefulSetPlan.Ordinal(name, p.Metadata.Name!) is not null).ToDictionary(p => StatefulSetPlan.Ordinal(name, p.Metadata.Name!)!.Value);
        var revision = PodTemplates.Hash(set.Spec?.Template);
        var step = StatefulSetPlan.Next(set, pods, coming.Select(c => StatefulSetPlan.Ordinal(name, c) ?? -1).ToHashSet(), revision, now);
        foreach (var ordinal in step.Create)
        {
            await CreateAsync(set, own, ordinal, revision, ct).ConfigureAwait(false);
        }

        foreach (var pod in step.Delete)
        {
            await Client.DeleteIfExistsAsync(pod.Ref(), new DeleteOptions { Uid = pod.Metadata.Uid }, ct).ConfigureAwait(false);
            await Events.RecordAsync(set, new EventText("SuccessfulDelete", $"delete Pod {pod.Metadata.Name} in StatefulSet {name} successful"), ct).ConfigureAwait(false);
        }

        return await WriteAsync(set, [.. pods.Values], revision, now, ct).ConfigureAwait(false);
    }

    private async Task CreateAsync(StatefulSet set, OwnedPods own, int ordinal, string revision, CancellationToken ct)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{set.Metadata.Name}-{ordinal}");
        var pod = PodTemplates.Pod(set.Spec?.Template, StatefulSet.Type, set.Metadata, name);
        PodTemplates.Label(pod, "statefulset.kubernetes.io/pod-name", name);
        PodTemplates.Label(pod, "apps.kubernetes.io/pod-index", ordinal.ToString(CultureInfo.InvariantCulture));
        PodTemplates.Label(pod, StatefulSetPlan.RevisionLabel, revision);
        if (pod["spec"] is JsonObject spec)
        {
            spec["hostname"] = name;
            spec["subdomain"] = set.Spec?.ServiceName;
            await ClaimAsync(set, spec, name, ct).ConfigureAwait(false);
        }

        own.Expect(name);
        await CreateAsync(set, own, pod, ct).ConfigureAwait(false);
    }

    /// <summary>The pod's own claims: made once, kept when the pod or the set goes.</summary>
    private async Task ClaimAsync(StatefulSet set, JsonObject spec, string pod, CancellationToken ct)
    {
        var volumes = spec["volumes"] as JsonArray ?? [];
        spec["volumes"] = volumes.Parent is null ? volumes : volumes.DeepClone();
        volumes = (JsonArray)spec["volumes"]!;
        foreach (var template in set.Spec?.VolumeClaimTemplates ?? [])
        {
            var volume = template["metadata"]?["name"]?.GetValue<string>() ?? "";
            var name = $"{volume}-{pod}";
            foreach (var known in volumes.Where(v => v?["name"]?.GetValue<string>() == volume).ToArray())
            {
                volumes.Remove(known);
            }

            volumes.Add(new JsonObject { ["name"] = volume, ["persistentVolumeClaim"] = new JsonObject { ["claimName"] = name } });
            if (await Client.FindAsync<PersistentVolumeClaim>(set.Metadata.Namespace, name, ct).ConfigureAwait(false) is null)
            {
                var claim = (JsonObject)template.DeepClone();
                claim.Remove("status");
                var metadata = PodTemplates.Metadata(claim);
                (metadata["name"], metadata["namespace"]) = (name, set.Metadata.Namespace);
                foreach (var (label, value) in set.Spec?.Selector?.MatchLabels ?? new Dictionary<string, string>(StringComparer.Ordinal))
                {
                    PodTemplates.Label(claim, label, value);
                }

                await Client.CreateAsync(PersistentVolumeClaim.Type, set.Metadata.Namespace, claim, ct).ConfigureAwait(false);
                await Events.RecordAsync(
                    set, new EventText("SuccessfulCreate", $"create Claim {name} Pod {pod} in StatefulSet {set.Metadata.Name} success"), ct).ConfigureAwait(false);
            }
        }

        if (volumes.Count == 0)
        {
            spec.Remove("volumes");
        }
    }

    private async Task<TimeSpan?> WriteAsync(StatefulSet set, IReadOnlyList<Pod> pods, string revision, DateTimeOffset now, CancellationToken ct)
    {
        var wait = set.Spec?.MinReadySeconds ?? 0;
        var active = pods.Where(p => !p.IsFinished()).ToArray();
        var updated = active.Count(p => p.Metadata.Label(StatefulSetPlan.RevisionLabel) == revision);
        var all = updated == active.Length && active.Length == (set.Spec?.Replicas ?? 1);
        var current = all || set.Status?.CurrentRevision is null ? revision : set.Status.CurrentRevision;
        var status = new StatefulSetStatus
        {
            Replicas = active.Length, ReadyReplicas = active.Count(PodTemplates.IsReady), AvailableReplicas = active.Count(p => PodTemplates.IsAvailable(p, wait, now)),
            CurrentReplicas = active.Count(p => p.Metadata.Label(StatefulSetPlan.RevisionLabel) == current), UpdatedReplicas = updated,
            CurrentRevision = current, UpdateRevision = revision, ObservedGeneration = set.Metadata.Generation,
        };
        if (status != set.Status)
        {
            await Client.PatchStatusAsync(set, KubeJson.Write(set with { Status = status })["status"]!.DeepClone().AsObject(), ct).ConfigureAwait(false);
        }

        return status.AvailableReplicas < status.ReadyReplicas ? TimeSpan.FromSeconds(wait) : null;
    }
}
