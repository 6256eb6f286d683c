using System.Text.Json.Nodes;

namespace Hearth.EndToEnd.Tests.Platform;

/// <summary>A data engineer's day, with the plain AWS CLI and kubectl.</summary>
public sealed class JobTests(PlatformFixture fixture) : IClassFixture<PlatformFixture>
{
    private const string Namespace = "emr-data-team-a";
    private const string Bucket = "s3://emr-data-team-a-000000000000-us-west-2";
    private const string Role = "arn:aws:iam::000000000000:role/emr-eks-karpenter-emr-data-team-a";

    private const string Monitoring = "{\"monitoringConfiguration\":{\"s3MonitoringConfiguration\":{\"logUri\":\"" + Bucket + "/logs/\"}}}";

    [Fact]
    public async Task The_platform_shows_itself_to_plain_clients()
    {
        var hearth = Hearth();

        (await hearth.RunAsync("aws", "sts", "get-caller-identity", "--query", "Arn", "--output", "text")).Succeeded().ShouldBe("arn:aws:iam::000000000000:user/hearth-admin");
        (await hearth.RunAsync("kubectl", "get", "nodes", "-o", "jsonpath={.items[*].metadata.labels.eks\\.amazonaws\\.com/nodegroup}")).Succeeded()
            .ShouldBe("core-node-group core-node-group core-node-group");
        (await hearth.RunAsync("kubectl", "get", "ns")).Succeeded().ShouldContain("emr-data-team-b");
        (await hearth.RunAsync("kubectl", "get", "nodepools")).Succeeded().ShouldContain("spark-graviton-memory-optimized");
        (await hearth.RunAsync("kubectl", "get", "sc", "gp3")).Succeeded().ShouldContain("ebs.csi.aws.com");
    }

    [Fact]
    public async Task Kubectl_works_with_what_update_kubeconfig_writes()
    {
        var hearth = Hearth();
        var file = Path.Combine(hearth.DataDirectory, "eks-kubeconfig");

        (await hearth.RunAsync("aws", "eks", "update-kubeconfig", "--name", "emr-eks-karpenter", "--kubeconfig", file)).Succeeded();
        (await hearth.RunAsync("kubectl", "--kubeconfig", file, "auth", "can-i", "delete", "nodes")).Succeeded().ShouldBe("yes");

        // A team's key becomes a member of its team: at home in its own namespace, a stranger in the other.
        var teams = file + "-team";
        (await hearth.AwsAsync("data-team-a", "eks", "update-kubeconfig", "--name", "emr-eks-karpenter", "--kubeconfig", teams)).Succeeded();
        (await hearth.RunAsync("kubectl", "--kubeconfig", teams, "get", "pods,jobruns", "-n", Namespace)).Code.ShouldBe(0);
        var stranger = await hearth.RunAsync("kubectl", "--kubeconfig", teams, "get", "pods", "-n", "emr-data-team-b");
        stranger.Code.ShouldBe(1);
        stranger.Error.ShouldContain("pods is forbidden");
    }

    [Fact]
    public async Task A_script_of_spark_reads_and_writes_the_teams_bucket()
    {
        var hearth = Hearth();
        await UploadAsync(hearth, "wide.py", """
            import sys
            from pyspark.sql import SparkSession, functions as F
            spark = SparkSession.builder.appName("wide").getOrCreate()
            out = sys.argv[1]
            spark.range(1000).withColumn("k", F.col("id") % 7).write.mode("overwrite").partitionBy("k").parquet(out)
            back = spark.read.parquet(out)
            print("rows", back.count(), "sum", back.agg(F.sum("id")).first()[0])
            spark.stop()
            """);

        var job = await StartAsync(hearth, "wide", $"{Bucket}/e2e/wide.py", arguments: [$"{Bucket}/e2e/out"]);
        var run = await EndAsync(hearth, job);

        run["state"]!.GetValue<string>().ShouldBe("COMPLETED", run.ToJsonString());
        (await hearth.RunAsync("kubectl", "logs", "-n", Namespace, $"spark-{job}-driver")).Succeeded().ShouldContain("rows 1000 sum 499500");
        (await hearth.RunAsync("aws", "s3", "ls", $"{Bucket}/e2e/out/")).Succeeded().ShouldContain("PRE k=6/");
        var cluster = await hearth.VirtualClusterAsync(Namespace);
        var log = $"{Bucket}/logs/{cluster}/jobs/{job}/containers/spark-{job}/spark-{job}-driver/stdout.gz";
        (await hearth.RunAsync("bash", "-c", $"aws s3 cp {log} - | gunzip")).Succeeded().ShouldContain("rows 1000 sum 499500");
    }

    [Fact]
    public async Task Pi_runs_from_the_images_examples_on_its_executors()
    {
        var hearth = Hearth();

        var job = await StartAsync(hearth, "pi", "local:///usr/lib/spark/examples/src/main/python/pi.py");
        var run = await EndAsync(hearth, job);

        run["state"]!.GetValue<string>().ShouldBe("COMPLETED", run.ToJsonString());
        (await hearth.RunAsync("kubectl", "logs", "-n", Namespace, $"spark-{job}-driver")).Succeeded().ShouldContain("Pi is roughly 3.1");
    }

    [Fact]
    public async Task With_dynamic_allocation_executors_come_with_the_work_and_go_when_it_is_done()
    {
        var hearth = Hearth();
        await UploadAsync(hearth, "waves.py", """
            import time
            from pyspark.sql import SparkSession
            spark = SparkSession.builder.getOrCreate()
            print("sum", spark.sparkContext.parallelize(range(60), 60).map(lambda n: time.sleep(0.1) or n).sum())
            time.sleep(5)
            """);
        const string dynamic = "spark.dynamicAllocation.";

        var job = await StartAsync(
            hearth, "waves", $"{Bucket}/e2e/waves.py",
            $"--conf {dynamic}enabled=true --conf {dynamic}minExecutors=1 --conf {dynamic}maxExecutors=4 --conf {dynamic}executorIdleTimeout=1s --conf {dynamic}schedulerBacklogTimeout=200ms");
        var run = await EndAsync(hearth, job);

        run["state"]!.GetValue<string>().ShouldBe("COMPLETED", run.ToJsonString());
        var log = (await hearth.RunAsync("kubectl", "logs", "-n", Namespace, $"spark-{job}-driver")).Succeeded();
        log.ShouldContain("sum 1770");
        log.ShouldContain("because tasks are backlogged (new desired total will be 4 for resource profile id: 0)");
        log.ShouldContain("removed due to idle timeout.");
        var pods = JsonNode.Parse((await hearth.RunAsync("kubectl", "get", "jobrun", job, "-n", Namespace, "-o", "json")).Succeeded())!["status"]!["pods"]!.AsArray();
        pods.Count(p => p!["role"]!.GetValue<string>() == "executor").ShouldBeInRange(2, 4);
    }

    [Theory]
    [InlineData("raises.py", "from pyspark.sql import SparkSession\nspark = SparkSession.builder.getOrCreate()\nraise ValueError('no such day')\n", "ValueError: no such day")]
    [InlineData("analysis.py", "from pyspark.sql import SparkSession\nSparkSession.builder.getOrCreate().sql('select nope from range(3)').show()\n", "UNRESOLVED_COLUMN")]
    [InlineData(null, null, "does not exist")]
    public async Task A_job_that_fails_says_why(string? file, string? script, string reason)
    {
        var hearth = Hearth();
        if (file is not null)
        {
            await UploadAsync(hearth, file, script!);
        }

        var run = await EndAsync(hearth, await StartAsync(hearth, "fails", $"{Bucket}/e2e/{file ?? "missing.py"}"));

        run["state"]!.GetValue<string>().ShouldBe("FAILED");
        run["failureReason"]!.GetValue<string>().ShouldBe("USER_ERROR");
        run["stateDetails"]!.GetValue<string>().ShouldContain(reason);
    }

    [Fact]
    public async Task A_pod_template_with_an_unknown_field_is_refused_by_name()
    {
        var hearth = Hearth();
        await UploadAsync(hearth, "template.yaml", "apiVersion: v1\nkind: Pod\nspec:\n  nodeSelectr:\n    a: b\n");

        var run = await EndAsync(hearth, await StartAsync(hearth, "template", $"{Bucket}/e2e/pi.py", $"--conf spark.kubernetes.driver.podTemplateFile={Bucket}/e2e/template.yaml"));

        run["state"]!.GetValue<string>().ShouldBe("FAILED");
        run["stateDetails"]!.GetValue<string>().ShouldContain("nodeSelectr");
    }

    [Fact]
    public async Task A_job_that_fits_nowhere_waits_with_the_reason_and_can_be_cancelled()
    {
        var hearth = Hearth();
        var cluster = await hearth.VirtualClusterAsync(Namespace);
        var job = await StartAsync(hearth, "huge", "local:///usr/lib/spark/examples/src/main/python/pi.py", "--conf spark.driver.memory=5000g");

        var waiting = await WhenAsync(hearth, job, run => run["stateDetails"]?.GetValue<string>().Contains("Insufficient memory", StringComparison.Ordinal) == true);
        waiting["state"]!.GetValue<string>().ShouldBe("SUBMITTED");
        (await hearth.RunAsync("aws", "emr-containers", "cancel-job-run", "--virtual-cluster-id", cluster, "--id", job)).Succeeded();

        (await EndAsync(hearth, job))["state"]!.GetValue<string>().ShouldBe("CANCELLED");
    }

    [Fact]
    public async Task One_team_cannot_see_or_use_what_belongs_to_the_other()
    {
        var hearth = Hearth();
        var cluster = await hearth.VirtualClusterAsync(Namespace);

        (await hearth.AwsAsync("data-team-a", "s3", "ls", Bucket)).Code.ShouldBe(0);
        (await hearth.AwsAsync("data-team-b", "s3", "ls", Bucket)).Error.ShouldContain("AccessDenied");
        (await hearth.AwsAsync("data-team-b", "emr-containers", "list-job-runs", "--virtual-cluster-id", cluster)).Error.ShouldContain("AccessDenied");
    }

    private static async Task UploadAsync(RunningHearth hearth, string name, string content)
    {
        var file = Path.Combine(hearth.DataDirectory, "test-home", name);
        await File.WriteAllTextAsync(file, content);
        (await hearth.RunAsync("aws", "s3", "cp", file, $"{Bucket}/e2e/{name}")).Succeeded();
    }

    private static async Task<string> StartAsync(RunningHearth hearth, string name, string entryPoint, string? parameters = null, string[]? arguments = null)
    {
        var driver = new JsonObject
        {
            ["sparkSubmitJobDriver"] = new JsonObject
            {
                ["entryPoint"] = entryPoint,
                ["entryPointArguments"] = new JsonArray([.. (arguments ?? []).Select(a => (JsonNode)a)]),
                ["sparkSubmitParameters"] = "--conf spark.executor.instances=1 " + parameters,
            },
        };
        return (await hearth.RunAsync(
            "aws", "emr-containers", "start-job-run", "--virtual-cluster-id", await hearth.VirtualClusterAsync(Namespace), "--name", name, "--execution-role-arn", Role,
            "--release-label", "emr-6.15.0-latest", "--job-driver", driver.ToJsonString(),
            "--configuration-overrides", Monitoring, "--query", "id", "--output", "text")).Succeeded();
    }

    private static Task<JsonNode> EndAsync(RunningHearth hearth, string job) => hearth.EndedAsync(Namespace, job);

    private static async Task<JsonNode> WhenAsync(RunningHearth hearth, string job, Func<JsonNode, bool> holds)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            var run = await hearth.DescribeAsync(Namespace, job);
            if (holds(run) || deadline.IsCancellationRequested)
            {
                return run;
            }
        }
    }

    private RunningHearth Hearth()
    {
        Assert.SkipWhen(PlatformFixture.Missing is not null, PlatformFixture.Missing ?? "");
        return fixture.Hearth;
    }
}
