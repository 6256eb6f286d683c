using Hearth.Cli.Commands.Job.Explain;

namespace Hearth.Cli.Tests.Job;

public sealed class SchedulingMessageTests
{
    [Fact]
    public void The_schedulers_message_becomes_reasons_with_counts()
    {
        var answer = SchedulingMessage.Nodes(
            "0/6 nodes are available: 1 Too many pods, 3 Insufficient memory, 2 node(s) had untolerated taint {dedicated: spark}. preemption: 0/6 nodes are available: 6 Preemption is not helpful for scheduling.");

        answer!.Nodes.ShouldBe(6);
        answer.Refusals.ShouldBe([new(3, "Insufficient memory"), new(2, "node(s) had untolerated taint {dedicated: spark}"), new(1, "Too many pods")]);
    }

    [Fact]
    public void No_nodes_is_an_answer_too() => SchedulingMessage.Nodes("no nodes available to schedule pods")!.Nodes.ShouldBe(0);

    [Fact]
    public void Each_pool_gets_its_own_reason()
    {
        var pools = SchedulingMessage.Pools(
            "Failed to schedule pod, incompatible with nodepool \"a\", daemonset overhead={\"cpu\":\"1\"}, did not tolerate taint (taint=dedicated=spark:NoSchedule); "
            + "incompatible with nodepool \"b\", daemonset overhead={}, incompatible requirements, key kubernetes.io/arch, kubernetes.io/arch In [amd64] not in kubernetes.io/arch In [arm64]; "
            + "incompatible with nodepool \"c\", daemonset overhead={}, no instance type has enough resources, requirements=k In [v], resources={\"cpu\":\"500\",\"memory\":\"2Gi\",\"pods\":\"1\"}; "
            + "incompatible with nodepool \"d\", daemonset overhead={}, incompatible requirements, label \"app\" does not have known values; "
            + "all available instance types exceed limits for nodepool: \"e\"");

        pools.Select(p => (p.Pool, p.Kind)).ShouldBe(
            [("a", PoolRefusalKind.Taint), ("b", PoolRefusalKind.Requirement), ("c", PoolRefusalKind.Size), ("d", PoolRefusalKind.Requirement), ("e", PoolRefusalKind.Limit)]);
        pools[0].Reason.ShouldBe("the pod does not tolerate its taint dedicated=spark:NoSchedule");
        pools[1].Reason.ShouldBe("the pod wants kubernetes.io/arch In [amd64]; the pool has kubernetes.io/arch In [arm64]");
        pools[2].Reason.ShouldBe("no instance type has enough resources: a node would have to offer cpu 500, memory 2Gi");
        WaysOut.Of(pools, "executor").Count.ShouldBe(4);
        WaysOut.Of(pools, "executor")[0].ShouldContain("spark.kubernetes.executor.podTemplateFile");
    }

    [Fact]
    public void A_reason_that_is_about_no_pool_is_kept_whole() =>
        SchedulingMessage.Pools("Failed to schedule pod, no nodepools found").ShouldHaveSingleItem().Reason.ShouldBe("no nodepools found");

    [Fact]
    public void Other_messages_are_left_alone()
    {
        SchedulingMessage.Nodes("binding rejected: gone").ShouldBeNull();
        SchedulingMessage.Pools("0/3 nodes are available: 3 Too many pods.").ShouldBeEmpty();
    }
}
