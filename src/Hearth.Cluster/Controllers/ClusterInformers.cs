using Hearth.Kube.Client;
using Hearth.Kube.Core;
using Hearth.Kube.Informers;
using Hearth.Kube.Objects;
using Hearth.Scheduling.Karpenter;

namespace Hearth.Cluster.Controllers;

/// <summary>The local copies that the controllers share: one watch a kind, however many look at it. Subscribe before <see cref="RunAsync"/>.</summary>
public sealed class ClusterInformers(IKubeClient client, TimeProvider time)
{
    public Informer<Pod> Pods { get; } = new(client, time: time);
    public Informer<Node> Nodes { get; } = new(client, time: time);
    public Informer<Namespace> Namespaces { get; } = new(client, time: time);
    public Informer<ServiceAccount> ServiceAccounts { get; } = new(client, time: time);
    public Informer<PersistentVolumeClaim> Claims { get; } = new(client, time: time);
    public Informer<PersistentVolume> Volumes { get; } = new(client, time: time);
    public Informer<StorageClass> StorageClasses { get; } = new(client, time: time);
    public Informer<PodDisruptionBudget> PodBudgets { get; } = new(client, time: time);
    public Informer<Job> Jobs { get; } = new(client, time: time);
    public Informer<StatefulSet> StatefulSets { get; } = new(client, time: time);
    public Informer<DaemonSet> DaemonSets { get; } = new(client, time: time);
    public Informer<NodePool> NodePools { get; } = new(client, time: time);
    public Informer<NodeClaim> NodeClaims { get; } = new(client, time: time);
    public Informer<Ec2NodeClass> NodeClasses { get; } = new(client, time: time);

    /// <summary>Completes when every copy has had its first list.</summary>
    public Task Synced => Task.WhenAll(
        Pods.Synced, Nodes.Synced, Namespaces.Synced, ServiceAccounts.Synced, Claims.Synced, Volumes.Synced, StorageClasses.Synced,
        PodBudgets.Synced, Jobs.Synced, StatefulSets.Synced, DaemonSets.Synced, NodePools.Synced, NodeClaims.Synced, NodeClasses.Synced);

    /// <summary>Keeps all copies current until cancelled.</summary>
    public Task RunAsync(CancellationToken ct) => Task.WhenAll(
        Pods.RunAsync(ct), Nodes.RunAsync(ct), Namespaces.RunAsync(ct), ServiceAccounts.RunAsync(ct), Claims.RunAsync(ct), Volumes.RunAsync(ct),
        StorageClasses.RunAsync(ct), PodBudgets.RunAsync(ct), Jobs.RunAsync(ct), StatefulSets.RunAsync(ct), DaemonSets.RunAsync(ct), NodePools.RunAsync(ct), NodeClaims.RunAsync(ct), NodeClasses.RunAsync(ct));
}

/// <summary>Questions about objects that several controllers ask.</summary>
internal static class ObjectQuestions
{
    public static string Key(this ObjectMeta meta) => string.IsNullOrEmpty(meta.Namespace) ? meta.Name! : $"{meta.Namespace}/{meta.Name}";

    public static bool IsDeleting(this ObjectMeta meta) => meta.DeletionTimestamp is not null;

    /// <summary>Succeeded or Failed: it holds nothing any more.</summary>
    public static bool IsFinished(this Pod pod) => pod.Status?.Phase is "Succeeded" or "Failed";

    public static bool IsOwnedBy(this ObjectMeta meta, string kind) =>
        meta.OwnerReferences?.Any(o => string.Equals(o.Kind, kind, StringComparison.Ordinal)) == true;

    public static Condition? Find(this IReadOnlyList<Condition>? conditions, string type) =>
        conditions?.FirstOrDefault(c => string.Equals(c.Type, type, StringComparison.Ordinal));

    public static bool IsTrue(this IReadOnlyList<Condition>? conditions, string type) => conditions.Find(type)?.Status == "True";
}
