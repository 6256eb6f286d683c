using Hearth.Kube.Core;
using Hearth.Scheduling.ClusterAutoscaler;
using Hearth.Scheduling.Fit;

namespace Hearth.Scheduling.Tests.ClusterAutoscaler;

public sealed class ScaleUpTests
{
    private static GroupState Group(string name, string allocatable = "cpu=4,memory=16Gi,pods=110", int max = 10, int target = 0, int present = 0, string labels = "", Taint[]? taints = null) =>
        new(name, 0, max, target, present, Build.Node("template", allocatable, labels, taints));

    private static ScaleUpDecision Decide(IEnumerable<PodInfo> pods, params GroupState[] groups) => Decide(new AutoscalerOptions(), pods, groups);

    private static ScaleUpDecision Decide(AutoscalerOptions options, IEnumerable<PodInfo> pods, GroupState[] groups, string? priorities = null, ClusterState? cluster = null) =>
        ScaleUpPlanner.Decide(new ScaleUpRequest
        {
            Pods = [.. pods], Cluster = cluster ?? new ClusterState(), Groups = groups, Options = options, Priorities = priorities is null ? null : PriorityList.Parse(priorities),
        });

    private static string Text(ScaleUpDecision decision) => string.Join(' ', decision.Increases);

    private static IEnumerable<PodInfo> Pods(int count, string requests, string? selector = null, int priority = 0) =>
        Enumerable.Range(0, count).Select(i => Build.Info($"p{i:00}", requests, selector, priority: priority));

    [Fact]
    public void A_group_grows_from_zero_by_its_labels_and_taints()
    {
        var toleration = new Toleration { Key = "role", Operator = "Equal", Value = "shared", Effect = "NoSchedule" };
        var pod = Build.Info("driver", "cpu=1", "role=shared", tolerations: [toleration]);
        var decision = Decide([pod], Group("critical", labels: "role=critical", taints: [Build.Taint("role", "critical")]), Group("shared", labels: "role=shared", taints: [Build.Taint("role", "shared")]));
        Text(decision).ShouldBe("{shared 0->1 (max: 10)}");
        decision.Helped.ShouldBe([pod]);
    }

    [Fact]
    public void As_many_nodes_come_as_the_pods_need() => Text(Decide(Pods(10, "cpu=1500m"), Group("g"))).ShouldBe("{g 0->5 (max: 10)}");

    [Fact]
    public void A_group_grows_to_its_maximum_and_no_further() => Text(Decide(Pods(10, "cpu=4"), Group("g", max: 3, target: 1, present: 1))).ShouldBe("{g 1->3 (max: 3)}");

    [Fact]
    public void What_is_coming_is_not_asked_for_again()
    {
        var decision = Decide(Pods(3, "cpu=2"), Group("g", target: 1));
        (decision.Awaited.Count, Text(decision)).ShouldBe((2, "{g 1->2 (max: 10)}"));
    }

    [Fact]
    public void Pods_that_present_nodes_take_call_for_nothing()
    {
        var decision = Decide(new AutoscalerOptions(), Pods(1, "cpu=2"), [Group("g")], cluster: Build.Cluster(Build.Node("n")));
        (decision.Awaited.Count, decision.Increases.Count).ShouldBe((1, 0));
    }

    [Fact]
    public void The_reasons_are_counted_over_the_groups_in_the_schedulers_words() =>
        Decide([Build.Info("p", "cpu=8", "role=a")], Group("a1", labels: "role=a"), Group("a2", labels: "role=a"), Group("b", labels: "role=b"), Group("c", taints: [Build.Taint("role", "c")]), Group("full", "cpu=16,pods=10", 0, labels: "role=a"))
            .Unhelped.Single().Message().ShouldBe(
                "pod didn't trigger scale-up: 1 max node group size reached, 1 node(s) didn't match Pod's node affinity/selector, 1 node(s) had untolerated taint {role: c}, 2 Insufficient cpu");

    [Fact]
    public void Pods_of_very_low_priority_call_for_nothing_and_nobody_is_preempted_for_a_plan()
    {
        Decide(Pods(1, "cpu=2", priority: -11), Group("g")).Increases.ShouldBeEmpty();
        Decide(Pods(1, "cpu=2", priority: -10), Group("g")).Increases.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("cpu=4", "small")]
    [InlineData("cpu=4,memory=60Gi", "high-memory")]
    [InlineData("cpu=15", "large")]
    public void The_least_waste_wins(string requests, string group) =>
        Text(Decide(Pods(1, requests), Group("large", "cpu=16,memory=64Gi,pods=110"), Group("small", "cpu=4,memory=16Gi,pods=110"), Group("high-memory", "cpu=8,memory=64Gi,pods=110")))
            .ShouldStartWith("{" + group);

    [Fact]
    public void Priorities_come_first_and_groups_that_they_do_not_name_last()
    {
        GroupState[] groups = [Group("on-demand"), Group("spot-large", "cpu=64,memory=256Gi,pods=110"), Group("spot-small", "cpu=8,memory=32Gi,pods=110"), Group("other")];
        var options = new AutoscalerOptions { Expanders = [Expander.Priority, Expander.LeastWaste] };
        Text(Decide(options, Pods(1, "cpu=2"), groups, "10:\n  - .*on-demand.*\n50:\n  - spot-.*\n")).ShouldBe("{spot-small 0->1 (max: 10)}");
        Text(Decide(options, Pods(1, "cpu=2"), groups[..1], "50:\n  - spot-.*\n")).ShouldBe("{on-demand 0->1 (max: 10)}");
    }

    [Theory]
    [InlineData("- .*", "line 1: '- .*' is neither a priority")]
    [InlineData("10:\n  - (", "line 2: '(' is no regular expression")]
    [InlineData("10:\n  .*", "line 2: '.*' is neither")]
    public void A_list_of_priorities_says_what_is_wrong_with_it(string text, string problem) =>
        Should.Throw<FormatException>(() => PriorityList.Parse(text)).Message.ShouldStartWith(problem);

    [Fact]
    public void Groups_that_are_alike_but_for_their_zone_grow_evenly()
    {
        GroupState Zone(string name, string zone, int target) => Group(name, target: target, present: target, labels: $"topology.kubernetes.io/zone={zone},role=x,eks.amazonaws.com/nodegroup={name}");
        GroupState[] groups = [Zone("g-0", "a", 2), Zone("g-1", "b", 0), Zone("g-2", "c", 0)];
        Text(Decide(Pods(4, "cpu=4"), groups)).ShouldBe("{g-1 0->2 (max: 10)} {g-2 0->2 (max: 10)}");
        Text(Decide(new AutoscalerOptions { BalanceSimilarGroups = false }, Pods(4, "cpu=4"), groups)).ShouldBe("{g-0 2->6 (max: 10)}");
        Text(Decide(Pods(2, "cpu=4", "topology.kubernetes.io/zone=a"), groups)).ShouldBe("{g-0 2->4 (max: 10)}");
    }

    [Fact]
    public void A_decision_leaves_the_state_as_it_was()
    {
        var cluster = Build.Cluster(Build.Node("n", "cpu=1,pods=10"));
        Decide(new AutoscalerOptions(), Pods(20, "cpu=1"), [Group("g", target: 1), Group("h", "cpu=2,pods=3")], cluster: cluster);
        cluster.Nodes.Single().Pods.ShouldBeEmpty();
        cluster.FindPod("ns/p00").ShouldBeNull();
    }

    [Fact]
    public void A_group_that_failed_is_left_alone_twice_as_long_each_time()
    {
        var (options, now) = (new AutoscalerOptions(), DateTimeOffset.UnixEpoch);
        var backoff = GroupBackoff.None.Failed("g", ScaleUpError.NoCapacity, now, options);
        TimeSpan Left(GroupBackoff b, DateTimeOffset at) => Enumerable.Range(0, 200).Select(m => TimeSpan.FromMinutes(m)).First(m => b.Of("g", at + m) is null);
        Left(backoff, now).ShouldBe(TimeSpan.FromMinutes(5));
        Left(backoff.Failed("g", ScaleUpError.NoCapacity, now.AddMinutes(1), options), now.AddMinutes(1)).ShouldBe(TimeSpan.FromMinutes(5), "failing while it is left alone does not make it longer");
        foreach (var minutes in (int[])[10, 20, 30, 30])
        {
            now += Left(backoff, now);
            backoff = backoff.Failed("g", ScaleUpError.NoCapacity, now, options);
            Left(backoff, now).ShouldBe(TimeSpan.FromMinutes(minutes));
        }

        Left(backoff.Failed("g", ScaleUpError.NoCapacity, now.AddHours(3), options), now.AddHours(3)).ShouldBe(TimeSpan.FromMinutes(5), "three hours later it is forgotten");
        backoff.Succeeded("g").Of("g", now).ShouldBeNull();
        backoff.Of("other", now).ShouldBeNull();
    }

    [Fact]
    public void A_group_that_is_left_alone_does_not_grow_and_another_does()
    {
        var failed = Group("a") with { Backoff = ScaleUpError.NoCapacity };
        Text(Decide(Pods(2, "cpu=3"), failed, Group("b"))).ShouldBe("{b 0->2 (max: 10)}");
        Decide(Pods(1, "cpu=3"), failed).Unhelped.Single().Message().ShouldBe("pod didn't trigger scale-up: 1 in backoff after failed scale-up");
    }
}
