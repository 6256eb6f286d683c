using System.Text.Json.Nodes;
using Hearth.Scheduling.Karpenter.Validation;

namespace Hearth.Scheduling.Tests.Karpenter;

/// <summary>What the CEL rules of the v1 definitions refuse, with their sentences.</summary>
public sealed class RuleTests
{
    private const string Class = """ "subnetSelectorTerms":[{"tags":{"a":"b"}}],"securityGroupSelectorTerms":[{"id":"sg-1"}] """;

    private static string Of(string kind, string spec, string? old = null) =>
        string.Join("; ", KarpenterRules.Of(kind, "v1", Body(spec), old is null ? null : Body(old)).Select(p => $"{p.Field}: {p.Message}"));

    private static JsonObject Body(string spec) => new() { ["spec"] = JsonNode.Parse(spec) };

    private static string Pool(string requirements = "", string labels = "", string budgets = "", string group = "karpenter.k8s.aws") => $$$"""
        {"template":{"metadata":{"labels":{{{{labels}}}}},"spec":{"nodeClassRef":{"group":"{{{group}}}","kind":"EC2NodeClass","name":"n"},"requirements":[{{{requirements}}}]}},"disruption":{"budgets":[{{{budgets}}}]}}
        """;

    [Theory]
    [InlineData("""{"key":"karpenter.sh/capacity-type","operator":"In","values":["spot"]}""", "")]
    [InlineData("""{"key":"karpenter.k8s.aws/instance-cpu","operator":"Gt","values":["3"]}""", "")]
    [InlineData("""{"key":"team","operator":"Exists"}""", "")]
    [InlineData("""{"key":"team","operator":"In"}""", "spec.template.spec.requirements: requirements with operator 'In' must have a value defined")]
    [InlineData("""{"key":"karpenter.k8s.aws/instance-cpu","operator":"Gt","values":["-3"]}""", "spec.template.spec.requirements: requirements operator 'Gt' or 'Lt' must have a single positive integer value")]
    [InlineData("""{"key":"karpenter.k8s.aws/instance-cpu","operator":"Lt","values":["3","4"]}""", "spec.template.spec.requirements: requirements operator 'Gt' or 'Lt' must have a single positive integer value")]
    [InlineData("""{"key":"team","operator":"In","values":["a"],"minValues":2}""", "spec.template.spec.requirements: requirements with 'minValues' must have at least that many values specified in the 'values' field")]
    [InlineData("""{"key":"karpenter.sh/nodepool","operator":"Exists"}""", "spec.template.spec.requirements[0].key: label \"karpenter.sh/nodepool\" is restricted")]
    [InlineData("""{"key":"karpenter.sh/other","operator":"Exists"}""", "spec.template.spec.requirements[0].key: label domain \"karpenter.sh\" is restricted")]
    [InlineData("""{"key":"karpenter.k8s.aws/unknown","operator":"Exists"}""", "spec.template.spec.requirements[0].key: label domain \"karpenter.k8s.aws\" is restricted")]
    [InlineData("""{"key":"kubernetes.io/hostname","operator":"Exists"}""", "spec.template.spec.requirements[0].key: label \"kubernetes.io/hostname\" is restricted")]
    public void Requirements_of_pools(string requirement, string problem) => Of("NodePool", Pool(requirement)).ShouldBe(problem);

    [Fact]
    public void Labels_budgets_and_the_reference_of_pools()
    {
        Of("NodePool", Pool(labels: "\"karpenter.sh/x\":\"y\"")).ShouldBe("spec.template.metadata.labels: label domain \"karpenter.sh\" is restricted");
        Of("NodePool", Pool(labels: "\"team\":\"y\",\"node.kubernetes.io/instance-type\":\"m5.large\"")).ShouldBe("");
        Of("NodePool", Pool(budgets: """{"nodes":"1","schedule":"@daily"}""")).ShouldBe("spec.disruption.budgets: 'schedule' must be set with 'duration'");
        Of("NodePool", Pool(budgets: """{"nodes":"1","schedule":"@daily","duration":"1h"}""")).ShouldBe("");
        Of("NodePool", Pool(), Pool(group: "other")).ShouldBe("spec.template.spec.nodeClassRef: nodeClassRef.group is immutable");
    }

    [Fact]
    public void Claims_do_not_change()
    {
        const string Spec = """{"requirements":[{"key":"karpenter.sh/nodepool","operator":"In","values":["a"]},{"key":"karpenter.k8s.aws/ec2nodeclass","operator":"In","values":["a"]}]}""";
        Of("NodeClaim", Spec, Spec).ShouldBe("");
        Of("NodeClaim", Spec, """{"requirements":[]}""").ShouldBe("spec: spec is immutable");
    }

    [Theory]
    [InlineData(""" "role":"r","amiSelectorTerms":[{"alias":"al2023@latest"}] """, "")]
    [InlineData(""" "role":"r","instanceProfile":"p","amiSelectorTerms":[{"alias":"al2023@latest"}] """, "spec: must specify exactly one of ['role', 'instanceProfile']")]
    [InlineData(""" "amiSelectorTerms":[{"alias":"al2023@latest"}] """, "spec: must specify exactly one of ['role', 'instanceProfile']")]
    [InlineData(""" "role":"r","amiSelectorTerms":[{"id":"ami-1"}] """, "spec: must specify amiFamily if amiSelectorTerms does not contain an alias")]
    [InlineData(""" "role":"r","amiSelectorTerms":[{"alias":"al2023@latest"},{"id":"ami-1"}] """, "spec.amiSelectorTerms: 'alias' is mutually exclusive, cannot be set with a combination of other amiSelectorTerms")]
    [InlineData(""" "role":"r","amiSelectorTerms":[{"alias":"al2023@latest","id":"ami-1"}] """, "spec.amiSelectorTerms: 'id' is mutually exclusive, cannot be set with a combination of other fields in an AMI selector term; spec.amiSelectorTerms: 'alias' is mutually exclusive, cannot be set with a combination of other fields in an AMI selector term")]
    [InlineData(""" "role":"r","amiSelectorTerms":[{"alias":"al2023"}] """, "spec.amiSelectorTerms[0].alias: 'alias' is improperly formatted, must match the format 'family@version'")]
    [InlineData(""" "role":"r","amiSelectorTerms":[{"alias":"ubuntu@latest"}] """, "spec.amiSelectorTerms[0].alias: family is not supported, must be one of the following: 'al2', 'al2023', 'bottlerocket', 'windows2019', 'windows2022', 'windows2025'")]
    [InlineData(""" "role":"r","amiSelectorTerms":[{"alias":"windows2022@v1"}] """, "spec.amiSelectorTerms[0].alias: windows families may only specify version 'latest'")]
    [InlineData(""" "role":"r","amiFamily":"AL2","amiSelectorTerms":[{"alias":"al2023@latest"}] """, "spec: if set, amiFamily must be 'AL2023' or 'Custom' when using an AL2023 alias")]
    [InlineData(""" "role":"r","amiSelectorTerms":[{"alias":"al2023@latest"}],"tags":{"kubernetes.io/cluster/x":"owned"} """, "spec.tags: tag contains a restricted tag matching kubernetes.io/cluster/")]
    [InlineData(""" "role":"r","amiSelectorTerms":[{"alias":"al2023@latest"}],"blockDeviceMappings":[{"ebs":{"volumeType":"gp3"}}] """, "spec.blockDeviceMappings[0].ebs: snapshotID or volumeSize must be defined")]
    [InlineData(""" "role":"r","amiSelectorTerms":[{"alias":"al2023@latest"}],"kubelet":{"kubeReserved":{"disk":"1Gi"}} """, "spec.kubelet.kubeReserved: valid keys for kubeReserved are ['cpu','memory','ephemeral-storage','pid']")]
    [InlineData(""" "role":"r","amiSelectorTerms":[{"alias":"al2023@latest"}],"kubelet":{"evictionSoft":{"memory.available":"5%"}} """, "spec.kubelet: evictionSoft OwnerKey does not have a matching evictionSoftGracePeriod")]
    public void Classes(string fields, string problem) => Of("EC2NodeClass", $"{{{Class},{fields}}}").ShouldBe(problem);

    [Fact]
    public void Selectors_of_classes()
    {
        const string Rest = """ "role":"r","amiSelectorTerms":[{"alias":"al2023@latest"}] """;
        Of("EC2NodeClass", $$"""{"subnetSelectorTerms":[],"securityGroupSelectorTerms":[{}],{{Rest}}}""").ShouldBe(
            "spec.subnetSelectorTerms: subnetSelectorTerms cannot be empty; spec.securityGroupSelectorTerms: expected at least one, got none, ['tags', 'id', 'name']");
        Of("EC2NodeClass", $$$"""{"subnetSelectorTerms":[{"id":"subnet-1","tags":{"a":"b"}}],"securityGroupSelectorTerms":[{"tags":{"a":""}}],{{{Rest}}}}""").ShouldBe(
            "spec.subnetSelectorTerms: 'id' is mutually exclusive, cannot be set with a combination of other fields in a subnet selector term; spec.securityGroupSelectorTerms[0].tags: empty tag keys or values aren't supported");
        Of("EC2NodeClass", $$"""{{{Class}},{{Rest}}}""", $$"""{{{Class}},"instanceProfile":"p"}""").ShouldBe(
            "spec: changing from 'instanceProfile' to 'role' is not supported. You must delete and recreate this node class if you want to change this.");
    }
}
