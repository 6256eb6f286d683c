using System.Diagnostics;
using System.Text.Json.Nodes;
using Hearth.Kube.Client;
using Hearth.Kube.Core;
using Hearth.Kube.Objects;

namespace Hearth.EndToEnd.Tests;

/// <summary>kubectl commands that go on while the cluster changes.</summary>
public sealed class KubectlWatchTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_watched_collection_shows_rows_as_they_change()
    {
        await EachAsync(async (kubectl, cluster) =>
        {
            await CreateAsync(cluster, "a");
            using var rows = new Rows(kubectl.Start(cluster.Kubeconfig, cluster.Home, ["get", "pods", "-w", "--no-headers"]));
            (await rows.NextAsync()).ShouldMatch("^a +0/1 +Pending");
            await CreateAsync(cluster, "b");
            (await rows.NextAsync()).ShouldMatch("^b +0/1 +Pending");
            await RunningAsync(cluster, "b");
            (await rows.NextAsync()).ShouldMatch("^b +1/1 +Running");
            await cluster.Client.DeleteAsync(new ObjectRef(Pod.Type, "default", "b"), DeleteOptions.Default, Ct);
            (await rows.NextAsync()).ShouldMatch("^b +1/1 +(Terminating|Running)");
        });
    }

    [Fact]
    public async Task A_watched_object_begins_with_one_row()
    {
        await EachAsync(async (kubectl, cluster) =>
        {
            await CreateAsync(cluster, "a");
            await CreateAsync(cluster, "other");
            using var rows = new Rows(kubectl.Start(cluster.Kubeconfig, cluster.Home, ["get", "pod", "a", "-w", "--no-headers"]));
            (await rows.NextAsync()).ShouldMatch("^a +0/1 +Pending");
            await UntilWatchedAsync(kubectl, cluster);
            await RunningAsync(cluster, "other");
            await RunningAsync(cluster, "a");
            (await rows.NextAsync()).ShouldMatch("^a +1/1 +Running");
        });
    }

    [Fact]
    public async Task Watch_events_carry_their_types()
    {
        await EachAsync(async (kubectl, cluster) =>
        {
            using var rows = new Rows(kubectl.Start(cluster.Kubeconfig, cluster.Home, ["get", "pods", "--watch-only", "--output-watch-events", "--no-headers"]));
            await UntilWatchedAsync(kubectl, cluster);
            await CreateAsync(cluster, "a");
            (await rows.NextAsync()).ShouldMatch("^ADDED +a +0/1 +Pending");
            await RunningAsync(cluster, "a");
            (await rows.NextAsync()).ShouldMatch("^MODIFIED +a +1/1 +Running");
            await cluster.Client.DeleteAsync(new ObjectRef(Pod.Type, "default", "a"), new DeleteOptions { GracePeriodSeconds = 0 }, Ct);
            (await rows.NextAsync()).ShouldMatch("^DELETED +a");
        });
    }

    [Fact]
    public async Task Waiting_ends_when_the_condition_comes()
    {
        await EachAsync(async (kubectl, cluster) =>
        {
            await CreateAsync(cluster, "a");
            var waiting = kubectl.RunAsync(cluster.Kubeconfig, cluster.Home, ["wait", "--for=condition=Ready", "pod/a", "--timeout=30s"], null, Ct);
            await RunningAsync(cluster, "a");
            var (code, output) = await waiting;
            output.ShouldBe("pod/a condition met\n");
            code.ShouldBe(0);
        });
    }

    private static async Task EachAsync(Func<KubectlBinary, KubectlCluster, Task> test)
    {
        Assert.SkipWhen(KubectlBinary.All.Count == 0, "needs kubectl on PATH, or HEARTH_KUBECTLS");
        foreach (var kubectl in KubectlBinary.All)
        {
            await using var cluster = await KubectlCluster.StartAsync(Ct);
            await test(kubectl, cluster);
        }
    }

    /// <summary>Returns when a watch is open: what happens from now on is seen.</summary>
    private static async Task UntilWatchedAsync(KubectlBinary kubectl, KubectlCluster cluster)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        limit.CancelAfter(Patience);
        string figures;
        do
        {
            (_, figures) = await kubectl.RunAsync(cluster.Kubeconfig, cluster.Home, ["get", "--raw", "/metrics"], null, limit.Token);
        }
        while (!figures.Contains("apiserver_longrunning_requests{verb=\"WATCH\"} 1", StringComparison.Ordinal));
    }

    private static Task CreateAsync(KubectlCluster cluster, string name) => cluster.Client.CreateAsync(Pod.Type, "default", new JsonObject
    {
        ["metadata"] = new JsonObject { ["name"] = name },
        ["spec"] = new JsonObject { ["containers"] = new JsonArray(new JsonObject { ["name"] = "c", ["image"] = "busybox:1" }) },
    }, Ct);

    private static Task RunningAsync(KubectlCluster cluster, string name) => cluster.Client.PatchAsync(
        new ObjectRef(Pod.Type, "default", name),
        KubePatch.Status(JsonNode.Parse("""
            {"phase":"Running","conditions":[{"type":"Ready","status":"True"}],
             "containerStatuses":[{"name":"c","image":"busybox:1","imageID":"","ready":true,"restartCount":0,"state":{"running":{}}}]}
            """)!.AsObject()),
        Ct);

    /// <summary>The output of a running command, line by line; the command ends with it.</summary>
    private sealed class Rows(Process process) : IDisposable
    {
        public async Task<string> NextAsync()
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(Ct);
            limit.CancelAfter(Patience);
            return await process.StandardOutput.ReadLineAsync(limit.Token) ?? throw new EndOfStreamException(await process.StandardError.ReadToEndAsync(Ct));
        }

        public void Dispose()
        {
            process.Kill(entireProcessTree: true);
            process.Dispose();
        }
    }
}
