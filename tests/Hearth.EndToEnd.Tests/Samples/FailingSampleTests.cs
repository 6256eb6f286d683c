using System.Text.Json.Nodes;

namespace Hearth.EndToEnd.Tests.Samples;

/// <summary>The samples that fail: how they end, and that <c>hearth job explain</c> names the cause.</summary>
[Collection(nameof(SamplePlatform))]
public sealed class FailingSampleTests(SamplePlatform platform)
{
    [Theory]
    [InlineData("missing-script", "USER_ERROR", "missing-object", "nowhere.py")]
    [InlineData("python-exception", "USER_ERROR", "python-exception", "raises.py:8: ValueError: only 10 rows came, 1000 were expected")]
    [InlineData("sql-error", "USER_ERROR", "sql-error", "amout")]
    [InlineData("wrong-toleration", "USER_ERROR", "taint", "role=critical:NoSchedule")]
    [InlineData("pool-limit", "USER_ERROR", "limit", "tiny")]
    [InlineData("bad-template", "USER_ERROR", "pod-template", "command")]
    [InlineData("unknown-classification", "VALIDATION_ERROR", "classification", "spark-default")]
    public async Task A_job_fails_and_its_cause_is_named(string sample, string reason, string kind, string words)
    {
        Assert.SkipWhen(SamplePlatform.Missing is not null, SamplePlatform.Missing ?? "");
        var (id, waited) = await platform.Runs[$"failing/{sample}"];

        waited.Code.ShouldBe(1, waited.Error);
        var run = await platform.DescribeAsync(id);
        run["state"]!.GetValue<string>().ShouldBe("FAILED");
        run["failureReason"]!.GetValue<string>().ShouldBe(reason, run.ToJsonString());
        var explained = JsonNode.Parse((await platform.HearthAsync("job", "explain", id, "-o", "json")).Succeeded())!;
        explained["cause"]!["kind"]!.GetValue<string>().ShouldBe(kind, explained.ToJsonString());
        explained["cause"]!.ToJsonString(Relaxed).ShouldContain(words);
        explained["cause"]!["evidence"]!.AsArray().Count.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task A_driver_that_takes_more_memory_than_it_may_have_is_said_to_have_done_so()
    {
        Assert.SkipWhen(SamplePlatform.Missing is not null, SamplePlatform.Missing ?? "");
        var (id, waited) = await platform.Runs["failing/out-of-memory"];

        Assert.SkipWhen(waited.Code == 0, "needs a kernel that limits containers' memory (cgroups)");
        var explained = JsonNode.Parse((await platform.HearthAsync("job", "explain", id, "-o", "json")).Succeeded())!;
        explained["cause"]!["kind"]!.GetValue<string>().ShouldBe("memory", explained.ToJsonString());
    }

    private static System.Text.Json.JsonSerializerOptions Relaxed { get; } = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
