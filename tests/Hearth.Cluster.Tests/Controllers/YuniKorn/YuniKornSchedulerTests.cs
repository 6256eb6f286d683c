using System.Text.Json.Nodes;
using Hearth.Cluster.Controllers;
using Hearth.Cluster.Controllers.Scheduler;
using Hearth.Cluster.Controllers.YuniKorn;
using Hearth.Kube.Client;
using Hearth.Kube.Core;
using Hearth.Kube.Objects;
using Hearth.Scheduling.YuniKorn.Core;

namespace Hearth.Cluster.Tests.Controllers.YuniKorn;

public sealed class YuniKornSchedulerTests
{
    private const string Gang = """
        [{"name":"driver","minMember":1,"minResource":{"cpu":"1","memory":"1Gi"}},{"name":"executor","minMember":2,"minResource":{"cpu":"1","memory":"1Gi"}}]
        """;

    private static async Task<(ControllerCluster Cluster, YuniKornScheduler Scheduler)> StartAsync()
    {
        var cluster = await ControllerCluster.CreateAsync();
        var yunikorn = new YuniKornScheduler(cluster.Client, cluster.Informers, TimeProvider.System, ControllerCluster.Log);
        var scheduler = new PodScheduler(cluster.Client, cluster.Informers, TimeProvider.System, ControllerCluster.Log, yunikorn);
        var queues = new QueueConfiguration(cluster.Client, yunikorn, TimeProvider.System);
        cluster.Run(scheduler.RunAsync, yunikorn.RunAsync, queues.RunAsync);
        return (cluster, yunikorn);
    }

    private static Task PodAsync(ControllerCluster cluster, string name, string group, bool first = false, string policy = "gangSchedulingStyle=Hard") =>
        cluster.PodAsync(name, "cpu=1,memory=1Gi", change: p =>
        {
            p["spec"]!["schedulerName"] = "yunikorn";
            p["metadata"]!["labels"] = new JsonObject { ["applicationId"] = "taxi" };
            p["metadata"]!["annotations"] = new JsonObject { ["yunikorn.apache.org/task-group-name"] = group };
            if (first)
            {
                p["metadata"]!["annotations"]!["yunikorn.apache.org/task-groups"] = Gang;
                p["metadata"]!["annotations"]!["yunikorn.apache.org/schedulingPolicyParameters"] = policy;
            }
        });

    private static async Task<Pod[]> PlaceholdersAsync(ControllerCluster cluster) =>
        [.. (await cluster.Client.ListAsync<Pod>("default", ListOptions.All, default)).Where(p => p.Metadata.Name!.StartsWith("tg-", StringComparison.Ordinal))];

    [Fact]
    public async Task A_gang_comes_whole_its_placeholders_first_and_the_real_pods_in_their_places()
    {
        var (cluster, scheduler) = await StartAsync();
        await using var _ = cluster;
        await cluster.NodeAsync("a", "cpu=2,memory=16Gi,pods=110");
        await PodAsync(cluster, "driver", "driver", first: true);
        var placeholders = await ControllerCluster.Until(() => PlaceholdersAsync(cluster), p => p.Length == 3 && p.Count(x => x.Spec!.NodeName is not null) == 2, "two placeholders have a place");
        placeholders.ShouldAllBe(p => p.Metadata.Name!.StartsWith("tg-taxi-", StringComparison.Ordinal));
        await ControllerCluster.Until(
            () => PlaceholdersAsync(cluster), p => p.Any(x => x.Status?.Conditions.Find("PodScheduled") is { Reason: "Unschedulable", Message: "request is waiting for cluster resources become available" }), "one waits");
        (await cluster.GetPodAsync("driver")).Status!.Conditions.Find("PodScheduled").ShouldBeNull();

        await cluster.NodeAsync("b", "cpu=1,memory=16Gi,pods=110");
        await cluster.UntilPod("driver", p => p.Spec!.NodeName is not null, "takes its place");
        await PodAsync(cluster, "exec-1", "executor");
        await PodAsync(cluster, "exec-2", "executor");
        await cluster.UntilPod("exec-1", p => p.Spec!.NodeName is not null, "takes its place");
        await cluster.UntilPod("exec-2", p => p.Spec!.NodeName is not null, "takes its place");
        (await PlaceholdersAsync(cluster)).ShouldBeEmpty();
        var events = await cluster.EventsAsync("driver");
        events.ShouldContain("GangScheduling: Application taxi completed reservation");
        (await scheduler.ReadAsync(p => p.Applications["taxi"].State, default)).ShouldBe(ApplicationState.Running);
    }

    [Fact]
    public async Task A_hard_gang_that_is_not_complete_in_time_fails_and_leaves_nothing()
    {
        var (cluster, _) = await StartAsync();
        await using var __ = cluster;
        await cluster.NodeAsync("a", "cpu=2,memory=16Gi,pods=110");
        await PodAsync(cluster, "driver", "driver", first: true, policy: "gangSchedulingStyle=Hard placeholderTimeoutInSeconds=2");
        var driver = await cluster.UntilPod("driver", p => p.Status?.Phase == "Failed", "fails");
        (driver.Status!.Reason, driver.Status.Message).ShouldBe(("ResourceReservationTimeout", "Scheduling has timed out due to insufficient resources"));
        await ControllerCluster.Until(() => PlaceholdersAsync(cluster), p => p.Length == 0, "no placeholder is left");
    }

    [Fact]
    public async Task Queues_come_from_the_config_map_and_change_live()
    {
        var (cluster, scheduler) = await StartAsync();
        await using var _ = cluster;
        await cluster.Client.CreateAsync(Namespace.Type, null, new JsonObject { ["metadata"] = new JsonObject { ["name"] = "yunikorn" } }, default);
        JsonObject Map(string text) => new() { ["metadata"] = new JsonObject { ["name"] = "yunikorn-configs", ["namespace"] = "yunikorn" }, ["data"] = new JsonObject { ["queues.yaml"] = text } };
        const string text = "partitions: [{name: default, queues: [{name: root, submitacl: '*', queues: [{name: default}]}]}]";
        await cluster.Client.CreateAsync(ConfigMap.Type, "yunikorn", Map(text), default);
        await ControllerCluster.Until(() => scheduler.ReadAsync(p => p.Queues.Find("root.default") is not null, default), b => b, "the queue is there");
        var target = new ObjectRef(ConfigMap.Type, "yunikorn", "yunikorn-configs");
        await cluster.Client.PatchAsync(target, KubePatch.Merge(new JsonObject { ["data"] = new JsonObject { ["queues.yaml"] = "partitions: [{name: nonsense}]" } }), default);
        await cluster.Client.PatchAsync(target, KubePatch.Merge(new JsonObject { ["data"] = new JsonObject { ["queues.yaml"] = text.Replace("default}", "next}", StringComparison.Ordinal) } }), default);
        await ControllerCluster.Until(() => scheduler.ReadAsync(p => p.Queues.Find("root.next") is not null, default), b => b, "the next text is taken");
    }
}
