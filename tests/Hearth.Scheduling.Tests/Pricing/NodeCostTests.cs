using FsCheck;
using FsCheck.Fluent;
using Hearth.Scheduling.Pricing;
using Hearth.Scheduling.Resources;

namespace Hearth.Scheduling.Tests.Pricing;

public sealed class NodeCostTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly ResourceVector Node = new(4000, 16L << 30, 0, 58);

    private static PodStay Stay(string key, int milli, int gi, int from, int? to) =>
        new(key, new ResourceVector(milli, (long)gi << 30, 0, 1), Start.AddMinutes(from), to is null ? null : Start.AddMinutes(to.Value));

    [Fact]
    public void A_node_costs_its_price_by_the_second() =>
        NodeCost.Of(0.192m, TimeSpan.FromSeconds(90)).ShouldBe(0.0048m);

    [Fact]
    public void A_pod_pays_the_larger_of_its_shares_while_it_is_there()
    {
        var cost = NodeCost.Split(1.2m, Node, Start, Start.AddHours(1), [Stay("cpu", 2000, 1, 0, 30), Stay("memory", 100, 4, 30, null)]);
        cost.Total.ShouldBe(1.2m);
        cost.ByPod["cpu"].ShouldBe(0.3m);
        cost.ByPod["memory"].ShouldBe(0.15m);
        cost.Idle.ShouldBe(0.75m);
    }

    [Fact]
    public void Shares_that_exceed_the_node_are_scaled_down_to_it()
    {
        var cost = NodeCost.Split(1m, Node, Start, Start.AddHours(1), [Stay("a", 4000, 1, 0, null), Stay("b", 0, 16, 0, null)]);
        cost.ByPod["a"].ShouldBe(0.5m);
        cost.ByPod["b"].ShouldBe(0.5m);
        cost.Idle.ShouldBe(0m);
    }

    [Fact]
    public void Time_outside_the_nodes_life_is_not_paid()
    {
        var cost = NodeCost.Split(1m, Node, Start, Start.AddHours(1), [Stay("a", 4000, 0, -30, 15), Stay("later", 4000, 0, 90, null)]);
        cost.ByPod["a"].ShouldBe(0.25m);
        cost.ByPod["later"].ShouldBe(0m);
    }

    [Fact]
    public void Pods_and_idleness_always_add_up_to_the_node()
    {
        var stay = Gen.Choose(0, 4000).SelectMany(c => Gen.Choose(0, 16).SelectMany(g => Gen.Choose(-20, 80).SelectMany(f => Gen.Choose(0, 90).Select(l => (c, g, f, l)))));
        Prop.ForAll(Gen.ListOf(stay).ToArbitrary(), stays =>
        {
            var cost = NodeCost.Split(1.728m, Node, Start, Start.AddHours(1), [.. stays.Select((s, i) => Stay($"p{i}", s.c, s.g, s.f, s.f + s.l))]);
            Math.Abs(cost.ByPod.Values.Sum() + cost.Idle - cost.Total).ShouldBeLessThan(1e-15m);
            cost.ByPod.Values.ShouldAllBe(v => v >= 0);
        }).QuickCheckThrowOnFailure();
    }
}
