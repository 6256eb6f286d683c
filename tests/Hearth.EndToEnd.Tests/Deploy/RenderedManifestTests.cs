using System.Text.Json.Nodes;
using Hearth.Delivery.Charts;
using Hearth.Delivery.Manifests;
using Hearth.Jobs.Resources;
using Hearth.Kube.Objects;
using Hearth.Platform;
using Hearth.Scheduling.Karpenter;

namespace Hearth.EndToEnd.Tests.Deploy;

/// <summary>What <c>hearth render</c> writes for AWS is accepted by a Kubernetes API with Karpenter's definitions, from an unmodified kubectl.</summary>
public sealed class RenderedManifestTests
{
    private static readonly ResourceType Definitions = new("apiextensions.k8s.io", "v1", "customresourcedefinitions", "CustomResourceDefinition", false);

    private static readonly ResourceType Namespaces = new("", "v1", "namespaces", "Namespace", false);

    public static TheoryData<string> Blueprints => [.. PlatformLoader.Blueprints];

    /// <summary>What the Prometheus chart brings of PodMonitor, as far as the platform's needs it.</summary>
    private const string PodMonitors =
        """
        {"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition","metadata":{"name":"podmonitors.monitoring.coreos.com"},"spec":{"group":"monitoring.coreos.com","scope":"Namespaced",
         "names":{"kind":"PodMonitor","listKind":"PodMonitorList","plural":"podmonitors","singular":"podmonitor"},"versions":[{"name":"v1","served":true,"storage":true,"schema":{"openAPIV3Schema":{"type":"object",
         "properties":{"spec":{"type":"object","required":["selector"],"properties":{"namespaceSelector":{"type":"object","properties":{"matchNames":{"type":"array","items":{"type":"string"}}}},
         "selector":{"type":"object","properties":{"matchLabels":{"type":"object","additionalProperties":{"type":"string"}}}},
         "podMetricsEndpoints":{"type":"array","items":{"type":"object","properties":{"port":{"type":"string"},"path":{"type":"string"}}}}}}}}}}]}}
        """;

    [Theory]
    [MemberData(nameof(Blueprints))]
    public async Task Every_rendered_object_is_accepted(string blueprint)
    {
        Assert.SkipUnless(KubectlBinary.All.Count > 0, "needs kubectl");
        await using var cluster = await ClusterAsync(KubectlBinary.All[^1]);
        var platform = PlatformLoader.Load(blueprint);
        string[] apply = ["apply", "--server-side", "--field-manager", "hearth", "-f", "-"];
        // The oldest and the newest that are here: what both accept, those between accept.
        foreach (var kubectl in KubectlBinary.All.Skip(KubectlBinary.All.Count - 1 > 0 ? 1 : 0))
        {
            foreach (var file in Applied(platform))
            {
                (await kubectl.RunAsync(cluster.Kubeconfig, cluster.Home, apply, file.Text, CancellationToken.None)).ShouldSatisfyAllConditions(r => r.Code.ShouldBe(0, $"{file.Path}: {r.Output}"));
            }

            string[] versions = ["get", "namespaces,clusterroles,storageclasses,priorityclasses", "-l", $"hearth.dev/platform={platform.Name}", "-o", "jsonpath={.items[*].metadata.resourceVersion}"];
            var before = await kubectl.RunAsync(cluster.Kubeconfig, cluster.Home, versions, null, CancellationToken.None);
            foreach (var file in Applied(platform))
            {
                (await kubectl.RunAsync(cluster.Kubeconfig, cluster.Home, apply, file.Text, CancellationToken.None)).ShouldSatisfyAllConditions(r => r.Code.ShouldBe(0, $"{file.Path}: {r.Output}"));
            }

            (await kubectl.RunAsync(cluster.Kubeconfig, cluster.Home, versions, null, CancellationToken.None)).Output.ShouldBe(before.Output, "applying the same again changes nothing");
        }

        var (_, namespaces) = await KubectlBinary.All[^1].RunAsync(cluster.Kubeconfig, cluster.Home, ["get", "namespaces", "-o", "name"], null, CancellationToken.None);
        platform.Teams.ShouldAllBe(t => namespaces.Contains($"namespace/{t.Namespace}", StringComparison.Ordinal));
        var (_, may) = await KubectlBinary.All[^1].RunAsync(
            cluster.Kubeconfig, cluster.Home, ["auth", "can-i", "create", "pods", "--as", "emr-containers", "-n", platform.Teams[0].Namespace], null, CancellationToken.None);
        may.ShouldStartWith("yes");
    }

    /// <summary>GitOps without a controller: what a later rendering leaves out goes by its label.</summary>
    [Fact]
    public async Task What_is_declared_no_more_can_be_pruned_by_the_platforms_label()
    {
        Assert.SkipUnless(KubectlBinary.All.Count > 0, "needs kubectl");
        var kubectl = KubectlBinary.All[^1];
        await using var cluster = await ClusterAsync(kubectl);
        var platform = PlatformLoader.Load("emr-eks-karpenter");
        string[] apply =
        [
            "apply", "--prune", "-l", $"hearth.dev/platform={platform.Name}", "--prune-allowlist=core/v1/Namespace", "--prune-allowlist=karpenter.sh/v1/NodePool",
            "--prune-allowlist=rbac.authorization.k8s.io/v1/RoleBinding", "-f", "-",
        ];
        var first = await kubectl.RunAsync(cluster.Kubeconfig, cluster.Home, apply, All(platform), CancellationToken.None);
        Assert.SkipWhen(first.Output.Contains("unknown flag", StringComparison.Ordinal), "needs a kubectl that knows --prune-allowlist (1.26)");
        first.Code.ShouldBe(0, first.Output);

        var fewer = await kubectl.RunAsync(cluster.Kubeconfig, cluster.Home, apply, All(platform with { Teams = [platform.Teams[0]], NodePools = [.. platform.NodePools.Skip(1)] }), CancellationToken.None);

        fewer.Code.ShouldBe(0, fewer.Output);
        fewer.Output.ShouldContain("namespace/emr-data-team-b pruned");
        fewer.Output.ShouldContain($"nodepool.karpenter.sh/{platform.NodePools[0].Name} pruned");
        fewer.Output.ShouldNotContain("emr-data-team-a pruned");
    }

    private static IEnumerable<RenderedFile> Applied(PlatformDeclaration platform) => Rendering.Of(platform, StackOutputs.None).Where(f => char.IsAsciiDigit(f.Path[0]));

    private static string All(PlatformDeclaration platform) => string.Join("---\n", Applied(platform).Select(f => f.Text));

    private static async Task<KubectlCluster> ClusterAsync(KubectlBinary kubectl)
    {
        var cluster = await KubectlCluster.StartAsync(CancellationToken.None);
        foreach (var definition in KarpenterCrds.All().Concat(EmrCrds.All()).Append(JsonNode.Parse(PodMonitors)!.AsObject()))
        {
            await cluster.Client.CreateAsync(Definitions, null, definition, CancellationToken.None);
        }

        await cluster.Client.CreateAsync(Namespaces, null, new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Namespace", ["metadata"] = new JsonObject { ["name"] = "kube-prometheus-stack" } }, CancellationToken.None);
        (await kubectl.RunAsync(cluster.Kubeconfig, cluster.Home, ["wait", "crd", "--all", "--for=condition=Established", "--timeout=60s"], null, CancellationToken.None)).Code.ShouldBe(0);
        return cluster;
    }
}
