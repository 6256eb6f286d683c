namespace Hearth.Scheduling.Catalog;

/// <summary>Facts of one EC2 instance type. Numbers are 0 and texts empty where it has none of it (or nobody knows).</summary>
public sealed record InstanceType
{
    /// <summary>For example <c>c5d.9xlarge</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Before the dot: <c>c5d</c>.</summary>
    public required string Family { get; init; }

    /// <summary>After the dot: <c>9xlarge</c>.</summary>
    public required string Size { get; init; }

    /// <summary>For example <c>c</c>.</summary>
    public required string Category { get; init; }
    public int Generation { get; init; }

    /// <summary><c>amd64</c>, <c>arm64</c>; mac types keep names of their own and cannot run Linux pods.</summary>
    public required string Arch { get; init; }
    public int Vcpu { get; init; }

    /// <summary>Nominal, MiB.</summary>
    public long MemoryMiB { get; init; }

    /// <summary><c>nitro</c>, <c>xen</c>, or empty for bare metal.</summary>
    public required string Hypervisor { get; init; }
    public bool BareMetal { get; init; }
    public bool CurrentGeneration { get; init; }
    public bool EncryptionInTransit { get; init; }

    /// <summary>Of the default network card.</summary>
    public int MaxEnis { get; init; }
    public int Ipv4PerEni { get; init; }

    /// <summary>Branch interfaces for pod security groups.</summary>
    public int PodEni { get; init; }

    /// <summary>Mbit/s that hold over time.</summary>
    public int NetworkBaselineMbps { get; init; }

    /// <summary>Total, decimal GB.</summary>
    public int LocalNvmeGb { get; init; }
    public int LocalNvmeDisks { get; init; }

    /// <summary>Total of all instance stores, also those that are not NVMe, decimal GB.</summary>
    public int InstanceStoreGb { get; init; }

    /// <summary>Mbit/s.</summary>
    public int EbsBandwidthMbps { get; init; }

    /// <summary>EBS-optimised without being asked.</summary>
    public bool EbsOptimizedByDefault { get; init; }
    public required string CpuManufacturer { get; init; }
    public int ClockMhz { get; init; }
    public int GpuCount { get; init; }
    public required string GpuName { get; init; }
    public required string GpuManufacturer { get; init; }

    /// <summary>MiB of each GPU.</summary>
    public int GpuMemoryMiB { get; init; }
    public int AcceleratorCount { get; init; }
    public required string AcceleratorName { get; init; }
    public required string AcceleratorManufacturer { get; init; }
    public int NeuronCores { get; init; }
    public bool OffersOnDemand { get; init; }
    public bool OffersSpot { get; init; }

    /// <summary>Whether Linux pods can run on it.</summary>
    public bool RunsLinux => Arch is "amd64" or "arm64";

    /// <summary>Metal, GPU and accelerator types: launched only when nothing plainer will do.</summary>
    public bool IsExotic => BareMetal || GpuCount > 0 || AcceleratorCount > 0;
}
