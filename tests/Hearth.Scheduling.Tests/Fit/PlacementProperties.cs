using FsCheck;
using FsCheck.Fluent;
using Hearth.Scheduling.Fit;

namespace Hearth.Scheduling.Tests.Fit;

public sealed class PlacementProperties
{
    private static readonly string[] Requests = ["cpu=100m,memory=256Mi", "cpu=1,memory=2Gi", "cpu=2500m,memory=1Gi", "cpu=500m,memory=7Gi", "cpu=4,memory=16Gi", "memory=1Gi,nvidia.com/gpu=1"];
    private static readonly string[] Nodes = ["cpu=4,memory=16Gi,pods=5", "cpu=2,memory=64Gi,pods=110", "cpu=16,memory=8Gi,pods=3", "cpu=8,memory=32Gi,pods=9,nvidia.com/gpu=2"];

    [Fact]
    public void No_node_is_over_committed_and_every_placed_pod_has_what_it_asked_for()
    {
        var nodes = Gen.NonEmptyListOf(Gen.Elements(Nodes).SelectMany(n => Gen.Elements("zone=a", "zone=b", "").Select(l => (n, l))));
        var pods = Gen.ListOf(Gen.Elements(Requests).SelectMany(r => Gen.Elements(null, "zone=a", "zone=b").Select(s => (r, s))));
        Prop.ForAll(nodes.SelectMany(n => pods.Select(p => (n, p))).ToArbitrary(), s => Check(s.n, s.p)).QuickCheckThrowOnFailure();
    }

    private static void Check(IEnumerable<(string Allocatable, string Labels)> nodes, IReadOnlyList<(string Requests, string? Selector)> pods)
    {
        var cluster = Build.Cluster(nodes.Select((n, i) => Build.Node($"n{i}", n.Allocatable, n.Labels)));
        for (var i = 0; i < pods.Count; i++)
        {
            var pod = Build.Info($"p{i}", pods[i].Requests, pods[i].Selector);
            var placement = PodPlacer.Place(pod, cluster);
            (placement.NodeName is null).ShouldBe(cluster.Nodes.All(n => NodeFilters.Check(pod, n) is not null), "a pod is refused only when every node refuses it");
            if (placement.NodeName is { } name)
            {
                var node = cluster.Find(name)!;
                pod.AcceptsLabels(name, node.Labels).ShouldBeTrue();
                cluster.AddPod(pod, name);
            }
        }

        cluster.Nodes.ShouldAllBe(n => n.Requested.FitsIn(n.Allocatable));
    }
}
