using Hearth.Kube.Core;
using Hearth.Scheduling.Catalog;
using Hearth.Scheduling.Fit;
using Hearth.Scheduling.Karpenter;
using Hearth.Scheduling.Provisioning;
using Hearth.Scheduling.Requirements;

namespace Hearth.Scheduling.Tests.Provisioning;

public sealed class ProvisioningPlannerTests
{
    private const string OnDemandC5d = "@family In c5d; @cpu In 4,8,16,36; karpenter.sh/capacity-type In on-demand";
    private const string Compute = "@category In c; @family In c5d; @cpu In 4,8,16,36; @hypervisor In nitro; @generation Gt 2; karpenter.sh/capacity-type In spot,on-demand; kubernetes.io/arch In amd64";

    private static ProvisioningPlan Plan(IEnumerable<PodInfo> pods, params PoolState[] pools) =>
        ProvisioningPlanner.Plan(new ProvisioningRequest { Pods = [.. pods], Pools = pools });

    private static IEnumerable<PodInfo> Pods(int count, string requests, string? selector = null) =>
        Enumerable.Range(0, count).Select(i => Build.Info($"p{i:000}", requests, selector));

    private static string Launches(ProvisioningPlan plan) => string.Join(", ", plan.Claims
        .Select(c => Launch(c)).Select(l => l.Offer.Type.Name).GroupBy(n => n, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => $"{g.Count()} {g.Key}"));

    private static LaunchChoice Launch(PlannedClaim claim) => LaunchChooser.Choose(claim.Requirements, claim.Requests, claim.Types).ShouldNotBeNull();

    [Fact]
    public void A_hundred_pods_fill_large_nodes_and_the_rest_shrinks_to_a_small_one()
    {
        var plan = Plan(Pods(100, "cpu=1200m,memory=2Gi"), Build.State(Build.Pool("c5d", OnDemandC5d)));
        plan.Unplaced.ShouldBeEmpty();
        plan.Claims.Select(c => c.Pods.Count).Order().ShouldBe([13, 29, 29, 29]);
        Launches(plan).ShouldBe("1 c5d.4xlarge, 3 c5d.9xlarge");
        plan.Claims.Sum(c => Launch(c).Offering.PricePerHour).ShouldBe(5.952m);
    }

    [Fact]
    public void Memory_bound_pods_fill_by_memory_and_daemons_are_counted()
    {
        var pool = Build.Pool("r5d", "@family In r5d; @cpu In 4,8,16,32; karpenter.sh/capacity-type In on-demand");
        var plan = Plan(Pods(20, "cpu=1200m,memory=15Gi"), Build.State(pool));
        plan.Claims.Select(c => c.Pods.Count).Order().ShouldBe([5, 15]);
        Launches(plan).ShouldBe("1 r5d.4xlarge, 1 r5d.8xlarge");
        var withDaemons = ProvisioningPlanner.Plan(new ProvisioningRequest
        {
            Pods = [.. Pods(21, "cpu=1200m,memory=15Gi")],
            Pools = [Build.State(pool)],
            Daemons = [Build.Info("daemon", "cpu=150m,memory=256Mi"), Build.Info("gpu-daemon", "cpu=32", "karpenter.k8s.aws/instance-family=p4d")],
        });
        withDaemons.Claims.Select(c => c.Pods.Count).Order().ShouldBe([6, 15]);
        Launches(withDaemons).ShouldBe("1 r5d.4xlarge, 1 r5d.8xlarge");
    }

    [Fact]
    public void A_pool_that_allows_spot_launches_spot_and_lists_both()
    {
        var plan = Plan([Build.Info("driver", "cpu=1,memory=2Gi")], Build.State(Build.Pool("spark-compute-optimized", Compute, weight: 100)));
        var claim = plan.Claims.ShouldHaveSingleItem();
        claim.Requirements.Find(KarpenterLabels.CapacityType)!.ToString().ShouldBe("karpenter.sh/capacity-type In [on-demand spot]");
        claim.Types.Select(t => t.Type.Name).ShouldBe(["c5d.xlarge", "c5d.2xlarge", "c5d.4xlarge", "c5d.9xlarge"]);
        Launch(claim).Offering.CapacityType.ShouldBe(KarpenterLabels.Spot);
        Launch(claim).Offer.Type.Name.ShouldBe("c5d.xlarge");
    }

    [Fact]
    public void A_pod_that_asks_for_on_demand_in_a_zone_gets_it()
    {
        var plan = Plan(
            [Build.Info("driver", "cpu=1,memory=2Gi", "karpenter.sh/capacity-type=on-demand,topology.kubernetes.io/zone=us-west-2b,provisioner=compute")],
            Build.State(Build.Pool("compute", Compute, labels: "provisioner=compute")));
        var launch = Launch(plan.Claims.ShouldHaveSingleItem());
        (launch.Offering.Zone, launch.Offering.CapacityType, launch.Offering.PricePerHour).ShouldBe(("us-west-2b", "on-demand", 0.192m));
    }

    [Fact]
    public void Heavier_pools_come_first_and_pods_find_the_pool_they_select()
    {
        PoolState[] pools =
        [
            Build.State(Build.Pool("light", OnDemandC5d, weight: 1, labels: "team=a")),
            Build.State(Build.Pool("heavy", "@family In m5; @cpu In 4; karpenter.sh/capacity-type In on-demand", weight: 50, labels: "team=b")),
        ];
        Plan([Build.Info("p", "cpu=1")], pools).Claims.Single().Pool.Name.ShouldBe("heavy");
        Plan([Build.Info("p", "cpu=1", "team=a")], pools).Claims.Single().Pool.Name.ShouldBe("light");
        Plan([Build.Info("p", "cpu=1", "karpenter.sh/nodepool=light")], pools).Claims.Single().Pool.Name.ShouldBe("light");
    }

    [Fact]
    public void A_pod_that_no_pool_takes_hears_why_from_each()
    {
        var plan = Plan(
            [Build.Info("p", "cpu=64,memory=1Gi", "kubernetes.io/arch=amd64")],
            Build.State(Build.Pool("c", OnDemandC5d, weight: 3)),
            Build.State(Build.Pool("b", OnDemandC5d, weight: 2, taints: [Build.Taint("dedicated", "spark")])),
            Build.State(Build.Pool("a", "@family In r6gd; @cpu In 4; karpenter.sh/capacity-type In on-demand; kubernetes.io/arch In arm64", weight: 1)));
        plan.Claims.ShouldBeEmpty();
        var reasons = plan.Unplaced.ShouldHaveSingleItem().Reasons;
        reasons[0].Text.ShouldStartWith("incompatible with nodepool \"c\", daemonset overhead={}, no instance type has enough resources, requirements=");
        reasons[0].Text.ShouldEndWith("resources={\"cpu\":\"64\",\"memory\":\"1Gi\",\"pods\":\"1\"}");
        reasons[1].Text.ShouldBe("incompatible with nodepool \"b\", daemonset overhead={}, did not tolerate taint (taint=dedicated=spark:NoSchedule)");
        reasons[2].Text.ShouldBe("incompatible with nodepool \"a\", daemonset overhead={}, incompatible requirements, key kubernetes.io/arch, kubernetes.io/arch In [amd64] not in kubernetes.io/arch In [arm64]");
        plan.Unplaced[0].Message.ShouldStartWith("Failed to schedule pod, incompatible with nodepool \"c\"");
    }

    [Theory]
    [InlineData("cpu=1", "x=y", "label \"x\" does not have known values")]
    [InlineData("cpu=1", "topology.kubernetes.io/zone=us-west-2z", "no instance type has the required offering")]
    [InlineData("cpu=1", "karpenter.k8s.aws/instance-size=7xlarge", "no instance type met all requirements")]
    [InlineData("cpu=20", "karpenter.k8s.aws/instance-cpu=8", "no instance type which met the scheduling requirements and had enough resources")]
    [InlineData("cpu=200", "karpenter.k8s.aws/instance-cpu=7", "no instance type met the scheduling requirements or had enough resources")]
    [InlineData("nvidia.com/gpu=1", "", "no instance type has enough resources")]
    public void The_criterion_that_excludes_everything_is_named(string requests, string selector, string reason)
    {
        var pool = Build.Pool("c5d", "@family In c5d; karpenter.sh/capacity-type In on-demand");
        var plan = Plan([Build.Info("p", requests, selector)], Build.State(pool));
        plan.Unplaced.ShouldHaveSingleItem().Reasons.Single().Text.ShouldContain(reason);
    }

    [Fact]
    public void Limits_stop_a_pool_by_its_largest_possible_node_and_say_so()
    {
        var pool = Build.Pool("c5d", OnDemandC5d, limits: "cpu=80");
        var plan = Plan(Pods(100, "cpu=1200m,memory=2Gi"), Build.State(pool));
        plan.Claims.Count.ShouldBe(3); // 36 + 36, then 8 are left: one more of at most 8 cpus
        plan.Claims.Sum(c => c.Types.Max(t => t.Type.Vcpu)).ShouldBeLessThanOrEqualTo(80);
        plan.Unplaced.ShouldNotBeEmpty();
        plan.Unplaced.ShouldAllBe(u => u.Reasons.Single().Text == "all available instance types exceed limits for nodepool: \"c5d\"");
        var full = new PoolState(Build.PoolInfo(pool), PoolState.LimitsOf(pool), new Scheduling.Resources.ResourceVector(80_000, 0), 3);
        Plan(Pods(1, "cpu=1"), full).Claims.ShouldBeEmpty();
    }

    [Fact]
    public void The_number_of_nodes_can_be_limited()
    {
        var plan = Plan(Pods(100, "cpu=1200m,memory=2Gi"), Build.State(Build.Pool("c5d", OnDemandC5d, limits: "nodes=2")));
        plan.Claims.Count.ShouldBe(2);
        plan.Unplaced.Count.ShouldBe(42);
    }

    [Fact]
    public void Present_nodes_are_used_before_new_ones()
    {
        var node = ExistingNode.From(Build.Node("old", "cpu=3,memory=8Gi,pods=10", "team=a"));
        var plan = ProvisioningPlanner.Plan(new ProvisioningRequest
        {
            Pods = [.. Pods(4, "cpu=1,memory=1Gi")],
            Pools = [Build.State(Build.Pool("c5d", OnDemandC5d))],
            Nodes = [node, ExistingNode.From(Build.Node("cordoned", unschedulable: true))],
        });
        plan.OnExisting.Select(a => a.NodeName).ShouldBe(["old", "old", "old"]);
        plan.Claims.Single().Pods.Count.ShouldBe(1);
    }

    [Fact]
    public void Wishes_hold_until_they_cannot_and_then_the_pod_still_gets_a_node()
    {
        Affinity Wish(string text) => new()
        {
            NodeAffinity = new NodeAffinity
            {
                PreferredDuringSchedulingIgnoredDuringExecution = [new PreferredSchedulingTerm { Weight = 10, Preference = new NodeSelectorTerm { MatchExpressions = Build.Require(text) } }],
            },
        };
        var pool = Build.State(Build.Pool("c5d", OnDemandC5d));
        Launch(Plan([Build.Info("p", "cpu=1", affinity: Wish("@cpu In 16"))], pool).Claims.Single()).Offer.Type.Name.ShouldBe("c5d.4xlarge");
        Launch(Plan([Build.Info("p", "cpu=1", affinity: Wish("@cpu In 64"))], pool).Claims.Single()).Offer.Type.Name.ShouldBe("c5d.xlarge");
        var soft = Build.State(Build.Pool("soft", OnDemandC5d, taints: [Build.Taint("k", "v", "PreferNoSchedule")]));
        Plan([Build.Info("p", "cpu=1")], soft).Claims.Count.ShouldBe(1);
    }

    [Fact]
    public void The_second_alternative_is_tried_when_the_first_cannot_be()
    {
        var either = new Affinity
        {
            NodeAffinity = new NodeAffinity
            {
                RequiredDuringSchedulingIgnoredDuringExecution = new NodeSelector
                {
                    NodeSelectorTerms =
                    [
                        new NodeSelectorTerm { MatchExpressions = Build.Require("@family In r7g") },
                        new NodeSelectorTerm { MatchExpressions = Build.Require("@family In c5d") },
                    ],
                },
            },
        };
        Plan([Build.Info("p", "cpu=1", affinity: either)], Build.State(Build.Pool("c5d", OnDemandC5d))).Claims.Count.ShouldBe(1);
    }

    [Fact]
    public void A_bound_volume_decides_the_zone_of_the_new_node()
    {
        var volumes = new PodVolumes([[NodeTerm.From(new NodeSelectorTerm { MatchExpressions = Build.Require("topology.kubernetes.io/zone In us-west-2c") })]], null, []);
        var plan = Plan([PodInfo.From(Build.Pod("p", "cpu=1"), volumes)], Build.State(Build.Pool("c5d", OnDemandC5d)));
        Launch(plan.Claims.Single()).Offering.Zone.ShouldBe("us-west-2c");
    }

    [Fact]
    public void Metal_and_accelerators_are_launched_only_when_nothing_plainer_will_do()
    {
        var offers = new NodeClassInfo("c", NodeOverhead.Default, ["us-west-2a"]).Offers(RegionCatalog.For("us-west-2"), RequirementSet.Empty);
        LaunchChooser.Choose(RequirementSet.From(Build.Require("@family In g5,m5")), new(1000, 1 << 30), offers)!.Offer.Type.Name.ShouldStartWith("m5.");
        LaunchChooser.Choose(RequirementSet.From(Build.Require("@family In g5; karpenter.sh/capacity-type In on-demand")), new(1000, 1 << 30), offers)!.Offer.Type.Name.ShouldBe("g5.xlarge");
        LaunchChooser.Choose(RequirementSet.From(Build.Require("@family In g5,m5; karpenter.sh/capacity-type In on-demand")), new Scheduling.Resources.ResourceVector(1000, 1 << 30).With("nvidia.com/gpu", 1), offers)!.Offer.Type.Name.ShouldBe("g5.xlarge");
    }

    [Fact]
    public void A_refused_offering_is_passed_over()
    {
        var claim = Plan([Build.Info("p", "cpu=1")], Build.State(Build.Pool("c5d", OnDemandC5d))).Claims.Single();
        var refused = new HashSet<OfferingKey> { new("on-demand", "c5d.xlarge", "us-west-2a") };
        LaunchChooser.Choose(claim.Requirements, claim.Requests, claim.Types, refused)!.Offering.Zone.ShouldBe("us-west-2b");
        refused.UnionWith("abcd".Select(z => new OfferingKey("on-demand", "c5d.xlarge", $"us-west-2{z}")));
        LaunchChooser.Choose(claim.Requirements, claim.Requests, claim.Types, refused)!.Offer.Type.Name.ShouldBe("c5d.2xlarge");
    }

    [Fact]
    public void The_claim_object_carries_what_the_cloud_and_people_need()
    {
        var pool = Build.Pool("spark", Compute, labels: "NodeGroupType=SparkComputeOptimized", taints: [Build.Taint("spark", "true")]);
        var pod = Build.Info("p", "cpu=1,memory=1Gi", "NodeGroupType=SparkComputeOptimized", tolerations: [new Toleration { Operator = "Exists" }]);
        var claim = NodeClaimBuilder.Build(Plan([pod], Build.State(pool)).Claims.Single());
        claim.Metadata.GenerateName.ShouldBe("spark-");
        claim.Metadata.Labels!["karpenter.sh/nodepool"].ShouldBe("spark");
        claim.Metadata.Labels!["NodeGroupType"].ShouldBe("SparkComputeOptimized");
        claim.Metadata.Labels!.Keys.ShouldNotContain("karpenter.sh/capacity-type");
        claim.Metadata.Finalizers.ShouldBe(["karpenter.sh/termination"]);
        claim.Metadata.OwnerReferences!.Single().Name.ShouldBe("spark");
        claim.Spec!.Taints!.Single().Key.ShouldBe("spark");
        claim.Spec.Requirements!.Last().Values.ShouldBe(["c5d.xlarge", "c5d.2xlarge", "c5d.4xlarge", "c5d.9xlarge"]);
        claim.Spec.Resources!.Requests!["cpu"].ToString().ShouldBe("1");
        Kube.Objects.KubeJson.Read<NodeClaim>(Kube.Objects.KubeJson.Write(claim)).Spec!.Requirements!.Count.ShouldBe(claim.Spec.Requirements!.Count);
    }
}
