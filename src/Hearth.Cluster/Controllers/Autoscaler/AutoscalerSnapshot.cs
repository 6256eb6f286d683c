using Hearth.Cluster.Controllers.NodeGroups;
using Hearth.Cluster.Controllers.Provisioning;
using Hearth.Cluster.Controllers.Scheduler;
using Hearth.Cluster.Controllers.Simulation;
using Hearth.Kube.Core;
using Hearth.Scheduling.ClusterAutoscaler;
using Hearth.Scheduling.Fit;
using Hearth.Scheduling.Karpenter;
using Hearth.Scheduling.Preemption;

namespace Hearth.Cluster.Controllers.Autoscaler;

/// <summary>The cluster as one look of the autoscaler sees it.</summary>
internal sealed class AutoscalerSnapshot
{
    private readonly ClusterInformers _informers;
    private readonly ILookup<string, Pod> _podsOf;
    private readonly Node[] _nodes;

    /// <summary>Reads the informers: nodes before pods, so that a pod that has just been bound is rather counted twice than not at all.</summary>
    public AutoscalerSnapshot(ClusterInformers informers, GroupSizes sizes, IReadOnlyDictionary<string, NodeInfo> templates, GroupBackoff backoff, DateTimeOffset now)
    {
        _informers = informers;
        _nodes = [.. informers.Nodes.Items.Values.Where(n => !n.Metadata.IsDeleting() && n.Status?.Allocatable is { Count: > 0 })];
        var pods = informers.Pods.Items;
        _podsOf = pods.Values.Where(p => !string.IsNullOrEmpty(p.Spec?.NodeName) && !p.IsFinished()).ToLookup(p => p.Spec!.NodeName!, StringComparer.Ordinal);
        Cluster = Fill();
        var present = _nodes.CountBy(n => n.Metadata.Label(KarpenterLabels.NodeGroup) ?? "").ToDictionary(StringComparer.Ordinal);
        Groups = sizes.Groups.Where(g => templates.ContainsKey(g.Name))
            .Select(g => new GroupState(g.Name, g.MinSize, g.MaxSize, sizes.Of(g.Name), present.GetValueOrDefault(g.Name), templates[g.Name]) { Backoff = backoff.Of(g.Name, now) }).ToArray();
        Waiting = [.. pods.Values.Where(ClusterSnapshot.IsProvisionable)];
    }

    /// <summary>Nodes and pods.</summary>
    public ClusterState Cluster { get; }

    /// <summary>Groups that can be scaled.</summary>
    public IReadOnlyList<GroupState> Groups { get; }

    /// <summary>Pods that the scheduler found no node for.</summary>
    public IReadOnlyList<Pod> Waiting { get; }

    /// <summary>Nodes of the groups, those that are on their way out left out.</summary>
    public IReadOnlyList<ScaleDownNode> Nodes(Func<string, bool> leaving)
    {
        var groups = Groups.ToDictionary(g => g.Name, StringComparer.Ordinal);
        return
        [
            .. _nodes.Where(n => n.Metadata.Label(KarpenterLabels.NodeGroup) is { } group && groups.ContainsKey(group) && !leaving(n.Metadata.Name!))
                .Select(n => new ScaleDownNode(n, groups[n.Metadata.Label(KarpenterLabels.NodeGroup)!], PodsOn(n.Metadata.Name!))),
        ];
    }

    /// <summary>Pods on a node that have not ended.</summary>
    public IReadOnlyList<Pod> PodsOn(string node) => [.. _podsOf[node]];

    /// <summary>What decides placement of the waiting pods.</summary>
    public IReadOnlyList<PodInfo> WaitingInfo(PodVolumesReader volumes) =>
        [.. Waiting.Select(p => PodInfo.From(p, PodVolumesReader.HasClaims(p) ? volumes.Read(p) : null))];

    /// <summary>Disruption budgets.</summary>
    public IReadOnlyList<PodBudget> Budgets() => [.. _informers.PodBudgets.Items.Values.Select(PodBudget.From)];

    private ClusterState Fill()
    {
        var cluster = new ClusterState();
        foreach (var ns in _informers.Namespaces.Items.Values)
        {
            cluster.Namespaces.Set(ns.Metadata.Name!, ns.Metadata.Labels ?? new Dictionary<string, string>(StringComparer.Ordinal));
        }

        foreach (var node in _nodes)
        {
            cluster.SetNode(NodeInfo.From(node));
            foreach (var pod in _podsOf[node.Metadata.Name!])
            {
                cluster.AddPod(PodInfo.From(pod), node.Metadata.Name!);
            }
        }

        return cluster;
    }
}
