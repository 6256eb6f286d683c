using System.Globalization;
using Hearth.Scheduling.Karpenter;

namespace Hearth.Scheduling.Catalog;

/// <summary>The labels Karpenter gives a node of a type (aws/karpenter-provider-aws, providers/instancetype/types.go). Zone, region and capacity type belong to offerings.</summary>
public static class InstanceTypeLabels
{
    private const string P = KarpenterLabels.InstancePrefix;

    /// <summary>Keys that a type decides, with or without a value.</summary>
    public static IReadOnlyList<string> Keys { get; } =
    [
        KarpenterLabels.InstanceType, KarpenterLabels.Arch, KarpenterLabels.Os,
        P + "category", P + "family", P + "generation", P + "size", P + "cpu", P + "cpu-manufacturer", P + "cpu-sustained-clock-speed-mhz",
        P + "memory", P + "hypervisor", P + "local-nvme", P + "ebs-bandwidth", P + "network-bandwidth", P + "encryption-in-transit-supported",
        P + "gpu-name", P + "gpu-manufacturer", P + "gpu-count", P + "gpu-memory",
        P + "accelerator-name", P + "accelerator-manufacturer", P + "accelerator-count", P + "capability-flex",
    ];

    /// <summary>Whether a type decides the key.</summary>
    public static bool Defines(string key) =>
        key is KarpenterLabels.InstanceType or KarpenterLabels.Arch or KarpenterLabels.Os
        || (key.StartsWith(P, StringComparison.Ordinal) && Keys.Contains(key, StringComparer.Ordinal));

    /// <summary>The value of a label, or null when a node of this type does not carry it.</summary>
    public static string? Value(InstanceType type, string key) => key switch
    {
        KarpenterLabels.InstanceType => type.Name,
        KarpenterLabels.Arch => type.Arch,
        KarpenterLabels.Os => "linux",
        P + "category" => Text(type.Category),
        P + "family" => type.Family,
        P + "generation" => Number(type.Generation),
        P + "size" => type.Size,
        P + "cpu" => Number(type.Vcpu),
        P + "cpu-manufacturer" => Text(type.CpuManufacturer),
        P + "cpu-sustained-clock-speed-mhz" => Number(type.ClockMhz),
        P + "memory" => type.MemoryMiB.ToString(CultureInfo.InvariantCulture),
        P + "hypervisor" => type.Hypervisor, // empty for bare metal, and there all the same
        P + "local-nvme" => Number(type.LocalNvmeGb),
        P + "ebs-bandwidth" => type.EbsOptimizedByDefault ? Number(type.EbsBandwidthMbps) : null,
        P + "network-bandwidth" => Number(type.NetworkBaselineMbps),
        P + "encryption-in-transit-supported" => type.EncryptionInTransit ? "true" : "false",
        P + "gpu-name" => Text(type.GpuName),
        P + "gpu-manufacturer" => Text(type.GpuManufacturer),
        P + "gpu-count" => Number(type.GpuCount),
        P + "gpu-memory" => Number(type.GpuMemoryMiB),
        P + "accelerator-name" => Text(type.AcceleratorName),
        P + "accelerator-manufacturer" => Text(type.AcceleratorManufacturer),
        P + "accelerator-count" => Number(type.AcceleratorCount),
        P + "capability-flex" => type.Family.EndsWith("-flex", StringComparison.Ordinal) ? "true" : "false",
        _ => null,
    };

    /// <summary>Every label of a type that has a value.</summary>
    public static IEnumerable<KeyValuePair<string, string>> All(InstanceType type)
    {
        foreach (var key in Keys)
        {
            if (Value(type, key) is { } value)
            {
                yield return new(key, value);
            }
        }
    }

    private static string? Text(string value) => value.Length == 0 ? null : value;

    private static string? Number(int value) => value == 0 ? null : value.ToString(CultureInfo.InvariantCulture);
}
