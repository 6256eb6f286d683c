using Hearth.Jobs.Emr;
using Hearth.Jobs.Model;
using Hearth.Kube.Core;
using Hearth.Kube.Objects;

namespace Hearth.Cli.Tests.Job;

public sealed class JobLogsTests
{
    private const string Id = "0000000eav9pe5tozjh";
    private const string Driver = $"spark-{Id}-driver";
    private const string Status = "{\"state\":\"COMPLETED\",\"driver\":{\"podName\":\"" + Driver + "\"},\"pods\":[{\"name\":\"x-exec-2\",\"uid\":\"u\",\"role\":\"executor\"}]}";

    [Fact]
    public async Task A_log_comes_from_the_pod_while_there_is_one()
    {
        var platform = await FakeJobPlatform.StartAsync();
        await platform.RunAsync(Id, Status);
        await PodAsync(platform);
        platform.Cluster.Logs[$"emr-a/{Driver}"] = "out\n";
        platform.Cluster.Logs[$"emr-a/{Driver}/stderr"] = "err\n";

        (await platform.HearthAsync("logs", Id)).ShouldBe(new CliOutcome(0, "out\n", ""));
        (await platform.HearthAsync("logs", Id, "--stderr", "-f")).ShouldBe(new CliOutcome(0, "err\n", ""));
    }

    [Fact]
    public async Task After_that_it_comes_from_s3()
    {
        var platform = await FakeJobPlatform.StartAsync();
        await platform.RunAsync(Id, Status, logUri: "s3://bucket-a/logs/");
        platform.Log("bucket-a", $"logs/vc/jobs/{Id}/containers/spark-{Id}/{Driver}/stdout.gz", "kept\n");
        platform.Log("bucket-a", $"logs/vc/jobs/{Id}/containers/spark-{Id}/x-exec-2/stderr.gz", "of the executor\n");

        (await platform.HearthAsync("logs", Id)).ShouldBe(new CliOutcome(0, "kept\n", ""));
        (await platform.HearthAsync("logs", Id, "--executor", "2", "--stderr")).ShouldBe(new CliOutcome(0, "of the executor\n", ""));
        (await platform.HearthAsync("logs", Id, "--stderr")).Error.ShouldContain("there is no log s3://bucket-a/logs/vc/jobs/");
        (await platform.HearthAsync("logs", Id, "--executor", "1")).ShouldBe(new CliOutcome(2, "", $"hearth: job run {Id} has no executor 1\nIt has had 2.\n"));
    }

    [Fact]
    public async Task Rotated_files_come_in_their_order()
    {
        var platform = await FakeJobPlatform.StartAsync();
        await platform.RunAsync(Id, Status, logUri: "s3://bucket-a/logs/", rotation: new ContainerLogRotationConfiguration { RotationSize = "2KB", MaxFilesToKeep = 3 });
        var place = $"logs/vc/jobs/{Id}/containers/spark-{Id}/{Driver}/stdout";
        platform.Log("bucket-a", $"{place}.gz", "third\n");
        platform.Log("bucket-a", $"{place}.1.gz", "second\n");
        platform.Log("bucket-a", $"{place}.2.gz", "first\n");

        (await platform.HearthAsync("logs", Id)).ShouldBe(new CliOutcome(0, "first\nsecond\nthird\n", ""));
        (await platform.HearthAsync("logs", Id, "--tail", "2")).ShouldBe(new CliOutcome(0, "second\nthird\n", ""));
    }

    [Fact]
    public async Task A_log_that_nobody_kept_is_said_to_be_gone()
    {
        var platform = await FakeJobPlatform.StartAsync();
        await platform.RunAsync(Id, Status);

        var outcome = await platform.HearthAsync("logs", Id);

        outcome.ExitCode.ShouldBe(1);
        outcome.Error.ShouldContain("kept no logs in S3\nGive configurationOverrides.");
    }

    [Fact]
    public async Task A_driver_that_waits_has_no_log_yet()
    {
        var platform = await FakeJobPlatform.StartAsync();
        await platform.RunAsync(Id, "{\"state\":\"SUBMITTED\",\"driver\":{\"podName\":\"" + Driver + "\"}}");
        await PodAsync(platform, "{\"phase\":\"Pending\"}");

        (await platform.HearthAsync("logs", Id)).Error.ShouldContain($"waiting to start\n`hearth job explain {Id}` says what it waits for");
    }

    [Fact]
    public async Task The_job_runner_has_a_log_of_its_own()
    {
        var platform = await FakeJobPlatform.StartAsync();
        await platform.RunAsync(Id, Status);
        (await platform.HearthAsync("logs", Id, "--runner")).Error.ShouldContain($"the job runner of {Id} is gone");

        await PodAsync(platform, name: $"{Id}-abcde", component: "job.submitter");
        platform.Cluster.Logs[$"emr-a/{Id}-abcde/stderr"] = "one\ntwo\nthree\n";
        platform.Cluster.Logs[$"emr-a/{Id}-abcde"] = "";

        (await platform.HearthAsync("logs", Id, "--runner")).ShouldBe(new CliOutcome(0, "one\ntwo\nthree\n", ""));
        (await platform.HearthAsync("logs", Id, "--runner", "--tail", "1")).ShouldBe(new CliOutcome(0, "three\n", ""));
        (await platform.HearthAsync("logs", Id, "--runner", "--since", "5m")).ExitCode.ShouldBe(0);
        platform.Cluster.AskedLog!.SinceSeconds.ShouldBe(300);
    }

    [Fact]
    public async Task A_part_of_a_log_can_be_asked_for()
    {
        var platform = await FakeJobPlatform.StartAsync();
        await platform.RunAsync(Id, Status, logUri: "s3://bucket-a/logs/");
        await PodAsync(platform);
        platform.Cluster.Logs[$"emr-a/{Driver}"] = "one\ntwo\nthree\n";

        (await platform.HearthAsync("logs", Id, "--tail", "2")).ShouldBe(new CliOutcome(0, "two\nthree\n", ""));
        (await platform.HearthAsync("logs", Id, "--since", "90s")).ExitCode.ShouldBe(0);
        platform.Cluster.AskedLog!.SinceSeconds.ShouldBe(90);
        (await platform.HearthAsync("logs", Id, "--since", "yesterday")).ShouldBe(new CliOutcome(2, "", "hearth: --since yesterday: not a length of time\nWrite it as 90s, 5m, 1h30m or 3d.\n"));
        (await platform.HearthAsync("logs", Id, "--executor", "2", "--since", "5m")).Error.ShouldContain("its log in S3 has no times\nLeave out --since");
        (await platform.HearthAsync("logs", Id, "--runner", "-f")).Error.ShouldContain("--runner goes with neither --executor nor --follow");
        (await platform.HearthAsync("logs", Id, "--tail", "2", "-f")).Error.ShouldContain("--follow and --tail exclude each other");
    }

    private static async Task PodAsync(FakeJobPlatform platform, string status = "{\"phase\":\"Succeeded\",\"containerStatuses\":[{\"name\":\"c\",\"state\":{\"terminated\":{\"exitCode\":0}}}]}", string name = Driver, string? component = null)
    {
        await platform.Cluster.CreateAsync(Pod.Type, "emr-a", KubeJson.Write(new Pod { Metadata = new ObjectMeta { Name = name, Labels = component is null ? null : new Dictionary<string, string> { [EmrNames.JobIdLabel] = Id, [EmrNames.ComponentLabel] = component } }, Spec = new PodSpec { Containers = [new Container { Name = "c" }] } }), default);
        await platform.Cluster.StatusAsync<Pod>("emr-a", name, status);
    }
}
