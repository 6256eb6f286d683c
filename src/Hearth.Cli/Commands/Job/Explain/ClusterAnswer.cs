using Hearth.Kube.Core;
using Hearth.Scheduling.Catalog;
using Hearth.Scheduling.Fit;
using Hearth.Scheduling.Karpenter;
using Hearth.Scheduling.Provisioning;
using Hearth.Scheduling.Resources;

namespace Hearth.Cli.Commands.Job.Explain;

/// <summary>What the cluster has to say about one pod.</summary>
/// <param name="Nodes">What its nodes have against it; null when one of them takes it.</param>
/// <param name="Pools">What its pools have against launching one.</param>
/// <param name="Room">Where it could be now, for people; null when nowhere.</param>
internal sealed record PodAnswer(NodesAnswer? Nodes, IReadOnlyList<PoolRefusal> Pools, string? Room);

/// <summary>
/// Asks scheduler and provisioner about a pod that nobody has recorded anything about: their events come late on a busy machine, and not at all when a
/// pod goes before they looked at it. The decisions are their own; the answer is about the cluster as it is now.
/// </summary>
/// <param name="nodes">All nodes.</param>
/// <param name="pods">All pods.</param>
/// <param name="pools">Pools that could launch a node.</param>
internal sealed class ClusterAnswer(IReadOnlyList<Node> nodes, IReadOnlyList<Pod> pods, IReadOnlyList<PoolState> pools)
{
    /// <summary>All pods.</summary>
    public IReadOnlyList<Pod> Pods => pods;

    /// <summary>The answer about one pod, which has no node.</summary>
    public PodAnswer Of(Pod pod)
    {
        var info = PodInfo.From(pod);
        var placement = PodPlacer.Place(info, State());
        if (placement.NodeName is { } node)
        {
            return new PodAnswer(null, [], $"node {node} has room for it now");
        }

        var seen = SchedulingMessage.Nodes(placement.Failure!.Message());
        if (pools.Count == 0)
        {
            return new PodAnswer(seen, [], null);
        }

        var plan = ProvisioningPlanner.Plan(new ProvisioningRequest { Pods = [info], Pools = pools });
        return plan.Claims is [var claim, ..]
            ? new PodAnswer(seen, [], $"pool {claim.Pool.Name} can launch a node for it now")
            : new PodAnswer(seen, [.. plan.Unplaced.SelectMany(u => SchedulingMessage.Pools(u.Message))], null);
    }

    /// <summary>Pools with what their nodes hold; those that cannot be read launch nothing and are left out.</summary>
    /// <param name="pools">The pools.</param>
    /// <param name="classes">Their node classes.</param>
    /// <param name="claims">The nodes that they launched.</param>
    /// <param name="catalog">What the region sells.</param>
    /// <param name="zones">Zones with subnets, for classes whose status names none.</param>
    public static IReadOnlyList<PoolState> PoolsOf(
        IReadOnlyList<NodePool> pools, IReadOnlyList<Ec2NodeClass> classes, IReadOnlyList<NodeClaim> claims, RegionCatalog catalog, IReadOnlyList<string> zones)
    {
        var states = new List<PoolState>();
        foreach (var pool in pools)
        {
            var name = pool.Spec?.Template?.Spec?.NodeClassRef?.Name;
            if (classes.FirstOrDefault(c => c.Metadata.Name == name) is { } nodeClass && Info(pool, nodeClass, catalog, zones) is { } info)
            {
                var own = claims.Where(c => c.Metadata.Label(KarpenterLabels.NodePool) == info.Name).ToArray();
                var used = own.Aggregate(ResourceVector.Zero, (sum, c) => sum + ResourceVector.From(c.Status?.Capacity));
                states.Add(new PoolState(info, PoolState.LimitsOf(pool), used, own.Length));
            }
        }

        return states;
    }

    private static PoolInfo? Info(NodePool pool, Ec2NodeClass nodeClass, RegionCatalog catalog, IReadOnlyList<string> zones)
    {
        try
        {
            return PoolInfo.From(pool, NodeClassInfo.From(nodeClass, zones), catalog);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private ClusterState State()
    {
        var state = new ClusterState();
        var byNode = pods.Where(p => !string.IsNullOrEmpty(p.Spec?.NodeName) && p.Status?.Phase is not ("Succeeded" or "Failed")).ToLookup(p => p.Spec!.NodeName!, StringComparer.Ordinal);
        foreach (var node in nodes.Where(n => n.Metadata.DeletionTimestamp is null))
        {
            state.SetNode(NodeInfo.From(node));
            foreach (var pod in byNode[node.Metadata.Name!])
            {
                state.AddPod(PodInfo.From(pod), node.Metadata.Name!);
            }
        }

        return state;
    }
}
