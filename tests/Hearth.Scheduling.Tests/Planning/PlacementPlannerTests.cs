using Hearth.Scheduling.Fit;
using Hearth.Scheduling.Karpenter;
using Hearth.Scheduling.Planning;
using Hearth.Scheduling.Provisioning;

namespace Hearth.Scheduling.Tests.Planning;

public sealed class PlacementPlannerTests
{
    private static readonly PoolState Compute = Build.State(Build.Pool("compute", "@family In c5d; @cpu In 4,8,16,36; karpenter.sh/capacity-type In on-demand"));
    private static readonly PoolState Memory = Build.State(Build.Pool("memory", "@family In r5d; @cpu In 4,8,16,32; karpenter.sh/capacity-type In on-demand", labels: "team=b"));

    private static PlacementPlan Plan(params IReadOnlyList<PodInfo>[] waves) => PlacementPlanner.Plan(new PlanRequest { Waves = waves, Pools = [Compute, Memory] });

    private static PodInfo[] Pods(string name, int count, string requests, string? selector = null) => [.. Enumerable.Range(0, count).Select(i => Build.Info($"{name}{i}", requests, selector))];

    [Fact]
    public void Nodes_are_those_of_the_worked_example()
    {
        var plan = Plan(Pods("p", 100, "cpu=1200m,memory=2Gi", "karpenter.sh/nodepool=compute"));
        plan.Launches.CountBy(n => n.Type).ToDictionary().ShouldBe(new Dictionary<string, int> { ["c5d.9xlarge"] = 3, ["c5d.4xlarge"] = 1 }, ignoreOrder: true);
        plan.PricePerHour.ShouldBe(5.952m);
        plan.Unplaced.ShouldBeEmpty();
        plan.Launches.Sum(n => n.Node.Pods.Count).ShouldBe(100);
    }

    [Fact]
    public void A_later_wave_fills_what_the_first_left_before_anything_is_launched()
    {
        var plan = Plan(Pods("driver", 1, "cpu=1,memory=5734Mi", "team=b"), Pods("executor", 2, "cpu=1,memory=5734Mi", "team=b"));
        plan.Launches.Count().ShouldBe(1);
        plan.Launches.Single().Node.Pods.Count.ShouldBe(3);
    }

    [Fact]
    public void Present_nodes_cost_nothing_and_come_first()
    {
        var present = new PlanNode(Build.Node("core-0", "cpu=4,memory=16Gi,pods=58"), "core", "m5.xlarge", "us-west-2a", "on-demand", 0, null, false);
        var plan = PlacementPlanner.Plan(new PlanRequest { Waves = [Pods("p", 1, "cpu=1")], Pools = [Compute], Nodes = [present] });
        plan.Launches.ShouldBeEmpty();
        plan.PricePerHour.ShouldBe(0);
        present.Node.Pods.ShouldBeEmpty("the request is not changed");
    }

    [Fact]
    public void What_does_not_fit_says_which_constraint_forbids_it()
    {
        var plan = Plan([Build.Info("big", "cpu=200", "team=b"), Build.Info("lost", "cpu=1", "team=c")]);
        plan.Unplaced.Count.ShouldBe(2);
        plan.Unplaced.Single(u => u.Pod.Name == "big").Provisioner.ShouldContain("no instance type has enough resources");
        plan.Unplaced.Single(u => u.Pod.Name == "lost").Provisioner.ShouldContain("team");
    }

    [Fact]
    public void Limits_of_pools_count_over_all_waves()
    {
        var limited = Build.State(Build.Pool("small", "@family In c5d; @cpu In 4; karpenter.sh/capacity-type In on-demand", limits: "cpu=8"));
        var plan = PlacementPlanner.Plan(new PlanRequest { Waves = [Pods("a", 2, "cpu=3"), Pods("b", 2, "cpu=3")], Pools = [limited] });
        plan.Launches.Count().ShouldBe(2);
        plan.Unplaced.Count.ShouldBe(2);
    }

    [Fact]
    public void Ten_thousand_pods_are_planned_each_once()
    {
        var plan = Plan(Pods("p", 10_000, "cpu=900m,memory=3Gi"));
        (plan.Launches.Sum(n => n.Node.Pods.Count) + plan.Unplaced.Count).ShouldBe(10_000);
        plan.Unplaced.ShouldBeEmpty();
        plan.Nodes.ShouldAllBe(n => n.Node.Requested.FitsIn(n.Node.Allocatable));
    }

    [Fact]
    public void Node_groups_grow_from_zero_for_a_plan()
    {
        var group = new Scheduling.Simulation.SimulatedGroup(
            new Scheduling.ClusterAutoscaler.GroupState("shared", 0, 2, 0, 0, Build.Node("t", "cpu=4,memory=16Gi,pods=110", "role=shared")), "m6g.xlarge", "on-demand", 0.154m);
        PlanRequest Request(int pods) => new() { Waves = [[.. Enumerable.Range(0, pods).Select(i => Build.Info($"p{i}", "cpu=2", "role=shared"))]], Pools = [], Groups = [group] };
        var plan = PlacementPlanner.Plan(Request(3));
        (plan.Launches.Count(), plan.PricePerHour, plan.Unplaced.Count).ShouldBe((2, 0.308m, 0));
        PlacementPlanner.Plan(Request(5)).Unplaced.Count.ShouldBe(1);
    }
}
