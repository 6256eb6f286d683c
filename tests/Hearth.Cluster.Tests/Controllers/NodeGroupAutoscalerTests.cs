using System.Text.Json.Nodes;
using Hearth.Cluster.Controllers.Autoscaler;
using Hearth.Cluster.Controllers.NodeGroups;
using Hearth.Cluster.Controllers.Scheduler;
using Hearth.Kube.Client;
using Hearth.Kube.Core;
using Hearth.Kube.Objects;
using Hearth.Platform;
using Hearth.Scheduling.ClusterAutoscaler;
using PlatformTaint = Hearth.Platform.Taint;

namespace Hearth.Cluster.Tests.Controllers;

/// <summary>The node groups of the analytics platform, grown from zero and shrunk again.</summary>
public sealed class NodeGroupAutoscalerTests
{
    private static readonly NodeGroup[] Groups =
    [
        new() { Name = "tooling", InstanceTypes = ["t3.medium"], AmiFamily = "AL2", MinSize = 1, DesiredSize = 1, MaxSize = 3, Labels = new Dictionary<string, string> { ["role"] = "tooling" } },
        new()
        {
            Name = "shared-driver", PerZone = true, InstanceTypes = ["m6g.xlarge"], AmiFamily = "AL2", MaxSize = 10,
            Labels = new Dictionary<string, string> { ["role"] = "shared", ["spark-role"] = "driver" }, Taints = [new PlatformTaint { Key = "role", Value = "shared" }],
        },
    ];

    private static async Task<ControllerCluster> StartAsync(AutoscalerOptions options)
    {
        var cluster = await ControllerCluster.CreateAsync();
        await cluster.Client.CreateAsync(new Namespace { Metadata = new ObjectMeta { Name = "kube-system" } }, default).ContinueWith(_ => { }, TaskScheduler.Default);
        var sizes = new GroupSizes(Groups, cluster.Cloud.Options.Zones, scaled: true);
        var settings = new AutoscalerSettings { Options = options, ScanInterval = TimeSpan.FromMilliseconds(50), Gather = TimeSpan.FromMilliseconds(20) };
        cluster.Run(
            new PodScheduler(cluster.Client, cluster.Informers, TimeProvider.System, ControllerCluster.Log).RunAsync,
            new NodeGroupController(cluster.Client, cluster.Informers, cluster.Cloud, sizes, TimeProvider.System, ControllerCluster.Log).RunAsync,
            new NodeGroupAutoscaler(cluster.Client, cluster.Informers, cluster.Cloud, sizes, settings, TimeProvider.System, ControllerCluster.Log).RunAsync);
        return cluster;
    }

    private static Task DriverAsync(ControllerCluster cluster, string name) => cluster.PodAsync(name, "cpu=2,memory=4Gi", "role=shared,spark-role=driver", p =>
    {
        p["spec"]!["tolerations"] = new JsonArray(new JsonObject { ["key"] = "role", ["value"] = "shared", ["effect"] = "NoSchedule" });
        p["metadata"]!["annotations"] = new JsonObject { [DrainRules.SafeToEvict] = "true" };
    });

    private static async Task<int> CountAsync(ControllerCluster cluster, string group) =>
        (await cluster.Client.ListAsync<Node>(null, ListOptions.All, default)).Count(n => n.Metadata.Label("eks.amazonaws.com/nodegroup")?.StartsWith(group, StringComparison.Ordinal) == true);

    [Fact]
    public async Task A_group_grows_from_zero_for_a_pod_that_waits_and_says_so()
    {
        await using var cluster = await StartAsync(new AutoscalerOptions());
        await ControllerCluster.Until(() => CountAsync(cluster, "tooling"), n => n == 1, "the desired node");
        await DriverAsync(cluster, "driver");
        var pod = await cluster.UntilPod("driver", p => p.Spec!.NodeName is not null, "is bound");
        var node = await cluster.Client.GetAsync<Node>(null, pod.Spec!.NodeName!, default);
        (node.Metadata.Label("eks.amazonaws.com/nodegroup"), node.Metadata.Label("node.kubernetes.io/instance-type")).ShouldBe(("shared-driver-0", "m6g.xlarge"));
        (await ControllerCluster.Until(() => cluster.EventsAsync("driver"), e => e.Any(m => m.StartsWith("TriggeredScaleUp", StringComparison.Ordinal)), "an event"))
            .ShouldContain("TriggeredScaleUp: pod triggered scale-up: [{shared-driver-0 0->1 (max: 10)}]");
        await cluster.PodAsync("lost", "cpu=1", "role=nobody");
        (await ControllerCluster.Until(() => cluster.EventsAsync("lost"), e => e.Any(m => m.StartsWith("NotTriggerScaleUp", StringComparison.Ordinal)), "an event"))
            .ShouldContain("NotTriggerScaleUp: pod didn't trigger scale-up: 1 node(s) didn't match Pod's node affinity/selector, 2 node(s) had untolerated taint {role: shared}");
        var status = await cluster.Client.GetAsync<ConfigMap>("kube-system", "cluster-autoscaler-status", default);
        status.Data!["status"].ShouldContain("- name: shared-driver-0");
        (await cluster.EventsAsync("cluster-autoscaler-status")).ShouldContain("ScaledUpGroup: Scale-up: setting group shared-driver-0 size to 1 instead of 0 (max: 10)");
    }

    [Fact]
    public async Task A_node_that_is_not_needed_any_more_goes_and_is_not_replaced()
    {
        await using var cluster = await StartAsync(new AutoscalerOptions { UnneededTime = TimeSpan.Zero, DelayAfterAdd = TimeSpan.Zero });
        await DriverAsync(cluster, "driver");
        var name = (await cluster.UntilPod("driver", p => p.Spec!.NodeName is not null, "is bound")).Spec!.NodeName!;
        await cluster.PhaseAsync("driver", "Succeeded");
        await ControllerCluster.Until(() => CountAsync(cluster, "shared"), n => n == 0, "the node is gone");
        (await ControllerCluster.Until(() => cluster.EventsAsync(name), e => e.Count >= 2, "events")).ShouldBe(
            ["ScaleDown: marked the node as toBeDeleted/unschedulable", "ScaleDown: node removed by cluster autoscaler"]);
        (await cluster.EventsAsync("cluster-autoscaler-status")).ShouldContain($"ScaleDownEmpty: Scale-down: removing empty node \"{name}\"");
        var sizes = await cluster.Client.GetAsync<ConfigMap>("kube-system", "hearth-node-groups", default);
        sizes.Data!["shared-driver-0"].ShouldBe("0");
        (await CountAsync(cluster, "tooling")).ShouldBe(1, "the minimum stays");
    }
}
