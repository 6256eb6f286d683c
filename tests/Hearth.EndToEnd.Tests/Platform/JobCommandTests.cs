using System.Text.Json.Nodes;

namespace Hearth.EndToEnd.Tests.Platform;

/// <summary>A data engineer's day with <c>hearth job</c>.</summary>
public sealed class JobCommandTests(PlatformFixture fixture) : IClassFixture<PlatformFixture>
{
    private const string Request = """
        {
          "name": "day", "virtualClusterId": "${VIRTUAL_CLUSTER_ID}", "executionRoleArn": "${ROLE_ARN}", "releaseLabel": "emr-6.15.0-latest",
          "jobDriver": {"sparkSubmitJobDriver": {"entryPoint": "${S3_BUCKET}/day/scripts/SCRIPT", "sparkSubmitParameters": "--conf spark.executor.instances=1 PARAMETERS"}},
          "configurationOverrides": {"monitoringConfiguration": {"s3MonitoringConfiguration": {"logUri": "${S3_BUCKET}/logs/"}}}
        }
        """;

    [Fact]
    public async Task A_job_is_uploaded_run_followed_listed_and_its_log_read()
    {
        var folder = await FolderAsync("good.py", "print('rows', spark.range(7).count())");

        var run = await HearthAsync("job", "run", await RequestAsync("good.py"), "--upload", folder, "--team", "data-team-b", "-o", "json");
        var job = JsonNode.Parse(run.Succeeded())!;
        var id = job["id"]!.GetValue<string>();

        job["state"]!.GetValue<string>().ShouldBe("COMPLETED");
        (await HearthAsync("job", "logs", id)).Succeeded().ShouldBe("rows 7");
        (await HearthAsync("job", "list", "--team", "data-team-b", "--state", "COMPLETED")).Succeeded().ShouldContain(id);
        var explained = JsonNode.Parse((await HearthAsync("job", "explain", id, "-o", "json")).Succeeded())!;
        explained["cost"]!["nodes"]!.AsArray().Count.ShouldBeGreaterThan(0);

        // Its pods go; its log stays.
        (await Hearth().RunAsync("kubectl", "delete", "pod", "-n", "emr-data-team-b", $"spark-{id}-driver", "--wait=true")).Succeeded();
        (await HearthAsync("job", "logs", id)).Succeeded().ShouldBe("rows 7");
    }

    [Fact]
    public async Task A_job_that_fails_ends_with_exit_code_1_and_is_explained()
    {
        var folder = await FolderAsync("bad.py", "raise ValueError('no such day')");

        var run = await HearthAsync("job", "run", await RequestAsync("bad.py"), "--upload", folder);

        run.Code.ShouldBe(1);
        run.Error.ShouldContain("ended FAILED: ValueError: no such day (bad.py, line 3)");
        var id = run.Error.Split("job run ")[1].Split(' ')[0];
        var explained = (await HearthAsync("job", "explain", id)).Succeeded();
        explained.ShouldContain("  ValueError: no such day");
        explained.ShouldContain("Last lines of the driver's stderr");
    }

    [Fact]
    public async Task A_job_that_fits_nowhere_hears_why_from_every_pool_and_is_cancelled()
    {
        var id = (await HearthAsync("job", "run", await RequestAsync("huge.py", "--conf spark.driver.memory=5000g"), "--no-wait", "--no-lint")).Succeeded().Split('\n')[^1];
        var explained = "";
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!explained.Contains("why each does not", StringComparison.Ordinal) && !deadline.IsCancellationRequested)
        {
            explained = (await HearthAsync("job", "explain", id)).Succeeded();
        }

        explained.ShouldContain("spark-memory-optimized: no instance type has enough resources: a node would have to offer cpu 1, memory 7000Gi");
        (await HearthAsync("job", "cancel", id, "--wait")).Succeeded().ShouldBe($"job run {id} CANCELLED");
        (await HearthAsync("job", "cancel", id)).Code.ShouldBe(1);
    }

    private async Task<string> FolderAsync(string name, string line)
    {
        var folder = Path.Combine(Hearth().DataDirectory, "test-home", Path.GetFileNameWithoutExtension(name), "day");
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, name), $"from pyspark.sql import SparkSession\nspark = SparkSession.builder.getOrCreate()\n{line}\n");
        return folder;
    }

    private async Task<string> RequestAsync(string script, string parameters = "")
    {
        var path = Path.Combine(Hearth().DataDirectory, "test-home", $"{script}.json");
        await File.WriteAllTextAsync(path, Request.Replace("SCRIPT", script).Replace("PARAMETERS", parameters));
        return path;
    }

    private Task<ToolResult> HearthAsync(params string[] arguments) => Hearth().RunAsync(Tool.Hearth, [.. arguments, "--data-dir", Hearth().DataDirectory]);

    private RunningHearth Hearth()
    {
        Assert.SkipWhen(PlatformFixture.Missing is not null, PlatformFixture.Missing ?? "");
        return fixture.Hearth;
    }
}
