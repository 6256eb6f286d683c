using Hearth.Kube.Core;
using Hearth.Kube.Objects;
using Hearth.Kube.Quantities;
using Hearth.Scheduling.Catalog;
using Hearth.Scheduling.Fit;
using Hearth.Scheduling.Karpenter;
using Hearth.Scheduling.Provisioning;
using Hearth.Scheduling.Requirements;
using Hearth.Scheduling.Resources;

namespace Hearth.Bench.Scheduling;

/// <summary>Pods, nodes and types that the measurements are made with. Seeded.</summary>
internal static class Load
{
    private const long Mi = 1024 * 1024;
    private static readonly int[] MilliCpu = [100, 250, 500, 1000, 1500];
    private static readonly int[] MemoryMi = [100, 256, 512, 1024, 2048, 4096];

    /// <summary>Requests as in Karpenter's own benchmark: cpu 100m-1500m, memory 100Mi-4Gi at random.</summary>
    public static IReadOnlyList<PodInfo> Pods(int count, IReadOnlyDictionary<string, string>? selector = null)
    {
        var random = new Random(42);
        return [.. Enumerable.Range(0, count).Select(i => Pod($"p{i:000000}", MilliCpu[random.Next(MilliCpu.Length)], MemoryMi[random.Next(MemoryMi.Length)], selector))];
    }

    /// <summary>All alike.</summary>
    public static IReadOnlyList<PodInfo> Alike(int count, int milliCpu, int memoryMi, string prefix = "p", int priority = 0) =>
        [.. Enumerable.Range(0, count).Select(i => Pod($"{prefix}{i:000000}", milliCpu, memoryMi, null, priority))];

    /// <summary>Nodes of 4 cpu, 32 GiB and 110 pods over three zones, as kube-scheduler's performance tests have them.</summary>
    public static ClusterState Cluster(int nodes)
    {
        var cluster = new ClusterState();
        for (var i = 0; i < nodes; i++)
        {
            var labels = new Dictionary<string, string>(StringComparer.Ordinal) { [KarpenterLabels.Zone] = $"zone-{i % 3}", [KarpenterLabels.Hostname] = $"n{i:00000}" };
            cluster.SetNode(new NodeInfo($"n{i:00000}", labels, [], new ResourceVector(4000, 32L << 30, 0, 110)));
        }

        return cluster;
    }

    /// <summary>Karpenter's 400 fake types: i+1 vCPU, 2(i+1) GiB, 10(i+1) pods; spot in two zones, on-demand in three; 0.1 USD a vCPU and a GB.</summary>
    public static PoolState FakePool()
    {
        var basis = new PriceBasis("made up", true);
        var types = Enumerable.Range(1, 400).Select(i =>
        {
            var type = new InstanceType
            {
                Name = $"fake-it-{i - 1:000}", Family = "fake", Size = $"{i}", Category = "f", Arch = "amd64", Hypervisor = "nitro", CpuManufacturer = "", GpuName = "", GpuManufacturer = "",
                AcceleratorName = "", AcceleratorManufacturer = "", Vcpu = i, MemoryMiB = 2048L * i, OffersOnDemand = true, OffersSpot = true,
            };
            var capacity = new ResourceVector(1000L * i, 2048L * i * Mi, 20L << 30, 10L * i);
            var price = (0.1m * i) + (0.1m * 2048 * i * Mi / 1_000_000_000);
            Offering[] offerings =
            [
                .. Enumerable.Range(1, 2).Select(z => new Offering($"test-zone-{z}", KarpenterLabels.Spot, price, basis)),
                .. Enumerable.Range(1, 3).Select(z => new Offering($"test-zone-{z}", KarpenterLabels.OnDemand, price, basis)),
            ];
            return new TypeOffer(type, capacity, capacity - new ResourceVector(100, 10 * Mi), offerings);
        }).OrderBy(t => t.Type.Name, StringComparer.Ordinal).ToArray();
        var requirements = RequirementSet.Of(Requirement.In(KarpenterLabels.NodePool, "fake"));
        return new PoolState(new PoolInfo("fake", 0, requirements, [], types), null, default, 0);
    }

    /// <summary>Karpenter's default advice: categories c, m and r after generation 2, on-demand; any size, or with so many vCPU at most.</summary>
    public static PoolState WidePool(string region, int? mostCpu = null) => Pool(region,
    [
        Requirement.In(KarpenterLabels.InstancePrefix + "category", "c", "m", "r"), Requirement.Between(KarpenterLabels.InstancePrefix + "generation", 3, null),
        Requirement.Between(KarpenterLabels.InstancePrefix + "cpu", 0, mostCpu),
    ]);

    /// <summary>One family in the sizes that the blueprint's pools have, on-demand.</summary>
    public static PoolState FamilyPool(string region, string family) => Pool(region,
        [Requirement.In(KarpenterLabels.InstancePrefix + "family", family), Requirement.In(KarpenterLabels.InstancePrefix + "cpu", "4", "8", "16", "32", "36")]);

    /// <summary>Every type that the region sells, on-demand.</summary>
    public static PoolState WholeCatalogue(string region) => Pool(region, []);

    private static PoolState Pool(string region, Requirement[] wanted)
    {
        var requirements = RequirementSet.Of([Requirement.In(KarpenterLabels.NodePool, "any"), Requirement.In(KarpenterLabels.CapacityType, KarpenterLabels.OnDemand), .. wanted]);
        var offers = new NodeClassInfo("any", NodeOverhead.Default, ["a", "b", "c", "d"]) with { Zones = [.. "abcd".Select(z => region + z)] };
        return new PoolState(new PoolInfo("any", 0, requirements, [], offers.Offers(RegionCatalog.For(region), requirements)), null, default, 0);
    }

    private static PodInfo Pod(string name, int milliCpu, int memoryMi, IReadOnlyDictionary<string, string>? selector, int priority = 0) => PodInfo.From(new Pod
    {
        Metadata = new ObjectMeta { Name = name, Namespace = "bench", Uid = name },
        Spec = new PodSpec
        {
            NodeSelector = selector,
            Priority = priority,
            Containers =
            [
                new Container
                {
                    Resources = new ResourceRequirements
                    {
                        Requests = new Dictionary<string, Quantity>(StringComparer.Ordinal) { ["cpu"] = Quantity.FromMilli(milliCpu), ["memory"] = Quantity.FromMebibytes(memoryMi) },
                    },
                },
            ],
        },
    });
}
