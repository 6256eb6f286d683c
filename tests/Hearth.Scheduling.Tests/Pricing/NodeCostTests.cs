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

public sealed class WorkCostTests
{
    [Fact]
    public void Work_costs_what_its_pods_held_on_each_node()
    {
        var start = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
        PodRecord Pod(string job, string cpu) => new() { Namespace = "team", Name = job, Labels = Build.Map("job=" + job), Requests = Build.Resources($"cpu={cpu},memory=1Gi"), BoundAt = start, EndedAt = start.AddMinutes(30) };
        NodeRecord Node(string name, string price, params (string Uid, PodRecord Pod)[] pods) => new()
        {
            Spec = new() { NodeName = name, UsdPerHour = price, PriceBasis = "assumed: somewhere else's", StartedAt = start, Allocatable = Build.Resources("cpu=4,memory=16Gi,pods=50") },
            Status = new() { EndedAt = start.AddHours(1), Pods = pods.ToDictionary(p => p.Uid, p => p.Pod) },
        };
        var cost = WorkCost.Of(
            [Node("b", "1", ("1", Pod("x", "2")), ("2", Pod("y", "1"))), Node("a", "2", ("3", Pod("x", "4"))), Node("c", "9", ("4", Pod("y", "4")))],
            p => p.Labels?["job"] == "x", start.AddHours(9));
        cost.Held.ShouldBe(0.25m + 1m);
        cost.Nodes.Select(n => (n.Record.Spec!.NodeName, n.Held, n.Node.Total)).ShouldBe([("a", 1m, 2m), ("b", 0.25m, 1m)]);
        cost.IsAssumption.ShouldBeTrue();
    }

    [Fact]
    public void A_record_without_a_price_costs_nothing_that_is_known() => new NodeRecord { Spec = new() { NodeName = "n" } }.Cost(DateTimeOffset.UnixEpoch).ShouldBeNull();
}
