using System.Text.Json.Nodes;
using Hearth.Cli.Commands.Job;
using Hearth.Jobs.Resources;
using Hearth.Kube.Client;

namespace Hearth.Cli.Tests.Job;

public sealed class RunOptionsTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_script_is_uploaded_with_its_modules_and_run_with_its_arguments()
    {
        var platform = await FakeJobPlatform.StartAsync();
        var (script, module) = (await FileAsync("my job.py"), await FileAsync("lib.py"));

        var outcome = await platform.HearthAsync(
            "run", "--script", script, "--team", "b", "--py-files", module, "--executors", "3", "--executor-memory", "2g", "--conf", "spark.a.b=x y", "--detach", "-o", "json", "--", "s3://in put", "--deep");

        outcome.ExitCode.ShouldBe(0, outcome.Error);
        platform.Objects.Keys.ShouldBe(["bucket-b/my-job/scripts/my job.py", "bucket-b/my-job/scripts/lib.py"], ignoreOrder: true);
        var spec = (await platform.Cluster.GetAsync<JobRun>("emr-b", JsonNode.Parse(outcome.Out)!["id"]!.GetValue<string>(), default)).Spec;
        spec.Name.ShouldBe("my-job");
        spec.ExecutionRoleArn.ShouldBe("arn:aws:iam::000000000000:role/b");
        spec.ReleaseLabel.ShouldBe("emr-7.9.0-latest");
        var driver = spec.JobDriver!.SparkSubmitJobDriver!;
        driver.EntryPoint.ShouldBe("s3://bucket-b/my-job/scripts/my job.py");
        driver.EntryPointArguments.ShouldBe(["s3://in put", "--deep"]);
        driver.SparkSubmitParameters.ShouldBe("--conf spark.executor.instances=3 --conf spark.executor.memory=2g --conf 'spark.a.b=x y' --py-files 's3://bucket-b/my-job/scripts/lib.py'");
        spec.ConfigurationOverrides!.MonitoringConfiguration!.S3MonitoringConfiguration!.LogUri.ShouldBe("s3://bucket-b/logs/");
        spec.ConfigurationOverrides.MonitoringConfiguration.CloudWatchMonitoringConfiguration!.LogGroupName.ShouldBe("/logs/b");
    }

    [Fact]
    public async Task Statements_become_a_file_and_a_program_in_the_bucket_is_left_there()
    {
        var platform = await FakeJobPlatform.StartAsync();

        (await platform.HearthAsync("run", "--sql", "SELECT 1", "--name", "one", "--detach")).ExitCode.ShouldBe(0);
        (await platform.HearthAsync("run", "--script", "local:///usr/lib/spark/examples/src/main/python/pi.py", "--detach")).ExitCode.ShouldBe(0);

        System.Text.Encoding.UTF8.GetString(platform.Objects["bucket-a/one/scripts/query.sql"]).ShouldBe("SELECT 1;\n");
        var runs = (await platform.Cluster.ListAsync<JobRun>("emr-a", ListOptions.All, default)).OrderBy(r => r.Spec.Name, StringComparer.Ordinal).ToArray();
        runs[0].Spec.JobDriver!.SparkSqlJobDriver!.EntryPoint.ShouldBe("s3://bucket-a/one/scripts/query.sql");
        runs[1].Spec.JobDriver!.SparkSubmitJobDriver!.EntryPoint.ShouldStartWith("local:///");
        runs[1].Spec.Name.ShouldBe("pi");
    }

    [Theory]
    [InlineData("", "give a request file, or --script FILE")]
    [InlineData("a.json b.json", "give a request file, or --script FILE")]
    [InlineData("--script a.py --sql b.sql", "give a request file, or --script FILE")]
    [InlineData("--sql b.sql -- x", "give a request file, or --script FILE")]
    [InlineData("a.json --executors 3", "--executors goes with --script or --sql")]
    [InlineData("--script a.py --conf spark.a", "--conf spark.a: KEY=VALUE was expected")]
    [InlineData("--script a.py --follow --detach", "exclude each other")]
    [InlineData("--script nowhere.py", "--script nowhere.py: there is no such file")]
    [InlineData("--sql nowhere.sql", "--sql nowhere.sql: there is no such file")]
    public async Task Options_that_do_not_go_together_are_bad_input(string line, string message)
    {
        var outcome = await (await FakeJobPlatform.StartAsync()).HearthAsync(["run", .. line.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);

        outcome.ExitCode.ShouldBe(2, outcome.Out);
        outcome.Error.ShouldContain(message);
    }

    [Fact]
    public async Task Run_refuses_what_lint_calls_an_error_unless_told_otherwise()
    {
        var platform = await FakeJobPlatform.StartAsync();
        string[] words = ["run", "--script", await FileAsync("job.py"), "--executor-memory", "4gig", "--detach"];

        var refused = await platform.HearthAsync(words);
        refused.ExitCode.ShouldBe(2);
        refused.Error.ShouldContain("[submit-parameters]");
        refused.Error.ShouldEndWith("--no-lint submits it all the same.\n");
        platform.Objects.ShouldBeEmpty();
        (await platform.HearthAsync([.. words, "--no-lint"])).ExitCode.ShouldBe(0);
    }

    [Theory]
    [InlineData("COMPLETED", 0)]
    [InlineData("FAILED", 1)]
    [InlineData("CANCELLED", 3)]
    public async Task Wait_answers_with_how_a_job_ended(string state, int code)
    {
        var platform = await FakeJobPlatform.StartAsync();
        await platform.RunAsync("0000000eav9pe5tozjh", $"{{\"state\":\"{state}\",\"failureMessage\":\"why\"}}");

        (await platform.HearthAsync("wait", "eav9")).ShouldBe(new CliOutcome(code, $"0000000eav9pe5tozjh {state}  why\n", ""));
    }

    [Fact]
    public async Task Wait_gives_up_in_time_and_the_worst_of_several_counts()
    {
        var platform = await FakeJobPlatform.StartAsync();
        await platform.RunAsync("0000000eav9pe5tozjh", "{\"state\":\"RUNNING\"}");
        await platform.RunAsync("0000000fav9pe5tozjh", "{\"state\":\"CANCELLED\"}");
        await platform.RunAsync("0000000gav9pe5tozjh", "{\"state\":\"FAILED\"}");

        (await platform.HearthAsync("wait", "e", "f", "g", "--timeout", "1s")).ExitCode.ShouldBe(4);
        (await platform.HearthAsync("wait", "f", "g")).ExitCode.ShouldBe(1);
        (await platform.HearthAsync("wait", "e", "--timeout", "soon")).Error.ShouldContain("--timeout soon: not a length of time");
    }

    [Fact]
    public async Task Cancel_takes_several_or_all_that_have_not_ended()
    {
        var platform = await FakeJobPlatform.StartAsync();
        var ids = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            ids.Add(JsonNode.Parse((await platform.HearthAsync("run", "--sql", "SELECT 1", "--detach", "-o", "json", "--team", i == 2 ? "b" : "a")).Out)!["id"]!.GetValue<string>());
        }

        (await platform.HearthAsync("cancel")).Error.ShouldContain("give the ids of job runs, or --all");
        (await platform.HearthAsync("cancel", ids[0], "--all")).ExitCode.ShouldBe(2);
        (await platform.HearthAsync("cancel", ids[0], "no-such")).ExitCode.ShouldBe(2);
        (await CancelledAsync(platform)).ShouldBe(0);
        (await platform.HearthAsync("cancel", "--all", "--team", "a")).Out.Split('\n').Length.ShouldBe(3);
        (await CancelledAsync(platform)).ShouldBe(2);
    }

    [Fact]
    public void Words_are_quoted_as_a_shell_reads_them()
    {
        JobRequestBuilder.Quote("spark.x=1").ShouldBe("spark.x=1");
        JobRequestBuilder.Quote("a b").ShouldBe("'a b'");
        JobRequestBuilder.Quote("it's").ShouldBe(@"'it'\''s'");
        JobRequestBuilder.Quote("").ShouldBe("''");
    }

    private static async Task<int> CancelledAsync(FakeJobPlatform platform) =>
        (await platform.Cluster.ListAsync<JobRun>(null, ListOptions.All, default)).Count(r => r.Spec.Cancel == true);

    private async Task<string> FileAsync(string name)
    {
        await File.WriteAllTextAsync(_directory.In(name), "print(1)");
        return _directory.In(name);
    }
}
