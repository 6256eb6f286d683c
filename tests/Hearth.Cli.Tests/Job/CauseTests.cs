using System.Text.Json.Nodes;

namespace Hearth.Cli.Tests.Job;

/// <summary>What <c>hearth job explain</c> names as the cause, from the state of a run alone.</summary>
public sealed class CauseTests
{
    [Theory]
    [InlineData("FAILED", "JobRun submission failed.\nClassification spark-default not supported.", "classification", "spark-default")]
    [InlineData("FAILED", "JobRun submission failed.\nExecutor pod template validation failed. Field container.command in Spark main container not allowed but specified. (s3://b/e.yaml)", "pod-template", "container.command")]
    [InlineData("FAILED", "JobRun submission failed.\nDriver pod template s3://b/d.yaml cannot be read: the object does not exist", "missing-object", "d.yaml")]
    [InlineData("FAILED", "JobRun submission failed.\nDriver pod template s3://b/d.yaml cannot be read: AccessDenied", "permission", "AccessDenied")]
    [InlineData("FAILED", "ValueError: only 10 rows came (raises.py, line 8)", "python-exception", "raises.py:8: ValueError: only 10 rows came")]
    [InlineData("FAILED", "The driver ran out of memory (limit 896Mi): raise spark.driver.memory or spark.driver.memoryOverhead", "memory", "limit 896Mi")]
    [InlineData("FAILED", "The driver ended with exit code 137: killed (SIGKILL), often for lack of memory", "memory", "137")]
    [InlineData("FAILED", "[UNRESOLVED_COLUMN.WITH_SUGGESTION] A column with name `amout` cannot be resolved.", "sql-error", "amout")]
    [InlineData("FAILED", "The image of the driver cannot be had: no such image", "image", "no such image")]
    [InlineData("FAILED", "JobRun timed out before spark driver pod started running.", "start-timeout", "timed out")]
    [InlineData("FAILED", "The driver pod spark-x-driver was deleted before it ended: its node went away or somebody deleted it", "driver-gone", "deleted")]
    [InlineData("FAILED", "pods is forbidden: exceeded quota: team, requested: cpu=1", "quota", "exceeded quota")]
    [InlineData("PENDING", "JobRun waits for a slot: the virtual cluster runs as many job runs as its maxConcurrentJobRuns allows.", "queue", "maxConcurrentJobRuns")]
    public async Task The_cause_is_named_with_its_evidence(string state, string text, string kind, string words)
    {
        var platform = await FakeJobPlatform.StartAsync();
        var status = new JsonObject { ["state"] = state, [state == "FAILED" ? "failureMessage" : "stateDetails"] = text };
        await platform.RunAsync("0000000eav9pe5tozjh", status.ToJsonString());

        var cause = JsonNode.Parse((await platform.HearthAsync("explain", "eav9", "-o", "json")).Out)!["cause"]!;

        cause["kind"]!.GetValue<string>().ShouldBe(kind);
        (cause["sentence"] + " " + string.Join(' ', cause["evidence"]!.AsArray())).ShouldContain(words);
        cause["waysOut"]!.AsArray().Count.ShouldBeGreaterThan(0);
        (await platform.HearthAsync("explain", "eav9")).Out.ShouldContain($"Cause ({kind}): ");
    }

    [Fact]
    public async Task A_driver_that_failed_and_is_started_again_is_said_to_wait_for_that()
    {
        var platform = await FakeJobPlatform.StartAsync();
        await platform.RunAsync("0000000eav9pe5tozjh", """{"state":"RUNNING","attempt":2,"attemptAt":"2999-01-01T00:00:00Z","stateDetails":"The driver failed and is started again (attempt 2 of 3): ValueError: x"}""");

        var cause = JsonNode.Parse((await platform.HearthAsync("explain", "eav9", "-o", "json")).Out)!["cause"]!;

        cause["kind"]!.GetValue<string>().ShouldBe("retry-back-off");
        cause["evidence"]![0]!.GetValue<string>().ShouldContain("ValueError: x");
    }

    [Theory]
    [InlineData("COMPLETED")]
    [InlineData("CANCELLED")]
    [InlineData("RUNNING")]
    public async Task A_run_that_neither_waits_nor_failed_has_no_cause(string state)
    {
        var platform = await FakeJobPlatform.StartAsync();
        await platform.RunAsync("0000000eav9pe5tozjh", $$"""{"state":"{{state}}"}""");

        JsonNode.Parse((await platform.HearthAsync("explain", "eav9", "-o", "json")).Out)!.AsObject()["cause"].ShouldBeNull();
    }
}
