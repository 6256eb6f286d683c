using System.Text.Json.Nodes;

namespace Hearth.EndToEnd.Tests.Platform;

/// <summary>Drivers, job runners and platforms that are killed in mid-job.</summary>
public sealed class CrashTests : IDisposable
{
    private const string Namespace = "emr-data-team-a";
    private const string Bucket = "s3://emr-data-team-a-000000000000-us-west-2";
    private const string Role = "arn:aws:iam::000000000000:role/emr-eks-karpenter-emr-data-team-a";

    // The first attempt leaves a mark and does what the test wants; a later one ends well.
    private const string Script = """
        import os, signal, sys, time
        mark = "/hearth/s3/emr-data-team-a-000000000000-us-west-2/crash/mark-" + sys.argv[1]
        first = not os.path.exists(mark)
        open(mark, "a").write("x")
        if first and sys.argv[2] == "die":
            os.kill(os.getppid(), signal.SIGKILL)
        if first:
            time.sleep(600)
        print("second attempt")
        """;

    private readonly string _directory = Directory.CreateTempSubdirectory("hearth-crash").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task A_killed_driver_is_started_again_under_a_new_name_when_the_policy_says_so()
    {
        Need();
        await using var hearth = await StartAsync();
        var job = await SubmitAsync(hearth, "die", attempts: 2);

        var run = await EndAsync(hearth, job);

        run["state"]!.GetValue<string>().ShouldBe("COMPLETED", run.ToJsonString());
        run["retryPolicyExecution"]!["currentAttemptCount"]!.GetValue<int>().ShouldBe(2);
        var pods = (await ObjectAsync(hearth, job))["status"]!["pods"]!.AsArray().Where(p => p!["role"]!.GetValue<string>() == "driver").Select(p => p!["name"]!.GetValue<string>()).ToArray();
        pods.Length.ShouldBe(2);
        pods.Distinct().Count().ShouldBe(2);
        pods.ShouldAllBe(p => p.StartsWith($"spark-{job}-driver-", StringComparison.Ordinal));
    }

    [Fact]
    public async Task After_a_kill_of_the_platform_a_running_job_fails_with_that_reason_and_one_with_retries_is_started_again()
    {
        Need();
        string once, twice;
        await using (var first = await StartAsync())
        {
            once = await SubmitAsync(first, "sleep", attempts: 1);
            twice = await SubmitAsync(first, "sleep", attempts: 2);
            await MarkAsync(first, "sleep-1");
            await MarkAsync(first, "sleep-2");
            await first.KillAsync();
        }

        await using var second = await RunningHearth.StartAsync(_directory);
        var failed = await EndAsync(second, once);
        failed["state"]!.GetValue<string>().ShouldBe("FAILED", failed.ToJsonString());
        failed["failureReason"]!.GetValue<string>().ShouldBe("INTERNAL_ERROR");
        failed["stateDetails"]!.GetValue<string>().ShouldContain("The platform stopped while the driver ran");
        var done = await EndAsync(second, twice);
        done["state"]!.GetValue<string>().ShouldBe("COMPLETED", done.ToJsonString());

        // Nothing is there twice, and what is over leaves.
        (await ObjectAsync(second, twice))["status"]!["pods"]!.AsArray().Count(p => p!["role"]!.GetValue<string>() == "driver").ShouldBe(2);
        await UntilAsync(async () => (await second.RunAsync("kubectl", "get", "pods,jobs,services,configmaps,pvc", "-n", Namespace, "-l", $"emr-containers.amazonaws.com/job.id={once}", "-o", "name")).Succeeded().Trim().Length == 0, "leftovers of the failed job removed");
    }

    private static void Need() => Assert.SkipWhen(PlatformFixture.Missing is not null, PlatformFixture.Missing ?? "");

    private async Task<RunningHearth> StartAsync()
    {
        var hearth = await RunningHearth.StartAsync(_directory);
        var file = Path.Combine(_directory, "crash.py");
        await File.WriteAllTextAsync(file, Script);
        (await hearth.RunAsync("aws", "s3", "cp", file, $"{Bucket}/crash/crash.py")).Succeeded();
        return hearth;
    }

    private static async Task<string> SubmitAsync(RunningHearth hearth, string how, int attempts)
    {
        var cluster = await hearth.VirtualClusterAsync(Namespace);
        var driver = new JsonObject
        {
            ["sparkSubmitJobDriver"] = new JsonObject
            {
                ["entryPoint"] = $"{Bucket}/crash/crash.py",
                ["entryPointArguments"] = new JsonArray($"{how}-{attempts}", how),
                ["sparkSubmitParameters"] = "--conf spark.executor.instances=1",
            },
        };
        return (await hearth.RunAsync(
            "aws", "emr-containers", "start-job-run", "--virtual-cluster-id", cluster, "--name", how, "--execution-role-arn", Role, "--release-label", "emr-7.9.0-latest",
            "--job-driver", driver.ToJsonString(), "--retry-policy-configuration", $"maxAttempts={attempts}", "--query", "id", "--output", "text")).Succeeded().Trim();
    }

    // An object is a file of that name: looking at it costs nothing, where the AWS CLI costs a Python process.
    private static Task MarkAsync(RunningHearth hearth, string mark) => UntilAsync(
        () => Task.FromResult(File.Exists(Path.Combine(hearth.DataDirectory, "s3", Bucket["s3://".Length..], "crash", $"mark-{mark}"))), $"{mark} runs");

    private static async Task<JsonNode> ObjectAsync(RunningHearth hearth, string job) =>
        JsonNode.Parse((await hearth.RunAsync("kubectl", "get", "jobrun", job, "-n", Namespace, "-o", "json")).Succeeded())!;

    private static Task<JsonNode> EndAsync(RunningHearth hearth, string job) => hearth.EndedAsync(Namespace, job);

    private static async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        for (var deadline = DateTime.UtcNow.AddMinutes(3); DateTime.UtcNow < deadline; await Task.Delay(200))
        {
            if (await condition())
            {
                return;
            }
        }

        throw new TimeoutException(what);
    }
}
