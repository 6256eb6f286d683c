using System.Text.Json.Nodes;
using Hearth.Cli.CommandLine;

namespace Hearth.Cli.Tests;

public sealed class PlanTraceTests
{
    private const string Job = """{"at":"0s","name":"etl","minutes":10,"executors":4,"executor":{"cpu":"2","memory":"8Gi"},"nodeSelector":{"karpenter.sh/capacity-type":"on-demand"}}""";

    private static async Task<CliOutcome> PlanAsync(string text, params string[] more)
    {
        using var directory = new TemporaryDirectory();
        var file = directory.In("trace.jsonl");
        await File.WriteAllTextAsync(file, text, TestContext.Current.CancellationToken);
        var outcome = await new CliHarness().RunAsync(TestContext.Current.CancellationToken, ["plan", "--trace", file, .. more]);
        return outcome with { Error = outcome.Error.Replace(file, "FILE", StringComparison.Ordinal) };
    }

    [Theory]
    [InlineData("{", "FILE:1: no JSON")]
    [InlineData("[1]", "FILE:1: an object was expected")]
    [InlineData("# only words\n", "FILE: there is no submission in it")]
    [InlineData("""{"at":0,"minutes":1}""", "FILE:1: executors: a whole number from 0 to 100000 was expected")]
    [InlineData("""{"at":0,"minutes":0,"executors":1}""", "FILE:1: minutes: a number above 0 was expected")]
    [InlineData("""{"at":"soon","minutes":1,"executors":1}""", "FILE:1: at: seconds or a duration such as 1h30m were expected")]
    [InlineData("""{"at":-1,"minutes":1,"executors":1}""", "FILE:1: at: seconds or a duration such as 1h30m were expected")]
    [InlineData("\n\n{\"at\":0,\"minutes\":1,\"executors\":1,\"executor\":{\"cpu\":\"many\"}}", "FILE:3: executor.cpu: a quantity such as 4, 500m or 16Gi was expected")]
    [InlineData("""{"at":0,"minutes":1,"executors":1,"que":"a"}""", "FILE:1: que: no such field")]
    [InlineData("""{"at":0,"minutes":1,"executors":1,"count":3}""", "FILE:1: every: seconds or a duration")]
    [InlineData("""{"at":0,"minutes":1,"executors":1,"gang":"yes"}""", "FILE:1: gang: true, false, Soft or Hard was expected")]
    public async Task A_line_that_is_wrong_is_named_with_its_field(string text, string problem)
    {
        var outcome = await PlanAsync(text);
        outcome.ExitCode.ShouldBe(ExitCodes.BadInput);
        outcome.Error.ShouldStartWith("hearth: " + problem);
    }

    [Fact]
    public async Task A_trace_is_played_and_every_way_to_run_it_is_a_row()
    {
        var outcome = await PlanAsync(Job + "\n" + Job.Replace("0s", "1h", StringComparison.Ordinal).Replace("}}", "},\"count\":2,\"every\":\"5m\"}", StringComparison.Ordinal));
        outcome.Error.ShouldBeEmpty();
        outcome.ExitCode.ShouldBe(ExitCodes.Success);
        outcome.Out.ShouldContain("as declared");
        outcome.Out.ShouldContain("all on-demand");
        outcome.Out.ShouldContain("3 jobs, 1 queues, seed 1");
    }

    [Fact]
    public async Task The_document_has_every_job_and_node_and_is_the_same_each_time()
    {
        var first = await PlanAsync(Job, "--output", "json", "--spot-interruptions", "1", "--seed", "3");
        var offers = JsonNode.Parse(first.Out)!["offers"]!.AsArray();
        var chosen = offers[0]!;
        (chosen["fits"]!.GetValue<bool>(), chosen["jobs"]!.AsArray().Count).ShouldBe((true, 1));
        chosen["cost"]!.GetValue<decimal>().ShouldBe(chosen["nodes"]!.AsArray().Sum(n => n!["cost"]!.GetValue<decimal>()));
        var second = await PlanAsync(Job, "--output", "json", "--spot-interruptions", "1", "--seed", "3");
        JsonNode.Parse(second.Out)!["offers"]!.ToJsonString().ShouldBe(offers.ToJsonString());
    }

    [Fact]
    public async Task What_does_not_fit_says_why_and_ends_with_1()
    {
        var outcome = await PlanAsync("""{"at":0,"minutes":1,"executors":1,"executor":{"cpu":"2000"}}""");
        outcome.ExitCode.ShouldBe(ExitCodes.Failure);
        outcome.Out.ShouldContain("line-1: ");
    }

    [Fact]
    public async Task Neither_request_nor_trace_is_bad_input() =>
        (await new CliHarness().RunAsync(TestContext.Current.CancellationToken, "plan")).ExitCode.ShouldBe(ExitCodes.BadInput);
}
