using Hearth.Kube.Objects;
using Hearth.Scheduling.Karpenter;

namespace Hearth.EndToEnd.Tests.Deploy;

/// <summary>Karpenter manifests of three generations, applied and listed with an unmodified kubectl.</summary>
public sealed class OlderKarpenterTests
{
    private const string Manifests = """
        apiVersion: karpenter.sh/v1alpha5
        kind: Provisioner
        metadata: {name: alpha}
        spec:
          requirements:
            - {key: karpenter.sh/capacity-type, operator: In, values: [spot]}
          providerRef: {name: alpha}
          ttlSecondsAfterEmpty: 120
        ---
        apiVersion: karpenter.k8s.aws/v1alpha1
        kind: AWSNodeTemplate
        metadata: {name: alpha}
        spec:
          subnetSelector: {Name: "x-private*"}
          securityGroupSelector: {Name: x}
        ---
        apiVersion: karpenter.sh/v1beta1
        kind: NodePool
        metadata: {name: beta}
        spec:
          template:
            spec:
              nodeClassRef: {apiVersion: karpenter.k8s.aws/v1beta1, kind: EC2NodeClass, name: beta}
              requirements:
                - {key: karpenter.k8s.aws/instance-family, operator: In, values: [c5d]}
          disruption: {consolidationPolicy: WhenUnderutilized, expireAfter: 24h}
          weight: 7
        ---
        apiVersion: karpenter.k8s.aws/v1beta1
        kind: EC2NodeClass
        metadata: {name: beta}
        spec:
          amiFamily: AL2023
          role: r
          subnetSelectorTerms: [{tags: {a: b}}]
          securityGroupSelectorTerms: [{id: sg-1}]

        """;

    [Fact]
    public async Task Old_manifests_are_applied_twice_and_listed_in_old_and_new_versions()
    {
        Assert.SkipUnless(KubectlBinary.All.Count > 0, "needs kubectl");
        var kubectl = KubectlBinary.All[^1];
        await using var cluster = await KubectlCluster.StartAsync(CancellationToken.None);
        foreach (var definition in KarpenterCrds.All())
        {
            await cluster.Client.CreateAsync(new ResourceType("apiextensions.k8s.io", "v1", "customresourcedefinitions", "CustomResourceDefinition", false), null, definition, CancellationToken.None);
        }

        async Task<string> RunAsync(params string[] arguments)
        {
            var (code, output) = await kubectl.RunAsync(cluster.Kubeconfig, cluster.Home, arguments, arguments[0] == "apply" ? Manifests : null, CancellationToken.None);
            code.ShouldBe(0, output);
            return output;
        }

        (await RunAsync("apply", "-f", "-")).ShouldContain("nodepool.karpenter.sh/beta created");
        (await RunAsync("apply", "-f", "-")).ShouldContain("nodepool.karpenter.sh/beta unchanged");
        (await RunAsync("get", "nodepools", "beta", "-o", "wide")).ShouldMatch(@"NAME\s+NODECLASS\s+NODES\s+READY\s+AGE\s+WEIGHT\s+CPU\s+MEMORY\s+beta\s+beta\s+.*7");
        (await RunAsync("get", "nodepools.v1.karpenter.sh", "beta", "-o", "jsonpath={.spec.disruption.consolidationPolicy} {.spec.template.spec.expireAfter}")).ShouldBe("WhenEmptyOrUnderutilized 24h");
        (await RunAsync("get", "nodepools.v1beta1.karpenter.sh", "beta", "-o", "jsonpath={.spec.disruption.consolidationPolicy} {.spec.disruption.expireAfter}")).ShouldBe("WhenUnderutilized 24h");
        (await RunAsync("get", "ec2nodeclass.v1.karpenter.k8s.aws", "beta", "-o", "jsonpath={.spec.amiSelectorTerms[0].alias} {.spec.metadataOptions.httpPutResponseHopLimit}")).ShouldBe("al2023@latest 2");
        (await RunAsync("get", "provisioners")).ShouldMatch(@"NAME\s+TEMPLATE\s+READY\s+AGE\s+alpha\s+alpha");
        (await RunAsync("get", "awsnodetemplates", "-o", "name")).ShouldContain("awsnodetemplate.karpenter.k8s.aws/alpha");
    }
}
