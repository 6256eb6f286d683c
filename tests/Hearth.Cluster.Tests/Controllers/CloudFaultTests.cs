using System.Text.Json.Nodes;
using Hearth.Cluster.Controllers;
using Hearth.Kube.Client;
using Hearth.Kube.Core;
using Hearth.Kube.Objects;
using Hearth.Scheduling.Cloud;
using Hearth.Scheduling.Karpenter;

namespace Hearth.Cluster.Tests.Controllers;

/// <summary>Faults that a user declares on a running cluster, and what becomes of nodes and pods.</summary>
public sealed class CloudFaultTests
{
    private const string Compute = "@family In c5d; @cpu In 4,8; karpenter.sh/capacity-type In spot,on-demand";

    /// <summary>Declares a fault, and waits until it works.</summary>
    internal static async Task FaultAsync(ControllerCluster cluster, string spec)
    {
        await cluster.Client.CreateAsync(CloudFault.Type, null, new JsonObject { ["metadata"] = new JsonObject { ["name"] = "fault" }, ["spec"] = JsonNode.Parse(spec) }, default);
        await UntilFault(cluster, f => f.Status?.Phase is not null, "the fault works");
    }

    private static Task<CloudFault> UntilFault(ControllerCluster cluster, Func<CloudFault, bool> holds, string what) =>
        ControllerCluster.Until(() => cluster.Client.GetAsync<CloudFault>(null, "fault", default), holds, what);

    [Fact]
    public async Task An_offering_that_is_refused_is_avoided_and_the_pod_gets_the_next_best()
    {
        await using var cluster = await NodeProvisioningTests.StartAsync();
        await FaultAsync(cluster, """{"type":"InsufficientCapacity","capacityTypes":["spot"]}""");
        await UntilFault(cluster, f => f.Status?.Phase == "Active", "the fault works");
        await cluster.PoolAsync("compute", Compute);
        await cluster.PodAsync("p", "cpu=1");
        var pod = await cluster.UntilPod("p", p => p.Spec!.NodeName is not null, "is bound");
        (await cluster.Client.GetAsync<Node>(null, pod.Spec!.NodeName!, default)).Metadata.Label(KarpenterLabels.CapacityType).ShouldBe("on-demand");
        cluster.Cloud.Capacity.Unavailable().Offerings.ShouldAllBe(o => o.CapacityType == "spot");
        await UntilFault(cluster, f => f.Status?.Hits == cluster.Cloud.Capacity.Unavailable().Offerings.Count, "each refusal is counted, and nothing is tried twice");
        (await cluster.Client.ListAsync<Event>(null, ListOptions.All, default)).ShouldContain(e => e.Reason == "InsufficientCapacityError" && e.InvolvedObject!.Kind == "NodeClaim");
    }

    [Fact]
    public async Task An_interrupted_spot_node_drains_and_its_pods_get_another_place()
    {
        await using var cluster = await NodeProvisioningTests.StartAsync();
        await cluster.PoolAsync("compute", Compute);
        await cluster.PodAsync("p", "cpu=1");
        var pod = await cluster.UntilPod("p", p => p.Spec!.NodeName is not null, "is bound");
        await cluster.PhaseAsync("p", "Running");
        var claim = (await ControllerCluster.Until(
            () => cluster.Client.ListAsync<NodeClaim>(null, ListOptions.All, default), c => c is [var one] && one.Status.IsInitialized(), "the claim is initialised"))[0];
        claim.Metadata.Label(KarpenterLabels.CapacityType).ShouldBe("spot");
        await FaultAsync(cluster, """{"type":"SpotInterruption","nodePools":["compute"]}""");
        await cluster.UntilPod("p", p => p.Metadata.DeletionTimestamp is not null, "is evicted");
        var node = await cluster.Client.GetAsync<Node>(null, pod.Spec!.NodeName!, default);
        node.Spec!.Taints!.ShouldContain(t => t.Key == "karpenter.sh/disrupted");
        (await cluster.EventsAsync(node.Metadata.Name!)).ShouldContain(e => e.StartsWith("SpotInterrupted: ", StringComparison.Ordinal));
        (await UntilFault(cluster, f => f.Status?.Phase == "Over", "it is over")).Status!.Hits.ShouldBe(1);
        cluster.Cloud.Capacity.Unavailable().Offerings.ShouldHaveSingleItem().InstanceType.ShouldBe(node.Metadata.Label(KarpenterLabels.InstanceType));

        await cluster.PodAsync("again", "cpu=1"); // what its owner would make
        (await cluster.UntilPod("again", p => p.Spec!.NodeName is not null, "is bound")).Spec!.NodeName.ShouldNotBe(node.Metadata.Name);
    }

    [Fact]
    public async Task When_the_notice_is_over_the_instance_ends_whatever_is_left_on_it()
    {
        await using var cluster = await NodeProvisioningTests.StartAsync();
        await cluster.PoolAsync("compute", Compute);
        await cluster.PodAsync("p", "cpu=1", change: p => p["metadata"]!["annotations"] = new JsonObject { ["karpenter.sh/do-not-disrupt"] = "true" });
        var pod = await cluster.UntilPod("p", p => p.Spec!.NodeName is not null, "is bound");
        await ControllerCluster.Until(
            () => cluster.Client.ListAsync<NodeClaim>(null, ListOptions.All, default), c => c is [var one] && one.Status.IsInitialized(), "the claim is initialised");
        await FaultAsync(cluster, """{"type":"SpotInterruption","notice":"1s"}""");
        await ControllerCluster.Until(
            () => cluster.Client.ListAsync<Node>(null, ListOptions.All, default), n => n.All(x => x.Metadata.Name != pod.Spec!.NodeName), "the node is gone");
    }

    [Fact]
    public async Task A_fault_that_cannot_be_is_refused_with_the_field()
    {
        await using var cluster = await ControllerCluster.CreateAsync();
        (await Should.ThrowAsync<KubeException>(() => FaultAsync(cluster, """{"type":"Meteor","probability":2}"""))).Message.ShouldContain("spec.type");
    }
}
