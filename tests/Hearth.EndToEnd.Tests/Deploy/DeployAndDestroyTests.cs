using Hearth.EndToEnd.Tests.Platform;
using Hearth.Platform;

namespace Hearth.EndToEnd.Tests.Deploy;

/// <summary><c>hearth deploy</c> and <c>hearth destroy</c> as a user runs them, with the real aws, cdk and kubectl.</summary>
public sealed class DeployAndDestroyTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("hearth-deploy-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task A_platform_is_deployed_through_a_failure_and_taken_down_again()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("HEARTH_LONG_TESTS") == "1", "needs HEARTH_LONG_TESTS=1: some hundred calls of the real clients, minutes of them");
        Assert.SkipWhen(MotoAws.Missing is not null, $"needs {MotoAws.Missing}");
        var declaration = Path.Combine(_directory, "platform.yaml");
        await File.WriteAllTextAsync(declaration, PlatformYaml.ToYaml(PlatformLoader.Load("analytics-platform", p => p with
        {
            AccountId = MotoAws.Account, KubernetesVersion = "1.33", Studio = new Studio(), NodeGroups = [.. p.NodeGroups.Select(g => g with { AmiFamily = "AL2023" })],
        })));
        await using var hearth = await RunningHearth.StartAsync(Path.Combine(_directory, "data"), "--blueprint", declaration);
        await using var aws = await MotoAws.StartAsync(hearth, _directory);
        string[] options = ["--blueprint", declaration, "--out", Path.Combine(_directory, "out"), "--yes"];

        // Nothing is made before the account is ready.
        (await aws.RunAsync(Tool.Hearth, ["deploy", .. options])).Error.ShouldContain($"cdk bootstrap aws://{MotoAws.Account}/us-west-2");
        (await aws.RunAsync("cdk", ["bootstrap", $"aws://{MotoAws.Account}/us-west-2", "--ci"])).Succeeded();

        var failed = await aws.RunAsync(Tool.Hearth, ["deploy", .. options], failing: "cluster-autoscaler");
        failed.Code.ShouldBe(1, failed.Error);
        failed.Error.ShouldContain("timed out waiting for the condition");

        var deployed = await aws.RunAsync(Tool.Hearth, ["deploy", .. options]);
        deployed.Code.ShouldBe(0, deployed.Error);
        deployed.Error.ShouldContain("Network\n        already done");
        deployed.Error.ShouldContain("virtual cluster batchjob: RUNNING");
        deployed.Output.ShouldContain("CriticalConfig");
        aws.HelmCalls.Count(c => c.Contains("--install cert-manager", StringComparison.Ordinal)).ShouldBe(1);
        (await aws.RunAsync("aws", ["cloudformation", "describe-stacks", "--query", "length(Stacks)"])).Succeeded().ShouldBe("5");

        var plan = await aws.RunAsync(Tool.Hearth, ["deploy", "--plan", .. options]);
        plan.Code.ShouldBe(0, plan.Error);
        plan.Output.ShouldContain("USD a month");

        await DestroyAsync(hearth, aws, options);
    }

    private static async Task DestroyAsync(RunningHearth hearth, MotoAws aws, string[] options)
    {
        // No node takes a critical job until the autoscaler brings one: it waits, and is cancelled.
        var cluster = await hearth.VirtualClusterAsync("batchjob");
        const string driver = """{"sparkSubmitJobDriver":{"entryPoint":"local:///usr/lib/spark/examples/src/main/python/pi.py","sparkSubmitParameters":"--conf spark.driver.memory=2000g"}}""";
        var job = (await hearth.RunAsync("aws", "emr-containers", "start-job-run", "--virtual-cluster-id", cluster, "--execution-role-arn", $"arn:aws:iam::{MotoAws.Account}:role/execRoleJob",
            "--release-label", "emr-7.9.0-latest", "--job-driver", driver, "--query", "id", "--output", "text")).Succeeded();

        var destroyed = await aws.RunAsync(Tool.Hearth, ["destroy", .. options]);

        destroyed.Code.ShouldBe(0, destroyed.Error);
        destroyed.Error.ShouldContain($"cancels job {job}");
        destroyed.Output.ShouldContain("What is left and may cost money:");
        destroyed.Output.ShouldContain($"bucket batchjob-{MotoAws.Account}-us-west-2: kept with its data");
        (await hearth.RunAsync("aws", "emr-containers", "describe-job-run", "--virtual-cluster-id", cluster, "--id", job, "--query", "jobRun.state", "--output", "text")).Succeeded().ShouldBe("CANCELLED");
        aws.HelmCalls.Count(c => c.Contains("uninstall", StringComparison.Ordinal)).ShouldBe(3);
        (await aws.RunAsync("aws", ["cloudformation", "describe-stacks", "--query", "Stacks[].StackName", "--output", "text"])).Succeeded().ShouldBe("CDKToolkit");
        (await aws.RunAsync(Tool.Hearth, ["destroy", .. options])).Error.ShouldContain("no stack of data-platform is deployed");
    }
}
