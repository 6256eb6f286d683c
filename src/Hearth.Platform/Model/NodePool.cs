namespace Hearth.Platform;

/// <summary>A Karpenter NodePool (API v1) together with its EC2NodeClass of the same name.</summary>
public sealed record NodePool
{
    public string Name { get; init; } = string.Empty;

    /// <summary>Pools of a higher weight are tried first; 0 to 100.</summary>
    public int Weight { get; init; }

    /// <summary>What the nodes must be like.</summary>
    public IReadOnlyList<Requirement> Requirements { get; init; } = [];

    public IReadOnlyDictionary<string, string> Labels { get; init; } = Empty.Map<string>();

    public IReadOnlyDictionary<string, string> Annotations { get; init; } = Empty.Map<string>();

    public IReadOnlyList<Taint> Taints { get; init; } = [];

    /// <summary>Taints that something removes once the node works.</summary>
    public IReadOnlyList<Taint> StartupTaints { get; init; } = [];

    public PoolLimits Limits { get; init; } = new();

    public Disruption Disruption { get; init; } = new();

    public NodeClass NodeClass { get; init; } = new();
}

/// <summary>One node requirement, as in a node selector term; <see cref="MinValues"/> asks for that many different values.</summary>
public sealed record Requirement
{
    /// <summary>A node label, as <c>karpenter.k8s.aws/instance-family</c>.</summary>
    public string Key { get; init; } = string.Empty;

    /// <summary><c>In</c>, <c>NotIn</c>, <c>Exists</c>, <c>DoesNotExist</c>, <c>Gt</c> or <c>Lt</c>.</summary>
    public string Operator { get; init; } = "In";

    public IReadOnlyList<string> Values { get; init; } = [];

    /// <summary>Null asks for nothing; 1 to 50.</summary>
    public int? MinValues { get; init; }
}

/// <summary>The most that all nodes of a pool may come to; empty is no limit.</summary>
public sealed record PoolLimits
{
    /// <summary>As a quantity, <c>1000</c>.</summary>
    public string Cpu { get; init; } = string.Empty;

    /// <summary>As a quantity, <c>1000Gi</c>.</summary>
    public string Memory { get; init; } = string.Empty;
}

/// <summary>When nodes may be taken away.</summary>
public sealed record Disruption
{
    /// <summary><c>WhenEmpty</c> or <c>WhenEmptyOrUnderutilized</c>.</summary>
    public string ConsolidationPolicy { get; init; } = "WhenEmptyOrUnderutilized";

    /// <summary>How long a node must be consolidatable first, as <c>1m</c>; <c>Never</c> turns consolidation off.</summary>
    public string ConsolidateAfter { get; init; } = "1m";

    /// <summary>A node's longest life, as <c>720h</c>, or <c>Never</c>.</summary>
    public string ExpireAfter { get; init; } = "720h";

    /// <summary>How long pods may take to leave a node; empty is as long as they want.</summary>
    public string TerminationGracePeriod { get; init; } = string.Empty;

    public IReadOnlyList<DisruptionBudget> Budgets { get; init; } = [new()];
}

/// <summary>How many nodes of a pool may be disrupted at the same time.</summary>
public sealed record DisruptionBudget
{
    /// <summary>A number or a percentage, as <c>10%</c>.</summary>
    public string Nodes { get; init; } = "10%";

    /// <summary>Cron expression in UTC of when the budget applies; empty is always.</summary>
    public string Schedule { get; init; } = string.Empty;

    /// <summary>How long it applies after each start; given with <see cref="Schedule"/>.</summary>
    public string Duration { get; init; } = string.Empty;

    /// <summary><c>Empty</c>, <c>Underutilized</c>, <c>Drifted</c>; none means all.</summary>
    public IReadOnlyList<string> Reasons { get; init; } = [];
}

/// <summary>A Karpenter EC2NodeClass.</summary>
public sealed record NodeClass
{
    /// <summary><c>AL2023</c>, <c>AL2</c> or <c>Bottlerocket</c>.</summary>
    public string AmiFamily { get; init; } = "AL2023";

    /// <summary>As <c>al2023@latest</c>; empty is the family's latest.</summary>
    public string AmiAlias { get; init; } = string.Empty;

    /// <summary>The node role; empty is the platform's Karpenter node role.</summary>
    public string Role { get; init; } = string.Empty;

    public IReadOnlyList<BlockDevice> BlockDevices { get; init; } = [new()];

    /// <summary><c>RAID0</c> or <c>None</c>, as in <see cref="NodeGroup.InstanceStorePolicy"/>.</summary>
    public string InstanceStorePolicy { get; init; } = "None";

    /// <summary>Script that a new instance runs first; AWS only.</summary>
    public string UserData { get; init; } = string.Empty;

    /// <summary>Kind of subnet the nodes live in, as in <see cref="Subnet.Kind"/>.</summary>
    public string Subnets { get; init; } = "dataPlane";

    /// <summary>Zones to use; empty means all of the network's.</summary>
    public IReadOnlyList<string> Zones { get; init; } = [];

    public bool DetailedMonitoring { get; init; } = true;

    public IReadOnlyDictionary<string, string> Tags { get; init; } = Empty.Map<string>();
}

/// <summary>An EBS volume of a node.</summary>
public sealed record BlockDevice
{
    public string DeviceName { get; init; } = "/dev/xvda";

    /// <summary>As a quantity, <c>100Gi</c>.</summary>
    public string Size { get; init; } = "100Gi";

    public string Type { get; init; } = "gp3";

    public bool Encrypted { get; init; } = true;

    public bool DeleteOnTermination { get; init; } = true;

    /// <summary>0 takes the type's base.</summary>
    public int Iops { get; init; }

    /// <summary>MiB/s; 0 takes the type's base.</summary>
    public int Throughput { get; init; }
}
