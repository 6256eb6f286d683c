using FsCheck;
using FsCheck.Fluent;
using Hearth.Scheduling.Fit;
using Hearth.Scheduling.YuniKorn.Configuration;
using Hearth.Scheduling.YuniKorn.Core;

namespace Hearth.Scheduling.Tests.YuniKorn;

/// <summary>Each pod goes to the least used node that takes it (fair) or to the most used one (bin packing), whatever has been handed out before it in the same round.</summary>
public sealed class NodeOrderTests
{
    private static readonly string[] Shapes = ["cpu=1,memory=1Gi", "cpu=500m,memory=4Gi", "cpu=2,memory=2Gi", "cpu=3,memory=512Mi"];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_round_gives_every_pod_the_best_node_of_that_moment(bool binPacking)
    {
        var node = Gen.Choose(1, 16).SelectMany(cpu => Gen.Choose(1, 32).Select(gi => (cpu, gi)));
        var pods = Gen.ListOf(Gen.Elements(Shapes));
        Prop.ForAll(Gen.ListOf(node).SelectMany(n => pods.Select(p => (n, p))).ToArbitrary(), s => Check([.. s.n], [.. s.p], binPacking)).Check(Config.QuickThrowOnFailure.WithMaxTest(60));
    }

    private static void Check((int Cpu, int Gi)[] nodes, string[] pods, bool binPacking)
    {
        ClusterState Cluster() => Build.Cluster(nodes.Select((n, i) => Build.Node($"n{i:00}", $"cpu={n.Cpu},memory={n.Gi}Gi,pods=5")));
        var config = PartitionConfig.Default with { BinPacking = binPacking };
        var asks = pods.Select((p, i) => new Ask(Build.Info($"p{i:00}", p)) { ApplicationId = "app" }).ToArray();
        var cluster = Cluster();
        var partition = new Partition(cluster, config);
        partition.Submit(new ApplicationRequest { Id = "app", Tags = new Dictionary<string, string>(StringComparer.Ordinal) { ["namespace"] = "ns" } }, default);
        foreach (var ask in asks)
        {
            partition.Add(ask, default);
        }

        partition.Schedule(default);

        // One after the other, all nodes looked at each time.
        var plain = Cluster();
        foreach (var ask in asks)
        {
            var best = Best(ask.Pod, plain, binPacking);
            cluster.NodeOf(ask.Key).ShouldBe(best, ask.Key);
            if (best is not null)
            {
                plain.AddPod(ask.Pod, best);
            }
        }
    }

    private static string? Best(PodInfo pod, ClusterState cluster, bool binPacking)
    {
        var takers = cluster.Nodes.Where(n => NodeFilters.Check(pod, n) is null);
        var ordered = binPacking ? takers.OrderByDescending(Use) : takers.OrderBy(Use);
        return ordered.ThenBy(n => n.Name, StringComparer.Ordinal).FirstOrDefault()?.Name;
    }

    private static double Use(NodeInfo node) =>
        (((double)node.Requested.MilliCpu / node.Allocatable.MilliCpu) + ((double)node.Requested.Memory / node.Allocatable.Memory)) / 2;
}
