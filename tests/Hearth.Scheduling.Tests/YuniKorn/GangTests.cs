using Hearth.Scheduling.YuniKorn.Core;

namespace Hearth.Scheduling.Tests.YuniKorn;

public sealed class GangTests
{
    private const string Queues = """
        partitions:
          - name: default
            placementrules: [{name: provided, create: false}, {name: tag, value: namespace, create: true}]
            queues:
              - name: root
                submitacl: "*"
                queues:
                  - {name: test, resources: {max: {vcore: 50, memory: 800G}}}
                  - {name: fair, properties: {application.sort.policy: fair}}
        """;

    private const string Spark = """
        [{"name":"spark-driver","minMember":1,"minResource":{"cpu":"1","memory":"1Gi"}},
         {"name":"spark-executor","minMember":2,"minResource":{"cpu":"1","memory":"1Gi"}}]
        """;

    private static void Submit(YuniKornWorld world, string gang = Spark, string? policy = "gangSchedulingStyle=Hard placeholderTimeoutInSeconds=60", string app = "taxi", string queue = "root.test") =>
        world.Create($"{app}-driver", "cpu=1,memory=1Gi", app, queue, "spark-driver", gang, policy);

    private static void Executors(YuniKornWorld world, int count, string requests = "cpu=1,memory=1Gi")
    {
        for (var i = 1; i <= count; i++)
        {
            world.Create($"taxi-exec-{i}", requests, "taxi", "root.test", "spark-executor");
        }
    }

    [Fact]
    public void Placeholders_come_first_and_the_driver_waits_for_all_of_them()
    {
        var world = new YuniKornWorld(Queues, YuniKornWorld.Node("a", "cpu=2,memory=16Gi,pods=110"));
        Submit(world);
        world.Placeholders.Count().ShouldBe(3);
        world.Placeholders.Count(p => p.Spec!.NodeName is not null).ShouldBe(2, "a gang holds what it got");
        world.NodeOf("taxi-driver").ShouldBeNull();
        world.Log.ShouldNotContain(l => l.StartsWith("mark taxi-driver", StringComparison.Ordinal), "real pods are invisible to autoscalers meanwhile");
        world.Log.Count(l => l.Contains("Unschedulable: request is waiting for cluster resources become available", StringComparison.Ordinal)).ShouldBe(1);
        world.StateOf("taxi").ShouldBe(ApplicationState.Accepted);

        world.AddNode(YuniKornWorld.Node("b", "cpu=1,memory=16Gi,pods=110"));
        world.NodeOf("taxi-driver").ShouldNotBeNull();
        world.Log.ShouldContain("event taxi-driver GangScheduling/GangReservationComplete: Application taxi completed reservation");
        world.Placeholders.Count().ShouldBe(2, "the driver took the place of one");
        world.StateOf("taxi").ShouldBe(ApplicationState.Running);

        Executors(world, 2);
        world.Placeholders.ShouldBeEmpty();
        world.NodeOf("taxi-exec-1").ShouldNotBeNull();
        world.NodeOf("taxi-exec-2").ShouldNotBeNull();
    }

    [Fact]
    public void Names_and_contents_of_placeholders_are_those_of_YuniKorn()
    {
        var world = new YuniKornWorld(Queues);
        Submit(world, app: "ny-taxi-yunikorn");
        var pod = world.Placeholders.First(p => p.Metadata.Annotation("yunikorn.apache.org/task-group-name") == "spark-executor");
        pod.Metadata.Name!.ShouldMatch("^tg-ny-taxi-yunikorn-spark-executor-[a-z0-9]{10}$");
        pod.Metadata.Annotation("internal.yunikorn.apache.org/placeholder").ShouldBe("true");
        pod.Metadata.Label("yunikorn.apache.org/app-id").ShouldBe("ny-taxi-yunikorn");
        pod.Metadata.Label("yunikorn.apache.org/queue").ShouldBe("root.test");
        pod.Metadata.OwnerReferences!.Single().Name.ShouldBe("ny-taxi-yunikorn-driver");
        (pod.Spec!.SchedulerName, pod.Spec.RestartPolicy, pod.Spec.TerminationGracePeriodSeconds).ShouldBe(("yunikorn", "Never", 0));
        pod.Spec.Containers!.Single().Name.ShouldBe("pause");
        pod.Spec.Containers!.Single().Resources!.Limits!["memory"].ToString().ShouldBe("1Gi");
    }

    [Fact]
    public void Hard_fails_the_application_when_the_gang_is_not_complete_in_time_and_leaves_nothing()
    {
        var world = new YuniKornWorld(Queues, YuniKornWorld.Node("a", "cpu=2,memory=16Gi,pods=110"));
        Submit(world);
        world.Pass(59);
        world.PhaseOf("taxi-driver").ShouldBeNull();
        world.Pass(2);
        world.Find("taxi-driver").Status!.Phase.ShouldBe("Failed");
        world.Find("taxi-driver").Status!.Reason.ShouldBe("ResourceReservationTimeout");
        world.Find("taxi-driver").Status!.Message.ShouldBe("Scheduling has timed out due to insufficient resources");
        world.Placeholders.ShouldBeEmpty();
        world.StateOf("taxi").ShouldBe(ApplicationState.Failed);
        world.Cluster.Nodes.Single().Pods.ShouldBeEmpty();
        world.Partition.Queues.Root.Allocated.ShouldBe(default);
    }

    [Fact]
    public void Soft_goes_on_without_a_gang()
    {
        var world = new YuniKornWorld(Queues, YuniKornWorld.Node("a", "cpu=2,memory=16Gi,pods=110"));
        Submit(world, policy: "placeholderTimeoutInSeconds=60");
        world.Pass(61);
        world.Placeholders.ShouldBeEmpty();
        world.NodeOf("taxi-driver").ShouldBe("a");
        world.Log.ShouldContain("event taxi-driver GangScheduling/GangSchedulingFailed: Application taxi resuming as non-gang application (SOFT)");
        Executors(world, 2);
        world.NodeOf("taxi-exec-1").ShouldBe("a");
        world.NodeOf("taxi-exec-2").ShouldBeNull();
    }

    [Fact]
    public void The_misspelt_time_out_of_the_published_templates_has_no_effect()
    {
        var world = new YuniKornWorld(Queues, YuniKornWorld.Node("a", "cpu=2,memory=16Gi,pods=110"));
        Submit(world, policy: "placeholderTimeoutSeconds=30 gangSchedulingStyle=Hard");
        world.Pass(31);
        world.PhaseOf("taxi-driver").ShouldBeNull();
        world.Pass(14 * 60);
        world.PhaseOf("taxi-driver").ShouldBeNull("the clock started with the first placeholder, a moment after the driver came");
        world.Pass(60);
        world.PhaseOf("taxi-driver").ShouldBe("Failed");
    }

    [Fact]
    public void An_oversized_gang_holds_its_places_until_the_time_out_and_the_application_goes_on()
    {
        var world = new YuniKornWorld(Queues, YuniKornWorld.Node("a", "cpu=32,memory=128Gi,pods=110"));
        Submit(world, Spark.Replace("\"minMember\":2", "\"minMember\":20", StringComparison.Ordinal));
        Executors(world, 2);
        world.Placeholders.Count().ShouldBe(18);
        world.Pass(61);
        world.Placeholders.ShouldBeEmpty();
        world.NodeOf("taxi-exec-2").ShouldBe("a");
        world.StateOf("taxi").ShouldBe(ApplicationState.Running);
    }

    [Fact]
    public void A_real_pod_larger_than_its_placeholder_sends_the_group_away_and_competes_like_others()
    {
        var world = new YuniKornWorld(Queues, YuniKornWorld.Node("a", "cpu=8,memory=16Gi,pods=110"));
        Submit(world);
        Executors(world, 1, "cpu=2,memory=1Gi");
        world.Log.ShouldContain(l => l.Contains("not matching placeholder", StringComparison.Ordinal));
        world.Placeholders.ShouldBeEmpty();
        world.NodeOf("taxi-exec-1").ShouldBe("a");
    }

    [Fact]
    public void A_second_run_with_the_same_id_joins_the_first_and_gets_no_gang()
    {
        var world = new YuniKornWorld(Queues, YuniKornWorld.Node("a", "cpu=16,memory=64Gi,pods=110"));
        Submit(world);
        Executors(world, 2);
        world.Create("second-driver", "cpu=1,memory=1Gi", "taxi", "root.test", "spark-driver", Spark);
        world.Placeholders.ShouldBeEmpty();
        world.NodeOf("second-driver").ShouldBe("a");
        world.Partition.Applications.Count.ShouldBe(1);
    }

    [Fact]
    public void Pods_with_the_id_of_a_failed_application_wait_until_its_pods_are_gone()
    {
        var world = new YuniKornWorld(Queues, YuniKornWorld.Node("a", "cpu=2,memory=16Gi,pods=110"));
        Submit(world);
        world.Pass(61);
        world.Create("again", "cpu=1", "taxi", "root.test");
        world.NodeOf("again").ShouldBeNull();
        world.Delete("taxi-driver");
        world.NodeOf("again").ShouldBe("a");
    }

    [Theory]
    [InlineData("root.fair", "queue root.fair cannot run application taxi with task group request: unsupported sort type")]
    [InlineData("root.test", "queue root.test cannot fit application taxi: task group request map[memory:322122547200 pods:300 vcore:300000] larger than max queue allocation map[memory:800000000000 vcore:50000]")]
    public void Gangs_that_cannot_be_are_rejected_at_once(string queue, string because)
    {
        var world = new YuniKornWorld(Queues, YuniKornWorld.Node("a"));
        Submit(world, """[{"name":"spark-driver","minMember":300,"minResource":{"cpu":1,"memory":"1Gi"}}]""", queue: queue);
        world.Find("taxi-driver").Status!.Phase.ShouldBe("Failed");
        world.Find("taxi-driver").Status!.Reason.ShouldBe("ApplicationRejected");
        world.Find("taxi-driver").Status!.Message.ShouldBe(because);
        world.Placeholders.ShouldBeEmpty();
    }

    [Fact]
    public void A_gang_that_cannot_be_read_is_told_and_the_application_goes_on_without()
    {
        var world = new YuniKornWorld(Queues, YuniKornWorld.Node("a"));
        Submit(world, """[{"name":"spark-driver","minMember":0,"minResource":{"cpu":1}}]""");
        world.Log.ShouldContain("event taxi-driver GangScheduling/TaskGroupsError: unable to get taskGroups for application taxi, reason: task group spark-driver: minMember cannot be 0");
        world.NodeOf("taxi-driver").ShouldBe("a");
    }

    [Fact]
    public void Deleting_the_driver_takes_the_placeholders_along()
    {
        var world = new YuniKornWorld(Queues, YuniKornWorld.Node("a", "cpu=2,memory=16Gi,pods=110"));
        Submit(world);
        world.Delete("taxi-driver");
        world.Pods.ShouldBeEmpty();
        world.Pass(31);
        world.StateOf("taxi").ShouldBe(ApplicationState.Completed);
        world.Partition.Queues.Root.Allocated.ShouldBe(default);
    }
}
