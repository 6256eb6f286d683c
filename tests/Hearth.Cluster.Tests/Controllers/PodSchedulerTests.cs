using System.Text.Json.Nodes;
using Hearth.Cluster.Controllers;
using Hearth.Cluster.Controllers.Scheduler;
using Hearth.Kube.Client;
using Hearth.Kube.Core;
using Hearth.Kube.Objects;

namespace Hearth.Cluster.Tests.Controllers;

public sealed class PodSchedulerTests
{
    private static async Task<ControllerCluster> StartAsync()
    {
        var cluster = await ControllerCluster.CreateAsync();
        var scheduler = new PodScheduler(cluster.Client, cluster.Informers, TimeProvider.System, ControllerCluster.Log);
        cluster.Run(scheduler.RunAsync);
        return cluster;
    }

    [Fact]
    public async Task A_pod_is_bound_to_a_node_that_has_room_and_the_event_says_so()
    {
        await using var cluster = await StartAsync();
        await cluster.NodeAsync("small", "cpu=1,memory=1Gi,pods=10");
        await cluster.NodeAsync("large");
        await ControllerCluster.Until(() => Task.FromResult(cluster.Informers.Nodes.Find(null, "large")), n => n?.Status?.Allocatable is not null, "the scheduler knows both nodes");
        await cluster.PodAsync("p", "cpu=2,memory=2Gi");
        var pod = await cluster.UntilPod("p", p => p.Spec!.NodeName is not null, "is bound");
        pod.Spec!.NodeName.ShouldBe("large");
        pod.Status!.Conditions.Find("PodScheduled")!.Status.ShouldBe("True");
        (await ControllerCluster.Until(() => cluster.EventsAsync("p"), e => e.Count > 0, "an event")).ShouldBe(["Scheduled: Successfully assigned default/p to large"]);
    }

    [Fact]
    public async Task A_pod_that_fits_nowhere_says_why_and_is_bound_when_a_node_comes()
    {
        await using var cluster = await StartAsync();
        await cluster.NodeAsync("small", "cpu=1,memory=1Gi,pods=10");
        await cluster.PodAsync("p", "cpu=2,memory=2Gi");
        var pod = await cluster.UntilPod("p", p => p.Status!.Conditions.Find("PodScheduled")?.Message?.Contains("Insufficient", StringComparison.Ordinal) == true, "is refused");
        var condition = pod.Status!.Conditions.Find("PodScheduled")!;
        (condition.Status, condition.Reason).ShouldBe(("False", "Unschedulable"));
        condition.Message.ShouldBe("0/1 nodes are available: 1 Insufficient cpu, 1 Insufficient memory. preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling..");
        await cluster.NodeAsync("large");
        (await cluster.UntilPod("p", p => p.Spec!.NodeName is not null, "is bound")).Spec!.NodeName.ShouldBe("large");
        (await cluster.EventsAsync("p")).ShouldContain("FailedScheduling: " + condition.Message);
    }

    [Fact]
    public async Task Nodes_are_never_over_committed_and_room_is_given_back_when_a_pod_ends()
    {
        await using var cluster = await StartAsync();
        await cluster.NodeAsync("a", "cpu=2,memory=16Gi,pods=110");
        await cluster.NodeAsync("b", "cpu=2,memory=16Gi,pods=110");
        await Task.WhenAll(Enumerable.Range(0, 6).Select(i => cluster.PodAsync($"p{i}", "cpu=1")));
        var bound = await ControllerCluster.Until(() => BoundAsync(cluster), b => b.Count == 4, "four pods are bound");
        bound.Values.CountBy(n => n).ShouldAllBe(n => n.Value == 2);
        await ControllerCluster.Until(() => WaitingAsync(cluster), w => w == 2, "two pods are refused");
        await cluster.PhaseAsync(bound.Keys.First(), "Succeeded");
        await ControllerCluster.Until(() => BoundAsync(cluster), b => b.Count == 4 && b.Keys.Any(k => !bound.ContainsKey(k)), "one more is bound");
    }

    [Fact]
    public async Task Higher_priority_goes_first()
    {
        await using var cluster = await StartAsync();
        foreach (var (name, value) in new[] { ("low", 1), ("high", 100) })
        {
            await cluster.Client.CreateAsync(PriorityClass.Type, null, new JsonObject { ["metadata"] = new JsonObject { ["name"] = name }, ["value"] = value }, default);
            await cluster.PodAsync(name, "cpu=3", change: p => p["spec"]!["priorityClassName"] = name);
        }

        await ControllerCluster.Until(() => WaitingAsync(cluster), w => w == 2, "both are refused");
        await cluster.NodeAsync("a");
        await cluster.UntilPod("high", p => p.Spec!.NodeName == "a", "is bound");
        (await cluster.GetPodAsync("low")).Spec!.NodeName.ShouldBeNull();
    }

    [Fact]
    public async Task Pods_of_other_schedulers_and_held_back_pods_are_left_alone()
    {
        await using var cluster = await StartAsync();
        await cluster.NodeAsync("a");
        await cluster.PodAsync("other", change: p => p["spec"]!["schedulerName"] = "yunikorn");
        await cluster.PodAsync("gated", change: p => p["spec"]!["schedulingGates"] = new JsonArray(new JsonObject { ["name"] = "wait" }));
        await cluster.PodAsync("p");
        await cluster.UntilPod("p", p => p.Spec!.NodeName is not null, "is bound");
        (await cluster.GetPodAsync("other")).Spec!.NodeName.ShouldBeNull();
        await cluster.UntilPod("gated", p => p.Status!.Conditions.Find("PodScheduled")?.Reason == "SchedulingGated", "says that it is held back");
        await cluster.Client.PatchAsync(new ObjectRef(Pod.Type, "default", "gated"), KubePatch.Merge(new JsonObject { ["spec"] = new JsonObject { ["schedulingGates"] = null } }), default);
        await cluster.UntilPod("gated", p => p.Spec!.NodeName is not null, "is bound once nothing holds it back");
    }

    [Fact]
    public async Task A_pod_waits_for_its_claim()
    {
        await using var cluster = await StartAsync();
        await cluster.NodeAsync("a");
        await cluster.PodAsync("p", change: p => p["spec"]!["volumes"] = new JsonArray(new JsonObject
        {
            ["name"] = "v", ["persistentVolumeClaim"] = new JsonObject { ["claimName"] = "data" },
        }));
        var refused = await cluster.UntilPod("p", p => p.Status!.Conditions.Find("PodScheduled")?.Message?.StartsWith("0/1", StringComparison.Ordinal) == true, "is refused");
        refused.Status!.Conditions.Find("PodScheduled")!.Message.ShouldBe("0/1 nodes are available: persistentvolumeclaim \"data\" not found. preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling..");
        await cluster.Client.CreateAsync(StorageClass.Type, null, new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = "late" }, ["provisioner"] = "ebs.csi.aws.com", ["volumeBindingMode"] = "WaitForFirstConsumer",
        }, default);
        await cluster.Client.CreateAsync(PersistentVolumeClaim.Type, "default", new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = "data", ["namespace"] = "default" },
            ["spec"] = new JsonObject
            {
                ["accessModes"] = new JsonArray("ReadWriteOnce"), ["storageClassName"] = "late",
                ["resources"] = new JsonObject { ["requests"] = new JsonObject { ["storage"] = "1Gi" } },
            },
        }, default);
        await cluster.UntilPod("p", p => p.Spec!.NodeName == "a", "is bound once the claim waits for it");
    }

    [Fact]
    public async Task A_pod_of_higher_priority_takes_the_room_of_a_lower_one_that_leaves_with_its_grace()
    {
        await using var cluster = await StartAsync();
        await cluster.NodeAsync("a");
        foreach (var (name, value) in new[] { ("low", 1), ("high", 100) })
        {
            await cluster.Client.CreateAsync(PriorityClass.Type, null, new JsonObject { ["metadata"] = new JsonObject { ["name"] = name }, ["value"] = value }, default);
        }

        await cluster.PodAsync("low", "cpu=3", change: p => p["spec"]!["priorityClassName"] = "low");
        await cluster.UntilPod("low", p => p.Spec!.NodeName == "a", "is bound");
        await cluster.PhaseAsync("low", "Running");
        await cluster.PodAsync("high", "cpu=3", change: p => p["spec"]!["priorityClassName"] = "high");
        var victim = await cluster.UntilPod("low", p => p.Metadata.DeletionTimestamp is not null, "is told to leave");
        victim.Metadata.DeletionGracePeriodSeconds.ShouldBe(30);
        var target = victim.Status!.Conditions.Find("DisruptionTarget")!;
        (target.Status, target.Reason, target.Message).ShouldBe(("True", "PreemptionByScheduler", "default-scheduler: preempting to accommodate a higher priority pod"));
        var waiting = await cluster.UntilPod("high", p => p.Status!.NominatedNodeName == "a", "is promised the room");
        waiting.Spec!.NodeName.ShouldBeNull();
        (await ControllerCluster.Until(() => cluster.EventsAsync("low"), e => e.Any(m => m.StartsWith("Preempted", StringComparison.Ordinal)), "an event"))
            .ShouldContain($"Preempted: Preempted by pod {waiting.Metadata.Uid} on node a");
        await cluster.PodAsync("thief", "cpu=2");
        await cluster.UntilPod("thief", p => p.Status!.Conditions.Find("PodScheduled") is { Status: "False" }, "is refused");
        await cluster.Client.DeleteAsync(new ObjectRef(Pod.Type, "default", "low"), new DeleteOptions { GracePeriodSeconds = 0 }, default); // the node has stopped it
        await cluster.UntilPod("high", p => p.Spec!.NodeName == "a", "is bound");
        (await cluster.GetPodAsync("thief")).Spec!.NodeName.ShouldBeNull();
    }

    [Fact]
    public async Task A_pod_that_waits_for_a_companion_is_tried_again_when_that_one_has_its_place()
    {
        await using var cluster = await StartAsync();
        await cluster.NodeAsync("a", labels: "zone=1");
        await cluster.PodAsync("follower", change: p => p["spec"]!["affinity"] = new JsonObject
        {
            ["podAffinity"] = new JsonObject
            {
                ["requiredDuringSchedulingIgnoredDuringExecution"] = new JsonArray(new JsonObject
                {
                    ["topologyKey"] = "zone", ["labelSelector"] = new JsonObject { ["matchLabels"] = new JsonObject { ["app"] = "leader" } },
                }),
            },
        });
        await cluster.UntilPod("follower", p => p.Status!.Conditions.Find("PodScheduled") is { Status: "False" }, "is refused");
        await cluster.PodAsync("leader", change: p => p["metadata"]!["labels"] = new JsonObject { ["app"] = "leader" });
        await cluster.UntilPod("follower", p => p.Spec!.NodeName == "a", "is bound");
    }

    [Fact]
    public async Task A_pod_is_tried_again_when_a_node_that_held_its_spread_up_is_gone()
    {
        await using var cluster = await StartAsync();
        await cluster.NodeAsync("a", labels: "zone=1");
        await cluster.NodeAsync("b", "cpu=1,memory=1Gi,pods=0", "zone=2");
        JsonObject Spread() => new()
        {
            ["maxSkew"] = 1, ["topologyKey"] = "zone", ["whenUnsatisfiable"] = "DoNotSchedule",
            ["labelSelector"] = new JsonObject { ["matchLabels"] = new JsonObject { ["app"] = "x" } },
        };
        foreach (var name in new[] { "x1", "x2" })
        {
            await cluster.PodAsync(name, change: p =>
            {
                p["metadata"]!["labels"] = new JsonObject { ["app"] = "x" };
                p["spec"]!["topologySpreadConstraints"] = new JsonArray(Spread());
            });
        }

        await ControllerCluster.Until(() => BoundAsync(cluster), b => b.Count == 1, "one is bound");
        await ControllerCluster.Until(() => WaitingAsync(cluster), w => w == 1, "one is refused");
        await cluster.Client.DeleteAsync(new ObjectRef(Node.Type, null, "b"), DeleteOptions.Default, default);
        await ControllerCluster.Until(() => BoundAsync(cluster), b => b.Count == 2, "both are bound");
    }

    [Fact]
    public async Task A_thousand_pods_are_bound_each_once()
    {
        await using var cluster = await StartAsync();
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => cluster.NodeAsync($"n{i:00}", "cpu=8,memory=32Gi,pods=60")));
        await Task.WhenAll(Enumerable.Range(0, 1000).Select(i => cluster.PodAsync($"p{i:000}", "cpu=150m,memory=256Mi")));
        var bound = await ControllerCluster.Until(() => BoundAsync(cluster), b => b.Count == 1000, "all are bound");
        bound.Values.CountBy(n => n).ShouldAllBe(n => n.Value <= 53);
    }

    private static async Task<Dictionary<string, string>> BoundAsync(ControllerCluster cluster) =>
        (await cluster.Client.ListAsync<Pod>("default", ListOptions.All, default))
            .Where(p => p.Spec?.NodeName is not null && !p.IsFinished()).ToDictionary(p => p.Metadata.Name!, p => p.Spec!.NodeName!, StringComparer.Ordinal);

    private static async Task<int> WaitingAsync(ControllerCluster cluster) =>
        (await cluster.Client.ListAsync<Pod>("default", ListOptions.All, default)).Count(p => p.Status?.Conditions.Find("PodScheduled") is { Status: "False" });
}
