using System.Text.Json.Nodes;
using Hearth.EndToEnd.Tests.Platform;
using Hearth.Engine.Samples;

namespace Hearth.EndToEnd.Tests.Samples;

/// <summary>Every sample as its README says: <c>run.sh</c>, the AWS CLI, and what comes of it.</summary>
[Collection(nameof(SamplePlatform))]
public sealed class SampleTests(SamplePlatform platform)
{
    [Theory]
    [InlineData("taxi-trips", "spark-compute-optimized")]
    [InlineData("taxi-trips-memory", "spark-memory-optimized")]
    [InlineData("taxi-trips-graviton", "spark-graviton-memory-optimized")]
    public async Task The_taxi_job_runs_on_its_pool_and_writes_its_rows(string sample, string pool)
    {
        Needs();
        var input = Path.Combine(platform.Hearth.DataDirectory, "test-home", sample);
        Directory.CreateDirectory(input);
        await TaxiTripsGenerator.GenerateAsync(input, 20_000, 1, default);

        var id = await platform.RunAsync($"{sample}/run.sh", new Dictionary<string, string> { ["INPUT_DIR"] = input });

        (await platform.WaitAsync(id)).Succeeded().ShouldStartWith($"{id} COMPLETED");
        (await NodePoolsAsync(id)).ShouldBe([pool]);
        (await platform.Hearth.RunAsync("aws", "s3", "ls", $"{SamplePlatform.Bucket}/{sample}/output/trips/")).Succeeded().ShouldContain("PRE pickup_month=2022-11");
        var rows = (await platform.HearthAsync("query", $"SELECT count(*) > 0 AS some FROM parquet.`{SamplePlatform.Bucket}/{sample}/output/by_hour`", "-o", "csv")).Succeeded();
        rows.Split('\n')[^1].Trim().ShouldBe("true");
    }

    [Fact]
    public async Task Pi_is_roughly_pi()
    {
        Needs();
        var id = await platform.RunAsync("pi/run.sh");

        (await platform.WaitAsync(id)).Succeeded();
        (await platform.StoredOutputAsync(id)).ShouldContain("Pi is roughly 3.1");
    }

    [Fact]
    public async Task The_script_of_the_older_guides_finds_the_virtual_cluster_by_its_name()
    {
        Needs();
        var id = await platform.RunAsync("pi/execute_emr_eks_job.sh", null, "emr-eks-karpenter-emr-data-team-a", SamplePlatform.Bucket, SamplePlatform.Role);

        (await platform.WaitAsync(id)).Succeeded();
        (await platform.StoredOutputAsync(id)).ShouldContain("Pi is roughly 3.1");
    }

    [Fact]
    public async Task Pi_as_a_critical_job_runs_on_the_nodes_for_such_jobs()
    {
        Needs();
        var id = await platform.RunAsync("pi-critical/run.sh");

        (await platform.WaitAsync(id)).Succeeded();
        (await platform.StoredOutputAsync(id)).ShouldContain("Pi is roughly 3.1");
        (await NodePoolsAsync(id)).ShouldBe(["critical"]);
    }

    [Fact]
    public async Task The_report_prints_its_rows()
    {
        Needs();
        var id = await platform.RunAsync("sql-report/run.sh");

        (await platform.WaitAsync(id)).Succeeded();
        var rows = (await platform.StoredOutputAsync(id)).Split('\n');
        rows[0].ShouldStartWith("1\t300\t");
        rows.Length.ShouldBe(5);
        rows[4].ShouldStartWith("2024-");
    }

    [Fact]
    public async Task A_job_of_a_template_takes_its_defaults()
    {
        Needs();
        var (first, second) = (await platform.RunAsync("job-template/run.sh"), await platform.RunAsync("job-template/run.sh"));

        (await platform.HearthAsync("job", "wait", first, second, "--timeout", "100s")).Succeeded();
        (await platform.StoredOutputAsync(second)).ShouldContain("Pi is roughly 3.1");
        var templates = JsonNode.Parse((await platform.Hearth.RunAsync("aws", "emr-containers", "list-job-templates", "--output", "json")).Succeeded())!["templates"]!.AsArray();
        templates.Count(t => t!["name"]!.GetValue<string>() == "darts").ShouldBe(1);
    }

    [Fact]
    public async Task Volumes_that_are_there_stay_and_those_on_demand_go()
    {
        Needs();
        var id = await platform.RunAsync("ebs-claims/run.sh");

        (await platform.WaitAsync(id)).Succeeded();
        (await platform.StoredOutputAsync(id)).ShouldContain("groups 100 volume True");
        var left = (await platform.Hearth.RunAsync("kubectl", "get", "pvc", "-n", SamplePlatform.Namespace, "-o", "name")).Succeeded();
        left.ShouldContain("persistentvolumeclaim/spark-driver-pvc");
    }

    [Fact]
    public async Task Every_sample_is_clean_or_has_the_findings_that_its_table_names()
    {
        Needs();
        string[] folders = ["taxi-trips", "taxi-trips-memory", "taxi-trips-graviton", "pi", "pi-critical", "sql-report", "job-template", "ebs-claims", "failing"];
        var outcome = await Tool.RunAsync(Tool.Hearth, ["lint", .. folders.Select(f => Path.Combine(SamplePlatform.Folder, f)), "--platform", Path.Combine(SamplePlatform.Folder, "platform.yaml"), "-o", "json"]);

        outcome.Code.ShouldBe(1, outcome.Error);
        JsonNode.Parse(outcome.Output)!.AsArray().Select(f => $"{Path.GetFileName(Path.GetDirectoryName(f!["file"]!.ToString()))} {f["rule"]}").Order(StringComparer.Ordinal).ShouldBe(
            ["bad-template main-container-field", "missing-script local-file-missing", "pool-limit pool-limit", "unknown-classification classification-unknown", "wrong-toleration toleration-missing"]);
    }

    private static void Needs() => Assert.SkipWhen(SamplePlatform.Missing is not null, SamplePlatform.Missing ?? "");

    /// <summary>The pools of the nodes that driver and executors were on, from the record of nodes: the nodes may be gone. The job runner may be anywhere.</summary>
    private async Task<IReadOnlyList<string>> NodePoolsAsync(string id)
    {
        var run = JsonNode.Parse((await platform.HearthAsync("job", "describe", id, "-o", "json")).Succeeded())!;
        var nodes = run["status"]!["pods"]!.AsArray().Where(p => p!["role"]!.GetValue<string>() is "driver" or "executor").Select(p => p!["nodeName"]?.GetValue<string>()).OfType<string>().ToHashSet();
        var records = JsonNode.Parse((await platform.Hearth.RunAsync("kubectl", "get", "noderecords", "-o", "json")).Succeeded())!["items"]!.AsArray();
        return [.. records.Where(r => nodes.Contains(r!["spec"]!["nodeName"]!.GetValue<string>())).Select(r => r!["spec"]!["nodePool"]?.GetValue<string>() ?? "(a node group)").Distinct()];
    }
}
