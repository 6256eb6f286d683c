using Hearth.Platform.Schema;
using Of = Hearth.Platform.Schema.Table<Hearth.Platform.NodeGroup>;

namespace Hearth.Platform.Fields;

/// <summary><c>spec.nodeGroups[]</c>, and what node pools share with them.</summary>
internal static class NodeGroupFields
{
    public static ObjectShape<Taint> Taint { get; } = new("Taint", "A Kubernetes taint: pods without a matching toleration stay away.", new(),
    [
        Table<Taint>.Field("key", Texts.LabelKey, t => t.Key, (t, v) => t with { Key = v }, "Its key.", required: true),
        Table<Taint>.Field("value", Texts.LabelValue, t => t.Value, (t, v) => t with { Value = v }, "Its value."),
        Table<Taint>.Field("effect", TextShape.OneOf("NoSchedule", "PreferNoSchedule", "NoExecute"), t => t.Effect, (t, v) => t with { Effect = v }, "What it does."),
    ]);

    public static ListShape<Taint> Taints { get; } = new(Taint, new());

    private static readonly ObjectShape<Disk> Disk = new("Disk", "A node's root volume.", new(),
    [
        Table<Disk>.Field("size", Texts.Quantity, d => d.Size, (d, v) => d with { Size = v }, "Its size."),
        Table<Disk>.Field("type", Shapes.VolumeType, d => d.Type, (d, v) => d with { Type = v }, "EBS volume type."),
        Table<Disk>.Field("encrypted", Shapes.Bool, d => d.Encrypted, (d, v) => d with { Encrypted = v }, "Whether it is encrypted."),
        Table<Disk>.Field("iops", Shapes.AtLeast(0), d => d.Iops, (d, v) => d with { Iops = v }, "I/O operations a second; 0 is the type's base."),
        Table<Disk>.Field("throughput", Shapes.AtLeast(0), d => d.Throughput, (d, v) => d with { Throughput = v }, "MiB/s; 0 is the type's base."),
    ]);

    public static ObjectShape<NodeGroup> NodeGroup { get; } = new("NodeGroup", "An EKS managed node group.", new(),
    [
        Of.Field("name", Texts.Name, g => g.Name, (g, v) => g with { Name = v }, "Its name.", required: true),
        Of.Field("instanceTypes", Shapes.ListOf(Texts.InstanceType), g => g.InstanceTypes, (g, v) => g with { InstanceTypes = v }, "EC2 instance types, best first.", required: true),
        Of.Field("capacityType", TextShape.OneOf("on-demand", "spot"), g => g.CapacityType, (g, v) => g with { CapacityType = v }, "How the instances are bought."),
        Of.Field("minSize", Shapes.AtLeast(0), g => g.MinSize, (g, v) => g with { MinSize = v }, "The fewest nodes."),
        Of.Field("desiredSize", Shapes.AtLeast(0), g => g.DesiredSize, (g, v) => g with { DesiredSize = v }, "Nodes to start with."),
        Of.Field("maxSize", Shapes.AtLeast(1), g => g.MaxSize, (g, v) => g with { MaxSize = v }, "The most nodes."),
        Of.Field("perZone", Shapes.Bool, g => g.PerZone, (g, v) => g with { PerZone = v }, "True makes one group a zone, `<name>-0`, `<name>-1` ..., each of these sizes."),
        Of.Field("zones", Shapes.ListOf(Texts.Zone), g => g.Zones, (g, v) => g with { Zones = v }, "Zones to use; left out, all of the network's."),
        Of.Field("subnets", Shapes.SubnetKind, g => g.Subnets, (g, v) => g with { Subnets = v }, "Kind of subnet the nodes live in."),
        Of.Field("amiFamily", Shapes.AmiFamily, g => g.AmiFamily, (g, v) => g with { AmiFamily = v }, "Operating system image."),
        Of.Field("labels", Shapes.Labels, g => g.Labels, (g, v) => g with { Labels = v }, "Node labels."),
        Of.Field("taints", Taints, g => g.Taints, (g, v) => g with { Taints = v }, "Node taints."),
        Of.Field("disk", Disk, g => g.Disk, (g, v) => g with { Disk = v }, "Root volume."),
        Of.Field("instanceStorePolicy", Shapes.InstanceStorePolicy, g => g.InstanceStorePolicy, (g, v) => g with { InstanceStorePolicy = v }, "`RAID0` joins local NVMe disks under /mnt/k8s-disks/0 for pods' local volumes."),
        Of.Field("tags", Shapes.Tags, g => g.Tags, (g, v) => g with { Tags = v }, "AWS tags of the nodes."),
    ]);
}
