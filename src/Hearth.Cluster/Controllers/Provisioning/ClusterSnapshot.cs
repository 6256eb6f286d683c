using System.Collections.Immutable;
using Hearth.Cluster.Controllers.Scheduler;
using Hearth.Kube.Core;
using Hearth.Scheduling.Fit;
using Hearth.Scheduling.Karpenter;
using Hearth.Scheduling.Provisioning;
using Hearth.Scheduling.Resources;

namespace Hearth.Cluster.Controllers.Provisioning;

/// <summary>The cluster as one plan sees it: nodes before pods, so that a pod that has just been bound is rather counted twice than not at all.</summary>
internal sealed class ClusterSnapshot
{
    private readonly ImmutableDictionary<string, Node> _nodes;
    private readonly IReadOnlyCollection<NodeClaim> _claims;
    private readonly ImmutableDictionary<string, Pod> _pods;
    private readonly PodVolumesReader _volumes;
    private readonly HashSet<string> _reported;

    /// <summary>Reads the informers. Claims that were just created and have not come back yet are given extra.</summary>
    public ClusterSnapshot(ClusterInformers informers, PodVolumesReader volumes, IEnumerable<NodeClaim> justCreated)
    {
        _nodes = informers.Nodes.Items;
        var known = informers.NodeClaims.Items;
        _claims = [.. known.Values, .. justCreated.Where(c => !known.ContainsKey(c.Metadata.Name!))];
        _pods = informers.Pods.Items;
        _volumes = volumes;
        _reported = _nodes.Values.Where(n => n.Status?.Allocatable is { Count: > 0 }).Select(n => n.Spec?.ProviderID).OfType<string>().ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>
    /// Whether some claim is not launched yet: until then nobody knows how much room it will have, and a plan would launch a second node for pods that it could take.
    /// </summary>
    public bool IsLaunching => _claims.Any(c => !c.Metadata.IsDeleting() && !(c.Status?.Conditions.IsTrue(NodeClaimPatches.Launched) ?? false));

    /// <summary>Pods that the scheduler could not place and that a new node may help.</summary>
    public IReadOnlyList<(Pod Pod, PodInfo Info)> Waiting() =>
    [
        .. _pods.Values.Where(IsProvisionable).Select(p => (p, PodInfo.From(p, PodVolumesReader.HasClaims(p) ? _volumes.Read(p) : null))),
    ];

    /// <summary>Nodes and claims that pods can go to.</summary>
    public IReadOnlyList<ExistingNode> Existing()
    {
        var byNode = _pods.Values.Where(p => !string.IsNullOrEmpty(p.Spec?.NodeName) && !p.IsFinished()).ToLookup(p => p.Spec!.NodeName!, StringComparer.Ordinal);
        var cluster = new ClusterState();
        foreach (var node in _nodes.Values.Where(n => !n.Metadata.IsDeleting()))
        {
            cluster.SetNode(NodeInfo.From(node));
            foreach (var pod in byNode[node.Metadata.Name!])
            {
                cluster.AddPod(PodInfo.From(pod), node.Metadata.Name!);
            }
        }

        return [.. cluster.Nodes.Select(n => ExistingNode.From(n, IsInitialized(n))), .. _claims.Where(IsInFlight).Select(InFlight)];
    }

    /// <summary>A pool with what its claims hold now.</summary>
    public PoolState StateOf(PoolInfo pool)
    {
        var own = _claims.Where(c => c.Metadata.Label(KarpenterLabels.NodePool) == pool.Name).ToArray();
        var used = own.Aggregate(ResourceVector.Zero, (sum, c) => sum + Capacity(c, pool));
        return new PoolState(pool, PoolState.LimitsOf(pool.Source), used, own.Length);
    }

    /// <summary>Pending, refused by the scheduler, bound to nothing, and not a DaemonSet's or a node's own.</summary>
    public static bool IsProvisionable(Pod pod) =>
        string.IsNullOrEmpty(pod.Spec?.NodeName)
        && string.IsNullOrEmpty(pod.Status?.NominatedNodeName)
        && !pod.Metadata.IsDeleting()
        && !pod.IsFinished()
        && pod.Status?.Conditions.Find("PodScheduled") is { Status: "False", Reason: "Unschedulable" }
        && !pod.Metadata.IsOwnedBy("DaemonSet") && !pod.Metadata.IsOwnedBy("Node");

    private static bool IsInitialized(NodeInfo node) =>
        !node.Labels.ContainsKey(KarpenterLabels.NodePool) || node.Labels.ContainsKey(KarpenterLabels.Initialized);

    /// <summary>No node with this instance has reported what it has: the two copies need not be equally current.</summary>
    private bool IsInFlight(NodeClaim claim) =>
        !claim.Metadata.IsDeleting() && (claim.Status?.ProviderID is not { } instance || !_reported.Contains(instance));

    /// <summary>A launched claim counts with what its node will have.</summary>
    private static ExistingNode InFlight(NodeClaim claim) => new(
        claim.Metadata.Name!, claim.Metadata.Labels ?? new Dictionary<string, string>(), claim.Spec?.Taints ?? [],
        ResourceVector.From(claim.Status?.Allocatable), false, []);

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
