using Hearth.Kube.Core;
using Hearth.Scheduling.Disruption;
using Hearth.Scheduling.Karpenter;
using Hearth.Scheduling.Tests.Provisioning;

namespace Hearth.Scheduling.Tests.Disruption;

public sealed class ConsolidationTests
{
    private const string Fifteen = "@family In c5,c5a,c5d,c5n,c6i,c6a,c6id,m5,m5a,m5d,m6i; karpenter.sh/capacity-type In spot,on-demand";

    private static string Single(World world) => World.Show(SingleNodeConsolidation.Decide(world.Now()).Command);

    private static string Why(World world) => SingleNodeConsolidation.Decide(world.Now()).Unconsolidatable.First().Why;

    private static string Multi(World world) => World.Show(MultiNodeConsolidation.Decide(world.Now()));

    [Fact]
    public void A_node_whose_pods_fit_on_others_is_deleted() =>
        Single(new World().Pool().Node("a", "c5.xlarge", "cpu=1").Node("b", "c5.xlarge", "cpu=1;cpu=1")).ShouldBe("delete a");

    [Fact]
    public void Pods_that_keep_apart_keep_their_nodes_and_those_that_spread_stay_in_their_zones()
    {
        World Two(Affinity? affinity, params TopologySpreadConstraint[] spread) => new World().Pool(requirements: "@family In c5; karpenter.sh/capacity-type In on-demand")
            .Node("a", "c5.large", "cpu=500m", affinity: affinity, spread: spread).Node("b", "c5.large", "cpu=500m", zone: "us-west-2b", affinity: affinity, spread: spread);
        Single(Two(null)).ShouldBe("delete a");
        Single(Two(Rules.Apart(Rules.Host, "app=web"))).ShouldBe("nothing");
        Single(Two(null, Rules.Spread(Rules.Zone, "app=web"))).ShouldBe("nothing", "zone a must not be empty while b has one and another comes");
        Single(Two(null, Rules.Spread(Rules.Zone, "app=web", skew: 2))).ShouldBe("delete a");
        Multi(Two(Rules.Apart(Rules.Host, "app=web"))).ShouldBe("nothing");
    }

    [Fact]
    public void A_node_that_is_too_large_is_replaced_by_cheaper_types_and_spot_is_pinned() =>
        Single(new World().Pool().Node("a", "c5.4xlarge", "cpu=1,memory=1Gi")).ShouldBe("replace a by spot c5.large|c5.xlarge|c5.2xlarge and 2 more", "spot of the same and of a larger type may be cheaper than on-demand");

    [Fact]
    public void Without_spot_in_the_pool_the_replacement_is_on_demand() =>
        Single(new World().Pool(requirements: "@family In c5; karpenter.sh/capacity-type In on-demand").Node("a", "c5.4xlarge", "cpu=1,memory=1Gi"))
            .ShouldBe("replace a by on-demand c5.large|c5.xlarge|c5.2xlarge");

    [Fact]
    public void A_node_that_is_right_stays_and_says_why() =>
        Why(new World().Pool(requirements: "@family In c5; karpenter.sh/capacity-type In on-demand").Node("a", "c5.large", "cpu=1,memory=1Gi")).ShouldBe("Can't replace with a cheaper node");

    [Fact]
    public void Pods_that_would_need_two_nodes_keep_theirs() =>
        Why(new World().Pool(requirements: "@family In c5; @cpu Lt 9; karpenter.sh/capacity-type In on-demand").Node("a", "c5.4xlarge", "cpu=7;cpu=7")).ShouldBe("Can't remove without creating 2 candidates");

    [Fact]
    public void A_node_without_a_known_price_is_not_replaced() =>
        Why(new World().Pool().Node("a", "c5.4xlarge", "cpu=1", change: c => c with { PricePerHour = null })).ShouldBe("Can't replace with a cheaper node");

    [Fact]
    public void A_pod_that_nothing_would_take_keeps_its_node() =>
        Why(new World().Pool(requirements: "@family In c5; @cpu Lt 5; karpenter.sh/capacity-type In on-demand").Node("a", "c5.4xlarge", "cpu=7")).ShouldStartWith("not all pods would schedule, ns/a-0 => ");

    [Fact]
    public void Pods_do_not_move_to_a_node_that_is_not_initialised() =>
        Why(new World().Pool(requirements: "@family In c5; @cpu Lt 5; karpenter.sh/capacity-type In on-demand")
            .Node("a", "c5.large", "cpu=1").Node("b", "c5.4xlarge", change: c => c with { Initialized = false })).ShouldBe("not all pods would schedule, ns/a-0 => would schedule against uninitialized node/b");

    [Fact]
    public void Pods_do_not_move_to_a_node_that_has_just_had_pod_events_but_waiting_ones_do()
    {
        Func<DisruptionCandidate, DisruptionCandidate> fresh = c => c with { LastPodEvent = World.Noon.AddSeconds(-10) };
        Single(new World().Pool(requirements: "@family In c5; @cpu Lt 3; karpenter.sh/capacity-type In on-demand").Node("a", "c5.large", "cpu=1").Node("b", "c5.xlarge", "cpu=1", change: fresh)).ShouldBe("nothing");
        Single(new World().Pool().Node("a", "c5.xlarge", "cpu=1").Node("b", "c5.xlarge", "cpu=1", change: fresh).Node("c", "c5.large", "cpu=100m").Waiting("w", "cpu=1900m")).ShouldNotBe("nothing");
    }

    [Fact]
    public void Waiting_pods_come_first_on_the_room_there_is() =>
        Why(new World().Pool(requirements: "@family In c5; @cpu Lt 5; karpenter.sh/capacity-type In on-demand").Node("a", "c5.large", "cpu=1").Node("b", "c5.large", "cpu=500m").Waiting("w", "cpu=1400m"))
            .ShouldBe("Can't replace with a cheaper node");

    [Theory]
    [InlineData("WhenEmpty", "1m", "non-empty consolidation disabled")]
    [InlineData("WhenEmptyOrUnderutilized", "Never", "has consolidation disabled")]
    [InlineData("WhenEmptyOrUnderutilized", "2h", "pod events too recently")]
    public void Policy_and_time_of_the_pool_decide_whether_a_node_is_considered(string policy, string after, string why)
    {
        var world = new World().Pool(after: after, policy: policy).Node("a", "c5.4xlarge", "cpu=1").Now();
        Consolidation.WhyNot(world, world.Candidates[0])!.ShouldContain(why);
        Consolidation.Candidates(world).ShouldBeEmpty();
    }

    [Fact]
    public void Protected_nominated_deleting_and_unfinished_nodes_are_not_considered()
    {
        Func<DisruptionCandidate, DisruptionCandidate>[] changes =
        [
            c => c with { DoNotDisrupt = true }, c => c with { Nominated = true }, c => c with { Deleting = true }, c => c with { Initialized = false },
            c => c with { PodBlock = "PDB prevents pod evictions (PDB=ns/web)" }, c => c with { InstanceType = null }, c => c with { CapacityType = null }, c => c with { Zone = null },
        ];
        foreach (var change in changes)
        {
            Single(new World().Pool().Node("a", "c5.4xlarge", "cpu=1", change: change)).ShouldBe("nothing");
        }
    }

    [Fact]
    public void A_spot_node_is_not_replaced_by_spot_unless_the_gate_is_open_and_fifteen_types_are_cheaper()
    {
        Why(new World().Pool().Node("a", "c5.4xlarge", "cpu=1", "spot")).ShouldBe("SpotToSpotConsolidation is disabled, can't replace a spot node with a spot node");
        Why(new World { SpotToSpot = true }.Pool().Node("a", "c5.4xlarge", "cpu=1", "spot")).ShouldStartWith("SpotToSpotConsolidation requires 15 cheaper instance type options than the current candidate to consolidate, got ");
        var command = SingleNodeConsolidation.Decide(new World { SpotToSpot = true }.Pool(requirements: Fifteen).Node("a", "c5.18xlarge", "cpu=1", "spot").Now()).Command;
        command!.Replacements.ShouldHaveSingleItem().Types.Count.ShouldBe(15, "no more are named, or the next look would find a cheaper one again");
    }

    [Fact]
    public void Several_spot_nodes_need_no_fifteen_types() =>
        Multi(new World { SpotToSpot = true }.Pool().Node("a", "c5.4xlarge", "cpu=1", "spot").Node("b", "c5.4xlarge", "cpu=1", "spot"))
            .ShouldStartWith("replace a,b by spot c5.xlarge");

    [Fact]
    public void Several_nodes_become_one() =>
        Multi(new World().Pool(requirements: "@family In c5; karpenter.sh/capacity-type In on-demand")
            .Node("a", "c5.2xlarge", "cpu=2,memory=2Gi").Node("b", "c5.2xlarge", "cpu=2,memory=2Gi").Node("c", "c5.2xlarge", "cpu=2,memory=2Gi")).ShouldBe("delete a,b");

    [Fact]
    public void Replacing_several_nodes_by_one_of_them_is_left_to_deletion() =>
        Multi(new World().Pool(requirements: "@family In c5; @cpu In 4,8; karpenter.sh/capacity-type In on-demand").Node("a", "c5.xlarge", "cpu=2").Node("b", "c5.xlarge", "cpu=1800m"))
            .ShouldBe("nothing", "one c5.xlarge would do, but then one of the two may stay");

    [Fact]
    public void Cheap_moves_come_first_and_the_dearest_of_equals() =>
        Consolidation.Candidates(new World().Pool().Node("dear", "c5.4xlarge", "cpu=1").Node("cheap", "c5.large", "cpu=1").Node("full", "c5.4xlarge", "cpu=1;cpu=1;cpu=1").Now())
            .Select(c => c.NodeName).ShouldBe(["dear", "full", "cheap"]);

    [Fact]
    public void A_budget_of_nothing_for_a_reason_holds_that_reason_back()
    {
        Budget none = new() { Nodes = "0", Reasons = ["Underutilized"] };
        Single(new World().Pool(budgets: none).Node("a", "c5.4xlarge", "cpu=1")).ShouldBe("nothing");
        Multi(new World().Pool(budgets: none).Node("a", "c5.4xlarge", "cpu=1").Node("b", "c5.4xlarge", "cpu=1")).ShouldBe("nothing");
        World.Show(Emptiness.Decide(new World().Pool(budgets: none).Node("a", "c5.4xlarge").Now())).ShouldBe("delete a");
    }

    [Fact]
    public void Pools_take_turns() =>
        SingleNodeConsolidation.Decide(new World().Pool("a", "@family In c5; @cpu Lt 3; karpenter.sh/capacity-type In on-demand").Pool("b", "@family In c5; karpenter.sh/capacity-type In on-demand")
            .Node("a1", "c5.large", "cpu=1", pool: "a").Node("a2", "c5.large", "cpu=1500m", pool: "a").Node("b1", "c5.4xlarge", "cpu=4", pool: "b").Now(), first: ["b"])
            .Command!.Candidates[0].NodeName.ShouldBe("b1");

    [Fact]
    public void A_pass_that_runs_out_of_time_tells_which_pools_it_did_not_see()
    {
        var world = new World().Pool("a").Pool("b").Node("a1", "c5.large", "cpu=1", pool: "a").Node("b1", "c5.large", "cpu=1", pool: "b").Now();
        SingleNodeConsolidation.Decide(world, timedOut: () => true).Unseen.ShouldBe(["a", "b"]);
        MultiNodeConsolidation.Decide(world, () => true).ShouldBeNull();
    }

    [Fact]
    public void A_balanced_pool_wants_savings_that_are_worth_the_disturbance()
    {
        var world = new World().Pool(policy: "Balanced", requirements: "@family In c5; karpenter.sh/capacity-type In on-demand")
            .Node("a", "c5.2xlarge", "cpu=3,memory=1Gi", change: c => c with { DisruptionCost = 50 }).Node("b", "c5.18xlarge", string.Join(';', Enumerable.Repeat("cpu=10", 6)));
        SingleNodeConsolidation.Decide(world.Now()).Unconsolidatable.Single(u => u.Candidate.NodeName == "a").Why.ShouldStartWith("Savings do not outweigh the disruption");
        Single(new World().Pool(policy: "Balanced").Node("a", "c5.4xlarge", "cpu=1")).ShouldStartWith("replace a");
    }

    [Fact]
    public void What_was_decided_is_done_only_if_it_still_holds()
    {
        var before = new World().Pool().Node("a", "c5.xlarge", "cpu=1").Node("b", "c5.xlarge", "cpu=1;cpu=1").Now();
        var command = SingleNodeConsolidation.Decide(before).Command!;
        DisruptionValidation.Again(before, command).Command.ShouldNotBeNull();
        DisruptionValidation.Again(new World().Pool().Node("a", "c5.xlarge", "cpu=1").Node("b", "c5.xlarge", "cpu=1;cpu=1;cpu=1500m").Now(), command).Why.ShouldBe("scheduling simulation produced new results");
        DisruptionValidation.Again(new World().Pool().Node("a", "c5.xlarge", "cpu=1", change: c => c with { Nominated = true }).Node("b", "c5.xlarge", "cpu=1;cpu=1").Now(), command).Command.ShouldBeNull();
        DisruptionValidation.Again(before with { Candidates = [before.Candidates[0] with { ClaimName = "another" }, before.Candidates[1]] }, command).Command.ShouldBeNull();
    }

    [Fact]
    public void Of_empty_nodes_those_that_have_got_a_pod_meanwhile_stay()
    {
        var command = Emptiness.Decide(new World().Pool().Node("a", "c5.large").Node("b", "c5.large").Now())!;
        World.Show(DisruptionValidation.Again(new World().Pool().Node("a", "c5.large", "cpu=1").Node("b", "c5.large").Now(), command).Command).ShouldBe("delete b");
        DisruptionValidation.Again(new World().Pool().Node("a", "c5.large", "cpu=1").Node("b", "c5.large", "cpu=1").Now(), command).Command.ShouldBeNull();
    }
}
