using System.Text.Json.Nodes;
using Hearth.Jobs.Emr;
using Hearth.Jobs.Model;
using Hearth.Jobs.Resources;
using Hearth.Jobs.Spark;
using Hearth.Kube.Client;
using Hearth.Kube.Core;
using Hearth.Kube.Objects;

namespace Hearth.Jobs.Tests.Controllers;

public sealed class JobRunControllerTests
{
    private const string Logging = """
        {"monitoringConfiguration":{"s3MonitoringConfiguration":{"logUri":"s3://logs/startjobrun/"},
         "cloudWatchMonitoringConfiguration":{"logGroupName":"/emr/a","logStreamNamePrefix":"taxi"}}}
        """;

    private static CancellationToken None => CancellationToken.None;

    [Fact]
    public async Task A_job_goes_from_submitted_over_running_to_completed()
    {
        await using var world = new JobWorld(o => o with { DriverRetention = TimeSpan.FromMinutes(1) });
        await world.StartAsync();
        var run = await world.RunAsync(JobRunState.Submitted);
        run.Status!.ApplicationId.ShouldBe("spark-" + JobWorld.Id);
        run.Status.Driver!.PodName.ShouldBe($"spark-{JobWorld.Id}-driver");
        await world.PodAsync(JobWorld.Running());
        (await world.RunAsync(JobRunState.Running)).Status!.StartedAt.ShouldNotBeNull();
        await world.PodAsync(JobWorld.Ended(0));
        run = await world.RunAsync(JobRunState.Completed);
        run.Status!.StateDetails!.ShouldMatch("^JobRun completed successfully. It ran for ([0-9]+ Hours [0-9]+ Minutes )?[0-9]+ Seconds$");
        run.Status.FinishedAt.ShouldNotBeNull();
        run.Status.Driver!.ExitCode.ShouldBe(0);
        world.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_driver_pod_is_Sparks_with_EMRs_labels_account_and_directories()
    {
        await using var world = new JobWorld();
        await world.StartAsync(
            """{"sparkSubmitJobDriver":{"entryPoint":"s3://b/x.py","entryPointArguments":["a"],"sparkSubmitParameters":"--conf spark.executor.instances=3 --name Taxi"}}""",
            """{"applicationConfiguration":[{"classification":"spark-defaults","properties":{"spark.executor.instances":"5","spark.driver.memory":"4g"}}]}""");
        await world.PodAsync("{}");
        var pod = await world.Cluster.GetAsync(new ObjectRef(Pod.Type, JobWorld.Ns, JobWorld.DriverName()), None);
        pod["metadata"]!["labels"]![EmrNames.ComponentLabel]!.ToString().ShouldBe("driver");
        pod["metadata"]!["labels"]![EmrNames.VirtualClusterLabel]!.ToString().ShouldBe("vc1");
        pod["metadata"]!["labels"]!["spark-app-name"]!.ToString().ShouldBe("taxi");
        pod["spec"]!["serviceAccountName"]!.ToString().ShouldBe("emr-containers-sa-spark-driver-123456789012-16o0gwny3p");
        var main = pod["spec"]!["containers"]![0]!;
        main["image"]!.ToString().ShouldBe("public.ecr.aws/emr-on-eks/spark/emr-7.9.0:latest");
        main["resources"]!["requests"]!["memory"]!.ToString().ShouldBe("5734Mi");
        main["volumeMounts"]!.AsArray().Select(m => m!["mountPath"]!.ToString()).ShouldContain("/home/hadoop");
        var maps = await world.Cluster.ListAsync<ConfigMap>(JobWorld.Ns, ListOptions.All, None);
        var properties = PropertiesText.Read(maps.Single(m => m.Data!.ContainsKey("spark.properties")).Data!["spark.properties"]).ToDictionary(p => p.Key, p => p.Value);
        properties["spark.executor.instances"].ShouldBe("3", "parameters win over the classification");
        properties["spark.hearth.s3.root"].ShouldBe("/s3");
        properties["spark.kubernetes.executor.label." + EmrNames.ComponentLabel].ShouldBe("executor");
        (await world.Cluster.FindAsync<ServiceAccount>(JobWorld.Ns, "emr-containers-sa-spark-driver-123456789012-16o0gwny3p", None))!.Metadata.Annotation("eks.amazonaws.com/role-arn").ShouldBe("arn:aws:iam::123456789012:role/myrole");
    }

    [Theory]
    [InlineData("""{"sparkSubmitJobDriver":{"entryPoint":"s3://b/x.py"}}""", """{"applicationConfiguration":[{"classification":"spork"}]}""", "JobRun submission failed.\nClassification spork not supported.", FailureReason.ValidationError)]
    [InlineData("""{"sparkSubmitJobDriver":{"entryPoint":"s3://b/x.py","sparkSubmitParameters":"--bad 1"}}""", "{}", "JobRun submission failed.\nsparkSubmitParameters: Unrecognized option '--bad'.", FailureReason.ValidationError)]
    [InlineData("""{"sparkSubmitJobDriver":{"entryPoint":"s3://b/x.jar","sparkSubmitParameters":"--class a.B"}}""", "{}", "JobRun submission failed.\nThe class a.B of s3://b/x.jar needs Apache Spark", FailureReason.ValidationError)]
    [InlineData("""{"sparkSubmitJobDriver":{"entryPoint":"s3://b/x.py","sparkSubmitParameters":"--driver-memory 4q"}}""", "{}", "JobRun submission failed.\nsparkSubmitParameters: Driver memory must be a positive number, but spark.driver.memory is 4q", FailureReason.ValidationError)]
    [InlineData("""{"sparkSubmitJobDriver":{"entryPoint":"s3://b/x.py","sparkSubmitParameters":"--conf spark.kubernetes.driver.podTemplateFile=s3://b/none.yaml"}}""", "{}", "JobRun submission failed.\nDriver pod template s3://b/none.yaml cannot be read", FailureReason.UserError)]
    [InlineData("""{"sparkSubmitJobDriver":{"entryPoint":"s3://b/x.py","sparkSubmitParameters":"--conf spark.kubernetes.executor.podTemplateFile=s3://b/bad.yaml"}}""", "{}", "JobRun submission failed.\nExecutor pod template validation failed. unknown field \"spec.contaners\"; did you mean \"containers\"?", FailureReason.UserError)]
    public async Task What_cannot_be_submitted_fails_with_a_reason(string driver, string overrides, string details, FailureReason reason)
    {
        await using var world = new JobWorld();
        world.Put("s3://b/bad.yaml", "spec: {contaners: []}");
        await world.StartAsync(driver, overrides);
        var run = await world.RunAsync(JobRunState.Failed);
        run.Status!.StateDetails.ShouldStartWith(details);
        run.Status.FailureReason.ShouldBe(reason);
        (await world.Cluster.FindAsync<Pod>(JobWorld.Ns, JobWorld.DriverName(), None)).ShouldBeNull();
    }

    [Fact]
    public async Task A_Python_exception_is_the_reason_of_the_failure()
    {
        await using var world = new JobWorld(o => o with { DriverRetention = TimeSpan.FromMinutes(1) });
        await world.StartAsync();
        await world.PodAsync(JobWorld.Running());
        world.Cluster.Logs[$"{JobWorld.Ns}/{JobWorld.DriverName()}"] = "rows 12\nTraceback (most recent call last):\n  File \"/tmp/x.py\", line 7, in <module>\n    1 / 0\nZeroDivisionError: division by zero\n";
        await world.PodAsync(JobWorld.Ended(1));
        var run = await world.RunAsync(JobRunState.Failed);
        run.Status!.StateDetails.ShouldBe("JobRun failed. ZeroDivisionError: division by zero (x.py, line 7). Please refer logs uploaded to S3/CloudWatch based on your monitoring configuration.");
        run.Status.FailureReason.ShouldBe(FailureReason.UserError);
    }

    [Fact]
    public async Task Lack_of_memory_says_which_setting_to_raise()
    {
        await using var world = new JobWorld();
        await world.StartAsync();
        await world.PodAsync(JobWorld.Ended(137, "OOMKilled"));
        (await world.RunAsync(JobRunState.Failed)).Status!.FailureMessage.ShouldBe("The driver ran out of memory (limit 1433Mi): raise spark.driver.memory or spark.driver.memoryOverhead");
    }

    [Fact]
    public async Task A_driver_without_a_node_shows_the_schedulers_words_and_fails_after_the_start_timeout()
    {
        await using var world = new JobWorld();
        await world.StartAsync(overrides: """{"applicationConfiguration":[{"classification":"emr-containers-defaults","properties":{"job-start-timeout":"2"}}]}""");
        await world.PodAsync("""{"phase":"Pending","conditions":[{"type":"PodScheduled","status":"False","reason":"Unschedulable","message":"0/3 nodes are available: 3 Insufficient memory."}]}""");
        var run = await world.RunAsync(r => r.Status?.StateDetails is not null, "explained");
        run.Status!.StateDetails.ShouldBe("The driver pod waits for a node. Last event from default-scheduler: FailedScheduling, message: 0/3 nodes are available: 3 Insufficient memory.");
        run = await world.RunAsync(JobRunState.Failed);
        run.Status!.StateDetails.ShouldBe("JobRun timed out before spark driver pod started running due to lack of cluster resources. Last event from default-scheduler: FailedScheduling, message: 0/3 nodes are available: 3 Insufficient memory.");
        await world.UntilAsync(async () => await world.Cluster.FindAsync<Pod>(JobWorld.Ns, JobWorld.DriverName(), None) is null, "driver deleted");
    }

    [Fact]
    public async Task An_image_that_cannot_be_had_is_named()
    {
        await using var world = new JobWorld();
        await world.StartAsync();
        await world.PodAsync("""{"phase":"Pending","containerStatuses":[{"name":"spark-kubernetes-driver","state":{"waiting":{"reason":"ErrImagePull","message":"image \"x\" cannot run on this machine"}}}]}""");
        (await world.RunAsync(JobRunState.Failed)).Status!.FailureMessage.ShouldBe("The image of the driver cannot be had: image \"x\" cannot run on this machine");
    }

    [Fact]
    public async Task Cancelling_removes_the_driver_first()
    {
        await using var world = new JobWorld();
        await world.StartAsync();
        await world.PodAsync(JobWorld.Running());
        await world.RunAsync(JobRunState.Running);
        await world.Cluster.PatchAsync(new ObjectRef(JobRun.Type, JobWorld.Ns, JobWorld.Id), KubePatch.Merge((JsonObject)JsonNode.Parse("""{"spec":{"cancel":true}}""")!), None);
        var run = await world.RunAsync(JobRunState.Cancelled);
        run.Status!.StateDetails.ShouldBe("JobRun CANCELLED successfully.");
        run.Status.FailureReason.ShouldBeNull();
        await world.UntilAsync(async () => (await world.Cluster.ListAsync<ConfigMap>(JobWorld.Ns, ListOptions.All, None)).Count == 0, "settings removed");
    }

    [Fact]
    public async Task Deleting_the_object_cancels_the_run_and_then_lets_it_go()
    {
        await using var world = new JobWorld(o => o with { DriverRetention = TimeSpan.FromHours(1) });
        await world.StartAsync();
        await world.PodAsync(JobWorld.Running());
        await world.RunAsync(JobRunState.Running);
        await world.Cluster.DeleteAsync(new ObjectRef(JobRun.Type, JobWorld.Ns, JobWorld.Id), DeleteOptions.Default, None);
        await world.UntilAsync(async () => await world.Cluster.FindAsync<JobRun>(JobWorld.Ns, JobWorld.Id, None) is null, "run gone");
        (await world.Cluster.FindAsync<Pod>(JobWorld.Ns, JobWorld.DriverName(), None)).ShouldBeNull();
    }

    [Fact]
    public async Task A_driver_that_vanishes_fails_the_run()
    {
        await using var world = new JobWorld();
        await world.StartAsync();
        await world.PodAsync(JobWorld.Running());
        await world.BindAsync(JobWorld.DriverName(), "n1");
        await world.RunAsync(r => r.Status?.Driver?.NodeName == "n1", "bound");
        await world.Cluster.DeleteAsync(new ObjectRef(Pod.Type, JobWorld.Ns, JobWorld.DriverName()), DeleteOptions.Default, None);
        (await world.RunAsync(JobRunState.Failed)).Status!.FailureMessage.ShouldBe($"The driver pod {JobWorld.DriverName()} was deleted before it ended (it was on node n1): its node went away or somebody deleted it");
    }

    [Fact]
    public async Task With_a_retry_policy_a_failed_driver_is_started_again()
    {
        await using var world = new JobWorld();
        await world.StartAsync(attempts: 3);
        var first = (await world.RunAsync(r => r.Status?.Driver is not null, "submitted")).Status!.Driver!.PodName!;
        first.ShouldMatch($"^spark-{JobWorld.Id}-driver-[0-9a-z]{{5}}$");
        await world.PodAsync(JobWorld.Running(), first);
        await world.PodAsync(JobWorld.Ended(1, message: "boom: Error"), first);
        var run = await world.RunAsync(r => r.Status?.Attempt == 2, "second attempt");
        run.Status!.State.ShouldBe(JobRunState.Running);
        run.Status.StateDetails.ShouldBe("The driver failed and is started again (attempt 2 of 3): boom: Error");
        (run.Status.AttemptAt!.Value - DateTimeOffset.UtcNow).TotalSeconds.ShouldBeInRange(5, 10);
    }

    [Fact]
    public async Task Logs_lie_in_S3_and_in_the_log_store_as_EMR_lays_them()
    {
        await using var world = new JobWorld();
        world.Cluster.Logs[$"{JobWorld.Ns}/{JobWorld.DriverName()}"] = "Pi is roughly 3.14\nbye";
        world.Cluster.Logs[$"{JobWorld.Ns}/{JobWorld.DriverName()}/stderr"] = "INFO x\n";
        world.Cluster.Logs[$"{JobWorld.Ns}/{JobWorld.Id}-abcde"] = "Deployed Spark application";
        await world.StartAsync(overrides: Logging);
        await world.PodAsync(JobWorld.Running());
        await world.PodAsync(JobWorld.Ended(0));
        var run = await world.RunAsync(JobRunState.Completed);
        var root = $"s3://logs/startjobrun/vc1/jobs/{JobWorld.Id}/";
        var container = $"{root}containers/spark-{JobWorld.Id}/spark-{JobWorld.Id}-driver/";
        run.Status!.Logs!.S3Uri.ShouldBe(root);

        // Who sees that the run has ended finds the driver's logs whole.
        world.Flushed[$"/emr/a taxi/vc1/jobs/{JobWorld.Id}/containers/spark-{JobWorld.Id}/spark-{JobWorld.Id}-driver/stdout"].ShouldBe(2);
        world.Unzip(container + "stdout.gz").ShouldBe("Pi is roughly 3.14\nbye");
        world.Unzip(container + "stderr.gz").ShouldBe("INFO x\n");
        await world.UntilAsync(() => Task.FromResult(world.Objects.ContainsKey($"{root}control-logs/{JobWorld.Id}-abcde/stdout.gz")), "log of the job runner");
        world.Unzip($"{root}control-logs/{JobWorld.Id}-abcde/stdout.gz").ShouldBe("Deployed Spark application");
        JsonNode.Parse(world.Objects[root + "job-metadata.log"])!["logging_bucket_name"]!.ToString().ShouldBe("logs");
        world.Streams[$"/emr/a taxi/vc1/jobs/{JobWorld.Id}/containers/spark-{JobWorld.Id}/spark-{JobWorld.Id}-driver/stdout"].ShouldBe(["Pi is roughly 3.14", "bye"]);
    }

    [Fact]
    public async Task Executors_nodes_progress_and_cost_are_shown()
    {
        await using var world = new JobWorld(o => o with { DriverRetention = TimeSpan.FromMinutes(1) });
        await world.Cluster.CreateAsync(Node.Type, null, (JsonObject)JsonNode.Parse("""{"metadata":{"name":"n1","annotations":{"cost.hearth.dev/usd-per-hour":"3.6"}}}""")!, None);
        await world.Cluster.StatusAsync<Node>("", "n1", """{"allocatable":{"cpu":"2","memory":"1Ti"}}""");
        await world.StartAsync();
        await world.PodAsync(JobWorld.Running());
        await world.BindAsync(JobWorld.DriverName(), "n1");
        for (var i = 1; i <= 2; i++)
        {
            await world.Cluster.CreateAsync(Pod.Type, JobWorld.Ns, (JsonObject)JsonNode.Parse($$$$"""
                {"metadata":{"name":"taxi-exec-{{{{i}}}}","labels":{"{{{{EmrNames.JobIdLabel}}}}":"{{{{JobWorld.Id}}}}","{{{{EmrNames.ComponentLabel}}}}":"executor","spark-role":"executor"}},
                 "spec":{"containers":[{"name":"spark-kubernetes-executor","resources":{"requests":{"cpu":"1","memory":"1Gi"}}}]}}
                """)!, None);
        }

        await world.PodAsync(JobWorld.Running("spark-kubernetes-executor"), "taxi-exec-1");
        await world.BindAsync("taxi-exec-1", "n1");
        await world.Cluster.PatchAsync(new ObjectRef(Pod.Type, JobWorld.Ns, JobWorld.DriverName()), KubePatch.Merge(new JsonObject
        {
            ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [EmrGroup.ProgressAnnotation] = """{"phase":"running","executorsRequested":2,"rowsRead":1000}""" } },
        }), None);
        var run = await world.RunAsync(r => r.Status?.Executors?.Summary == "1/2" && r.Status.Nodes?.Count == 1 && r.Status.Pods?.Count(p => p.UsdPerHour is not null) == 2, "executors shown");
        run.Status!.Executors!.Pending.ShouldBe(1);
        run.Status.Progress!.RowsRead.ShouldBe(1000);
        run.Status.Pods!.Select(p => $"{p.Role} {p.UsdPerHour}").ShouldBe(["driver 1.8", "job.submitter ", "executor 1.8", "executor "], ignoreOrder: true);
        run.Status.Cost!.Usd.ShouldNotBeNull();
    }

    [Fact]
    public async Task Terminating_a_virtual_cluster_ends_its_runs()
    {
        await using var world = new JobWorld();
        await world.Cluster.CreateAsync(VirtualCluster.Type, null, (JsonObject)JsonNode.Parse("""{"metadata":{"name":"vc1"},"spec":{"name":"a","containerProvider":{"type":"EKS","id":"c","info":{"eksInfo":{"namespace":"team-a"}}}}}""")!, None);
        await world.StartAsync();
        await world.PodAsync(JobWorld.Running());
        await world.Cluster.PatchAsync(new ObjectRef(VirtualCluster.Type, null, "vc1"), KubePatch.Merge((JsonObject)JsonNode.Parse("""{"spec":{"terminate":true}}""")!), None);
        await world.RunAsync(JobRunState.Cancelled);
        await world.UntilAsync(async () => (await world.Cluster.GetAsync<VirtualCluster>(null, "vc1", None)).State == VirtualClusterState.Terminated, "terminated");
    }
}
