using System.Text.Json.Nodes;
using Hearth.Cluster.Controllers;
using Hearth.Kube.Client;
using Hearth.Kube.Core;
using Hearth.Kube.Objects;
using Hearth.Scheduling.Karpenter;

namespace Hearth.Cluster.Tests.Controllers;

/// <summary>Manifests of older Karpenter versions, as people still have them.</summary>
public sealed class OlderVersionTests
{
    private static JsonObject Json(string text) => JsonNode.Parse(text)!.AsObject();

    [Fact]
    public async Task A_v1beta1_pool_and_class_give_a_node_and_read_back_in_both_versions()
    {
        await using var cluster = await NodeProvisioningTests.StartAsync();
        var (pools, classes) = (NodePool.Type with { Version = "v1beta1" }, Ec2NodeClass.Type with { Version = "v1beta1" });
        await cluster.Client.CreateAsync(classes, null, Json("""
            {"metadata":{"name":"c"},"spec":{"amiFamily":"AL2023","role":"r","subnetSelectorTerms":[{"tags":{"a":"b"}}],"securityGroupSelectorTerms":[{"tags":{"a":"b"}}]}}
            """), default);
        await cluster.Client.CreateAsync(pools, null, Json("""
            {"metadata":{"name":"p"},"spec":{"template":{"spec":{"nodeClassRef":{"apiVersion":"karpenter.k8s.aws/v1beta1","kind":"EC2NodeClass","name":"c"},"kubelet":{"maxPods":7},
             "requirements":[{"key":"node.kubernetes.io/instance-type","operator":"In","values":["c5d.xlarge"]},{"key":"karpenter.sh/capacity-type","operator":"In","values":["on-demand"]}]}},
             "disruption":{"consolidationPolicy":"WhenEmpty","consolidateAfter":"10m"}}}
            """), default);
        await cluster.PodAsync("pod", "cpu=1");
        var pod = await cluster.UntilPod("pod", p => p.Spec!.NodeName is not null, "is bound");
        var node = await cluster.Client.GetAsync<Node>(null, pod.Spec!.NodeName!, default);
        node.Status!.Allocatable!["pods"].Value.ShouldBe(7, "kubelet settings of the pool hold");

        var old = await cluster.Client.GetAsync(new ObjectRef(pools, null, "p"), default);
        ((string?)old["apiVersion"], (string?)old["spec"]!["disruption"]!["expireAfter"], (int?)old["spec"]!["template"]!["spec"]!["kubelet"]!["maxPods"]).ShouldBe(("karpenter.sh/v1beta1", "720h", 7));
        var now = await cluster.Client.GetAsync(new ObjectRef(NodePool.Type, null, "p"), default);
        ((string?)now["apiVersion"], (string?)now["spec"]!["template"]!["spec"]!["expireAfter"], (string?)now["spec"]!["template"]!["spec"]!["nodeClassRef"]!["group"]).ShouldBe(("karpenter.sh/v1", "720h", "karpenter.k8s.aws"));
        ((string?)(await cluster.Client.GetAsync(new ObjectRef(Ec2NodeClass.Type, null, "c"), default))["spec"]!["amiSelectorTerms"]![0]!["alias"]).ShouldBe("al2023@latest");
    }

    [Fact]
    public async Task A_Provisioner_and_its_template_give_a_node_and_follow_changes()
    {
        await using var cluster = await NodeProvisioningTests.StartAsync();
        var (provisioners, templates) = (new ResourceType("karpenter.sh", "v1alpha5", "provisioners", "Provisioner", false), new ResourceType("karpenter.k8s.aws", "v1alpha1", "awsnodetemplates", "AWSNodeTemplate", false));
        await cluster.Client.CreateAsync(templates, null, Json("""{"metadata":{"name":"spark"},"spec":{"subnetSelector":{"Name":"x-private*"},"securityGroupSelector":{"Name":"x"}}}"""), default);
        await cluster.Client.CreateAsync(provisioners, null, Json("""
            {"metadata":{"name":"spark"},"spec":{"providerRef":{"name":"spark"},"labels":{"type":"karpenter"},"ttlSecondsAfterEmpty":600,
             "requirements":[{"key":"node.kubernetes.io/instance-type","operator":"In","values":["r5d.4xlarge","r5d.4xlarge"]}]}}
            """), default);
        await cluster.PodAsync("pod", "cpu=1", "karpenter.sh/provisioner-name=spark,type=karpenter");
        var pod = await cluster.UntilPod("pod", p => p.Spec!.NodeName is not null, "is bound");
        (await cluster.Client.GetAsync<Node>(null, pod.Spec!.NodeName!, default)).Metadata.Label(KarpenterLabels.InstanceType).ShouldBe("r5d.4xlarge");

        await cluster.Client.PatchAsync(new ObjectRef(provisioners, null, "spark"), KubePatch.Merge(Json("""{"spec":{"weight":9}}""")), default);
        var pool = await ControllerCluster.Until(() => cluster.Client.GetAsync<NodePool>(null, "spark", default), p => p.Spec?.Weight == 9, "the pool follows");
        pool.Metadata.OwnerReferences!.ShouldHaveSingleItem().Kind.ShouldBe("Provisioner");
        await ControllerCluster.Until(
            () => cluster.Client.GetAsync(new ObjectRef(provisioners, null, "spark"), default), p => (string?)p["status"]?["conditions"]?[0]?["status"] == "True", "it says that it is active");
    }
}
