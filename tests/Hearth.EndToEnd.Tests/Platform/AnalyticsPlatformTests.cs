using System.Text.Json.Nodes;

namespace Hearth.EndToEnd.Tests.Platform;

/// <summary>The blueprint analytics-platform embedded: what its guide reads from outputs and does with them, with the plain AWS CLI.</summary>
public sealed class AnalyticsPlatformTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("hearth-analytics-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task The_pi_job_runs_with_the_critical_configuration_of_the_outputs()
    {
        Assert.SkipWhen(Tool.AwsProblem is not null, Tool.AwsProblem ?? "");
        await using var hearth = await RunningHearth.StartAsync(Path.Combine(_directory, "data"), "--blueprint", "analytics-platform");
        var stack = JsonNode.Parse((await hearth.RunAsync("aws", "cloudformation", "describe-stacks", "--stack-name", "data-platform-teams", "--output", "json")).Succeeded())!["Stacks"]![0]!;
        var outputs = stack["Outputs"]!.AsArray().ToDictionary(o => o!["OutputKey"]!.GetValue<string>(), o => o!["OutputValue"]!.GetValue<string>());
        outputs.Keys.ShouldContain("SharedConfig");
        outputs.Keys.ShouldContain("NotebookExecutorPodTemplate");
        outputs["PlatformExecutionRoleArn"].ShouldBe("arn:aws:iam::000000000000:role/platform-myendpoint-execRole");
        (await hearth.RunAsync("aws", "eks", "describe-nodegroup", "--cluster-name", "data-platform", "--nodegroup-name", "critical-0", "--query", "nodegroup.[amiType,capacityType]", "--output", "text"))
            .Succeeded().ShouldBe("AL2_ARM_64\tON_DEMAND");

        var cluster = outputs["BatchjobVirtualClusterId"];
        var job = (await hearth.RunAsync("aws", "emr-containers", "start-job-run", "--virtual-cluster-id", cluster, "--name", "pi", "--execution-role-arn", outputs["BatchjobExecutionRoleArn"],
            "--release-label", "emr-6.8.0-latest", "--job-driver", """{"sparkSubmitJobDriver":{"entryPoint":"local:///usr/lib/spark/examples/src/main/python/pi.py"}}""",
            "--configuration-overrides", outputs["CriticalConfig"], "--query", "id", "--output", "text")).Succeeded();
        (await hearth.RunAsync(Tool.Hearth, "job", "wait", job, "--data-dir", hearth.DataDirectory)).Code.ShouldBe(0);

        const string group = "/aws/emr-containers/data-platform/critical";
        var log = (await hearth.RunAsync("aws", "logs", "filter-log-events", "--log-group-name", group, "--filter-pattern", "Pi", "--query", "events[].message", "--output", "text")).Succeeded();
        log.ShouldContain("Pi is roughly 3.1");
        // Their group has no node of its own: the Cluster Autoscaler brought it.
        (await hearth.RunAsync("kubectl", "get", "nodes", "-l", "role=critical", "-o", "name")).Succeeded().ShouldNotBeEmpty();
    }
}
