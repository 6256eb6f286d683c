using System.Text.Json.Nodes;
using Hearth.Cluster.Controllers;
using Hearth.Kube.Client;
using Hearth.Kube.Core;
using Hearth.Kube.Objects;
using Hearth.Scheduling.Karpenter;

namespace Hearth.Cluster.Tests.Controllers;

/// <summary>Nodes that go while pods are on them: what is launched, in which order, and what is said.</summary>
public sealed class NodeDisruptionTests
{
    private const string OnDemand = "@family In c5d; @cpu In 4,8,16,36; karpenter.sh/capacity-type In on-demand";

    private static Task<IReadOnlyList<NodeClaim>> ClaimsAsync(ControllerCluster cluster) => cluster.Client.ListAsync<NodeClaim>(null, ListOptions.All, default);

    private static async Task<NodeClaim> OnlyClaimAsync(ControllerCluster cluster) =>
        (await ControllerCluster.Until(() => ClaimsAsync(cluster), c => c is [var one] && one.Status.IsInitialized(), "one claim, initialised"))[0];

    /// <summary>Two pods that share a node; then the large one is over.</summary>
    private static async Task<(NodeClaim Claim, Pod Small)> UnderusedAsync(ControllerCluster cluster)
    {
        await Task.WhenAll(cluster.PodAsync("large", "cpu=14,memory=2Gi"), cluster.PodAsync("small", "cpu=1,memory=1Gi"));
        var large = await cluster.UntilPod("large", p => p.Spec!.NodeName is not null, "is bound");
        var small = await cluster.UntilPod("small", p => p.Spec!.NodeName is not null, "is bound");
        small.Spec!.NodeName.ShouldBe(large.Spec!.NodeName);
        var claim = await OnlyClaimAsync(cluster);
        await cluster.PhaseAsync("small", "Running");
        await cluster.PhaseAsync("large", "Succeeded");
        return (claim, small);
    }

    private static Task<IReadOnlyList<NodeClaim>> GoneAsync(ControllerCluster cluster, NodeClaim claim) =>
        ControllerCluster.Until(() => ClaimsAsync(cluster), all => all.All(c => c.Metadata.Uid != claim.Metadata.Uid), "the old claim is gone");

    [Fact]
    public async Task An_underused_node_is_replaced_by_a_cheaper_one_that_is_ready_before_pods_leave()
    {
        await using var cluster = await NodeProvisioningTests.StartAsync();
        await cluster.PoolAsync("compute", OnDemand, consolidateAfter: "0s", policy: "WhenEmptyOrUnderutilized");
        var (claim, small) = await UnderusedAsync(cluster);
        await cluster.UntilPod("small", p => p.Metadata.DeletionTimestamp is not null, "is evicted");
        var replacement = (await ClaimsAsync(cluster)).Single(c => c.Metadata.Uid != claim.Metadata.Uid);
        replacement.Status.IsInitialized().ShouldBeTrue("pods leave only when their new place is there");
        (claim.Metadata.Label(KarpenterLabels.InstanceType), replacement.Metadata.Label(KarpenterLabels.InstanceType)).ShouldBe(("c5d.4xlarge", "c5d.xlarge"));
        var node = await cluster.Client.GetAsync<Node>(null, small.Spec!.NodeName!, default);
        node.Spec!.Taints!.ShouldContain(t => t.Key == "karpenter.sh/disrupted" && t.Effect == "NoSchedule");
        (await cluster.Client.GetAsync<NodeClaim>(null, claim.Metadata.Name!, default)).Status!.Conditions.Find("DisruptionReason")!.Reason.ShouldBe("Underutilized");
        (await cluster.EventsAsync(node.Metadata.Name!)).ShouldContain("DisruptionTerminating: Disrupting Node: Underutilized/Replace");

        await cluster.Client.DeleteAsync(small.Ref(), new DeleteOptions { GracePeriodSeconds = 0 }, default); // the node lets the pod go
        await GoneAsync(cluster, claim);
    }

    [Fact]
    public async Task A_pod_that_must_not_be_disturbed_keeps_its_underused_node()
    {
        await using var cluster = await NodeProvisioningTests.StartAsync();
        await cluster.PoolAsync("compute", OnDemand, consolidateAfter: "0s", policy: "WhenEmptyOrUnderutilized");
        await cluster.PodAsync("driver", "cpu=1", change: p => p["metadata"]!["annotations"] = new JsonObject { ["karpenter.sh/do-not-disrupt"] = "true" });
        await cluster.UntilPod("driver", p => p.Spec!.NodeName is not null, "is bound");
        var claim = await OnlyClaimAsync(cluster);
        await ControllerCluster.Until(() => cluster.Client.GetAsync<NodeClaim>(null, claim.Metadata.Name!, default), c => c.Status!.Conditions.IsTrue("Consolidatable"), "it would be consolidatable");
        var driver = await cluster.GetPodAsync("driver");
        driver.Metadata.DeletionTimestamp.ShouldBeNull();
        (await ControllerCluster.Until(() => cluster.EventsAsync(driver.Spec!.NodeName!), e => e.Any(x => x.StartsWith("DisruptionBlocked", StringComparison.Ordinal)), "the node says why it stays"))
            .ShouldContain("DisruptionBlocked: Pod has \"karpenter.sh/do-not-disrupt\" annotation (Pod=default/driver)");
    }

    [Fact]
    public async Task A_node_drifts_when_its_pools_template_changes_and_is_replaced()
    {
        await using var cluster = await NodeProvisioningTests.StartAsync();
        await cluster.PoolAsync("compute", OnDemand);
        await cluster.PodAsync("p", "cpu=1");
        await cluster.UntilPod("p", p => p.Spec!.NodeName is not null, "is bound");
        await cluster.PhaseAsync("p", "Running");
        var claim = await OnlyClaimAsync(cluster);
        var change = new JsonObject { ["spec"] = new JsonObject { ["template"] = new JsonObject { ["metadata"] = new JsonObject { ["labels"] = new JsonObject { ["team"] = "a" } } } } };
        await cluster.Client.PatchAsync(new ObjectRef(NodePool.Type, null, "compute"), KubePatch.Merge(change), default);
        var pod = await cluster.UntilPod("p", p => p.Metadata.DeletionTimestamp is not null, "is evicted");
        (await cluster.Client.GetAsync<NodeClaim>(null, claim.Metadata.Name!, default)).Status!.Conditions.Find("Drifted")!.Reason.ShouldBe("NodePoolDrifted");
        await cluster.Client.DeleteAsync(pod.Ref(), new DeleteOptions { GracePeriodSeconds = 0 }, default);
        (await GoneAsync(cluster, claim)).ShouldHaveSingleItem().Metadata.Label("team").ShouldBe("a");
        (await cluster.Client.GetAsync<NodePool>(null, "compute", default)).Metadata.Annotation("karpenter.sh/nodepool-hash-version").ShouldBe("v3");
    }

    [Fact]
    public async Task A_taint_that_a_killed_process_left_is_taken_off()
    {
        await using var cluster = await NodeProvisioningTests.StartAsync();
        await cluster.PoolAsync("compute", OnDemand);
        await cluster.PodAsync("p", "cpu=1");
        var pod = await cluster.UntilPod("p", p => p.Spec!.NodeName is not null, "is bound");
        await OnlyClaimAsync(cluster);
        var taint = new JsonObject { ["spec"] = new JsonObject { ["taints"] = new JsonArray(new JsonObject { ["key"] = "karpenter.sh/disrupted", ["effect"] = "NoSchedule" }) } };
        await cluster.Client.PatchAsync(new ObjectRef(Node.Type, null, pod.Spec!.NodeName!), KubePatch.Merge(taint), default);
        await ControllerCluster.Until(() => cluster.Client.GetAsync<Node>(null, pod.Spec!.NodeName!, default), n => n.Spec?.Taints is null or { Count: 0 }, "the taint is gone");
    }
}

internal static class ClaimQuestions
{
    public static bool IsInitialized(this NodeClaimStatus? status) => status?.Conditions.IsTrue("Initialized") == true;
}
