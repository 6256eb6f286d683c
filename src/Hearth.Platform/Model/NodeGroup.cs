namespace Hearth.Platform;

/// <summary>An EKS managed node group.</summary>
public sealed record NodeGroup
{
    public string Name { get; init; } = string.Empty;

    /// <summary>EC2 instance types; the first that can be had is used.</summary>
    public IReadOnlyList<string> InstanceTypes { get; init; } = [];

    /// <summary><c>on-demand</c> or <c>spot</c>.</summary>
    public string CapacityType { get; init; } = "on-demand";

    public int MinSize { get; init; }

    public int DesiredSize { get; init; }

    public int MaxSize { get; init; } = 1;

    /// <summary>
    /// True makes one group a zone, named <c>&lt;name&gt;-0</c>, <c>&lt;name&gt;-1</c> and so on, each of the sizes given.
    /// False makes one group over all <see cref="Zones"/>.
    /// </summary>
    public bool PerZone { get; init; }

    /// <summary>Zones to use; empty means all of the network's.</summary>
    public IReadOnlyList<string> Zones { get; init; } = [];

    /// <summary>Kind of subnet the nodes live in, as in <see cref="Subnet.Kind"/>.</summary>
    public string Subnets { get; init; } = "dataPlane";

    /// <summary><c>AL2023</c>, <c>AL2</c> or <c>Bottlerocket</c>.</summary>
    public string AmiFamily { get; init; } = "AL2023";

    public IReadOnlyDictionary<string, string> Labels { get; init; } = Empty.Map<string>();

    public IReadOnlyList<Taint> Taints { get; init; } = [];

    public Disk Disk { get; init; } = new();

    /// <summary><c>RAID0</c> joins local NVMe disks under /mnt/k8s-disks/0 for pods' local volumes; <c>None</c> leaves them.</summary>
    public string InstanceStorePolicy { get; init; } = "None";

    public IReadOnlyDictionary<string, string> Tags { get; init; } = Empty.Map<string>();

    /// <summary>The groups that really exist: this one, or one a zone.</summary>
    /// <param name="networkZones">The network's zones.</param>
    public IEnumerable<NodeGroup> Expand(IReadOnlyList<string> networkZones)
    {
        var zones = Zones.Count > 0 ? Zones : networkZones;
        return PerZone
            ? zones.Select((zone, i) => this with { Name = $"{Name}-{i}", PerZone = false, Zones = [zone] })
            : [this with { Zones = zones }];
    }
}

/// <summary>A Kubernetes taint.</summary>
public sealed record Taint
{
    public string Key { get; init; } = string.Empty;

    public string Value { get; init; } = string.Empty;

    /// <summary><c>NoSchedule</c>, <c>PreferNoSchedule</c> or <c>NoExecute</c>.</summary>
    public string Effect { get; init; } = "NoSchedule";
}

/// <summary>A node's root volume.</summary>
public sealed record Disk
{
    /// <summary>As a quantity, <c>100Gi</c>.</summary>
    public string Size { get; init; } = "100Gi";

    /// <summary>EBS volume type.</summary>
    public string Type { get; init; } = "gp3";

    public bool Encrypted { get; init; } = true;

    /// <summary>0 takes the type's base.</summary>
    public int Iops { get; init; }

    /// <summary>MiB/s; 0 takes the type's base.</summary>
    public int Throughput { get; init; }
}
