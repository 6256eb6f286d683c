using Hearth.Kube.Core;

namespace Hearth.Scheduling.Simulation;

/// <summary>A job of a trace.</summary>
public sealed record Submission
{
    /// <summary>Its own in the trace.</summary>
    public required string Name { get; init; }

    /// <summary>When it comes, from the start of the trace.</summary>
    public required TimeSpan Arrival { get; init; }

    /// <summary>How long it runs once all its executors do. With fewer of them it takes longer in proportion: the work is this time for each executor.</summary>
    public required TimeSpan Duration { get; init; }
    public required Pod Driver { get; init; }

    /// <summary>One of them.</summary>
    public required Pod Executor { get; init; }

    /// <summary>How many; with none the driver does the work.</summary>
    public required int Executors { get; init; }

    /// <summary>YuniKorn's queue; empty for its default.</summary>
    public string Queue { get; init; } = "";
    public string User { get; init; } = "nobody";

    /// <summary>
    /// With YuniKorn, its pods are a gang of this style, with YuniKorn's own time-out. Null: they are one if their annotations say so. The default scheduler knows no gangs.
    /// </summary>
    public YuniKorn.Gangs.GangStyle? Gang { get; init; }
}

/// <summary>A managed node group that the autoscaler may grow.</summary>
/// <param name="State">Its sizes and what a node of it is.</param>
/// <param name="Type">Instance type.</param>
/// <param name="CapacityType">spot or on-demand.</param>
/// <param name="PricePerHour">USD of one node.</param>
public sealed record SimulatedGroup(ClusterAutoscaler.GroupState State, string Type, string CapacityType, decimal PricePerHour)
{
    /// <summary>Where the price comes from.</summary>
    public Catalog.PriceBasis? PriceBasis { get; init; }
}

/// <summary>What a simulation depends on. The same request gives the same result.</summary>
public sealed record SimulationRequest
{
    public required IReadOnlyList<Submission> Submissions { get; init; }

    /// <summary>Node pools, without any node yet.</summary>
    public required IReadOnlyList<Provisioning.PoolState> Pools { get; init; }

    /// <summary>Node groups that grow; none without Cluster Autoscaler.</summary>
    public IReadOnlyList<SimulatedGroup> Groups { get; init; } = [];

    /// <summary>Nodes that are there from the start and stay; they cost nothing more.</summary>
    public IReadOnlyList<Planning.PlanNode> Nodes { get; init; } = [];

    /// <summary>YuniKorn's queues; null for the default scheduler.</summary>
    public YuniKorn.Configuration.PartitionConfig? Queues { get; init; }

    /// <summary>When nodes of each pool may be taken away, by its name. Pools that are not named keep to Karpenter's defaults.</summary>
    public IReadOnlyDictionary<string, Disruption.PoolDisruption> Disruption { get; init; } = new Dictionary<string, Disruption.PoolDisruption>(StringComparer.Ordinal);

    /// <summary>One pod of each DaemonSet, which every node of a pool runs.</summary>
    public IReadOnlyList<Pod> Daemons { get; init; } = [];

    /// <summary>Capacity that is not there; only faults of that type count.</summary>
    public IReadOnlyList<Cloud.CloudFault> Faults { get; init; } = [];

    /// <summary>Shortest and longest time from a launch until the node takes pods.</summary>
    public (TimeSpan Shortest, TimeSpan Longest) BootTime { get; init; } = (TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(60));

    /// <summary>How often a spot node is taken back, on average an hour.</summary>
    public double SpotInterruptionsPerHour { get; init; }

    /// <summary>Time between the notice that a spot node is taken back and its end.</summary>
    public TimeSpan SpotNotice { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Of everything that chance decides.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>How long pods are gathered before nodes are planned for them.</summary>
    public TimeSpan Gather { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Empty nodes of groups go after so long.</summary>
    public TimeSpan GroupEmptyTime { get; init; } = TimeSpan.FromMinutes(10);
}
