using System.Text.Json.Nodes;

namespace Hearth.EndToEnd.Tests.Platform;

/// <summary>A line of a job is the same line wherever it is read: in the pod, in S3, in CloudWatch Logs and from <c>hearth job logs</c>.</summary>
public sealed class LogLinesTests(PlatformFixture fixture) : IClassFixture<PlatformFixture>
{
    private const string Namespace = "emr-data-team-a";
    private const string Role = "arn:aws:iam::000000000000:role/emr-eks-karpenter-emr-data-team-a";
    private const string Bucket = "emr-data-team-a-000000000000-us-west-2";
    private const string Group = "/emr-on-eks-logs/emr-eks-karpenter/emr-data-team-a";

    // Odd lines on purpose: empty, blank, not ASCII, long, and one without an end.
    private const string Script = """
        import sys
        from pyspark.sql import SparkSession
        spark = SparkSession.builder.appName("lines").getOrCreate()
        print("first")
        print("")
        print("  blanks  and\ttab ")
        print("zwei ü 日本")
        print("x" * 5000)
        for i in range(300):
            print(f"line {i:04} of standard output")
            print(f"line {i:04} of standard error", file=sys.stderr)
        print(spark.range(1000).count())
        spark.stop()
        sys.stdout.write("no newline at the end")
        """;

    [Fact]
    public async Task The_lines_of_driver_executor_and_job_runner_are_the_same_everywhere()
    {
        var run = await RunAsync("lines", null);
        var job = run["id"]!.GetValue<string>();
        var root = $"{run["virtualClusterId"]}/jobs/{job}";
        var (driver, containers) = ($"spark-{job}-driver", $"{root}/containers/spark-{job}");

        var (stdout, stderr) = (await CompareAsync($"{containers}/{driver}/stdout"), await CompareAsync($"{containers}/{driver}/stderr"));
        stdout[..4].ShouldBe(["first", "", "  blanks  and\ttab ", "zwei ü 日本"]);
        stdout[4].Length.ShouldBe(5000);
        stdout[^2..].ShouldBe(["1000", "no newline at the end"]);
        stderr.Count(l => l.EndsWith("of standard error", StringComparison.Ordinal)).ShouldBe(300);
        Lines(await HearthAsync("logs", job)).ShouldBe(stdout);
        Lines(await HearthAsync("logs", job, "--stderr")).ShouldBe(stderr);
        Lines((await Hearth.RunAsync("kubectl", "logs", "-n", Namespace, driver)).Output).Order(StringComparer.Ordinal).ShouldBe(stdout.Concat(stderr).Order(StringComparer.Ordinal));

        var streams = await StreamsAsync(root);
        var executor = streams.Single(s => s.StartsWith(containers, StringComparison.Ordinal) && s.Contains("-exec-1/", StringComparison.Ordinal) && s.EndsWith("/stderr", StringComparison.Ordinal));
        Lines(await HearthAsync("logs", job, "--executor", "1", "--stderr")).ShouldBe(await CompareAsync(executor));
        var runner = streams.Single(s => s.StartsWith($"{root}/control-logs/", StringComparison.Ordinal) && s.EndsWith("/stderr", StringComparison.Ordinal));
        Lines(await HearthAsync("logs", job, "--runner")).ShouldBe(await CompareAsync(runner));
    }

    [Fact]
    public async Task A_rotated_log_keeps_its_last_files_in_S3_and_everything_in_CloudWatch()
    {
        var run = await RunAsync("rotated", new JsonObject { ["rotationSize"] = "2KB", ["maxFilesToKeep"] = 2 });
        var job = run["id"]!.GetValue<string>();
        var place = $"{run["virtualClusterId"]}/jobs/{job}/containers/spark-{job}/spark-{job}-driver/stdout";

        var files = await Task.WhenAll(((string[])[".2", ".1", ""]).Select(age => ObjectAsync($"{place}{age}.gz")));
        files[..2].ShouldAllBe(f => f.Length >= 2048 && f.EndsWith('\n'));
        (await Hearth.RunAsync("aws", "s3", "ls", $"s3://{Bucket}/logs/{place}.3.gz")).Code.ShouldBe(1);
        var (kept, everything) = (Lines(string.Concat(files)), await EventsAsync(place));
        everything[0].ShouldBe("first");
        kept.Length.ShouldBeLessThan(everything.Length);
        everything[^kept.Length..].ShouldBe(kept);

        (await Hearth.RunAsync("kubectl", "delete", "pod", "-n", Namespace, $"spark-{job}-driver", "--wait=true")).Succeeded();
        Lines(await HearthAsync("logs", job)).ShouldBe(kept);
    }

    private RunningHearth Hearth => fixture.Hearth;

    /// <summary>The lines of a stream, which are the same in CloudWatch and in S3.</summary>
    private async Task<string[]> CompareAsync(string place)
    {
        var lines = await EventsAsync(place);
        Lines(await ObjectAsync($"{place}.gz")).ShouldBe(lines, place);
        return lines;
    }

    private async Task<string> ObjectAsync(string key)
    {
        var shown = await Hearth.RunAsync("bash", "-c", $"set -o pipefail; aws s3 cp s3://{Bucket}/logs/{key} - | gunzip");
        shown.Code.ShouldBe(0, shown.Error);
        return shown.Output;
    }

    private async Task<string[]> EventsAsync(string stream)
    {
        var events = JsonNode.Parse((await Hearth.AwsAsync("data-team-a", "logs", "get-log-events", "--log-group-name", Group, "--log-stream-name", $"p/{stream}", "--start-from-head", "--output", "json")).Succeeded())!;
        return [.. events["events"]!.AsArray().Select(e => e!["message"]!.GetValue<string>())];
    }

    private async Task<string[]> StreamsAsync(string root)
    {
        var answer = (await Hearth.AwsAsync("data-team-a", "logs", "describe-log-streams", "--log-group-name", Group, "--log-stream-name-prefix", $"p/{root}", "--output", "json")).Succeeded();
        return [.. JsonNode.Parse(answer)!["logStreams"]!.AsArray().Select(s => s!["logStreamName"]!.GetValue<string>()["p/".Length..])];
    }

    private async Task<string> HearthAsync(params string[] arguments)
    {
        var told = await Hearth.RunAsync(Tool.Hearth, ["job", .. arguments, "--data-dir", Hearth.DataDirectory]);
        told.Code.ShouldBe(0, told.Error);
        return told.Output;
    }

    private static string[] Lines(string text) => text.Length == 0 ? [] : (text.EndsWith('\n') ? text[..^1] : text).Split('\n');

    private async Task<JsonNode> RunAsync(string name, JsonObject? rotation)
    {
        Assert.SkipUnless(PlatformFixture.Missing is null, PlatformFixture.Missing ?? "");
        var file = Path.Combine(Hearth.DataDirectory, "lines.py");
        await File.WriteAllTextAsync(file, Script);
        (await Hearth.RunAsync("aws", "s3", "cp", file, $"s3://{Bucket}/scripts/lines.py")).Succeeded();
        var driver = new JsonObject { ["sparkSubmitJobDriver"] = new JsonObject { ["entryPoint"] = $"s3://{Bucket}/scripts/lines.py", ["sparkSubmitParameters"] = "--conf spark.executor.instances=1" } };
        var monitoring = new JsonObject
        {
            ["s3MonitoringConfiguration"] = new JsonObject { ["logUri"] = $"s3://{Bucket}/logs/" },
            ["cloudWatchMonitoringConfiguration"] = new JsonObject { ["logGroupName"] = Group, ["logStreamNamePrefix"] = "p" },
        };
        if (rotation is not null)
        {
            monitoring["containerLogRotationConfiguration"] = rotation;
        }

        var cluster = await Hearth.VirtualClusterAsync(Namespace);
        var overrides = new JsonObject { ["monitoringConfiguration"] = monitoring }.ToJsonString();
        var id = (await Hearth.RunAsync("aws", "emr-containers", "start-job-run", "--virtual-cluster-id", cluster, "--name", name, "--execution-role-arn", Role, "--release-label", "emr-7.9.0-latest",
            "--job-driver", driver.ToJsonString(), "--configuration-overrides", overrides, "--query", "id", "--output", "text")).Succeeded();
        var run = await Hearth.EndedAsync(Namespace, id);
        run["state"]!.GetValue<string>().ShouldBe("COMPLETED", run.ToJsonString());
        return run;
    }
}
