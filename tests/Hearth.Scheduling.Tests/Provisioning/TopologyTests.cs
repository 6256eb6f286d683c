using Hearth.Kube.Core;
using Hearth.Scheduling.Fit;
using Hearth.Scheduling.Karpenter;
using Hearth.Scheduling.Provisioning;

namespace Hearth.Scheduling.Tests.Provisioning;

public sealed class TopologyTests
{
    private static readonly PoolState Pool = Build.State(Build.Pool("c5d", "@family In c5d; @cpu In 4,8,16,36; karpenter.sh/capacity-type In spot,on-demand"), zones: "abc");

    private static IEnumerable<PodInfo> Web(int count, Affinity? affinity = null, string? selector = null, string labels = "app=web", int from = 0, IReadOnlyList<Toleration>? tolerations = null,
        params TopologySpreadConstraint[] spread) =>
        Enumerable.Range(from, count).Select(i => Build.Info($"web{i:00}", "cpu=500m,memory=512Mi", selector, labels, affinity, tolerations, spread: spread));

    private static ProvisioningPlan Plan(IEnumerable<PodInfo> pods, PoolState[]? pools = null, NodeInfo[]? nodes = null, NamespaceLabels? namespaces = null) =>
        ProvisioningPlanner.Plan(new ProvisioningRequest { Pods = [.. pods], Pools = pools ?? [Pool], Nodes = [.. (nodes ?? []).Select(n => ExistingNode.From(n))], Namespaces = namespaces });

    private static NodeInfo Node(string name, string zone, params IEnumerable<PodInfo> pods)
    {
        var cluster = Build.Cluster(Build.Node(name, "cpu=4,memory=16Gi,pods=50", $"{Rules.Zone}=us-west-2{zone},kubernetes.io/hostname={name}"));
        foreach (var pod in pods)
        {
            cluster.AddPod(pod, name);
        }

        return cluster.Nodes[0];
    }

    private static string Zones(ProvisioningPlan plan) => string.Join(' ', plan.Claims.Select(c => $"{(c.Requirements.Single(Rules.Zone) ?? "?")[^1]}{c.Pods.Count}").Order(StringComparer.Ordinal));

    [Fact]
    public void Pods_spread_over_zones_get_a_node_in_each_and_fill_them_evenly()
    {
        var plan = Plan(Web(7, spread: Rules.Spread(Rules.Zone, "app=web")));
        plan.Unplaced.ShouldBeEmpty();
        Zones(plan).ShouldBe("a3 b2 c2");
    }

    [Fact]
    public void Pods_that_are_there_count_and_their_zones_are_filled_last()
    {
        var node = Node("old", "a", Web(2, from: 50));
        var plan = Plan(Web(3, spread: Rules.Spread(Rules.Zone, "app=web")), nodes: [node]);
        plan.OnExisting.ShouldBeEmpty();
        Zones(plan).ShouldBe("b2 c1");
        Plan(Web(3, spread: Rules.Spread(Rules.Zone, "app=web", skew: 3)), nodes: [node]).OnExisting.Count.ShouldBe(1, "three more in zone a than in b and c are allowed");
    }

    [Fact]
    public void Spread_by_host_launches_a_node_for_each_pod_and_large_skews_share()
    {
        Plan(Web(5, spread: Rules.Spread(Rules.Host, "app=web"))).Claims.Select(c => c.Pods.Count).ShouldBe([1, 1, 1, 1, 1]);
        Plan(Web(5, spread: Rules.Spread(Rules.Host, "app=web", skew: 2))).Claims.Sum(c => c.Pods.Count).ShouldBe(5);
        Plan(Web(5, spread: Rules.Spread(Rules.Host, "app=web", skew: 2))).Claims.Count.ShouldBe(3);
    }

    [Fact]
    public void Spread_by_capacity_type_launches_both()
    {
        var plan = Plan(Web(4, spread: Rules.Spread(Rules.Capacity, "app=web")));
        plan.Claims.Select(c => c.Requirements.Single(Rules.Capacity)).Order().ShouldBe(["on-demand", "spot"]);
        plan.Claims.ShouldAllBe(c => c.Pods.Count == 2);
    }

    [Fact]
    public void Two_constraints_hold_together()
    {
        var plan = Plan(Web(6, spread: [Rules.Spread(Rules.Zone, "app=web"), Rules.Spread(Rules.Capacity, "app=web"), Rules.Spread(Rules.Host, "app=web")]));
        plan.Claims.Count.ShouldBe(6);
        plan.Claims.GroupBy(c => c.Requirements.Single(Rules.Zone)).ShouldAllBe(g => g.Count() == 2);
        plan.Claims.GroupBy(c => c.Requirements.Single(Rules.Capacity)).ShouldAllBe(g => g.Count() == 3);
    }

    [Fact]
    public void Too_few_domains_count_as_an_empty_one()
    {
        var plan = Plan(Web(5, spread: Rules.Spread(Rules.Zone, "app=web", minDomains: 4)));
        Zones(plan).ShouldBe("a1 b1 c1");
        plan.Unplaced.Count.ShouldBe(2);
        plan.Unplaced[0].Message.ShouldContain("unsatisfiable topology constraint for topology spread, key=topology.kubernetes.io/zone (counts = us-west-2a: 1, us-west-2b: 1, us-west-2c: 1, podDomains =");
        Plan(Web(5, spread: Rules.Spread(Rules.Zone, "app=web", minDomains: 3))).Unplaced.ShouldBeEmpty();
    }

    [Fact]
    public void Only_zones_that_the_pod_may_be_in_count_unless_its_affinity_is_to_be_ignored()
    {
        Plan(Web(4, selector: $"{Rules.Zone}=us-west-2b", spread: Rules.Spread(Rules.Zone, "app=web"))).Unplaced.ShouldBeEmpty();
        Plan(Web(4, selector: $"{Rules.Zone}=us-west-2b", spread: Rules.Spread(Rules.Zone, "app=web", affinity: "Ignore"))).Unplaced.Count.ShouldBe(3);
    }

    [Fact]
    public void Zones_of_pools_that_the_pod_does_not_select_do_not_count()
    {
        PoolState[] pools =
        [
            Build.State(Build.Pool("one", "@family In c5d; @cpu In 4; topology.kubernetes.io/zone In us-west-2a,us-west-2b", labels: "team=a")),
            Build.State(Build.Pool("two", "@family In c5d; @cpu In 4; topology.kubernetes.io/zone In us-west-2c", labels: "team=b")),
        ];
        Plan(Web(5, selector: "team=a", spread: Rules.Spread(Rules.Zone, "app=web")), pools).Unplaced.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("Honor", 4)]
    [InlineData(null, 2)]
    public void Zones_behind_taints_count_unless_they_are_to_be_honoured(string? policy, int placed)
    {
        PoolState[] pools =
        [
            Build.State(Build.Pool("open", "@family In c5d; @cpu In 4; topology.kubernetes.io/zone In us-west-2a,us-west-2b")),
            Build.State(Build.Pool("closed", "@family In c5d; @cpu In 4; topology.kubernetes.io/zone In us-west-2c", taints: [Build.Taint("team", "b")])),
        ];
        Plan(Web(4, spread: Rules.Spread(Rules.Zone, "app=web", taints: policy)), pools).Claims.Sum(c => c.Pods.Count).ShouldBe(placed);
    }

    [Fact]
    public void A_new_revision_is_spread_for_itself_with_match_label_keys()
    {
        var old = Node("old", "a", Web(2, from: 50, labels: "app=web,rev=1"));
        Zones(Plan(Web(3, labels: "app=web,rev=2", spread: Rules.Spread(Rules.Zone, "app=web", match: ["rev"])), nodes: [old])).ShouldBe("b1 c1");
        Zones(Plan(Web(3, labels: "app=web,rev=2", spread: Rules.Spread(Rules.Zone, "app=web")), nodes: [old])).ShouldBe("b2 c1");
    }

    [Fact]
    public void A_zone_that_a_type_is_not_sold_in_does_not_stop_the_others()
    {
        // Of all zones only those with the type can be launched into; the pod is one of few and the skew allows it.
        var plan = Plan(Web(2, spread: Rules.Spread(Rules.Zone, "app=web")), [Build.State(Build.Pool("one", "@family In c5d; @cpu In 4"), zones: "a")]);
        plan.Claims.ShouldHaveSingleItem().Pods.Count.ShouldBe(2);
    }

    [Fact]
    public void Anti_affinity_by_host_launches_a_node_for_each_pod()
    {
        var plan = Plan(Web(4, Rules.Apart(Rules.Host, "app=web")), nodes: [Node("old", "a"), Node("taken", "b", Web(1, from: 50))]);
        plan.OnExisting.Select(a => a.NodeName).ShouldBe(["old"]);
        plan.Claims.Select(c => c.Pods.Count).ShouldBe([1, 1, 1]);
    }

    [Fact]
    public void Anti_affinity_by_zone_places_one_pod_a_round_while_the_zone_is_open_and_all_when_it_is_given()
    {
        var plan = Plan(Web(3, Rules.Apart(Rules.Zone, "app=web")));
        plan.Claims.ShouldHaveSingleItem();
        plan.Unplaced.Count.ShouldBe(2);
        plan.Unplaced[0].Message.ShouldContain("unsatisfiable topology constraint for pod anti-affinity, key=topology.kubernetes.io/zone");
        var given = "abc".Select((z, i) => Build.Info($"p{i}", "cpu=1", $"{Rules.Zone}=us-west-2{z}", "app=web", Rules.Apart(Rules.Zone, "app=web")));
        Zones(Plan(given)).ShouldBe("a1 b1 c1");
    }

    [Fact]
    public void Pods_that_others_want_to_be_apart_from_stay_away_from_them()
    {
        var shy = Build.Info("shy", "cpu=1", labels: "app=shy", affinity: Rules.Apart(Rules.Host, "app=web"));
        var plan = Plan(Web(2).Append(shy));
        plan.Claims.Count.ShouldBe(2);
        plan.Claims.ShouldContain(c => c.Pods.Count == 1 && c.Pods[0].Name == "shy");
        Plan(Web(1), nodes: [Node("old", "a", shy)]).OnExisting.ShouldBeEmpty("the pod on the node has said so");
    }

    [Fact]
    public void Pods_that_want_to_be_together_begin_in_one_zone_and_stay_there()
    {
        var plan = Plan(Enumerable.Range(0, 4).Select(i => Build.Info($"p{i}", "cpu=20", labels: "app=web", affinity: Rules.Near(Rules.Zone, "app=web"))));
        plan.Unplaced.ShouldBeEmpty();
        plan.Claims.Count.ShouldBe(4);
        plan.Claims.Select(c => c.Requirements.Single(Rules.Zone)).Distinct().ShouldHaveSingleItem();
        Zones(Plan(Web(2, Rules.Near(Rules.Zone, "app=web")), nodes: [Node("full", "c", Build.Info("x", "cpu=4", labels: "app=web"))])).ShouldBe("c2");
    }

    [Fact]
    public void A_pod_that_wants_to_be_near_another_waits_for_it_and_says_so_when_there_is_none()
    {
        // The larger one comes first, and its friend has a place only in the second round.
        var near = Build.Info("near", "cpu=2", labels: "app=cache", affinity: Rules.Near(Rules.Zone, "app=web"));
        var plan = Plan(Web(1, selector: $"{Rules.Zone}=us-west-2b").Append(near));
        plan.Unplaced.ShouldBeEmpty();
        Zones(plan).ShouldBe("b2");
        Plan([near]).Unplaced.ShouldHaveSingleItem().Message.ShouldContain("unsatisfiable topology constraint for pod affinity, key=topology.kubernetes.io/zone");
    }

    [Fact]
    public void Wishes_are_kept_as_long_as_they_can_be()
    {
        Plan(Web(3, Rules.Apart(Rules.Host, "app=web", required: false))).Claims.Count.ShouldBe(3, "a new node can always be had");
        Zones(Plan(Web(3, spread: Rules.Spread(Rules.Zone, "app=web", required: false)))).ShouldBe("a1 b1 c1");
        var small = Build.State(Build.Pool("small", "@family In c5d; @cpu In 4", limits: "nodes=1"));
        Plan(Web(3, Rules.Apart(Rules.Host, "app=web", required: false)), [small]).Unplaced.ShouldBeEmpty("the wish is given up where no node can be had");
        Plan(Web(3, Rules.Near(Rules.Zone, "app=none", required: false))).Claims.ShouldHaveSingleItem();
    }

    [Fact]
    public void Other_namespaces_are_found_by_their_labels()
    {
        var namespaces = new NamespaceLabels();
        namespaces.Set("ns", Build.Map("tier=batch"));
        var shy = Web(1, Rules.Apart(Rules.Zone, "app=web", namespaces: Rules.Of("tier=batch")));
        var old = Node("old", "a", Web(1, from: 50));
        Plan(shy, nodes: [old], namespaces: namespaces).OnExisting.ShouldBeEmpty();
        Plan(shy, nodes: [old]).OnExisting.Count.ShouldBe(1, "nothing is known of the namespace");
    }

    [Fact]
    public void Pods_that_the_plan_moves_or_that_are_going_do_not_count()
    {
        var pod = Web(1, Rules.Apart(Rules.Host, "app=web")).Single();
        Plan([pod], nodes: [Node("old", "a", pod)]).OnExisting.Count.ShouldBe(1);
        Plan([pod], nodes: [Node("old", "a", Web(1, from: 50).Select(p => p.AsPreempted()))]).OnExisting.Count.ShouldBe(1);
    }
}
