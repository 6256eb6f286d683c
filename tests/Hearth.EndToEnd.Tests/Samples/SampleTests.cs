using System.Text.Json.Nodes;
using Hearth.EndToEnd.Tests.Platform;

namespace Hearth.EndToEnd.Tests.Samples;

/// <summary>Every sample as its README says: <c>run.sh</c>, the AWS CLI, and what comes of it.</summary>
[Collection(nameof(SamplePlatform))]
public sealed class SampleTests(SamplePlatform platform)
{
    private const string VirtualCluster = "emr-eks-karpenter-emr-data-team-a";

    [Theory]
    [InlineData("taxi-trips", "spark-compute-optimized")]
    [InlineData("taxi-trips-memory", "spark-memory-optimized")]
    [InlineData("taxi-trips-graviton", "spark-graviton-memory-optimized")]
    [InlineData("taxi-trips-ebs", "spark-with-ebs")]
    [InlineData("yunikorn-gang", "spark-memory-optimized")] // without the add-on its annotations have no effect
    [InlineData("fsx-static", "spark-compute-optimized")]
    public async Task The_taxi_job_runs_on_its_pool_and_writes_its_rows(string sample, string pool)
    {
        var id = await CompletedAsync(sample);

        (await NodePoolsAsync(id)).ShouldBe([pool]);
        (await platform.Hearth.RunAsync("aws", "s3", "ls", $"{SamplePlatform.Bucket}/{sample}/output/trips/")).Succeeded().ShouldContain("PRE pickup_month=2022-11");
        (await ValueAsync($"SELECT count(*) > 0 AS some FROM parquet.`{SamplePlatform.Bucket}/{sample}/output/by_hour`")).ShouldBe("true");
    }

    [Fact]
    public async Task The_taxi_jobs_log_is_in_its_group_too()
    {
        var id = await CompletedAsync("taxi-trips");

        var streams = (await platform.Hearth.RunAsync("aws", "logs", "describe-log-streams", "--log-group-name", SamplePlatform.LogGroup, "--log-stream-name-prefix", "taxi-trips/", "--output", "text")).Succeeded();
        streams.ShouldContain($"/jobs/{id}/containers/spark-{id}/spark-{id}-driver/stdout");
    }

    [Theory]
    [InlineData("pi")]
    [InlineData("pi-older")] // execute_emr_eks_job.sh finds the virtual cluster by its name
    [InlineData("pi-critical")]
    [InlineData("pi-local")]
    [InlineData("job-template")]
    [InlineData("job-template again")]
    public async Task Pi_is_roughly_pi(string run) =>
        (await platform.StoredOutputAsync(await CompletedAsync(run), run == "pi-local" ? "" : "logs/")).ShouldContain("Pi is roughly 3.1");

    [Fact]
    public async Task A_critical_job_runs_on_the_nodes_for_such_jobs() =>
        (await NodePoolsAsync(await CompletedAsync("pi-critical"))).ShouldBe(["critical"]);

    [Fact]
    public async Task The_script_of_the_older_guides_says_how_it_is_used_and_what_is_not_there()
    {
        Needs();
        var usage = await Script("pi/execute_emr_eks_job.sh", VirtualCluster, "a-bucket", SamplePlatform.Role);
        usage.Code.ShouldBe(2);
        usage.Error.ShouldStartWith("Usage: ");

        var unknown = await Script("pi/execute_emr_eks_job.sh", "nowhere", SamplePlatform.Bucket, SamplePlatform.Role);
        unknown.Code.ShouldBe(1);
        unknown.Error.ShouldContain("There is no running virtual cluster 'nowhere'.");
    }

    [Fact]
    public async Task Questions_are_answered_at_the_terminal()
    {
        Needs();
        // hearth env has said the region already.
        var run = await platform.Runs.AskedAsync("pi/run.sh", await platform.Hearth.VirtualClusterAsync(SamplePlatform.Namespace), SamplePlatform.Role, SamplePlatform.LogGroup, SamplePlatform.Bucket + "/");

        run.Waited.Succeeded().ShouldStartWith($"{run.Id} COMPLETED");
    }

    [Fact]
    public async Task The_report_prints_its_rows()
    {
        var rows = (await platform.StoredOutputAsync(await CompletedAsync("sql-report"))).Split('\n');
        rows[0].ShouldStartWith("1\t300\t");
        rows.Length.ShouldBe(5);
        rows[4].ShouldStartWith("2024-");
    }

    [Fact]
    public async Task A_job_template_is_made_once()
    {
        await CompletedAsync("job-template again");

        var templates = JsonNode.Parse((await platform.Hearth.RunAsync("aws", "emr-containers", "list-job-templates", "--output", "json")).Succeeded())!["templates"]!.AsArray();
        templates.Count(t => t!["name"]!.GetValue<string>() == "darts").ShouldBe(1);
    }

    [Fact]
    public async Task A_days_changes_are_merged_into_the_table_of_employees()
    {
        await CompletedAsync("delta-lake merge");

        var table = $"delta.`{SamplePlatform.Bucket}/delta-lake/employees`";
        (await ValueAsync($"SELECT concat(count(*), ' ', max(salary)) AS found FROM {table}")).ShouldBe("7 9100");
        (await ValueAsync($"SELECT concat(count(*), ' ', max(salary)) AS found FROM {table} VERSION AS OF 0")).ShouldBe("5 9000");
    }

    [Fact]
    public async Task Athena_and_Glue_show_the_employees_before_and_after_the_merge()
    {
        await CompletedAsync("delta-lake merge");

        string[] before = (await platform.Runs.EmployeesBefore).TrimEnd().Split('\n');
        before.Length.ShouldBe(6);
        before[0].ShouldBe("employee_id\tname\tcity\tsalary\tchecksum");
        before[2].ShouldMatch(@"^2\tJohn Stiles\tDallas\t8500\t[0-9a-f]{32}$");
        // Through the manifest that the merge brought up to date.
        string[] after = (await platform.Runs.AthenaAsync("SELECT employee_id, name, city, salary, checksum FROM \"employees_symlink\" ORDER BY 1")).TrimEnd().Split('\n');
        after.Length.ShouldBe(8);
        after[2].ShouldMatch(@"^2\tJohn Stiles\tSeattle\t9100\t");
        after[3].ShouldBe(before[3]);
        after[7].ShouldStartWith("7\tSaanvi Sarkar\tArlington\t8800\t");
        (await platform.Hearth.RunAsync("aws", "glue", "get-tables", "--database-name", "default", "--query", "TableList[].[Name,Parameters.classification]", "--output", "text")).Succeeded()
            .ShouldContain("employees\tdelta\nemployees_symlink\tparquet");
    }

    [Fact]
    public async Task Volumes_that_are_there_stay_and_those_on_demand_go()
    {
        var id = await CompletedAsync("ebs-claims");

        (await platform.StoredOutputAsync(id)).ShouldContain("groups 100 volume True");
        var left = (await platform.Hearth.RunAsync("kubectl", "get", "pvc", "-n", SamplePlatform.Namespace, "-o", "name")).Succeeded();
        left.ShouldContain("persistentvolumeclaim/spark-driver-pvc");
    }

    [Fact]
    public async Task Every_sample_is_clean_or_has_the_findings_that_its_table_names()
    {
        Needs();
        string[] folders = ["taxi-trips", "taxi-trips-memory", "taxi-trips-graviton", "taxi-trips-ebs", "fsx-static", "fsx-dynamic", "yunikorn-gang", "yunikorn-gang-trapped", "delta-lake", "pi", "pi-local", "pi-critical", "sql-report", "job-template", "ebs-claims", "failing"];
        var outcome = await Tool.RunAsync(Tool.Hearth, ["lint", .. folders.Select(f => Path.Combine(SamplePlatform.Folder, f)), "--platform", Path.Combine(SamplePlatform.Folder, "platform.yaml"), "-o", "json"]);

        outcome.Code.ShouldBe(1, outcome.Error);
        JsonNode.Parse(outcome.Output)!.AsArray().Select(f => $"{Path.GetFileName(Path.GetDirectoryName(f!["file"]!.ToString()))} {f["rule"]}").Order(StringComparer.Ordinal).ShouldBe(
            ["bad-template main-container-field", "missing-script local-file-missing", "pool-limit pool-limit", "taxi-trips-ebs template-namespace", "taxi-trips-ebs template-namespace",
             "unknown-classification classification-unknown", "wrong-toleration toleration-missing", "yunikorn-gang yunikorn-off", "yunikorn-gang yunikorn-off",
             "yunikorn-gang-trapped yunikorn-constant-application-id", "yunikorn-gang-trapped yunikorn-constant-application-id", "yunikorn-gang-trapped yunikorn-gang-size",
             "yunikorn-gang-trapped yunikorn-group-placement", "yunikorn-gang-trapped yunikorn-min-resource-large", "yunikorn-gang-trapped yunikorn-min-resource-large",
             "yunikorn-gang-trapped yunikorn-off", "yunikorn-gang-trapped yunikorn-off", "yunikorn-gang-trapped yunikorn-parameter"]);
    }

    private static void Needs() => Assert.SkipWhen(SamplePlatform.Missing is not null, SamplePlatform.Missing ?? "");

    private async Task<string> CompletedAsync(string run)
    {
        Needs();
        var (id, waited) = await platform.Runs[run];
        waited.Succeeded().ShouldStartWith($"{id} COMPLETED");
        return id;
    }

    private async Task<string> ValueAsync(string sql) =>
        (await platform.HearthAsync("query", sql, "-o", "csv")).Succeeded().Split('\n')[^1].Trim();

    private Task<ToolResult> Script(string script, params string[] arguments) =>
        Tool.RunAsync(Path.Combine(SamplePlatform.Folder, script), arguments, platform.Hearth.Environment);

    /// <summary>The pools of the nodes that driver and executors were on, from the record of nodes: the nodes may be gone. The job runner may be anywhere.</summary>
    private async Task<IReadOnlyList<string>> NodePoolsAsync(string id)
    {
        var run = JsonNode.Parse((await platform.HearthAsync("job", "describe", id, "-o", "json")).Succeeded())!;
        var nodes = run["status"]!["pods"]!.AsArray().Where(p => p!["role"]!.GetValue<string>() is "driver" or "executor").Select(p => p!["nodeName"]?.GetValue<string>()).OfType<string>().ToHashSet();
        var records = JsonNode.Parse((await platform.Hearth.RunAsync("kubectl", "get", "noderecords", "-o", "json")).Succeeded())!["items"]!.AsArray();
        return [.. records.Where(r => nodes.Contains(r!["spec"]!["nodeName"]!.GetValue<string>())).Select(r => r!["spec"]!["nodePool"]?.GetValue<string>() ?? "(a node group)").Distinct()];
    }
}
