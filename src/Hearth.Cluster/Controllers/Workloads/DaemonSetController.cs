using System.Collections.Concurrent;
using Hearth.Cluster.Controllers.Jobs;
using Hearth.Cluster.Controllers.Scheduler;
using Hearth.Kube.Client;
using Hearth.Kube.Core;
using Hearth.Kube.Events;
using Hearth.Kube.Objects;
using Hearth.Scheduling.Fit;
using Microsoft.Extensions.Logging;

namespace Hearth.Cluster.Controllers.Workloads;

/// <summary>Keeps a pod of each daemon set on every node that suits it. ControllerRevision objects are not kept: a rollback is an apply of the older template.</summary>
public sealed class DaemonSetController : PodOwnerController<DaemonSet, OwnedPods>
{
    private readonly ClusterInformers _informers;
    private readonly ConcurrentDictionary<string, NodeInfo> _nodes = new(StringComparer.Ordinal);

    /// <summary>Subscribes to the informers; <see cref="PodOwnerController{TOwner,TBook}.RunAsync"/> starts.</summary>
    public DaemonSetController(IKubeClient client, ClusterInformers informers, TimeProvider time, ILogger logger)
        : base("daemonset-controller", client, informers, informers.DaemonSets, time, logger)
    {
        _informers = informers;
        informers.Nodes.Changed += OnNode;
    }

    /// <inheritdoc/>
    protected override Task ReadyAsync() => _informers.Nodes.Synced;

    /// <inheritdoc/>
    protected override async Task<TimeSpan?> ReconcileAsync(DaemonSet owner, OwnedPods book, CancellationToken ct)
    {
        var (pods, _) = book.Look();
        var revision = PodTemplates.Hash(owner.Spec?.Template);
        var step = DaemonSetPlan.Next(
            owner, [.. _nodes.Values], pods, book.PlacesOfComing(), revision, Time.GetUtcNow());
        foreach (var node in step.Create)
        {
            await CreateAsync(owner, book, node, revision, ct).ConfigureAwait(false);
        }

        foreach (var pod in step.Delete)
        {
            await Client.DeleteIfExistsAsync(pod.Ref(), new DeleteOptions { Uid = pod.Metadata.Uid }, ct).ConfigureAwait(false);
            await Events.RecordAsync(owner, new EventText("SuccessfulDelete", $"Deleted pod: {pod.Metadata.Name}"), ct).ConfigureAwait(false);
        }

        if (step.Status != owner.Status)
        {
            await Client.PatchStatusAsync(owner, KubeJson.Write(owner with { Status = step.Status })["status"]!.DeepClone().AsObject(), ct).ConfigureAwait(false);
        }

        return step.Status.NumberAvailable < step.Status.NumberReady ? TimeSpan.FromSeconds(owner.Spec?.MinReadySeconds ?? 0) : null;
    }

    private Task CreateAsync(DaemonSet set, OwnedPods book, string node, string revision, CancellationToken ct)
    {
        var name = $"{set.Metadata.Name}-{JobPods.Suffix()}";
        book.Expect(name, node);
        return CreateAsync(set, book, DaemonSetPlan.PodFor(set, node, name, revision), ct);
    }

    private void OnNode(WatchEventType type, Node node)
    {
        var name = node.Metadata.Name!;
        if (type == WatchEventType.Deleted)
        {
            _nodes.TryRemove(name, out _);
            LookAtAll();
            return;
        }

        var fresh = NodeInfo.From(node);
        if (NodeChanges.Matter(_nodes.GetValueOrDefault(name), fresh))
        {
            _nodes[name] = fresh;
            LookAtAll();
        }
    }
}
