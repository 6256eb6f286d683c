using Hearth.Kube.Core;
using Hearth.Scheduling.Fit;

namespace Hearth.Scheduling.Tests.Fit;

public sealed class PodPlacerTests
{
    private static string Message(PodInfo pod, params NodeInfo[] nodes) =>
        PodPlacer.Place(pod, Build.Cluster(nodes)).Failure.ShouldNotBeNull().Message();

    [Fact]
    public void Nothing_can_be_placed_without_nodes() => Message(Build.Info("p")).ShouldBe("no nodes available to schedule pods");

    [Fact]
    public void The_message_counts_the_nodes_by_reason_as_kube_scheduler_does() =>
        Message(
            Build.Info("p", "cpu=3,memory=1Gi", "pool=spark"),
            Build.Node("a", taints: [Build.Taint("dedicated", "gpu")]),
            Build.Node("b", labels: "pool=core"),
            Build.Node("c", "cpu=2,memory=512Mi,pods=10", "pool=spark"))
            .ShouldBe("0/3 nodes are available: 1 Insufficient cpu, 1 Insufficient memory, 1 node(s) didn't match Pod's node affinity/selector, 1 node(s) had untolerated taint {dedicated: gpu}. preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling..");

    [Fact]
    public void A_node_that_is_merely_full_is_told_from_one_that_is_too_small()
    {
        var cluster = Build.Cluster(Build.Node("a"), Build.Node("b", "cpu=1,memory=16Gi,pods=110"));
        cluster.AddPod(Build.Info("other", "cpu=3"), "a");
        PodPlacer.Place(Build.Info("p", "cpu=2"), cluster).Failure!.Message()
            .ShouldBe("0/2 nodes are available: 2 Insufficient cpu. preemption: 0/2 nodes are available: 1 No preemption victims found for incoming pod, 1 Preemption is not helpful for scheduling..");
    }

    [Fact]
    public void Cordoned_full_and_port_taken_are_told_apart()
    {
        var pod = PodInfo.From(new Pod
        {
            Metadata = new() { Name = "p", Namespace = "ns" },
            Spec = new PodSpec { Containers = [new Container { Ports = [new ContainerPort { HostPort = 4040 }] }] },
        });
        var cluster = Build.Cluster(Build.Node("a", unschedulable: true), Build.Node("b", "cpu=1,memory=1Gi,pods=0"), Build.Node("c"));
        cluster.AddPod(PodInfo.From(new Pod
        {
            Metadata = new() { Name = "q", Namespace = "ns" },
            Spec = new PodSpec { Containers = [new Container { Ports = [new ContainerPort { HostPort = 4040 }] }] },
        }), "c");
        PodPlacer.Place(pod, cluster).Failure!.Reasons.Keys.ShouldBe(["Too many pods", "node(s) didn't have free ports for the requested pod ports", "node(s) were unschedulable"]);
    }

    [Theory]
    [InlineData("Equal", "v", "NoSchedule", true)]
    [InlineData("Equal", "other", "NoSchedule", false)]
    [InlineData("Exists", null, null, true)]
    [InlineData("Exists", null, "NoExecute", false)]
    [InlineData(null, "v", null, true)]
    public void A_taint_keeps_pods_away_that_do_not_tolerate_it(string? op, string? value, string? effect, bool placed)
    {
        var pod = Build.Info("p", tolerations: [new Toleration { Key = "k", Operator = op, Value = value, Effect = effect }]);
        (PodPlacer.Place(pod, Build.Cluster(Build.Node("a", taints: [Build.Taint("k", "v")]))).NodeName == "a").ShouldBe(placed);
    }

    [Theory]
    [InlineData("zone In a,b", "a,b")]
    [InlineData("zone NotIn a", "b,c")]
    [InlineData("disk Exists", "b")]
    [InlineData("disk DoesNotExist", "a,c")]
    [InlineData("cpus Gt 8", "b,c")]
    [InlineData("cpus Lt 8", "a")]
    [InlineData("zone In a; cpus Gt 8", "")]
    public void Required_node_affinity_selects_nodes(string terms, string expected)
    {
        var pod = Build.Info("p", affinity: new Affinity
        {
            NodeAffinity = new NodeAffinity
            {
                RequiredDuringSchedulingIgnoredDuringExecution = new NodeSelector { NodeSelectorTerms = [new NodeSelectorTerm { MatchExpressions = Build.Require(terms) }] },
            },
        });
        NodeInfo[] nodes = [Build.Node("a", labels: "zone=a,cpus=4"), Build.Node("b", labels: "zone=b,cpus=16,disk=nvme"), Build.Node("c", labels: "zone=c,cpus=32")];
        string.Join(',', nodes.Where(n => NodeFilters.Check(pod, n) is null).Select(n => n.Name)).ShouldBe(expected);
    }

    [Fact]
    public void The_emptier_node_is_taken_and_equals_go_by_name()
    {
        var cluster = Build.Cluster(Build.Node("b"), Build.Node("a"), Build.Node("c"));
        PodPlacer.Place(Build.Info("p", "cpu=1,memory=1Gi"), cluster).NodeName.ShouldBe("a");
        cluster.AddPod(Build.Info("p", "cpu=1,memory=1Gi"), "a");
        PodPlacer.Place(Build.Info("q", "cpu=1,memory=1Gi"), cluster).NodeName.ShouldBe("b");
    }

    [Fact]
    public void A_wish_outweighs_emptiness_and_a_soft_taint_repels()
    {
        var wish = new Affinity
        {
            NodeAffinity = new NodeAffinity
            {
                PreferredDuringSchedulingIgnoredDuringExecution =
                    [new PreferredSchedulingTerm { Weight = 1, Preference = new NodeSelectorTerm { MatchExpressions = Build.Require("zone In b") } }],
            },
        };
        var nodes = new[] { Build.Node("a", labels: "zone=a"), Build.Node("b", labels: "zone=b") };
        PodPlacer.Place(Build.Info("p", "cpu=1", affinity: wish), Build.Cluster(nodes)).NodeName.ShouldBe("b");
        var soft = new[] { Build.Node("a", taints: [Build.Taint("k", "", "PreferNoSchedule")]), Build.Node("b") };
        PodPlacer.Place(Build.Info("p"), Build.Cluster(soft)).NodeName.ShouldBe("b");
    }

    [Fact]
    public void Balanced_use_of_cpu_and_memory_scores_higher()
    {
        var pod = Build.Info("p", "cpu=2,memory=8Gi");
        NodeScores.Balanced(pod, Build.Node("even", "cpu=4,memory=16Gi,pods=10")).ShouldBe(100);
        NodeScores.Balanced(pod, Build.Node("skewed", "cpu=4,memory=64Gi,pods=10")).ShouldBe(81);
        NodeScores.LeastAllocated(pod, Build.Node("even", "cpu=4,memory=16Gi,pods=10")).ShouldBe(50);
    }

    [Fact]
    public void Anti_affinity_spreads_over_hosts_and_protects_those_that_are_there()
    {
        var apart = new Affinity { PodAntiAffinity = new PodAffinity { RequiredDuringSchedulingIgnoredDuringExecution = [Term("app=x", "host")] } };
        var cluster = Build.Cluster(Build.Node("a", labels: "host=a"), Build.Node("b", labels: "host=b"));
        Place(cluster, Build.Info("p1", labels: "app=x", affinity: apart)).ShouldBe("a");
        Place(cluster, Build.Info("p2", labels: "app=x", affinity: apart)).ShouldBe("b");
        PodPlacer.Place(Build.Info("p3", labels: "app=x", affinity: apart), cluster).Failure!.Reasons.Keys.ShouldBe([Refusal.PodAntiAffinity]);
        PodPlacer.Place(Build.Info("p4", labels: "app=x"), cluster).Failure!.Reasons.Keys.ShouldBe([Refusal.ExistingAntiAffinity]);
        Place(cluster, Build.Info("p5", labels: "app=y")).ShouldNotBeNull();
    }

    /// <summary>kube-scheduler, interpodaffinity/filtering.go: <c>updateWithAffinityTerms</c> counts a pod only when it matches all terms.</summary>
    [Fact]
    public void Several_affinity_terms_want_one_pod_that_matches_all_of_them()
    {
        var both = new Affinity { PodAffinity = new PodAffinity { RequiredDuringSchedulingIgnoredDuringExecution = [Term("app=x", "zone"), Term("tier=db", "zone")] } };
        var cluster = Build.Cluster(Build.Node("a", labels: "zone=1"), Build.Node("b", labels: "zone=2"));
        Place(cluster, Build.Info("x", "cpu=1", labels: "app=x", selector: "zone=1")).ShouldBe("a");
        Place(cluster, Build.Info("db", "cpu=1", labels: "tier=db", selector: "zone=1")).ShouldBe("a");
        PodPlacer.Place(Build.Info("p1", affinity: both), cluster).Failure!.Reasons.Keys.ShouldBe([Refusal.PodAffinity]);

        Place(cluster, Build.Info("x-db", "cpu=1", labels: "app=x,tier=db", selector: "zone=2")).ShouldBe("b");
        Place(cluster, Build.Info("p2", affinity: both)).ShouldBe("b");
    }

    [Fact]
    public void Affinity_joins_the_group_and_the_first_of_a_group_starts_it()
    {
        var together = new Affinity { PodAffinity = new PodAffinity { RequiredDuringSchedulingIgnoredDuringExecution = [Term("app=x", "zone")] } };
        var cluster = Build.Cluster(Build.Node("a", labels: "zone=1"), Build.Node("b", "cpu=8,memory=32Gi,pods=110", "zone=2"), Build.Node("c", labels: "zone=2"));
        PodPlacer.Place(Build.Info("stranger", labels: "app=y", affinity: together), cluster).Failure!.Reasons.Keys.ShouldBe([Refusal.PodAffinity]);
        Place(cluster, Build.Info("p1", "cpu=1", labels: "app=x", affinity: together)).ShouldBe("b");
        Place(cluster, Build.Info("p2", "cpu=1", labels: "app=x", affinity: together)).ShouldBeOneOf("b", "c");
        Place(cluster, Build.Info("p3", "cpu=1", labels: "app=x", affinity: together)).ShouldBeOneOf("b", "c");
    }

    [Fact]
    public void Topology_spread_keeps_zones_within_the_skew()
    {
        TopologySpreadConstraint[] spread = [new() { MaxSkew = 1, TopologyKey = "zone", WhenUnsatisfiable = "DoNotSchedule", LabelSelector = new ObjectSelector { MatchLabels = Build.Map("app=x") } }];
        var cluster = Build.Cluster(Build.Node("a", labels: "zone=1"), Build.Node("b", "cpu=1,memory=1Gi,pods=1", "zone=2"), Build.Node("c"));
        Place(cluster, Build.Info("p1", labels: "app=x", spread: spread)).ShouldBe("a");
        Place(cluster, Build.Info("p2", labels: "app=x", spread: spread)).ShouldBe("b");
        Place(cluster, Build.Info("p3", labels: "app=x", spread: spread)).ShouldBe("a");
        PodPlacer.Place(Build.Info("p4", labels: "app=x", spread: spread), cluster).Failure!.Message()
            .ShouldStartWith("0/3 nodes are available: 1 Too many pods, 1 node(s) didn't match pod topology spread constraints, 1 node(s) didn't match pod topology spread constraints (missing required label). preemption: ");
    }

    [Fact]
    public void A_volume_ties_the_pod_to_its_zone()
    {
        var volumes = new PodVolumes([[NodeTerm.From(new NodeSelectorTerm { MatchExpressions = Build.Require("topology.kubernetes.io/zone In us-west-2b") })]], null, []);
        var pod = PodInfo.From(Build.Pod("p"), volumes);
        var cluster = Build.Cluster(Build.Node("a", labels: "topology.kubernetes.io/zone=us-west-2a"));
        PodPlacer.Place(pod, cluster).Failure!.Reasons.Keys.ShouldBe([Refusal.VolumeAffinity]);
        cluster.SetNode(Build.Node("b", labels: "topology.kubernetes.io/zone=us-west-2b"));
        PodPlacer.Place(pod, cluster).NodeName.ShouldBe("b");
        PodPlacer.Place(PodInfo.From(Build.Pod("q"), new PodVolumes([], "persistentvolumeclaim \"x\" not found", [])), cluster).Failure!.Message()
            .ShouldBe("0/2 nodes are available: persistentvolumeclaim \"x\" not found. preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling..");
    }

    [Fact]
    public void A_node_that_comes_back_still_has_its_pods()
    {
        var cluster = Build.Cluster(Build.Node("a"));
        cluster.AddPod(Build.Info("p", "cpu=3"), "a");
        cluster.RemoveNode("a");
        cluster.SetNode(Build.Node("a"));
        cluster.Find("a")!.Requested.MilliCpu.ShouldBe(3000);
        cluster.AddPod(Build.Info("q", "cpu=1"), "later");
        cluster.SetNode(Build.Node("later"));
        cluster.Find("later")!.Requested.MilliCpu.ShouldBe(1000);
        cluster.RemovePod("ns/q").ShouldBeTrue();
        cluster.Find("later")!.Requested.MilliCpu.ShouldBe(0);
    }

    private static PodAffinityTerm Term(string labels, string key) => new() { TopologyKey = key, LabelSelector = new ObjectSelector { MatchLabels = Build.Map(labels) } };

    private static string? Place(ClusterState cluster, PodInfo pod)
    {
        var node = PodPlacer.Place(pod, cluster).NodeName;
        if (node is not null)
        {
            cluster.AddPod(pod, node);
        }

        return node;
    }
}
