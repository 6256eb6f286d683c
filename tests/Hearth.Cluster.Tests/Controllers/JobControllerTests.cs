using System.Text.Json.Nodes;
using Hearth.Cluster.Controllers.Jobs;
using Hearth.Kube.Client;
using Hearth.Kube.Core;
using Hearth.Kube.Objects;

namespace Hearth.Cluster.Tests.Controllers;

/// <summary>Jobs over the real API; the test plays the kubelet.</summary>
public sealed class JobControllerTests
{
    private static CancellationToken None => CancellationToken.None;

    [Fact]
    public async Task A_job_makes_one_pod_and_completes_with_it()
    {
        await using var cluster = await StartAsync();
        await JobAsync(cluster, "{}");
        var pod = (await PodsAsync(cluster, 1)).Single();
        pod.Metadata.Name!.ShouldMatch("^j-[a-z0-9]{5}$");
        pod.Metadata.Label("batch.kubernetes.io/job-name").ShouldBe("j");
        await EndAsync(cluster, pod, 0);
        var job = await JobAsync(cluster, j => Has(j, "Complete"), "complete");
        (job.Status!.Succeeded, job.Status.Active, job.Status.CompletionTime is null).ShouldBe((1, null, false));
    }

    [Fact]
    public async Task Parallelism_bounds_the_pods_at_a_time_and_completions_end_the_job()
    {
        await using var cluster = await StartAsync();
        await JobAsync(cluster, """{"completions":3,"parallelism":2}""");
        var first = await PodsAsync(cluster, 2);
        await EndAsync(cluster, first[0], 0);
        var rest = await PodsAsync(cluster, 3);
        foreach (var pod in rest.Where(p => p.Status?.Phase != "Succeeded"))
        {
            await EndAsync(cluster, pod, 0);
        }

        (await JobAsync(cluster, j => Has(j, "Complete"), "complete")).Status!.Succeeded.ShouldBe(3);
        (await PodsAsync(cluster, 3)).Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_failed_pod_is_replaced_after_a_pause_until_the_limit()
    {
        await using var cluster = await StartAsync();
        await JobAsync(cluster, """{"backoffLimit":0}""");
        await EndAsync(cluster, (await PodsAsync(cluster, 1)).Single(), 1);
        var job = await JobAsync(cluster, j => Has(j, "Failed"), "failed");
        job.Status!.Conditions!.Single(c => c.Type == "Failed").Reason.ShouldBe("BackoffLimitExceeded");
    }

    [Fact]
    public async Task A_failure_policy_ends_the_job_at_the_first_hopeless_failure()
    {
        await using var cluster = await StartAsync();
        await JobAsync(cluster, """{"backoffLimit":6,"podFailurePolicy":{"rules":[{"action":"FailJob","onExitCodes":{"containerName":"c","operator":"In","values":[2]}}]}}""");
        var pod = (await PodsAsync(cluster, 1)).Single();
        await EndAsync(cluster, pod, 2);
        var job = await JobAsync(cluster, j => Has(j, "Failed"), "failed");
        var failed = job.Status!.Conditions!.Single(c => c.Type == "Failed");
        (failed.Reason, failed.Message).ShouldBe(("PodFailurePolicy", $"Container c for pod default/{pod.Metadata.Name} failed with exit code 2 matching FailJob rule at index 0"));
    }

    [Fact]
    public async Task Suspending_removes_the_pods_and_resuming_brings_new_ones()
    {
        await using var cluster = await StartAsync();
        await JobAsync(cluster, "{}");
        await PodsAsync(cluster, 1);
        await cluster.Client.PatchAsync(new ObjectRef(Job.Type, "default", "j"), KubePatch.Merge((JsonObject)JsonNode.Parse("""{"spec":{"suspend":true}}""")!), None);
        await JobAsync(cluster, j => Has(j, "Suspended"), "suspended");
        await PodsAsync(cluster, 0);
        await cluster.Client.PatchAsync(new ObjectRef(Job.Type, "default", "j"), KubePatch.Merge((JsonObject)JsonNode.Parse("""{"spec":{"suspend":false}}""")!), None);
        await PodsAsync(cluster, 1);
    }

    [Fact]
    public async Task An_indexed_job_gives_each_pod_its_number()
    {
        await using var cluster = await StartAsync();
        await JobAsync(cluster, """{"completions":2,"parallelism":2,"completionMode":"Indexed"}""");
        var pods = await PodsAsync(cluster, 2);
        pods.Select(p => JobDecision.IndexOf(p)).Order().ShouldBe([0, 1]);
        pods[0].Spec!.Containers![0].Env!.ShouldContain(e => e.Name == "JOB_COMPLETION_INDEX");
        foreach (var pod in pods)
        {
            await EndAsync(cluster, pod, 0);
        }

        (await JobAsync(cluster, j => Has(j, "Complete"), "complete")).Status!.CompletedIndexes.ShouldBe("0-1");
    }

    [Fact]
    public async Task A_finished_job_goes_when_its_time_to_live_is_over()
    {
        await using var cluster = await StartAsync();
        await JobAsync(cluster, """{"ttlSecondsAfterFinished":0}""");
        await EndAsync(cluster, (await PodsAsync(cluster, 1)).Single(), 0);
        await ControllerCluster.Until(() => cluster.Client.FindAsync<Job>("default", "j", None), j => j is null, "job gone");
    }

    [Fact]
    public async Task What_is_not_supported_fails_at_once_by_name()
    {
        await using var cluster = await StartAsync();
        await JobAsync(cluster, """{"completions":1,"completionMode":"Indexed","backoffLimitPerIndex":1}""");
        var job = await JobAsync(cluster, j => Has(j, "Failed"), "failed");
        job.Status!.Conditions!.Single(c => c.Type == "Failed").Message.ShouldBe("spec.backoffLimitPerIndex is not supported by this platform: leave it out");
    }

    private static async Task<ControllerCluster> StartAsync()
    {
        var cluster = await ControllerCluster.CreateAsync();
        cluster.Run(new JobController(cluster.Client, cluster.Informers, TimeProvider.System, ControllerCluster.Log).RunAsync);
        return cluster;
    }

    private static Task JobAsync(ControllerCluster cluster, string spec)
    {
        var body = (JsonObject)JsonNode.Parse(spec)!;
        body["template"] = JsonNode.Parse("""{"spec":{"restartPolicy":"Never","containers":[{"name":"c","image":"busybox"}]}}""");
        return cluster.Client.CreateAsync(Job.Type, "default", new JsonObject { ["metadata"] = new JsonObject { ["name"] = "j", ["namespace"] = "default" }, ["spec"] = body }, None);
    }

    private static Task<Job> JobAsync(ControllerCluster cluster, Func<Job, bool> wanted, string what) =>
        ControllerCluster.Until(() => cluster.Client.GetAsync<Job>("default", "j", None), wanted, what);

    [Fact]
    public async Task A_failed_pod_that_somebody_removes_stays_counted()
    {
        await using var cluster = await StartAsync();
        await JobAsync(cluster, """{"backoffLimit":1}""");
        var first = (await PodsAsync(cluster, 1)).Single();
        await EndAsync(cluster, first, 1);
        await JobAsync(cluster, j => j.Status?.Failed == 1, "one failure");
        await cluster.Client.DeleteAsync(first.Ref(), new DeleteOptions { GracePeriodSeconds = 0 }, None);
        var second = (await ControllerCluster.Until(
            () => cluster.Client.ListAsync<Pod>("default", new ListOptions { LabelSelector = "job-name=j" }, None), p => p.Any(x => x.Metadata.Uid != first.Metadata.Uid), "another pod")).Single(p => p.Metadata.Uid != first.Metadata.Uid);
        await EndAsync(cluster, second, 1);

        var job = await JobAsync(cluster, j => Has(j, "Failed"), "failed");
        job.Status!.Failed.ShouldBe(2);
    }

    [Fact]
    public void A_pod_that_goes_before_it_was_counted_is_counted_all_the_same()
    {
        var pods = new JobPods();
        var pod = new Pod { Metadata = new ObjectMeta { Name = "p", Uid = "u" }, Status = new PodStatus { Phase = "Failed" } };
        pods.Apply(WatchEventType.Added, pod);
        pods.Apply(WatchEventType.Deleted, pod);
        var job = new Job { Metadata = new ObjectMeta { Name = "j" }, Spec = new JobSpec { BackoffLimit = 6, Completions = 1, Parallelism = 1 } };

        var step = JobDecision.Next(job, pods.Look().Seen, [], DateTimeOffset.UnixEpoch, pods.Look().Counted);
        step.Status.Failed.ShouldBe(1);

        pods.Counted(["u"]);
        pods.Look().Seen.ShouldBeEmpty();
        pods.Apply(WatchEventType.Added, pod with { Metadata = new ObjectMeta { Name = "q", Uid = "v" } });
        JobDecision.Next(job with { Status = step.Status }, pods.Look().Seen, [], DateTimeOffset.UnixEpoch, pods.Look().Counted).Status.Failed.ShouldBe(2);
    }

    private static Task<IReadOnlyList<Pod>> PodsAsync(ControllerCluster cluster, int count) => ControllerCluster.Until(
        () => cluster.Client.ListAsync<Pod>("default", new ListOptions { LabelSelector = "job-name=j" }, None), p => p.Count == count, $"{count} pods");

    private static bool Has(Job job, string condition) => job.Status?.Conditions?.Any(c => c.Type == condition && c.Status == "True") == true;

    private static Task EndAsync(ControllerCluster cluster, Pod pod, int code) => cluster.Client.PatchStatusAsync(
        pod,
        new JsonObject
        {
            ["phase"] = code == 0 ? "Succeeded" : "Failed",
            ["containerStatuses"] = new JsonArray(new JsonObject { ["name"] = "c", ["state"] = new JsonObject { ["terminated"] = new JsonObject { ["exitCode"] = code } } }),
        },
        None);
}
