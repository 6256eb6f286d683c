using System.Text.Json.Nodes;
using Hearth.Jobs.Emr;
using Hearth.Jobs.Model;
using Hearth.Jobs.Resources;
using Hearth.Kube.Client;
using Hearth.Kube.Core;
using Hearth.Kube.Objects;

namespace Hearth.Jobs.Tests.Controllers;

/// <summary>A virtual cluster with a limit of job runs at a time.</summary>
public sealed class JobRunQueueTests
{
    private const string Second = "0000000abcdefghijkm";

    private static CancellationToken None => CancellationToken.None;

    [Fact]
    public async Task A_run_above_the_limit_waits_as_PENDING_and_begins_when_a_slot_is_free()
    {
        await using var world = new JobWorld();
        await world.ClusterAsync(1);
        await world.StartAsync();
        await world.RunAsync(JobRunState.Submitted);
        await world.StartAsync(id: Second);
        var waiting = await world.RunAsync(r => r.Status?.StateDetails is not null, "queued", Second);
        (waiting.Status!.State, waiting.Status.StateDetails).ShouldBe((JobRunState.Pending, "JobRun waits for a slot: the virtual cluster runs as many job runs as its maxConcurrentJobRuns allows."));
        (await world.Cluster.FindAsync<Pod>(JobWorld.Ns, EmrNames.DriverPod(Second), None)).ShouldBeNull();
        await world.PodAsync(JobWorld.Ended(0));
        var run = await world.RunAsync(r => r.Status?.State == JobRunState.Submitted, "submitted", Second);
        run.Status!.StateDetails.ShouldBeNull();
    }

    [Fact]
    public async Task Raising_the_limit_lets_the_next_begin()
    {
        await using var world = new JobWorld();
        await world.ClusterAsync(1);
        await world.StartAsync();
        await world.RunAsync(JobRunState.Submitted);
        await world.StartAsync(id: Second);
        await world.RunAsync(r => r.Status?.State == JobRunState.Pending, "queued", Second);
        var patch = new JsonObject { ["spec"] = new JsonObject { ["schedulerConfiguration"] = new JsonObject { ["maxConcurrentJobRuns"] = 2 } } };
        await world.Cluster.PatchAsync(new ObjectRef(VirtualCluster.Type, null, "vc1"), KubePatch.Merge(patch), None);
        await world.RunAsync(r => r.Status?.State == JobRunState.Submitted, "submitted", Second);
    }

    [Fact]
    public async Task A_waiting_run_is_cancelled_at_once()
    {
        await using var world = new JobWorld();
        await world.ClusterAsync(1);
        await world.StartAsync();
        await world.RunAsync(JobRunState.Submitted);
        await world.StartAsync(id: Second);
        await world.RunAsync(r => r.Status?.State == JobRunState.Pending, "queued", Second);
        await world.Cluster.PatchAsync(new ObjectRef(JobRun.Type, JobWorld.Ns, Second), KubePatch.Merge((JsonObject)JsonNode.Parse("""{"spec":{"cancel":true}}""")!), None);
        await world.RunAsync(r => r.Status?.State == JobRunState.Cancelled, "cancelled", Second);
    }

    [Fact]
    public async Task Waiting_too_long_fails_and_says_what_to_do()
    {
        await using var world = new JobWorld(o => o with { QueueTimeout = TimeSpan.FromMilliseconds(300) });
        await world.ClusterAsync(1);
        await world.StartAsync();
        await world.RunAsync(JobRunState.Submitted);
        await world.StartAsync(id: Second);
        var run = await world.RunAsync(r => r.Status?.State == JobRunState.Failed, "failed", Second);
        run.Status!.FailureReason.ShouldBe(FailureReason.UserError);
        run.Status.StateDetails!.ShouldStartWith("JobRun timed out in the queue: no slot of the virtual cluster became free for ");
        run.Status.StateDetails!.ShouldEndWith("Raise its maxConcurrentJobRuns, or submit less at a time.");
    }

    [Fact]
    public async Task What_one_run_does_costs_nothing_for_those_that_wait()
    {
        const int waiting = 300;
        await using var world = new JobWorld();
        await world.ClusterAsync(1);
        await world.StartAsync();
        await world.RunAsync(JobRunState.Submitted);
        await world.PodAsync("{}");
        for (var i = 0; i < waiting; i++)
        {
            await world.StartAsync(id: $"0000000b{i:00000000000}");
        }

        await world.RunAsync(r => r.Status?.StateDetails is not null, "the last one waits", $"0000000b{waiting - 1:00000000000}");
        await world.UntilAsync(async () => (await world.Cluster.ListAsync<JobRun>(JobWorld.Ns, ListOptions.All, None)).Count(r => r.Status?.State == JobRunState.Pending) == waiting, "all wait");
        world.Cluster.Lists.Clear();
        var writes = world.Cluster.Writes;
        await world.PodAsync(JobWorld.Running());
        await world.RunAsync(JobRunState.Running);
        world.Cluster.Lists.ShouldNotContainKey("JobRun");
        world.Cluster.Lists.ShouldNotContainKey("Pod");
        (world.Cluster.Writes - writes).ShouldBeLessThan(20, "the others are not touched");
    }
}
