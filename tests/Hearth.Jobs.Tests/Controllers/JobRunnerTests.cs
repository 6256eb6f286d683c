using System.Text.Json.Nodes;
using Hearth.Jobs.Emr;
using Hearth.Jobs.Model;
using Hearth.Jobs.Resources;
using Hearth.Jobs.Runner;
using Hearth.Kube.Client;
using Hearth.Kube.Core;
using Hearth.Kube.Objects;

namespace Hearth.Jobs.Tests.Controllers;

/// <summary>The Kubernetes Job of a run and its pod, which does spark-submit's work.</summary>
public sealed class JobRunnerTests
{
    private const string Driver = """{"sparkSubmitJobDriver":{"entryPoint":"s3://b/x.py"}}""";

    private static CancellationToken None => CancellationToken.None;

    private static ObjectRef Run => new(JobRun.Type, JobWorld.Ns, JobWorld.Id);

    [Fact]
    public async Task The_job_its_pod_and_its_config_maps_are_named_and_labelled_as_on_EMR()
    {
        await using var world = new JobWorld();
        world.Put("s3://b/d.yaml", "spec: {containers: [{name: spark-kubernetes-driver}]}");
        await world.StartAsync(overrides: """{"applicationConfiguration":[{"classification":"spark-defaults","properties":{"spark.kubernetes.driver.podTemplateFile":"s3://b/d.yaml"}}]}""");
        await world.PodAsync("{}");
        var job = await world.Cluster.GetAsync<Job>(JobWorld.Ns, JobWorld.Id, None);
        (job.Spec!.BackoffLimit, job.Spec.PodFailurePolicy!.Rules![0].OnExitCodes!.Values![0]).ShouldBe((6, 2));
        var pod = await world.Cluster.GetAsync<Pod>(JobWorld.Ns, JobWorld.Id + "-abcde", None);
        pod.Metadata.Label(EmrNames.ComponentLabel).ShouldBe("job.submitter");
        pod.Metadata.Label(EmrNames.ResourceTypeLabel).ShouldBe("job.run");
        pod.Spec!.ServiceAccountName.ShouldBe("emr-containers-sa-spark-client-123456789012-16o0gwny3p");
        var container = pod.Spec.Containers!.ShouldHaveSingleItem();
        (container.Name, container.Resources!.Requests!["cpu"].ToString(), container.Resources.Limits!["memory"].ToString()).ShouldBe(("job-runner", "800m", "1Gi"));
        (await world.Cluster.GetAsync<ConfigMap>(JobWorld.Ns, JobWorld.Id + "-spark-defaults", None)).Data!["spark-defaults.conf"].ShouldContain("spark.hearth.s3.root");
        var templates = await world.Cluster.GetAsync<ConfigMap>(JobWorld.Ns, "podtemplate-" + JobWorld.Id, None);
        templates.Data!.Keys.Order(StringComparer.Ordinal).ShouldBe(["driver", "driver-container-allowlist", "driver-pod-allowlist", "executor-container-allowlist", "executor-pod-allowlist"]);
        world.Runners.Log.ToString().ShouldContain("LoggingPodStatusWatcherImpl: Deployed Spark application x.py with application ID spark-" + JobWorld.Id);
    }

    [Fact]
    public async Task The_classification_emr_job_submitter_shapes_the_pod()
    {
        await using var world = new JobWorld();
        world.Runners.AreFree = false;
        await world.StartAsync(overrides: """
            {"applicationConfiguration":[{"classification":"emr-job-submitter","properties":{
              "jobsubmitter.node.selector.pool":"system","jobsubmitter.label.team":"a","jobsubmitter.annotation.karpenter.sh/do-not-disrupt":"true",
              "jobsubmitter.node.toleration.dedicated":"system","jobsubmitter.node.toleration.dedicated.effect":"NoSchedule",
              "jobsubmitter.node.toleration.spot.effect":"NoExecute","jobsubmitter.node.toleration.spot.tolerationSeconds":"60",
              "jobsubmitter.scheduler.name":"yunikorn","jobsubmitter.logging":"DISABLED","jobsubmitter.gracefulTermination":"true"}}]}
            """);
        await world.UntilAsync(async () => await world.Cluster.FindAsync<Pod>(JobWorld.Ns, JobWorld.Id + "-abcde", None) is not null, "runner");
        var pod = await world.Cluster.GetAsync(new ObjectRef(Pod.Type, JobWorld.Ns, JobWorld.Id + "-abcde"), None);
        pod["spec"]!["nodeSelector"]!.ToJsonString().ShouldBe("""{"pool":"system"}""");
        pod["spec"]!["schedulerName"]!.ToString().ShouldBe("yunikorn");
        pod["spec"]!["tolerations"]!.ToJsonString().ShouldBe("""[{"key":"dedicated","operator":"Equal","effect":"NoSchedule","value":"system"},{"key":"spot","operator":"Exists","effect":"NoExecute","tolerationSeconds":60}]""");
        pod["metadata"]!["labels"]!["team"]!.ToString().ShouldBe("a");
        pod["metadata"]!["annotations"]!["karpenter.sh/do-not-disrupt"]!.ToString().ShouldBe("true");
        pod["spec"]!["containers"]![0]!["args"]!.AsArray()[^1]!.ToString().ShouldBe("when-driver-started");
    }

    [Theory]
    [InlineData("jobsubmitter.node.toleration.x", "1", "jobsubmitter.node.toleration.x.effect is missing")]
    [InlineData("jobsubmitter.logging", "maybe", "jobsubmitter.logging must be one of ENABLED, DISABLED, but is 'maybe'")]
    [InlineData("jobsubmitter.colour", "red", "unknown property jobsubmitter.colour")]
    public void A_wrong_property_is_named(string key, string value, string problem) =>
        Should.Throw<SubmissionException>(() => SubmitterSettings.Read([new Configuration { Classification = "emr-job-submitter", Properties = new Dictionary<string, string> { [key] = value } }]))
            .Message.ShouldBe($"JobRun submission failed.\nemr-job-submitter: {problem}.");

    [Fact]
    public async Task A_run_is_SUBMITTED_while_its_job_runner_waits_and_cancelling_it_leaves_nothing()
    {
        await using var world = new JobWorld();
        world.Runners.AreFree = false;
        await world.StartAsync();
        await world.RunAsync(JobRunState.Submitted);
        await world.PodAsync("""{"conditions":[{"type":"PodScheduled","status":"False","reason":"Unschedulable","message":"0/3 nodes are available"}]}""", JobWorld.Id + "-abcde");
        var run = await world.RunAsync(r => r.Status?.StateDetails is not null, "explained");
        run.Status!.StateDetails.ShouldBe("The job runner waits for a node. Last event from default-scheduler: FailedScheduling, message: 0/3 nodes are available");
        await world.Cluster.PatchAsync(Run, KubePatch.Merge((JsonObject)JsonNode.Parse("""{"spec":{"cancel":true}}""")!), None);
        await world.RunAsync(JobRunState.Cancelled);
        (await world.Cluster.FindAsync<Job>(JobWorld.Ns, JobWorld.Id, None)).ShouldBeNull();
        await world.UntilAsync(async () => (await world.Cluster.ListAsync<Pod>(JobWorld.Ns, ListOptions.All, None)).Count == 0, "no pods");
        await world.UntilAsync(async () => (await world.Cluster.ListAsync<ConfigMap>(JobWorld.Ns, ListOptions.All, None)).Count == 0, "no config maps");
    }

    [Fact]
    public async Task A_driver_pod_that_the_cluster_refuses_fails_the_run_with_its_words()
    {
        await using var world = new JobWorld();
        world.Cluster.Refuses = (type, body) => IsDriver(type, body) ? new KubeException(422, "Invalid", "Pod \"d\" is invalid: spec.x: Required value") : null;
        await world.StartAsync();
        var run = await world.RunAsync(JobRunState.Failed);
        (run.Status!.FailureReason, run.Status.StateDetails).ShouldBe((FailureReason.UserError, "JobRun submission failed.\nThe cluster refuses the driver pod: Pod \"d\" is invalid: spec.x: Required value"));
    }

    [Fact]
    public async Task A_full_quota_is_shown_and_waited_for()
    {
        await using var world = new JobWorld();
        world.Cluster.Refuses = (type, body) => IsDriver(type, body) ? new KubeException(403, "Forbidden", "exceeded quota: team") : null;
        await world.StartAsync();
        var run = await world.RunAsync(r => r.Status?.StateDetails is not null, "explained");
        (run.Status!.State, run.Status.StateDetails).ShouldBe((JobRunState.Submitted, "The cluster does not take the driver pod yet: exceeded quota: team"));
        world.Cluster.Refuses = (_, _) => null;
        await world.PodAsync(JobWorld.Running());
        await world.RunAsync(r => r.Status is { State: JobRunState.Running, StateDetails: null }, "running");
    }

    [Fact]
    public async Task A_job_that_somebody_deletes_before_there_is_a_driver_fails_the_run()
    {
        await using var world = new JobWorld();
        world.Runners.AreFree = false;
        await world.StartAsync();
        await world.RunAsync(JobRunState.Submitted);
        await world.Cluster.DeleteAsync(new ObjectRef(Job.Type, JobWorld.Ns, JobWorld.Id), DeleteOptions.Default, None);
        (await world.RunAsync(JobRunState.Failed)).Status!.StateDetails.ShouldBe("JobRun submission failed.\nThe Kubernetes Job of the job run was deleted before it created the driver.");
    }

    [Fact]
    public async Task Without_graceful_termination_the_runner_stays_until_the_driver_ends()
    {
        await using var world = new JobWorld(o => o with { DriverRetention = TimeSpan.FromMinutes(1) });
        await world.StartAsync();
        await world.PodAsync(JobWorld.Running());
        await world.RunAsync(JobRunState.Running);
        await world.UntilAsync(() => Task.FromResult(world.Runners.Log.ToString().Contains("(phase: Running)", StringComparison.Ordinal)), "seen by the runner");
        (await world.Cluster.GetAsync<Pod>(JobWorld.Ns, JobWorld.Id + "-abcde", None)).Status!.Phase.ShouldBe("Running");
        await world.PodAsync(JobWorld.Ended(1));
        await world.UntilAsync(async () => (await world.Cluster.GetAsync<Pod>(JobWorld.Ns, JobWorld.Id + "-abcde", None)).Status!.Phase == "Succeeded", "runner ended, and not with the driver's exit code");
    }

    [Fact]
    public async Task With_it_the_runner_ends_when_the_driver_has_started()
    {
        await using var world = new JobWorld();
        await world.StartAsync(Driver, """{"applicationConfiguration":[{"classification":"emr-job-submitter","properties":{"jobsubmitter.gracefulTermination":"true"}}]}""");
        await world.PodAsync(JobWorld.Running());
        await world.UntilAsync(async () => (await world.Cluster.GetAsync<Pod>(JobWorld.Ns, JobWorld.Id + "-abcde", None)).Status!.Phase == "Succeeded", "runner ended");
        (await world.RunAsync(JobRunState.Running)).Status!.FinishedAt.ShouldBeNull();
    }

    private static bool IsDriver(ResourceType type, JsonObject body) => type == Pod.Type && body["metadata"]!["name"]!.ToString().EndsWith("-driver", StringComparison.Ordinal);
}
