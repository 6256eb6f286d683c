using System.Text.Json.Nodes;
using Hearth.Jobs.Emr;
using Hearth.Kube.Client;
using Hearth.Kube.Core;
using Hearth.Kube.Events;
using Hearth.Kube.Objects;
using Hearth.Scheduling.Pricing;

namespace Hearth.Cli.Tests.Job;

public sealed class ExplainTests
{
    private const string Id = "0000000eav9pe5tozjh";
    private const string Driver = $"spark-{Id}-driver";
    private const string Fit = "0/3 nodes are available: 3 Insufficient memory. preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.";
    private const string Pools = "Failed to schedule pod, incompatible with nodepool \"big\", daemonset overhead={}, did not tolerate taint (taint=dedicated=spark:NoSchedule); all available instance types exceed limits for nodepool: \"small\"";

    [Fact]
    public async Task A_waiting_job_hears_what_each_pool_has_against_it()
    {
        var platform = await WaitingAsync();
        await platform.Cluster.CreateAsync(NodePoolType, null, JsonNode.Parse("""{"metadata":{"name":"small"},"spec":{"limits":{"cpu":"100"}}}""")!.AsObject(), default);
        await platform.Cluster.PatchAsync(new ObjectRef(NodePoolType, null, "small"), KubePatch.Status(JsonNode.Parse("""{"resources":{"cpu":"96"}}""")!.AsObject()), default);

        var outcome = await platform.HearthAsync("explain", Id);

        outcome.ExitCode.ShouldBe(0, outcome.Error);
        outcome.Out.ShouldStartWith($"Job run {Id} (taxi) of team a: SUBMITTED\n  The driver waits for a node, for ");
        outcome.Out.ShouldContain("asks for cpu 2, memory 4Gi\n");
        outcome.Out.ShouldContain("3 nodes are there; none takes it:\n        3  Insufficient memory\n");
        outcome.Out.ShouldContain("      big: the pod does not tolerate its taint dedicated=spark:NoSchedule\n");
        outcome.Out.ShouldContain("      small: another node would exceed its limits (in use: cpu 96 of 100)\n");
        outcome.Out.ShouldContain("-> tolerate the taint in the pod template (spark.kubernetes.driver.podTemplateFile)");
    }

    [Fact]
    public async Task A_node_on_its_way_takes_the_place_of_earlier_refusals()
    {
        var platform = await WaitingAsync();
        await EventAsync(platform, new EventText("Nominated", "Pod should schedule on: nodeclaim/big-x1"), DateTimeOffset.UtcNow.AddSeconds(5));

        var outcome = await platform.HearthAsync("explain", Id);

        outcome.Out.ShouldContain("One is on its way: nodeclaim/big-x1.");
        outcome.Out.ShouldNotContain("why each does not");
    }

    [Fact]
    public async Task A_failed_job_shows_its_reason_its_last_words_and_its_cost()
    {
        var platform = await FakeJobPlatform.StartAsync();
        await platform.RunAsync(
            Id, $$"""{"state":"FAILED","failureReason":"USER_ERROR","failureMessage":"ValueError: no such day","driver":{"podName":"{{Driver}}"},"pods":[{"name":"{{Driver}}","uid":"u","role":"driver","phase":"Failed","nodeName":"n1"}]}""", logUri: "s3://bucket-a/logs/");
        platform.Log("bucket-a", $"logs/vc/jobs/{Id}/containers/spark-{Id}/{Driver}/stderr.gz", string.Join('\n', Enumerable.Range(1, 30).Select(i => $"line {i}")));
        await RecordAsync(platform);

        var text = (await platform.HearthAsync("explain", Id)).Out;
        var document = JsonNode.Parse((await platform.HearthAsync("explain", Id, "-o", "json")).Out)!;

        text.ShouldStartWith($"Job run {Id} (taxi) of team a: FAILED (USER_ERROR)\n  ValueError: no such day\n");
        text.ShouldContain($"driver    {Driver}  Failed  on n1  (gone)");
        text.ShouldContain("  line 11\n");
        text.ShouldNotContain("  line 10\n");
        text.ShouldContain("Cost: 0.500000 $ for what its pods hold of their nodes (simulated instances at list prices: nothing is billed)");
        document["explanation"]!.GetValue<string>().ShouldBe("ValueError: no such day");
        document["stderr"]!.AsArray().Count.ShouldBe(20);
        document["cost"]!["usd"]!.GetValue<string>().ShouldBe("0.500000");
    }

    [Fact]
    public async Task Executors_that_wait_for_the_same_reason_are_told_once()
    {
        var platform = await FakeJobPlatform.StartAsync();
        await platform.RunAsync(Id, "{\"state\":\"RUNNING\"}");
        foreach (var i in Enumerable.Range(1, 40))
        {
            await PodAsync(platform, $"taxi-exec-{i}", "executor");
        }

        var text = (await platform.HearthAsync("explain", Id)).Out;

        text.ShouldContain("40 executors wait for a node.");
        text.ShouldContain("executor  taxi-exec-1 and 39 more  Pending");
    }

    private static ResourceType NodePoolType => Scheduling.Karpenter.NodePool.Type;

    private static async Task<FakeJobPlatform> WaitingAsync()
    {
        var platform = await FakeJobPlatform.StartAsync();
        await platform.RunAsync(Id, $$$$"""{"state":"SUBMITTED","submittedAt":"2024-05-01T10:00:00Z","driver":{"podName":"{{{{Driver}}}}"}}""");
        await PodAsync(platform, Driver, "driver");
        await EventAsync(platform, new EventText("FailedScheduling", Pools, Warning: true), DateTimeOffset.UtcNow);
        return platform;
    }

    private static async Task PodAsync(FakeJobPlatform platform, string name, string role)
    {
        var pod = JsonNode.Parse("""{"spec":{"containers":[{"name":"c","resources":{"requests":{"cpu":"2","memory":"4Gi"}}}]}}""")!.AsObject();
        pod["metadata"] = new JsonObject { ["name"] = name, ["labels"] = new JsonObject { [EmrNames.JobIdLabel] = Id, [EmrNames.ComponentLabel] = role } };
        await platform.Cluster.CreateAsync(Pod.Type, "emr-a", pod, default);
        await platform.Cluster.StatusAsync<Pod>("emr-a", name, $$"""{"phase":"Pending","conditions":[{"type":"PodScheduled","status":"False","reason":"Unschedulable","message":"{{Fit}}"}]}""");
    }

    private static Task EventAsync(FakeJobPlatform platform, EventText text, DateTimeOffset at) => platform.Cluster.CreateAsync(
        new Event
        {
            Metadata = new ObjectMeta { Name = Guid.NewGuid().ToString("N"), Namespace = "emr-a" },
            InvolvedObject = new ObjectReference { Kind = "Pod", Namespace = "emr-a", Name = Driver },
            Reason = text.Reason,
            Message = text.Message,
            EventType = text.Warning ? "Warning" : "Normal",
            Count = 1,
            LastTimestamp = at,
        },
        default);

    private static async Task RecordAsync(FakeJobPlatform platform)
    {
        var spec = JsonNode.Parse("""{"nodeName":"n1","nodePool":"big","usdPerHour":"1","simulated":true,"allocatable":{"cpu":"4"},"startedAt":"2024-05-01T10:00:00Z"}""")!;
        var status = $$$$"""{"endedAt":"2024-05-01T11:00:00Z","pods":{"u":{"namespace":"emr-a","name":"{{{{Driver}}}}","labels":{"{{{{EmrNames.JobIdLabel}}}}":"{{{{Id}}}}"},"requests":{"cpu":"2"},"boundAt":"2024-05-01T10:00:00Z","endedAt":"2024-05-01T11:00:00Z"}}}""";
        await platform.Cluster.CreateAsync(NodeRecord.Type, null, new JsonObject { ["metadata"] = new JsonObject { ["name"] = "n1" }, ["spec"] = spec }, default);
        await platform.Cluster.PatchAsync(new ObjectRef(NodeRecord.Type, null, "n1"), KubePatch.Status(JsonNode.Parse(status)!.AsObject()), default);
    }
}
