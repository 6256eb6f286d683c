using System.Text.Json.Nodes;
using Hearth.Jobs.Logs;
using Hearth.Jobs.Resources;
using Hearth.Jobs.Tests.Controllers;
using Hearth.Kube.Core;
using Hearth.Kube.Objects;

namespace Hearth.Jobs.Tests.Logs;

/// <summary>Every container's log is shipped once, however often and however late its pod is seen.</summary>
public sealed class LogCollectorTests
{
    private const string Key = "team-a/run";

    [Fact]
    public async Task A_pod_that_is_still_shown_after_its_log_is_written_is_not_shipped_again()
    {
        await using var world = new JobWorld();
        var (logs, run, pod) = Begin(world);
        logs.Observe(Key, run, [pod], null, CancellationToken.None);
        await logs.AllDoneAsync();
        logs.IsDone(Key, pod).ShouldBeTrue();
        logs.Observe(Key, run, [pod], null, CancellationToken.None);
        await logs.AllDoneAsync();
        world.Streams.Single(s => s.Key.EndsWith("stdout", StringComparison.Ordinal)).Value.ShouldBe(["one", "two"]);
    }

    [Fact]
    public async Task A_pod_that_is_gone_is_forgotten_once_its_log_is_written()
    {
        await using var world = new JobWorld();
        var (logs, run, pod) = Begin(world);
        logs.Observe(Key, run, [pod], null, CancellationToken.None);
        await logs.AllDoneAsync();
        logs.Count.ShouldBe(1);
        logs.Observe(Key, run, [], null, CancellationToken.None);
        logs.Count.ShouldBe(0);
    }

    [Fact]
    public async Task A_driver_that_the_watch_shows_late_is_shipped_when_it_is_read_and_not_again()
    {
        await using var world = new JobWorld();
        var (logs, run, pod) = Begin(world);
        logs.Observe(Key, run, [], pod, CancellationToken.None);
        await logs.AllDoneAsync();
        logs.Observe(Key, run, [], null, CancellationToken.None);
        logs.Observe(Key, run, [pod], null, CancellationToken.None);
        await logs.AllDoneAsync();
        world.Streams.Single(s => s.Key.EndsWith("stdout", StringComparison.Ordinal)).Value.ShouldBe(["one", "two"]);
        logs.Observe(Key, run, [], null, CancellationToken.None);
        logs.Count.ShouldBe(0);
    }

    private static (LogCollector Logs, JobRun Run, Pod Pod) Begin(JobWorld world)
    {
        world.Cluster.Logs["team-a/driver"] = "one\ntwo\n";
        var shipping = new LogShipping { SpoolDirectory = Path.GetTempPath(), Store = world };
        var run = KubeJson.Read<JobRun>(JsonNode.Parse("""
            {"metadata":{"name":"run","namespace":"team-a"},"spec":{"name":"r","virtualClusterId":"vc1","releaseLabel":"emr-7.9.0-latest","jobDriver":{},
             "configurationOverrides":{"monitoringConfiguration":{"cloudWatchMonitoringConfiguration":{"logGroupName":"/emr/a"}}}}}
            """)!);
        var pod = KubeJson.Read<Pod>(JsonNode.Parse($$"""
            {"metadata":{"name":"driver","namespace":"team-a","uid":"u1"},"spec":{"containers":[{"name":"spark-kubernetes-driver"}]},"status":{{JobWorld.Ended(0)}}}
            """)!);
        return (new LogCollector(world.Cluster, shipping), run, pod);
    }
}
