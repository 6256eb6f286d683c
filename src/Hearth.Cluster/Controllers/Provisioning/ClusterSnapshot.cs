using System.Collections.Immutable;
using Hearth.Cluster.Controllers.Scheduler;
using Hearth.Cluster.Controllers.Workloads;
using Hearth.Kube.Core;
using Hearth.Kube.Objects;
using Hearth.Scheduling.Fit;
using Hearth.Scheduling.Karpenter;
using Hearth.Scheduling.Provisioning;
using Hearth.Scheduling.Resources;

namespace Hearth.Cluster.Controllers.Provisioning;

/// <summary>The cluster as one plan sees it: nodes before pods, so that a pod that has just been bound is rather counted twice than not at all.</summary>
internal sealed class ClusterSnapshot
{
    private readonly ImmutableDictionary<string, Node> _nodes;
    private readonly ImmutableDictionary<string, NodePool> _pools;
    private readonly IReadOnlyCollection<NodeClaim> _claims;
    private readonly ImmutableDictionary<string, Pod> _pods;
    private readonly ImmutableDictionary<string, Namespace> _namespaces;
    private readonly ILookup<string, Pod> _byNode;
    private readonly PodVolumesReader _volumes;
    private readonly HashSet<string> _reported;
    private readonly Dictionary<string, NodeClaim> _byInstance;
    private readonly HashSet<string> _goingInstances;
    private readonly (string Uid, PodInfo Pod)[] _daemons;

    /// <summary>Reads the informers.</summary>
    /// <param name="informers">Copies.</param>
    /// <param name="volumes">What claims of pods demand.</param>
    /// <param name="justCreated">Claims that were created and have not come back yet.</param>
    /// <param name="going">Names of claims whose nodes count as going, besides those that are being deleted.</param>
    public ClusterSnapshot(ClusterInformers informers, PodVolumesReader volumes, IEnumerable<NodeClaim> justCreated, IReadOnlySet<string>? going = null)
    {
        _nodes = informers.Nodes.Items;
        _pools = informers.NodePools.Items;
        var known = informers.NodeClaims.Items;
        _claims = [.. known.Values, .. justCreated.Where(c => !known.ContainsKey(c.Metadata.Name!))];
        _pods = informers.Pods.Items;
        _namespaces = informers.Namespaces.Items;
        _byNode = _pods.Values.Where(p => !string.IsNullOrEmpty(p.Spec?.NodeName) && !p.IsFinished()).ToLookup(p => p.Spec!.NodeName!, StringComparer.Ordinal);
        _volumes = volumes;
        _daemons = [.. informers.DaemonSets.Items.Values.Where(d => !d.Metadata.IsDeleting()).Select(d => (d.Metadata.Uid!, PodInfo.From(KubeJson.Read<Pod>(DaemonSetPlan.Template(d, d.Metadata.Name!)))))];
        _reported = _nodes.Values.Where(n => n.Status?.Allocatable is { Count: > 0 }).Select(n => n.Spec?.ProviderID).OfType<string>().ToHashSet(StringComparer.Ordinal);
        _byInstance = _claims.Where(c => c.Status?.ProviderID is not null).DistinctBy(c => c.Status!.ProviderID).ToDictionary(c => c.Status!.ProviderID!, StringComparer.Ordinal);
        _goingInstances = _byInstance.Where(c => c.Value.Metadata.IsDeleting() || going?.Contains(c.Value.Metadata.Name!) == true).Select(c => c.Key).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>
    /// Whether some claim is not launched yet: until then nobody knows how much room it will have, and a plan would launch a second node for pods that it could take.
    /// </summary>
    public bool IsLaunching => _claims.Any(c => !c.Metadata.IsDeleting() && !(c.Status?.Conditions.IsTrue(NodeClaimPatches.Launched) ?? false));

    /// <summary>Pods on a node that are not finished.</summary>
    public IReadOnlyList<Pod> PodsOf(string node) => [.. _byNode[node]];

    /// <summary>Pods that the scheduler could not place and that a new node may help.</summary>
    public IReadOnlyList<(Pod Pod, PodInfo Info)> Waiting() => [.. _pods.Values.Where(IsProvisionable).Select(p => (p, Info(p)))];

    /// <summary>Pods of nodes that are going: whoever takes their place will need one too.</summary>
    public IReadOnlyList<PodInfo> Leaving() =>
        [.. _nodes.Values.Where(n => IsGoing(n) && n.Metadata.Label(KarpenterLabels.NodePool) is not null).SelectMany(n => _byNode[n.Metadata.Name!]).Where(IsReschedulable).Select(Info)];

    /// <summary>Nodes and claims that pods can go to.</summary>
    public IReadOnlyList<ExistingNode> Existing()
    {
        var cluster = new ClusterState();
        foreach (var node in _nodes.Values.Where(n => !IsGoing(n)))
        {
            cluster.SetNode(NodeInfo.From(node));
            foreach (var pod in _byNode[node.Metadata.Name!])
            {
                cluster.AddPod(PodInfo.From(pod), node.Metadata.Name!);
            }
        }

        return [.. cluster.Nodes.Select(Existing), .. _claims.Where(IsInFlight).Select(InFlight)];
    }

    /// <summary>One pod of each daemon set.</summary>
    public IReadOnlyList<PodInfo> Daemons => [.. _daemons.Select(d => d.Pod)];

    /// <summary>Labels of namespaces, for rules about pods of others.</summary>
    public NamespaceLabels Namespaces()
    {
        var labels = new NamespaceLabels();
        foreach (var (name, each) in _namespaces)
        {
            labels.Set(name, each.Metadata.Labels ?? new Dictionary<string, string>(StringComparer.Ordinal));
        }

        return labels;
    }

    /// <summary>Usable pools with what their claims hold now.</summary>
    public IReadOnlyList<PoolState> Pools(PoolCatalog catalog) =>
        [.. _pools.Values.Where(p => !p.Metadata.IsDeleting()).Select(p => catalog.Read(p).Info).OfType<PoolInfo>().Select(StateOf)];

    /// <summary>A pool with what its claims hold now.</summary>
    public PoolState StateOf(PoolInfo pool)
    {
        var own = _claims.Where(c => c.Metadata.Label(KarpenterLabels.NodePool) == pool.Name).ToArray();
        var used = own.Aggregate(ResourceVector.Zero, (sum, c) => sum + Capacity(c, pool));
        return new PoolState(pool, PoolState.LimitsOf(pool.Source), used, own.Length);
    }

    /// <summary>A pod that has to go elsewhere when its node goes: running or about to, and not a DaemonSet's or a node's own.</summary>
    public static bool IsReschedulable(Pod pod) =>
        !pod.IsFinished() && !pod.Metadata.IsDeleting() && !pod.Metadata.IsOwnedBy("DaemonSet") && !pod.Metadata.IsOwnedBy("Node");

    /// <summary>Pending, refused by the scheduler, bound to nothing, and not a DaemonSet's or a node's own.</summary>
    public static bool IsProvisionable(Pod pod) =>
        string.IsNullOrEmpty(pod.Spec?.NodeName)
        && string.IsNullOrEmpty(pod.Status?.NominatedNodeName)
        && !pod.Metadata.IsDeleting()
        && !pod.IsFinished()
        && pod.Status?.Conditions.Find("PodScheduled") is { Status: "False", Reason: "Unschedulable" }
        && !pod.Metadata.IsOwnedBy("DaemonSet") && !pod.Metadata.IsOwnedBy("Node");

    private PodInfo Info(Pod pod) => PodInfo.From(pod, PodVolumesReader.HasClaims(pod) ? _volumes.Read(pod) : null);

    private bool IsGoing(Node node) => node.Metadata.IsDeleting() || (node.Spec?.ProviderID is { } instance && _goingInstances.Contains(instance));

    /// <summary>Startup taints of a node that is not initialised yet will be gone when the pods come.</summary>
    private ExistingNode Existing(NodeInfo info)
    {
        var node = ExistingNode.From(info, IsInitialized(info)) with { Free = (info.Free - StillToCome(info)).Floor() };
        if (node.Initialized || _nodes[info.Name].Spec?.ProviderID is not { } instance || !_byInstance.TryGetValue(instance, out var claim) || claim.Spec?.StartupTaints is not { Count: > 0 } startup)
        {
            return node;
        }

        return node with { Taints = [.. node.Taints.Where(t => !startup.Any(s => s.Key == t.Key && s.Effect == t.Effect))] };
    }

    private static bool IsInitialized(NodeInfo node) =>
        !node.Labels.ContainsKey(KarpenterLabels.NodePool) || node.Labels.ContainsKey(KarpenterLabels.Initialized);

    /// <summary>No node with this instance has reported what it has: the two copies need not be equally current.</summary>
    private bool IsInFlight(NodeClaim claim) =>
        !claim.Metadata.IsDeleting() && (claim.Status?.ProviderID is not { } instance || !_reported.Contains(instance));

    /// <summary>A launched claim counts with what its node will have.</summary>
    private ExistingNode InFlight(NodeClaim claim)
    {
        var node = new NodeInfo(claim.Metadata.Name!, claim.Metadata.Labels ?? new Dictionary<string, string>(), claim.Spec?.Taints ?? [], ResourceVector.From(claim.Status?.Allocatable));
        return new ExistingNode(node.Name, node.Labels, node.Taints, (node.Allocatable - StillToCome(node)).Floor(), false, []);
    }

    /// <summary>Requests of the daemons that the node will run and does not run yet.</summary>
    private ResourceVector StillToCome(NodeInfo node)
    {
        var sum = ResourceVector.Zero;
        foreach (var (uid, pod) in _daemons)
        {
            if (DaemonSetPlan.Suits(pod, node).Run && !_byNode[node.Name].Any(p => p.Metadata.OwnerReferences?.Any(o => o.Uid == uid) == true))
            {
                sum += pod.Requests;
            }
        }

        return sum;
    }

    private static ResourceVector Capacity(NodeClaim claim, PoolInfo pool)
    {
        if (claim.Status?.Capacity is { Count: > 0 } known)
        {
            return ResourceVector.From(known);
        }

        // Not launched yet: it may still become the largest type it names.
        var names = claim.Spec?.Requirements?.FirstOrDefault(r => r.Key == KarpenterLabels.InstanceType)?.Values ?? [];
        return pool.Types.Where(t => names.Contains(t.Type.Name)).Aggregate(ResourceVector.Zero, (max, t) => ResourceVector.Max(max, t.Capacity));
    }
}
