using FsCheck;
using FsCheck.Fluent;
using Hearth.Scheduling.Planning;
using Hearth.Scheduling.Provisioning;
using Hearth.Scheduling.Resources;

namespace Hearth.Scheduling.Tests.Planning;

/// <summary>What plans cost beside the cheapest way there is. Karpenter fills one node before it opens the next, which is not always the cheapest; how far it may be off is bounded.</summary>
public sealed class OptimalityTests
{
    private const decimal MostTimesTheOptimum = 2.5m;
    private static readonly PoolState Pool = Build.State(Build.Pool("any", "@family In c6i,m6i,r6i; karpenter.sh/capacity-type In on-demand"));
    private static readonly NodePrice[] Types = [.. NodePrice.Of(Pool.Pool).OrderBy(t => t.PricePerHour)];

    private static Arbitrary<IList<(int QuarterCores, int HalfGi)>> Loads =>
        Gen.Choose(1, 6).SelectMany(n => Gen.Choose(1, 32).SelectMany(c => Gen.Choose(1, 64).Select(m => (c, m))).ListOf(n)).Select(l => (IList<(int, int)>)[.. l]).ToArbitrary();

    [Fact]
    public void A_plan_is_never_cheaper_than_the_optimum_and_never_far_above_it()
    {
        Prop.ForAll(Loads, load =>
        {
            var (plan, requests) = Plan(load);
            var cost = plan.Claims.Sum(c => LaunchChooser.Choose(c.Requirements, c.Requests, c.Types)!.Offering.PricePerHour);
            var optimum = CostBounds.Cheapest(requests, Types)!.Value;
            cost.ShouldBeInRange(optimum, MostTimesTheOptimum * optimum);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(60));
    }

    [Fact]
    public void Each_node_of_a_plan_is_the_cheapest_for_its_own_pods()
    {
        Prop.ForAll(Loads, load =>
        {
            foreach (var claim in Plan(load).Plan.Claims)
            {
                LaunchChooser.Choose(claim.Requirements, claim.Requests, claim.Types)!.Offering.PricePerHour.ShouldBe(CostBounds.OneNode(claim.Requests, Types)!.Value);
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(60));
    }

    [Fact]
    public void The_linear_bound_is_below_the_optimum()
    {
        Prop.ForAll(Loads, load =>
        {
            var (_, requests) = Plan(load);
            CostBounds.Linear(requests.Aggregate(ResourceVector.Zero, (sum, r) => sum + r), Types).ShouldBeInRange(0.0, (double)CostBounds.Cheapest(requests, Types)!.Value * (1 + 1e-9));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(60));
    }

    [Fact]
    public void The_optimum_parts_pods_where_two_nodes_are_cheaper_than_one()
    {
        NodePrice[] types = [new(new ResourceVector(4000, 8L << 30, 0, 10), 1m), new(new ResourceVector(16000, 32L << 30, 0, 10), 5m)];
        var pods = Enumerable.Repeat(new ResourceVector(3000, 1L << 30, 0, 1), 3).ToArray();
        CostBounds.Cheapest(pods, types).ShouldBe(3m);
        CostBounds.Cheapest([new ResourceVector(17000, 1, 0, 1)], types).ShouldBeNull();
        CostBounds.Cheapest([], types).ShouldBe(0m);
        CostBounds.Linear(pods[0].Times(3), types).ShouldBe(9.0 / 4, 1e-6);
    }

    private static (ProvisioningPlan Plan, ResourceVector[] Requests) Plan(IEnumerable<(int QuarterCores, int HalfGi)> load)
    {
        var pods = load.Select((l, i) => Build.Info($"p{i}", $"cpu={l.QuarterCores * 250}m,memory={l.HalfGi * 512}Mi")).ToArray();
        return (ProvisioningPlanner.Plan(new ProvisioningRequest { Pods = pods, Pools = [Pool] }), [.. pods.Select(p => p.Requests)]);
    }
}
