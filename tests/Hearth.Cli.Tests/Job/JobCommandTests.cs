using System.Text.Json.Nodes;
using Hearth.Jobs.Resources;
using Hearth.Kube.Client;

namespace Hearth.Cli.Tests.Job;

public sealed class JobCommandTests : IDisposable
{
    private const string First = "0000000eav9pe5tozjh";
    private const string Second = "0000000eav9q15w1fdu";
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Run_fills_the_request_in_from_the_team_uploads_and_submits()
    {
        var platform = await FakeJobPlatform.StartAsync();
        var scripts = Directory.CreateDirectory(_directory.In("taxi")).FullName;
        Directory.CreateDirectory(Path.Combine(scripts, "lib"));
        await File.WriteAllTextAsync(Path.Combine(scripts, "job.py"), "print(1)");
        await File.WriteAllTextAsync(Path.Combine(scripts, "lib", "x.py"), "");
        await File.WriteAllTextAsync(Path.Combine(scripts, ".hidden"), "");

        var outcome = await platform.HearthAsync("run", await RequestAsync(), "--team", "b", "--upload", scripts, "--no-wait", "-o", "json");

        outcome.ExitCode.ShouldBe(0, outcome.Error);
        var run = await platform.Cluster.GetAsync<JobRun>("emr-b", JsonNode.Parse(outcome.Out)!["id"]!.GetValue<string>(), default);
        run.Spec.ExecutionRoleArn.ShouldBe("arn:aws:iam::000000000000:role/b");
        run.Spec.JobDriver!.SparkSubmitJobDriver!.EntryPoint.ShouldBe("s3://bucket-b/taxi/scripts/job.py");
        platform.Objects.Keys.ShouldBe(["bucket-b/taxi/scripts/job.py", "bucket-b/taxi/scripts/lib/x.py"], ignoreOrder: true);
    }

    [Theory]
    [InlineData("{\"state\":\"COMPLETED\",\"stateDetails\":\"JobRun completed successfully.\"}", 0, "")]
    [InlineData("{\"state\":\"FAILED\",\"failureMessage\":\"ValueError: no such day\"}", 1, "ended FAILED: ValueError: no such day\nMore: `hearth job explain ")]
    public async Task Run_follows_to_the_end_and_says_how_it_ended(string status, int code, string error)
    {
        var platform = await FakeJobPlatform.StartAsync();
        var running = platform.HearthAsync("run", await RequestAsync());
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await foreach (var (_, run) in platform.Cluster.WatchAsync<JobRun>(null, new WatchOptions(), deadline.Token))
        {
            await platform.Cluster.StatusAsync<JobRun>(run.Metadata.Namespace!, run.Id, status);
            break;
        }

        var outcome = await running.WaitAsync(deadline.Token);

        outcome.ExitCode.ShouldBe(code, outcome.Error);
        outcome.Out.ShouldContain("of team a");
        outcome.Error.ShouldContain(error);
    }

    [Fact]
    public async Task Run_ends_when_the_platform_stops_meanwhile()
    {
        var platform = await FakeJobPlatform.StartAsync();
        platform.Stopped = true;

        var outcome = await platform.HearthAsync("run", await RequestAsync()).WaitAsync(TimeSpan.FromSeconds(60));

        outcome.ExitCode.ShouldBe(1);
        outcome.Error.ShouldStartWith("hearth: the platform has stopped meanwhile\n");
    }

    [Fact]
    public async Task Run_that_is_interrupted_leaves_the_job_alone_and_says_so()
    {
        var platform = await FakeJobPlatform.StartAsync();
        using var interrupt = new CancellationTokenSource();
        platform.OnDescribe = interrupt.Cancel;
        var running = new CliHarness { Jobs = platform }.RunAsync(interrupt.Token, "job", "run", await RequestAsync());
        var outcome = await running.WaitAsync(TimeSpan.FromSeconds(60));

        outcome.ExitCode.ShouldBe(130);
        outcome.Error.ShouldContain("the job goes on. `hearth job cancel ");
        (await platform.Cluster.ListAsync<JobRun>(null, ListOptions.All, default)).ShouldHaveSingleItem().Spec.Cancel.ShouldBeNull();
    }

    [Fact]
    public async Task Run_says_what_the_service_refuses_and_that_the_team_is_unknown()
    {
        var platform = await FakeJobPlatform.StartAsync();
        var request = await RequestAsync("{\"name\": \"x\"}");

        (await platform.HearthAsync("run", request)).Error.ShouldContain($"{request}:1:1: executionRoleArn is required when no job template is given. [request-constraint]\n");
        (await platform.HearthAsync("run", request, "--no-lint")).ShouldBe(new CliOutcome(2, "", $"hearth: {request}: executionRoleArn is required when no job template is given.\n"));
        (await platform.HearthAsync("run", request, "--team", "c")).ExitCode.ShouldBe(2);
        (await platform.HearthAsync("run", request, "--wait", "--no-wait")).Error.ShouldContain("exclude each other");
        (await platform.HearthAsync("run", request, "--upload", _directory.In("nothing"))).Error.ShouldContain("there is no such folder");
    }

    [Fact]
    public async Task List_has_the_newest_first_and_filters()
    {
        var platform = await TwoAsync();

        (await platform.HearthAsync("list")).Out.Split('\n')[1].ShouldStartWith($"{Second}   taxi   b");
        (await platform.HearthAsync("list", "--team", "a")).Out.ShouldNotContain(Second);
        JsonNode.Parse((await platform.HearthAsync("list", "--state", "FAILED", "-o", "json")).Out)!.AsArray().ShouldHaveSingleItem()!["id"]!.GetValue<string>().ShouldBe(First);
        (await platform.HearthAsync("list", "--state", "NONSENSE")).ExitCode.ShouldBe(2);
    }

    [Theory]
    [InlineData(First)]
    [InlineData("0000000eav9p")]
    [InlineData("eav9p")]
    public async Task An_id_may_be_a_beginning_that_only_one_has(string id) =>
        JsonNode.Parse((await (await TwoAsync()).HearthAsync("describe", id, "-o", "json")).Out)!["id"]!.GetValue<string>().ShouldBe(First);

    [Fact]
    public async Task An_unknown_id_names_the_nearest_and_an_ambiguous_one_asks()
    {
        var platform = await TwoAsync();

        var unknown = await platform.HearthAsync("describe", "0000000eav9pe5tozjx");
        unknown.ExitCode.ShouldBe(2);
        unknown.Error.ShouldStartWith($"hearth: no job run '0000000eav9pe5tozjx'\nThe nearest:\n  {First}  taxi  FAILED");
        (await platform.HearthAsync("describe", "eav9")).Error.ShouldStartWith("hearth: 'eav9' is the beginning of 2 job runs\nWhich one?\n");
        (await platform.HearthAsync("describe", "000")).Error.ShouldStartWith("hearth: no job run '000'");
        (await (await FakeJobPlatform.StartAsync()).HearthAsync("describe", "x")).Error.ShouldContain("There is no job run yet");
    }

    [Fact]
    public async Task A_job_that_has_ended_cannot_be_cancelled() =>
        (await (await TwoAsync()).HearthAsync("cancel", First)).ShouldBe(new CliOutcome(1, "", $"hearth: job run {First} has ended already: FAILED\n"));

    [Fact]
    public async Task Cancel_asks_the_service()
    {
        var platform = await FakeJobPlatform.StartAsync();
        var id = JsonNode.Parse((await platform.HearthAsync("run", await RequestAsync(), "--no-wait", "-o", "json")).Out)!["id"]!.GetValue<string>();

        (await platform.HearthAsync("cancel", id)).Out.ShouldBe($"job run {id} is being cancelled\n");
        (await platform.Cluster.GetAsync<JobRun>("emr-a", id, default)).Spec.Cancel.ShouldBe(true);
    }

    private async Task<string> RequestAsync(string? text = null)
    {
        var path = _directory.In("request.json");
        await File.WriteAllTextAsync(path, text ?? """
            {
              "virtualClusterId": "${VIRTUAL_CLUSTER_ID}", "executionRoleArn": "${ROLE_ARN}", "releaseLabel": "emr-6.15.0-latest",
              "jobDriver": {"sparkSubmitJobDriver": {"entryPoint": "${S3_BUCKET}/taxi/scripts/job.py"}}
            }
            """);
        return path;
    }

    private static async Task<FakeJobPlatform> TwoAsync()
    {
        var platform = await FakeJobPlatform.StartAsync();
        await platform.RunAsync(First, "{\"state\":\"FAILED\"}");
        await platform.RunAsync(Second, "{\"state\":\"RUNNING\"}", "emr-b");
        return platform;
    }
}
