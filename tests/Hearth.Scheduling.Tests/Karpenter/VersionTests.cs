using System.Text.Json.Nodes;
using Hearth.Scheduling.Karpenter.Versions;

namespace Hearth.Scheduling.Tests.Karpenter;

/// <summary>Table-driven: what an older object becomes.</summary>
public sealed class VersionTests
{
    private static JsonObject Json(string text) => JsonNode.Parse(text)!.AsObject();

    private static void ShouldBe(JsonNode? actual, string expected) =>
        JsonNode.DeepEquals(actual, Json(expected)).ShouldBeTrue($"expected {Json(expected).ToJsonString()}\nbut was  {actual?.ToJsonString()}");

    [Fact]
    public void A_v1beta1_pool_becomes_v1()
    {
        var pool = V1Beta1.ToV1(Json("""
            {"metadata":{"name":"p","annotations":{"karpenter.sh/do-not-consolidate":"true"}},
             "spec":{"template":{"spec":{"requirements":[],"nodeClassRef":{"apiVersion":"karpenter.k8s.aws/v1beta1","kind":"EC2NodeClass","name":"c"},
             "kubelet":{"maxPods":20},"resources":{"requests":{"cpu":"1"}}}},"disruption":{"consolidationPolicy":"WhenUnderutilized","expireAfter":"24h"}}}
            """), "NodePool");
        ShouldBe(pool, """
            {"metadata":{"name":"p","annotations":{"compatibility.karpenter.sh/v1beta1-kubelet-conversion":"{\u0022maxPods\u0022:20}"}},
             "spec":{"template":{"spec":{"requirements":[],"nodeClassRef":{"kind":"EC2NodeClass","name":"c","group":"karpenter.k8s.aws"},"expireAfter":"24h"}},
             "disruption":{"consolidationPolicy":"WhenEmptyOrUnderutilized","consolidateAfter":"0s"}}}
            """);
    }

    [Theory]
    [InlineData("""{"consolidationPolicy":"WhenUnderutilized","expireAfter":"720h"}""")]
    [InlineData("""{"consolidationPolicy":"WhenEmpty","consolidateAfter":"30s","expireAfter":"Never"}""")]
    [InlineData("""{"consolidationPolicy":"WhenUnderutilized","consolidateAfter":"1m","expireAfter":"1h","budgets":[{"nodes":"10%","reasons":["Empty"]}]}""")]
    public void A_v1beta1_pool_comes_back_as_it_was(string disruption)
    {
        var text = """
            {"metadata":{"name":"p"},"spec":{"template":{"spec":{"requirements":[],"nodeClassRef":{"apiVersion":"karpenter.k8s.aws/v1beta1","kind":"EC2NodeClass","name":"c"},
             "kubelet":{"maxPods":20}}},"disruption":@DISRUPTION,"weight":3}}
            """.Replace("@DISRUPTION", disruption, StringComparison.Ordinal);
        var back = V1Beta1.FromV1(V1Beta1.ToV1(Json(text), "NodePool"), "NodePool");
        back["metadata"]!.AsObject().Remove("annotations");
        ShouldBe(back, text);
    }

    [Theory]
    [InlineData("""{"amiFamily":"AL2023","role":"r"}""", """{"amiSelectorTerms":[{"alias":"al2023@latest"}],"role":"r"}""")]
    [InlineData("""{"amiFamily":"Custom","amiSelectorTerms":[{"id":"ami-1"}]}""", """{"amiFamily":"Custom","amiSelectorTerms":[{"id":"ami-1"}]}""")]
    [InlineData("""{"amiFamily":"Ubuntu","amiSelectorTerms":[{"id":"ami-1"}]}""",
        """{"amiFamily":"AL2","amiSelectorTerms":[{"id":"ami-1"}],"blockDeviceMappings":[{"deviceName":"/dev/sda1","rootVolume":true,"ebs":{"volumeSize":"20Gi","volumeType":"gp3","encrypted":true}}]}""")]
    public void A_v1beta1_class_gets_an_alias_for_its_family(string before, string after) =>
        ShouldBe(V1Beta1.ToV1(Json("""{"metadata":{},"spec":@BEFORE}""".Replace("@BEFORE", before, StringComparison.Ordinal)), "EC2NodeClass")["spec"], after);

    [Fact]
    public void A_Provisioner_of_the_Spark_blueprint_becomes_a_pool()
    {
        var pool = V1Alpha5.NodePool(Json("""
            {"metadata":{"name":"spark-memory-optimized"},"spec":{"kubeletConfiguration":{"containerRuntime":"containerd","maxPods":110},
             "requirements":[{"key":"topology.kubernetes.io/zone","operator":"In","values":["us-west-2b"]},{"key":"karpenter.sh/capacity-type","operator":"In","values":["spot","on-demand"]},
             {"key":"node.kubernetes.io/instance-type","operator":"In","values":["r5d.4xlarge","r5d.8xlarge","r5d.8xlarge"]}],
             "limits":{"resources":{"cpu":1000}},"providerRef":{"name":"spark-memory-optimized"},"labels":{"NodeGroupType":"SparkMemoryOptimized"},
             "taints":[{"key":"spark-memory-optimized","value":"true","effect":"NoSchedule"}],"ttlSecondsAfterEmpty":120}}
            """));
        ShouldBe(pool, """
            {"metadata":{"name":"spark-memory-optimized","annotations":{"compatibility.karpenter.sh/v1beta1-kubelet-conversion":"{\u0022maxPods\u0022:110}"}},
             "spec":{"template":{"metadata":{"labels":{"NodeGroupType":"SparkMemoryOptimized","karpenter.sh/provisioner-name":"spark-memory-optimized"},"annotations":{}},
             "spec":{"requirements":[{"key":"topology.kubernetes.io/zone","operator":"In","values":["us-west-2b"]},{"key":"karpenter.sh/capacity-type","operator":"In","values":["spot","on-demand"]},
             {"key":"node.kubernetes.io/instance-type","operator":"In","values":["r5d.4xlarge","r5d.8xlarge"]},{"key":"kubernetes.io/os","operator":"In","values":["linux"]},
             {"key":"kubernetes.io/arch","operator":"In","values":["amd64"]}],"taints":[{"key":"spark-memory-optimized","value":"true","effect":"NoSchedule"}],"startupTaints":[],
             "nodeClassRef":{"group":"karpenter.k8s.aws","kind":"EC2NodeClass","name":"spark-memory-optimized"},"expireAfter":"Never"}},
             "disruption":{"consolidationPolicy":"WhenEmpty","consolidateAfter":"120s","budgets":[{"nodes":"10%"}]},"limits":{"cpu":1000}}}
            """);
    }

    [Theory]
    [InlineData("""{"consolidation":{"enabled":true}}""", "WhenEmptyOrUnderutilized", "0s")]
    [InlineData("""{"ttlSecondsAfterEmpty":30}""", "WhenEmpty", "30s")]
    [InlineData("{}", "WhenEmptyOrUnderutilized", "Never")]
    public void A_Provisioner_scales_down_as_it_did(string spec, string policy, string after)
    {
        var disruption = V1Alpha5.NodePool(Json("""{"metadata":{"name":"p"},"spec":@SPEC}""".Replace("@SPEC", spec, StringComparison.Ordinal)))["spec"]!["disruption"]!;
        ((string?)disruption["consolidationPolicy"], (string?)disruption["consolidateAfter"]).ShouldBe((policy, after));
    }

    [Fact]
    public void A_Provisioner_without_requirements_gets_the_defaults_of_its_time()
    {
        var requirements = V1Alpha5.NodePool(Json("""{"metadata":{"name":"p"},"spec":{"ttlSecondsUntilExpired":3600}}"""))["spec"]!["template"]!["spec"]!;
        ((string?)requirements["expireAfter"]).ShouldBe("3600s");
        string.Join("; ", requirements["requirements"]!.AsArray().Select(r => $"{r!["key"]} {r["operator"]} {string.Join(',', r["values"]!.AsArray())}")).ShouldBe(
            "kubernetes.io/os In linux; kubernetes.io/arch In amd64; karpenter.sh/capacity-type In on-demand; karpenter.k8s.aws/instance-category In c,m,r; karpenter.k8s.aws/instance-generation Gt 2");
    }

    [Theory]
    [InlineData("""{"Name":"c-private*"}""", """[{"tags":{"Name":"c-private*"}}]""")]
    [InlineData("""{"a":"1,2","b":"x"}""", """[{"tags":{"a":"1","b":"x"}},{"tags":{"a":"2","b":"x"}}]""")]
    [InlineData("""{"aws-ids":"subnet-1, subnet-2"}""", """[{"id":"subnet-1"},{"id":"subnet-2"}]""")]
    public void A_selector_becomes_terms(string selector, string terms) =>
        V1Alpha5.NodeClass(Json("""{"metadata":{"name":"t"},"spec":{"subnetSelector":@SELECTOR}}""".Replace("@SELECTOR", selector, StringComparison.Ordinal)))["spec"]!["subnetSelectorTerms"]!.ToJsonString().ShouldBe(terms);

    [Fact]
    public void A_template_becomes_a_class_with_what_v1_would_do_otherwise_spelled_out()
    {
        var template = Json("""{"metadata":{"name":"t"},"spec":{"subnetSelector":{"a":"b"},"securityGroupSelector":{"Name":"n"},"launchTemplate":"lt","userData":"x"}}""");
        ShouldBe(V1Alpha5.NodeClass(template), """
            {"metadata":{"name":"t"},"spec":{"subnetSelectorTerms":[{"tags":{"a":"b"}}],"securityGroupSelectorTerms":[{"tags":{"Name":"n"}}],"amiSelectorTerms":[{"alias":"al2@latest"}],
             "userData":"x","instanceProfile":"karpenter-default-instance-profile","metadataOptions":{"httpPutResponseHopLimit":2}}}
            """);
        V1Alpha5.Lost(template).ShouldHaveSingleItem().ShouldStartWith("launchTemplate has no equivalent");
    }
}
