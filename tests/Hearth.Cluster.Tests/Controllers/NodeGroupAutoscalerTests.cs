using System.Text.Json.Nodes;
using Hearth.Cluster.Controllers.Autoscaler;
using Hearth.Cluster.Controllers.NodeGroups;
using Hearth.Cluster.Controllers.Provisioning;
using Hearth.Cluster.Controllers.Scheduler;
using Hearth.Cluster.Controllers.Simulation;
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

    private static async Task<ControllerCluster> StartAsync(AutoscalerOptions options, NodeGroup[]? groups = null, TimeSpan boot = default)
    {
        var cluster = await ControllerCluster.CreateAsync(new SimulatedCloudOptions { Region = "us-west-2", Zones = ["us-west-2a", "us-west-2b"], BootTime = (boot, boot) });
        await cluster.Client.CreateAsync(new Namespace { Metadata = new ObjectMeta { Name = "kube-system" } }, default).ContinueWith(_ => { }, TaskScheduler.Default);
        var sizes = new GroupSizes(groups ?? Groups, cluster.Cloud.Options.Zones, scaled: true);
        var settings = new AutoscalerSettings { Options = options, ScanInterval = TimeSpan.FromMilliseconds(50), Gather = TimeSpan.FromMilliseconds(20) };
        cluster.Run(
            new PodScheduler(cluster.Client, cluster.Informers, TimeProvider.System, ControllerCluster.Log).RunAsync,
            new NodeGroupInterruptions(cluster.Client, cluster.Informers, TimeProvider.System, ControllerCluster.Log).RunAsync,
            new CloudFaultController(cluster.Client, cluster.Informers, cluster.Cloud, new KarpenterMetrics(), TimeProvider.System, ControllerCluster.Log).RunAsync,
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
    public async Task The_nodes_of_the_declaration_are_there_from_the_start_and_later_ones_when_they_have_booted()
    {
        await using var slow = await StartAsync(new AutoscalerOptions(), boot: TimeSpan.FromHours(1));
        await ControllerCluster.Until(() => CountAsync(slow, "tooling"), n => n == 1, "the desired node");

        await using var cluster = await StartAsync(new AutoscalerOptions(), boot: TimeSpan.FromMilliseconds(300));
        await DriverAsync(cluster, "driver");
        await cluster.UntilPod("driver", p => p.Spec!.NodeName is not null, "is bound");
        (await CountAsync(cluster, "shared")).ShouldBe(1, "a node on its way is not asked for again");
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

    [Fact]
    public async Task A_group_that_gets_no_instances_is_left_alone_and_another_is_tried()
    {
        NodeGroup[] groups =
        [
            new() { Name = "a-spot", InstanceTypes = ["m5.xlarge"], CapacityType = "spot", MaxSize = 5, Labels = new Dictionary<string, string> { ["role"] = "work" } },
            new() { Name = "b-on-demand", InstanceTypes = ["m5.xlarge"], MaxSize = 5, Labels = new Dictionary<string, string> { ["role"] = "work" } },
        ];
        await using var cluster = await StartAsync(new AutoscalerOptions { BalanceSimilarGroups = false }, groups);
        await FaultAsync(cluster, """{"type":"InsufficientCapacity","capacityTypes":["spot"]}""");
        await cluster.PodAsync("p", "cpu=2", "role=work");
        var pod = await cluster.UntilPod("p", p => p.Spec!.NodeName is not null, "is bound");
        (await cluster.Client.GetAsync<Node>(null, pod.Spec!.NodeName!, default)).Metadata.Label("eks.amazonaws.com/nodegroup").ShouldBe("b-on-demand");
        (await cluster.EventsAsync("cluster-autoscaler-status")).ShouldBe(
        [
            "ScaledUpGroup: Scale-up: setting group a-spot size to 1 instead of 0 (max: 5)",
            "ScaleUpFailed: Failed adding 1 nodes (1 unseen previously) to group a-spot due to OutOfResource.placeholder-cannot-be-fulfilled; source errors: AWS cannot provision any more instances for this node group",
            "ScaledUpGroup: Scale-up: setting group b-on-demand size to 1 instead of 0 (max: 5)",
        ]);
        var status = await ControllerCluster.Until(
            () => cluster.Client.GetAsync<ConfigMap>("kube-system", "cluster-autoscaler-status", default), m => m.Data!["status"].Contains("Backoff", StringComparison.Ordinal), "the status says so");
        status.Data!["status"].ShouldContain("  scaleUp:\n    status: Backoff\n    backoffInfo:\n      errorCode: placeholder-cannot-be-fulfilled\n      errorMessage: AWS cannot");
        (await cluster.Client.GetAsync<ConfigMap>("kube-system", "hearth-node-groups", default)).Data!["a-spot"].ShouldBe("0", "what does not come is not asked for any more");

        await cluster.PodAsync("large", "cpu=2", "role=work,eks.amazonaws.com/capacityType=SPOT");
        (await ControllerCluster.Until(() => cluster.EventsAsync("large"), e => e.Any(m => m.StartsWith("NotTriggerScaleUp", StringComparison.Ordinal)), "an event"))
            .ShouldContain("NotTriggerScaleUp: pod didn't trigger scale-up: 1 in backoff after failed scale-up, 1 node(s) didn't match Pod's node affinity/selector");
    }

    [Fact]
    public async Task An_interrupted_node_of_a_group_is_drained_replaced_and_gone_when_its_notice_is_over()
    {
        NodeGroup[] groups = [new() { Name = "spot", InstanceTypes = ["m5.xlarge"], CapacityType = "spot", MinSize = 1, DesiredSize = 1, MaxSize = 5 }];
        await using var cluster = await StartAsync(new AutoscalerOptions(), groups);
        await cluster.PodAsync("p", "cpu=2");
        var name = (await cluster.UntilPod("p", p => p.Spec!.NodeName is not null, "is bound")).Spec!.NodeName!;
        await FaultAsync(cluster, """{"type":"SpotInterruption","nodeGroups":["spot*"],"notice":"3s"}""");
        await cluster.UntilPod("p", p => p.Metadata.DeletionTimestamp is not null, "is evicted");
        await ControllerCluster.Until(() => CountAsync(cluster, "spot"), n => n == 2, "another node is there before the first is gone");
        (await cluster.Client.GetAsync<Node>(null, name, default)).Spec!.Unschedulable.ShouldBe(true);
        var left = await ControllerCluster.Until(() => cluster.Client.ListAsync<Node>(null, ListOptions.All, default), n => n.All(x => x.Metadata.Name != name), "the node is gone");
        left.ShouldHaveSingleItem();
        (await cluster.EventsAsync(name)).ShouldContain($"SpotInterrupted: Node {name} event: Spot interruption warning was triggered (simulated)");
    }

    private static Task FaultAsync(ControllerCluster cluster, string spec) => CloudFaultTests.FaultAsync(cluster, spec);
}
