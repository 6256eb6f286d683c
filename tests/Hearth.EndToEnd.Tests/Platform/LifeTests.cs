using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace Hearth.EndToEnd.Tests.Platform;

/// <summary>Starting, stopping, being killed, and being asked for the impossible.</summary>
public sealed class LifeTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("hearth-life").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task What_was_made_is_still_there_after_a_kill()
    {
        Need();
        await using (var first = await RunningHearth.StartAsync(_directory))
        {
            (await first.RunAsync("kubectl", "create", "configmap", "kept", "--from-literal=a=b", "-n", "emr-data-team-a")).Succeeded();
            (await first.RunAsync("kubectl", "run", "sleeper", "--image=busybox", "--restart=Never", "-n", "emr-data-team-a", "--", "sleep", "1000")).Succeeded();
            (await first.RunAsync("kubectl", "wait", "--for=condition=Ready", "pod/sleeper", "-n", "emr-data-team-a", "--timeout=60s")).Succeeded();
            (await first.RunAsync("bash", "-c", "echo hello | aws s3 cp - s3://emr-data-team-a-000000000000-us-west-2/kept.txt")).Succeeded();
            await first.KillAsync();
        }

        await using var second = await RunningHearth.StartAsync(_directory);
        (await second.RunAsync("kubectl", "get", "configmap", "kept", "-n", "emr-data-team-a", "-o", "jsonpath={.data.a}")).Succeeded().ShouldBe("b");
        (await second.RunAsync("aws", "s3", "cp", "s3://emr-data-team-a-000000000000-us-west-2/kept.txt", "-")).Succeeded().ShouldBe("hello");

        // Its process went with the kill; the pod says so instead of claiming to run.
        (await second.RunAsync("kubectl", "wait", "--for=jsonpath={.status.phase}=Failed", "pod/sleeper", "-n", "emr-data-team-a", "--timeout=60s")).Succeeded();
        (await second.RunAsync("kubectl", "get", "virtualclusters", "-o", "name")).Succeeded().Split('\n').Length.ShouldBe(2);
    }

    [Fact]
    public async Task A_second_platform_on_the_same_directory_is_refused()
    {
        Need();
        await using var first = await RunningHearth.StartAsync(_directory);

        var second = await Tool.RunAsync(Tool.Hearth, ["up", "--data-dir", _directory, "--kubernetes-port", "0", "--aws-port", "0", "--console-port", "0"]);

        second.Code.ShouldBe(1);
        second.Error.ShouldContain("in use");
        second.Error.ShouldContain(first.Pid.ToString());
        (await first.RunAsync("kubectl", "get", "--raw", "/readyz")).Succeeded().ShouldBe("ok");
    }

    [Fact]
    public async Task A_port_in_use_is_named()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port.ToString();

        var up = await Tool.RunAsync(Tool.Hearth, ["up", "--data-dir", _directory, "--kubernetes-port", "0", "--aws-port", port, "--console-port", "0"]);

        up.Code.ShouldBe(1);
        up.Error.ShouldContain(port);
        up.Error.ShouldContain("--aws-port");
    }

    [Theory]
    [InlineData("--blueprint", "no-such-blueprint", "emr-eks-karpenter")]
    [InlineData("--kubernetes-port", "99999", "65535")]
    public async Task Bad_input_ends_with_exit_code_2_and_the_way_on(string option, string value, string expected)
    {
        var up = await Tool.RunAsync(Tool.Hearth, ["up", "--data-dir", _directory, option, value]);

        up.Code.ShouldBe(2, up.Error);
        up.Error.ShouldContain(expected);
        up.Error.ShouldNotContain("   at ");
    }

    [Theory]
    [InlineData("bubblewrap")]
    [InlineData("none")]
    public async Task The_demo_runs_the_taxi_job_from_nothing_to_result(string sandbox)
    {
        Need();

        var demo = await Tool.RunAsync(Tool.Hearth, ["demo", "--data-dir", _directory, "--rows", "20000", "--sandbox", sandbox]);

        var output = demo.Succeeded();
        output.ShouldContain("20,000 taxi trips generated");
        output.ShouldContain("COMPLETED");
        output.ShouldContain("|credit card|");
        output.ShouldContain("total");
        File.Exists(Path.Combine(_directory, "endpoints.json")).ShouldBeFalse();
    }

    [Fact]
    public async Task A_query_needs_no_platform()
    {
        var query = await Tool.RunAsync(Tool.Hearth, ["query", "SELECT id, id * 2 AS twice FROM range(3) ORDER BY id", "--output", "json", "--data-dir", _directory]);

        JsonNode.Parse(query.Succeeded())!.AsArray().Select(r => r!["twice"]!.GetValue<long>()).ShouldBe([0, 2, 4]);
    }

    private static void Need() => Assert.SkipWhen(PlatformFixture.Missing is not null, PlatformFixture.Missing ?? "");
}
