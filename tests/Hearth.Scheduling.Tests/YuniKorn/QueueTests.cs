using Hearth.Scheduling.YuniKorn.Configuration;
using Hearth.Scheduling.YuniKorn.Core;

namespace Hearth.Scheduling.Tests.YuniKorn;

public sealed class QueueTests
{
    private static string Text(string queues, string rules = "[{name: provided, create: true}, {name: tag, value: namespace, create: true}]") =>
        $"partitions: [{{name: default, placementrules: {rules}, queues: [{{name: root, submitacl: '*', queues: [{queues}]}}]}}]";

    [Theory]
    [InlineData("{name: a, resources: {max: {vcore: 1.5}}}", "queues.yaml.partitions[0].queues[0].queues[0].resources.max: invalid quantity '1.5'")]
    [InlineData("{name: a, resources: {maximum: {vcore: 1}}}", "queues.yaml.partitions[0].queues[0].queues[0].resources: field maximum not found")]
    [InlineData("{name: a, resources: {guaranteed: {vcore: 2}, max: {vcore: 1}}}", "queue root.a: guaranteed map[vcore:2000] is larger than max map[vcore:1000]")]
    [InlineData("{name: a}, {name: A}", "queue root: duplicate queue name 'a'")]
    [InlineData("{name: 'a b'}", "queue root.a b: invalid name 'a b', a name must only have alphanumeric characters, _ : # / @ or -, and be no longer than 64 characters")]
    [InlineData("{name: a, resources: {max: {vcore: 1}}, queues: [{name: b, resources: {max: {vcore: 2}}}]}", "queue root.a.b: max map[vcore:2000] is larger than the max of a queue above it map[vcore:1000]")]
    [InlineData("{name: a, limits: [{limit: x, users: [u]}]}", "queue root.a: limit 'x' limits nothing: give maxapplications or maxresources")]
    [InlineData("{name: a, maxapplications: 0}", "queues.yaml.partitions[0].queues[0].queues[0].maxapplications: a number above 0 was expected")]
    public void What_is_wrong_with_a_queue_text_is_said_with_its_place(string queues, string because) =>
        Should.Throw<FormatException>(() => QueuesYaml.Read(Text(queues))).Message.ShouldBe(because);

    [Fact]
    public void Without_a_text_each_namespace_has_its_queue_and_labels_do_not_count()
    {
        var world = new YuniKornWorld("", YuniKornWorld.Node("a"));
        world.Create("p", "cpu=1", "app", "root.test");
        world.Partition.Applications["app"].Queue.Path.ShouldBe("root.ns");
        world.NodeOf("p").ShouldBe("a");
    }

    [Theory]
    [InlineData("[{name: provided, create: false}, {name: user, create: true, parent: {name: fixed, value: people, create: true}}]", null, "root.people.ann")]
    [InlineData("[{name: provided, create: false}, {name: fixed, value: root.a}]", "root.nowhere", "root.a")]
    [InlineData("[{name: provided, create: true}]", "root.new.deep", "root.new.deep")]
    [InlineData("[{name: user, create: true, filter: {type: deny, users: [ann]}}, {name: fixed, value: a}]", null, "root.a")]
    [InlineData("[{name: provided}]", "A", "root.a")]
    [InlineData("[{name: tag, value: namespace, create: true, parent: {name: user, create: true}}]", null, "root.ann.ns")]
    public void Placement_rules_find_the_queue(string rules, string? asked, string queue)
    {
        var world = new YuniKornWorld(Text("{name: a}", rules), YuniKornWorld.Node("n"));
        world.Create("p", "cpu=1", "app", asked, user: "ann");
        world.Partition.Applications["app"].Queue.Path.ShouldBe(queue);
    }

    [Fact]
    public void An_application_that_no_rule_places_is_rejected_unless_there_is_a_default_queue()
    {
        var world = new YuniKornWorld(Text("{name: a}", "[{name: provided}]"), YuniKornWorld.Node("n"));
        world.Create("p", "cpu=1", "app", "root.nowhere");
        (world.PhaseOf("p"), world.Find("p").Status!.Reason, world.Find("p").Status!.Message).ShouldBe(("Failed", "ApplicationRejected", "application rejected: no placement rule matched"));

        world = new YuniKornWorld(Text("{name: default}", "[{name: provided}]"), YuniKornWorld.Node("n"));
        world.Create("p", "cpu=1", "app", "root.nowhere");
        world.Partition.Applications["app"].Queue.Path.ShouldBe("root.default");
    }

    [Fact]
    public void A_full_queue_holds_pods_back_without_calling_for_nodes()
    {
        var world = new YuniKornWorld(Text("{name: a, resources: {max: {vcore: 2}}}"), YuniKornWorld.Node("n", "cpu=8,memory=8Gi,pods=9"));
        world.Create("p1", "cpu=2", "one", "root.a");
        world.Create("p2", "cpu=1", "two", "root.a");
        world.NodeOf("p2").ShouldBeNull();
        world.Log.ShouldContain("mark p2 SchedulingSkipped: Request 'ns/p2' does not fit in queue 'root.a' (requested map[pods:1 vcore:1000], available map[vcore:0])");
        world.Log.ShouldNotContain(l => l.StartsWith("mark p2 Unschedulable", StringComparison.Ordinal));
        world.Finish("p1");
        world.NodeOf("p2").ShouldBe("n");
    }

    [Fact]
    public void Cpu_in_a_queue_is_another_resource_and_limits_nothing()
    {
        var world = new YuniKornWorld(Text("{name: a, resources: {max: {cpu: 1}}}"), YuniKornWorld.Node("n"));
        world.Create("p", "cpu=3", "app", "root.a");
        world.NodeOf("p").ShouldBe("n");
    }

    [Fact]
    public void Users_stay_within_their_limits_each()
    {
        var world = new YuniKornWorld(Text("{name: a, limits: [{limit: each, users: ['*'], maxresources: {vcore: 2}}]}"), YuniKornWorld.Node("n", "cpu=8,memory=8Gi,pods=9"));
        world.Create("p1", "cpu=2", "one", "root.a", user: "ann");
        world.Create("p2", "cpu=1", "two", "root.a", user: "ann");
        world.Create("p3", "cpu=2", "three", "root.a", user: "bob");
        (world.NodeOf("p1"), world.NodeOf("p2"), world.NodeOf("p3")).ShouldBe(("n", null, "n"));
    }

    [Fact]
    public void Applications_beyond_the_maximum_wait_and_are_not_rejected()
    {
        var world = new YuniKornWorld(Text("{name: a, maxapplications: 1}"), YuniKornWorld.Node("n"));
        world.Create("p1", "cpu=1", "one", "root.a");
        world.Create("p2", "cpu=1", "two", "root.a");
        world.NodeOf("p2").ShouldBeNull();
        world.StateOf("two").ShouldBe(ApplicationState.Accepted);
        world.Finish("p1");
        world.Pass(31);
        world.NodeOf("p2").ShouldBe("n");
    }

    [Fact]
    public void The_queue_that_has_least_of_its_guaranteed_share_goes_first()
    {
        var world = new YuniKornWorld(Text("{name: a, resources: {guaranteed: {vcore: 1}}}, {name: b, resources: {guaranteed: {vcore: 3}}}"));
        for (var i = 0; i < 4; i++)
        {
            world.Create($"a{i}", "cpu=1", "one", "root.a");
            world.Create($"b{i}", "cpu=1", "two", "root.b");
        }

        world.AddNode(YuniKornWorld.Node("n", "cpu=4,memory=8Gi,pods=20"));
        world.Pods.Values.Count(p => p.Spec!.NodeName is not null && p.Metadata.Name![0] == 'a').ShouldBe(1);
        world.Pods.Values.Count(p => p.Spec!.NodeName is not null && p.Metadata.Name![0] == 'b').ShouldBe(3);
    }

    [Theory]
    [InlineData("fifo", "first")]
    [InlineData("fair", "second")]
    public void Applications_go_by_age_or_by_what_they_have(string policy, string next)
    {
        var world = new YuniKornWorld(Text($"{{name: a, properties: {{application.sort.policy: {policy}}}}}"), YuniKornWorld.Node("n", "cpu=2,memory=8Gi,pods=20"));
        world.Create("first-1", "cpu=2", "one", "root.a");
        world.Create("first-2", "cpu=1", "one", "root.a");
        world.Pass(1);
        world.Create("second-1", "cpu=1", "two", "root.a");
        world.AddNode(YuniKornWorld.Node("m", "cpu=1,memory=8Gi,pods=20"));
        world.Pods.Values.Single(p => p.Spec!.NodeName == "m").Metadata.Name!.ShouldStartWith(next);
    }

    [Fact]
    public void Small_applications_overtake_a_large_one_that_fits_nowhere()
    {
        var world = new YuniKornWorld(Text("{name: a}"), YuniKornWorld.Node("n", "cpu=2,memory=8Gi,pods=20"));
        world.Create("large", "cpu=4", "one", "root.a");
        world.Create("small", "cpu=1", "two", "root.a");
        world.NodeOf("small").ShouldBe("n");
    }

    [Fact]
    public void A_queue_below_its_guarantee_takes_the_newest_pod_of_a_queue_above_its_own()
    {
        var world = new YuniKornWorld(Text("{name: poor, resources: {guaranteed: {vcore: 2}}}, {name: rich}"), YuniKornWorld.Node("n", "cpu=4,memory=8Gi,pods=20"));
        world.Create("driver", "cpu=1", "one", "root.rich");
        world.Create("old", "cpu=1", "one", "root.rich");
        world.Pass(1);
        world.Create("new", "cpu=2", "one", "root.rich");
        world.Create("needy", "cpu=2", "two", "root.poor");
        world.Pass(29);
        world.NodeOf("needy").ShouldBeNull("an ask waits before it preempts");
        world.Pass(2);
        world.NodeOf("needy").ShouldBe("n");
        world.Pods.Keys.ShouldBe(["ns/driver", "ns/needy", "ns/old"]);
        world.Log.ShouldContain("event new Preempted/Preempting: Preempted by ns/needy from application two in root.poor");
    }

    [Fact]
    public void Jobs_of_one_queue_never_preempt_each_other()
    {
        var world = new YuniKornWorld(Text("{name: a, resources: {guaranteed: {vcore: 4}}}"), YuniKornWorld.Node("n", "cpu=2,memory=8Gi,pods=20"));
        world.Create("low", "cpu=2", "one", "root.a", priority: 0);
        world.Create("high", "cpu=2", "two", "root.a", priority: 100);
        world.Pass(120);
        (world.NodeOf("low"), world.NodeOf("high")).ShouldBe(("n", null));
    }

    [Fact]
    public void A_new_text_is_taken_live_and_queues_that_left_it_drain()
    {
        var world = new YuniKornWorld(Text("{name: a}, {name: b}", "[{name: provided}]"), YuniKornWorld.Node("n"));
        world.Create("p", "cpu=1", "one", "root.a");
        world.Partition.Reconfigure(QueuesYaml.Read(Text("{name: b, resources: {max: {vcore: 1}}}", "[{name: provided}]")));
        world.Create("q", "cpu=1", "two", "root.a");
        world.PhaseOf("q").ShouldBe("Failed");
        world.Finish("p");
        world.Pass(31);
        world.Partition.Queues.Root.Children.Select(c => c.Path).ShouldBe(["root.b"]);
    }
}
