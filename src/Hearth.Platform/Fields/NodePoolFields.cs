using Hearth.Platform.Schema;
using Of = Hearth.Platform.Schema.Table<Hearth.Platform.NodePool>;

namespace Hearth.Platform.Fields;

/// <summary><c>spec.nodePools[]</c>: Karpenter's NodePool and EC2NodeClass (API v1), in one.</summary>
internal static class NodePoolFields
{
    private static readonly ObjectShape<Requirement> Requirement = new("Requirement", "What nodes must be like, as in a node selector term.", new(),
    [
        Table<Requirement>.Field("key", Texts.LabelKey, r => r.Key, (r, v) => r with { Key = v }, "A node label.", required: true),
        Table<Requirement>.Field("operator", TextShape.OneOf("In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"), r => r.Operator, (r, v) => r with { Operator = v }, "How values are compared."),
        Table<Requirement>.Field("values", Shapes.ListOf(Texts.LabelValue), r => r.Values, (r, v) => r with { Values = v }, "For In and NotIn some, for Gt and Lt one number, otherwise none."),
        Table<Requirement>.Field("minValues", new OptionalIntShape(1, 50), r => r.MinValues, (r, v) => r with { MinValues = v }, "How many different values the instance types must offer at least."),
    ]);

    private static readonly ObjectShape<PoolLimits> Limits = new("PoolLimits", "The most that all nodes of the pool may come to.", new(),
    [
        Table<PoolLimits>.Field("cpu", Texts.Quantity, l => l.Cpu, (l, v) => l with { Cpu = v }, "Processors."),
        Table<PoolLimits>.Field("memory", Texts.Quantity, l => l.Memory, (l, v) => l with { Memory = v }, "Memory."),
    ]);

    private static readonly ObjectShape<DisruptionBudget> Budget = new("DisruptionBudget", "How many nodes may be disrupted at the same time.", new(),
    [
        Table<DisruptionBudget>.Field("nodes", Texts.CountOrPercent, b => b.Nodes, (b, v) => b with { Nodes = v }, "A number or a percentage."),
        Table<DisruptionBudget>.Field("schedule", Texts.Any, b => b.Schedule, (b, v) => b with { Schedule = v }, "Cron expression in UTC of when it applies; left out, always."),
        Table<DisruptionBudget>.Field("duration", Texts.Duration, b => b.Duration, (b, v) => b with { Duration = v }, "How long it applies after each start."),
        Table<DisruptionBudget>.Field("reasons", Shapes.ListOf(TextShape.OneOf("Empty", "Underutilized", "Drifted")), b => b.Reasons, (b, v) => b with { Reasons = v }, "Which disruptions it limits; left out, all."),
    ]);

    private static readonly ObjectShape<Disruption> Disruption = new("Disruption", "When nodes may be taken away.", new(),
    [
        Table<Disruption>.Field("consolidationPolicy", TextShape.OneOf("WhenEmpty", "WhenEmptyOrUnderutilized"), d => d.ConsolidationPolicy, (d, v) => d with { ConsolidationPolicy = v }, "Which nodes are candidates."),
        Table<Disruption>.Field("consolidateAfter", Texts.DurationOrNever, d => d.ConsolidateAfter, (d, v) => d with { ConsolidateAfter = v }, "How long a node must be a candidate first; Never turns consolidation off."),
        Table<Disruption>.Field("expireAfter", Texts.DurationOrNever, d => d.ExpireAfter, (d, v) => d with { ExpireAfter = v }, "A node's longest life."),
        Table<Disruption>.Field("terminationGracePeriod", Texts.Duration, d => d.TerminationGracePeriod, (d, v) => d with { TerminationGracePeriod = v }, "How long pods may take to leave a node; left out, as long as they want."),
        Table<Disruption>.Field("budgets", new ListShape<DisruptionBudget>(Budget, new()), d => d.Budgets, (d, v) => d with { Budgets = v }, "How many nodes may be disrupted at the same time."),
    ]);

    private static readonly ObjectShape<BlockDevice> Device = new("BlockDevice", "An EBS volume of the nodes.", new(),
    [
        Table<BlockDevice>.Field("deviceName", Texts.Any, b => b.DeviceName, (b, v) => b with { DeviceName = v }, "Its device name."),
        Table<BlockDevice>.Field("size", Texts.Quantity, b => b.Size, (b, v) => b with { Size = v }, "Its size."),
        Table<BlockDevice>.Field("type", Shapes.VolumeType, b => b.Type, (b, v) => b with { Type = v }, "EBS volume type."),
        Table<BlockDevice>.Field("encrypted", Shapes.Bool, b => b.Encrypted, (b, v) => b with { Encrypted = v }, "Whether it is encrypted."),
        Table<BlockDevice>.Field("deleteOnTermination", Shapes.Bool, b => b.DeleteOnTermination, (b, v) => b with { DeleteOnTermination = v }, "Whether it goes with the node."),
        Table<BlockDevice>.Field("iops", Shapes.AtLeast(0), b => b.Iops, (b, v) => b with { Iops = v }, "I/O operations a second; 0 is the type's base."),
        Table<BlockDevice>.Field("throughput", Shapes.AtLeast(0), b => b.Throughput, (b, v) => b with { Throughput = v }, "MiB/s; 0 is the type's base."),
    ]);

    private static readonly ObjectShape<NodeClass> NodeClass = new("NodeClass", "What the pool's instances are made from.", new(),
    [
        Table<NodeClass>.Field("amiFamily", Shapes.AmiFamily, c => c.AmiFamily, (c, v) => c with { AmiFamily = v }, "Operating system image."),
        Table<NodeClass>.Field("amiAlias", Texts.Any, c => c.AmiAlias, (c, v) => c with { AmiAlias = v }, "As al2023@v20250519; left out, the family's latest."),
        Table<NodeClass>.Field("role", Texts.RoleName, c => c.Role, (c, v) => c with { Role = v }, "Node role; left out, the platform's."),
        Table<NodeClass>.Field("blockDevices", new ListShape<BlockDevice>(Device, new()), c => c.BlockDevices, (c, v) => c with { BlockDevices = v }, "EBS volumes."),
        Table<NodeClass>.Field("instanceStorePolicy", Shapes.InstanceStorePolicy, c => c.InstanceStorePolicy, (c, v) => c with { InstanceStorePolicy = v }, "`RAID0` joins local NVMe disks under /mnt/k8s-disks/0 for pods' local volumes."),
        Table<NodeClass>.Field("userData", Texts.Any, c => c.UserData, (c, v) => c with { UserData = v }, "Script that a new instance runs first; AWS only."),
        Table<NodeClass>.Field("subnets", Shapes.SubnetKind, c => c.Subnets, (c, v) => c with { Subnets = v }, "Kind of subnet the nodes live in."),
        Table<NodeClass>.Field("zones", Shapes.ListOf(Texts.Zone), c => c.Zones, (c, v) => c with { Zones = v }, "Zones to use; left out, all of the network's."),
        Table<NodeClass>.Field("detailedMonitoring", Shapes.Bool, c => c.DetailedMonitoring, (c, v) => c with { DetailedMonitoring = v }, "EC2 metrics every minute."),
        Table<NodeClass>.Field("tags", Shapes.Tags, c => c.Tags, (c, v) => c with { Tags = v }, "AWS tags of the nodes."),
    ]);

    public static ObjectShape<NodePool> NodePool { get; } = new("NodePool", "A Karpenter NodePool and its EC2NodeClass of the same name.", new(),
    [
        Of.Field("name", Texts.Subdomain, p => p.Name, (p, v) => p with { Name = v }, "Its name.", required: true),
        Of.Field("weight", new IntShape(0, 100), p => p.Weight, (p, v) => p with { Weight = v }, "Heavier pools are tried first."),
        Of.Field("requirements", new ListShape<Requirement>(Requirement, new()), p => p.Requirements, (p, v) => p with { Requirements = v }, "What the nodes must be like."),
        Of.Field("labels", Shapes.Labels, p => p.Labels, (p, v) => p with { Labels = v }, "Node labels."),
        Of.Field("annotations", new MapShape<string>(Texts.LabelKey, Texts.Any, string.Empty), p => p.Annotations, (p, v) => p with { Annotations = v }, "Node annotations."),
        Of.Field("taints", NodeGroupFields.Taints, p => p.Taints, (p, v) => p with { Taints = v }, "Node taints."),
        Of.Field("startupTaints", NodeGroupFields.Taints, p => p.StartupTaints, (p, v) => p with { StartupTaints = v }, "Taints that something removes once the node works."),
        Of.Field("limits", Limits, p => p.Limits, (p, v) => p with { Limits = v }, "The most that all nodes may come to."),
        Of.Field("disruption", Disruption, p => p.Disruption, (p, v) => p with { Disruption = v }, "When nodes may be taken away."),
        Of.Field("nodeClass", NodeClass, p => p.NodeClass, (p, v) => p with { NodeClass = v }, "What the instances are made from."),
    ]);
}
