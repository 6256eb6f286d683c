using Hearth.Scheduling.Fit;
using Hearth.Scheduling.Pricing;
using Hearth.Scheduling.Provisioning;
using Hearth.Scheduling.Resources;

namespace Hearth.Scheduling.Planning;

/// <summary>A node of a plan: one that is there, or one that would be launched.</summary>
/// <param name="Node">What decides placement, with the pods that the plan puts on it.</param>
/// <param name="Origin">Its node pool or node group.</param>
/// <param name="Type">Instance type.</param>
/// <param name="Zone">Availability zone.</param>
/// <param name="CapacityType">spot or on-demand.</param>
/// <param name="PricePerHour">USD; for a node that is there, what it costs anyway (0 when nobody knows).</param>
/// <param name="PriceBasis">Where the price comes from; null when there is none.</param>
/// <param name="IsNew">Launched for the plan.</param>
public sealed record PlanNode(NodeInfo Node, string Origin, string Type, string Zone, string CapacityType, decimal PricePerHour, Catalog.PriceBasis? PriceBasis, bool IsNew)
{
    /// <summary>For which wave of pods it is launched, from 1; 0 for nodes that are there.</summary>
    public int Wave { get; init; }
}

/// <summary>Why a pod of a plan has no place.</summary>
/// <param name="Pod">The pod.</param>
/// <param name="Scheduler">What the scheduler says of present nodes.</param>
/// <param name="Provisioner">What the provisioner says of each pool.</param>
/// <param name="Pools">The same, pool by pool.</param>
public sealed record PlanFailure(PodInfo Pod, string Scheduler, string Provisioner, IReadOnlyList<PoolReason> Pools);

/// <summary>Where pods would go.</summary>
/// <param name="Nodes">Present nodes and new ones, new ones in the order of their launch.</param>
/// <param name="Unplaced">Pods without a place.</param>
public sealed record PlacementPlan(IReadOnlyList<PlanNode> Nodes, IReadOnlyList<PlanFailure> Unplaced)
{
    /// <summary>Nodes to launch.</summary>
    public IEnumerable<PlanNode> Launches => Nodes.Where(n => n.IsNew);

    /// <summary>Keys of the pods that the plan has given a place.</summary>
    public IReadOnlySet<string> Placed { get; init; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>Nodes that were there before and that pods of the plan go to.</summary>
    public IEnumerable<PlanNode> PresentInUse => Nodes.Where(n => !n.IsNew && n.Node.Pods.Any(p => Placed.Contains(p.Key)));

    /// <summary>USD an hour of the nodes to launch: what the bill grows by.</summary>
    public decimal PricePerHour => Launches.Sum(n => n.PricePerHour);

    /// <summary>USD an hour of what the pods have: nodes that are launched for them, and their shares (as costs are split, <see cref="NodeCost.Share"/>) of those that are there anyway.</summary>
    public decimal UsedPerHour => PricePerHour + PresentInUse.Sum(n =>
        n.PricePerHour * Math.Min(1, n.Node.Pods.Where(p => Placed.Contains(p.Key)).Sum(p => NodeCost.Share(p.Requests, n.Node.Allocatable))));

    /// <summary>How many launches come one after the other before the last pod has its place.</summary>
    public int LaunchesInARow => Launches.Select(n => n.Wave).Distinct().Count();

    /// <summary>Used share (0-1) of cpu of the nodes to launch; null when there are none.</summary>
    public double? CpuShare => Share(static v => v.MilliCpu);

    /// <summary>Used share (0-1) of memory of the nodes to launch; null when there are none.</summary>
    public double? MemoryShare => Share(static v => v.Memory);

    private double? Share(Func<ResourceVector, long> of)
    {
        var total = Launches.Sum(n => of(n.Node.Allocatable));
        return total == 0 ? null : (double)Launches.Sum(n => of(n.Node.Requested)) / total;
    }
}
