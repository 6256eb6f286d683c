using System.Text.Json.Nodes;

namespace Hearth.EndToEnd.Tests.Platform;

/// <summary>A platform whose disk fills up under it: a small disk of its own, which only root may mount.</summary>
public sealed class FullDiskTests : IAsyncLifetime
{
    private const string Bucket = "s3://emr-data-team-a-000000000000-us-west-2";
    private const string Role = "arn:aws:iam::000000000000:role/emr-eks-karpenter-emr-data-team-a";
    private readonly string _disk = Directory.CreateTempSubdirectory("hearth-disk").FullName;
    private bool _mounted;

    public async ValueTask InitializeAsync() =>
        _mounted = PlatformFixture.Missing is null && (await Tool.RunAsync("mount", ["-t", "tmpfs", "-o", "size=96m", "tmpfs", _disk])).Code == 0;

    public async ValueTask DisposeAsync()
    {
        if (_mounted)
        {
            await Tool.RunAsync("umount", ["-l", _disk]);
        }

        Directory.Delete(_disk, recursive: true);
    }

    [Fact]
    public async Task Requests_are_refused_by_name_and_every_acknowledged_one_is_there_after_a_kill()
    {
        Assert.SkipUnless(_mounted, PlatformFixture.Missing ?? "needs root, to mount a small disk");
        var ballast = Path.Combine(_disk, "ballast");
        List<string> acknowledged = [];
        string cluster;
        await using (var first = await RunningHearth.StartAsync(Path.Combine(_disk, "data")))
        {
            cluster = await first.VirtualClusterAsync("emr-data-team-a");
            acknowledged.Add((await StartAsync(first, cluster)).Succeeded());
            await Tool.RunAsync("dd", ["if=/dev/zero", $"of={ballast}", "bs=64k", "status=none"]);
            await Tool.RunAsync("dd", ["if=/dev/zero", $"of={ballast}", "bs=1", "oflag=append", "conv=notrunc", "status=none"]);

            var refused = await StartAsync(first, cluster);
            for (var i = 0; i < 20 && refused.Code == 0; i++)
            {
                acknowledged.Add(refused.Output.Trim());
                refused = await StartAsync(first, cluster);
            }

            refused.Code.ShouldNotBe(0, "the disk is full");
            refused.Error.ShouldContain("InsufficientStorage");
            refused.Error.ShouldContain("free space");
            (await OnceAsync(first, "bash", "-c", $"head -c 100000 /dev/zero | aws s3 cp - {Bucket}/too-much")).Error.ShouldContain("InsufficientStorage");
            (await RunsAsync(first, cluster)).ShouldBe(acknowledged, ignoreOrder: true);

            File.Delete(ballast);
            acknowledged.Add((await StartAsync(first, cluster)).Succeeded());
            await first.KillAsync();
        }

        await using var second = await RunningHearth.StartAsync(Path.Combine(_disk, "data"));
        (await RunsAsync(second, cluster)).ShouldBe(acknowledged, ignoreOrder: true);
    }

    private static Task<ToolResult> StartAsync(RunningHearth hearth, string cluster)
    {
        string[] arguments =
        [
            "emr-containers", "start-job-run", "--virtual-cluster-id", cluster, "--name", "pi", "--execution-role-arn", Role,
            "--release-label", "emr-7.9.0-latest", "--job-driver", "{\"sparkSubmitJobDriver\":{\"entryPoint\":\"local:///usr/lib/spark/examples/src/main/python/pi.py\"}}",
            "--query", "id", "--output", "text",
        ];
        return OnceAsync(hearth, "aws", arguments);
    }

    // The AWS CLI would try a 507 five times, with longer and longer waits.
    private static Task<ToolResult> OnceAsync(RunningHearth hearth, string program, params string[] arguments) =>
        Tool.RunAsync(program, arguments, new Dictionary<string, string>(hearth.Environment) { ["AWS_MAX_ATTEMPTS"] = "1" });

    private static async Task<IReadOnlyList<string>> RunsAsync(RunningHearth hearth, string cluster)
    {
        var listed = JsonNode.Parse((await hearth.RunAsync("aws", "emr-containers", "list-job-runs", "--virtual-cluster-id", cluster, "--output", "json")).Succeeded())!;
        return [.. listed["jobRuns"]!.AsArray().Select(r => r!["id"]!.GetValue<string>())];
    }
}
