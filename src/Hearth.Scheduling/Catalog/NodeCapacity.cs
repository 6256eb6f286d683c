using System.Globalization;
using Hearth.Kube.Quantities;
using Hearth.Scheduling.Resources;

namespace Hearth.Scheduling.Catalog;

/// <summary>
/// What a node of a type has and what of it pods may use, as Karpenter computes both before the node exists
/// (aws/karpenter-provider-aws, providers/instancetype/types.go and amifamily). Equal to its published table for every type.
/// </summary>
public static class NodeCapacity
{
    private const long Mi = 1024 * 1024;
    private const long Gi = 1024 * Mi;

    /// <summary>Everything the node reports as capacity.</summary>
    public static ResourceVector Capacity(InstanceType type, NodeOverhead overhead)
    {
        var nominal = type.MemoryMiB - (type.Arch == "arm64" ? 64 : 0);
        var vmOverhead = (long)Math.Ceiling(nominal * 0.075m);
        var storage = overhead.InstanceStoreRaid0 && type.InstanceStoreGb > 0 ? type.InstanceStoreGb * 1_000_000_000L : overhead.RootVolumeBytes;
        var capacity = new ResourceVector(type.Vcpu * 1000L, (nominal - vmOverhead) * Mi, storage, Pods(type, overhead));
        capacity = Add(capacity, GpuResource(type), type.GpuCount);
        capacity = Add(capacity, AcceleratorResource(type), type.AcceleratorCount);
        return Add(capacity, ResourceNames.NeuronCore, type.NeuronCores);
    }

    /// <summary>Capacity without the reservations of kubelet and system and the eviction thresholds.</summary>
    public static ResourceVector Allocatable(InstanceType type, NodeOverhead overhead)
    {
        var capacity = Capacity(type, overhead);
        return (capacity - KubeReserved(type, overhead) - Listed(overhead.SystemReserved) - Eviction(capacity, overhead)).Floor();
    }

    /// <summary>Pods that the default network card has addresses for.</summary>
    public static int EniPods(InstanceType type) => (type.MaxEnis * (type.Ipv4PerEni - 1)) + 2;

    private static long Pods(InstanceType type, NodeOverhead overhead)
    {
        var pods = overhead.MaxPods ?? EniPods(type);
        return overhead.PodsPerCore is > 0 and { } perCore && overhead.Family != AmiFamily.Bottlerocket ? Math.Min(pods, perCore * type.Vcpu) : pods;
    }

    private static ResourceVector KubeReserved(InstanceType type, NodeOverhead overhead)
    {
        var pods = overhead.Family == AmiFamily.Bottlerocket ? Pods(type, overhead) : EniPods(type);
        var reserved = new ResourceVector(ReservedMilliCpu(type.Vcpu), ((11 * pods) + 255) * Mi, Gi);
        foreach (var (name, text) in overhead.KubeReserved ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            reserved = reserved.With(name, Amount(name, text));
        }

        return reserved;
    }

    /// <summary>6 % of the first core, 1 % of the second, 0.5 % of the third and fourth, 0.25 % of the rest.</summary>
    private static long ReservedMilliCpu(int vcpu)
    {
        long reserved = 0;
        foreach (var (from, to, share) in new[] { (0, 1, 0.06m), (1, 2, 0.01m), (2, 4, 0.005m), (4, int.MaxValue, 0.0025m) })
        {
            if (vcpu > from)
            {
                reserved += (long)((Math.Min(vcpu, to) - from) * 1000m * share);
            }
        }

        return reserved;
    }

    private static ResourceVector Eviction(in ResourceVector capacity, NodeOverhead overhead)
    {
        var memory = Threshold(overhead, "memory.available", capacity.Memory) ?? 100 * Mi;
        var storage = Threshold(overhead, "nodefs.available", capacity.EphemeralStorage) ?? (long)Math.Ceiling(capacity.EphemeralStorage * 0.1m);
        return new ResourceVector(0, memory, storage);
    }

    private static long? Threshold(NodeOverhead overhead, string signal, long capacity)
    {
        if (overhead.EvictionHard?.GetValueOrDefault(signal) is not { } text)
        {
            return null;
        }

        if (!text.EndsWith('%'))
        {
            return Quantity.Parse(text).Value;
        }

        var percent = decimal.Parse(text.AsSpan(0, text.Length - 1), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);
        return percent == 100 ? 0 : (long)Math.Ceiling(capacity * percent / 100m);
    }

    private static ResourceVector Listed(IReadOnlyDictionary<string, string>? reserved)
    {
        var vector = default(ResourceVector);
        foreach (var (name, text) in reserved ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            vector = vector.With(name, Amount(name, text));
        }

        return vector;
    }

    private static long Amount(string name, string text) =>
        string.Equals(name, ResourceNames.Cpu, StringComparison.Ordinal) ? Quantity.Parse(text).MilliValue : Quantity.Parse(text).Value;

    private static ResourceVector Add(in ResourceVector vector, string? name, int count) => name is null || count == 0 ? vector : vector.With(name, count);

    private static string? GpuResource(InstanceType type) => type.GpuManufacturer switch
    {
        "nvidia" => ResourceNames.NvidiaGpu,
        "amd" => ResourceNames.AmdGpu,
        "habana" => ResourceNames.Gaudi,
        _ => null,
    };

    private static string? AcceleratorResource(InstanceType type) =>
        type.AcceleratorManufacturer == "aws" ? ResourceNames.Neuron : null;
}
