namespace Hearth.Scheduling.Catalog;

/// <summary>Families of machine images, as far as they change what a node has to give.</summary>
public enum AmiFamily
{
    /// <summary>Amazon Linux 2023.</summary>
    Al2023,

    /// <summary>Amazon Linux 2.</summary>
    Al2,

    /// <summary>Bottlerocket.</summary>
    Bottlerocket,

    /// <summary>An image of the user's.</summary>
    Custom,
}

/// <summary>What a node class changes about capacity and allocatable; quantities are texts as the kubelet takes them.</summary>
public sealed record NodeOverhead
{
    /// <summary>AL2023, 20 GiB root volume, the kubelet's defaults.</summary>
    public static NodeOverhead Default { get; } = new();

    public AmiFamily Family { get; init; } = AmiFamily.Al2023;

    /// <summary>Bytes of the volume that backs pods' ephemeral storage when there is no RAID of instance stores.</summary>
    public long RootVolumeBytes { get; init; } = 20L << 30;

    /// <summary>Instance stores are joined and back ephemeral storage (<c>instanceStorePolicy: RAID0</c>).</summary>
    public bool InstanceStoreRaid0 { get; init; }
    public int? MaxPods { get; init; }
    public int? PodsPerCore { get; init; }

    /// <summary>By resource; overrides the computed reservation.</summary>
    public IReadOnlyDictionary<string, string>? KubeReserved { get; init; }
    public IReadOnlyDictionary<string, string>? SystemReserved { get; init; }

    /// <summary><c>memory.available</c> and <c>nodefs.available</c>: a quantity or a percentage.</summary>
    public IReadOnlyDictionary<string, string>? EvictionHard { get; init; }
}
