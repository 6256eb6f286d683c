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

    public static TheoryData<string> Blueprints => [.. PlatformLoader.Blueprints];

    [Theory]
    [MemberData(nameof(Blueprints))]
    public async Task Every_rendered_object_is_accepted(string blueprint)
    {
        Assert.SkipUnless(KubectlBinary.All.Count > 0, "needs kubectl");
        var kubectl = KubectlBinary.All[^1];
        await using var cluster = await KubectlCluster.StartAsync(CancellationToken.None);
        foreach (var definition in KarpenterCrds.All().Concat(EmrCrds.All()))
        {
            await cluster.Client.CreateAsync(Definitions, null, definition, CancellationToken.None);
        }

        (await kubectl.RunAsync(cluster.Kubeconfig, cluster.Home, ["wait", "crd", "--all", "--for=condition=Established", "--timeout=60s"], null, CancellationToken.None)).Code.ShouldBe(0);
        var platform = PlatformLoader.Load(blueprint);
        foreach (var file in Rendering.Of(platform, StackOutputs.None).Where(f => char.IsAsciiDigit(f.Path[0])))
        {
            string[] apply = ["apply", "--server-side", "--field-manager", "hearth", "-f", "-"];
            var (code, output) = await kubectl.RunAsync(cluster.Kubeconfig, cluster.Home, apply, file.Text, CancellationToken.None);
            code.ShouldBe(0, $"{file.Path}: {output}");
            var again = await kubectl.RunAsync(cluster.Kubeconfig, cluster.Home, apply, file.Text, CancellationToken.None);
            again.Code.ShouldBe(0, again.Output);
        }

        var (_, namespaces) = await kubectl.RunAsync(cluster.Kubeconfig, cluster.Home, ["get", "namespaces", "-o", "name"], null, CancellationToken.None);
        platform.Teams.ShouldAllBe(t => namespaces.Contains($"namespace/{t.Namespace}", StringComparison.Ordinal));
        var (_, may) = await kubectl.RunAsync(
            cluster.Kubeconfig, cluster.Home, ["auth", "can-i", "create", "pods", "--as", "emr-containers", "-n", platform.Teams[0].Namespace], null, CancellationToken.None);
        may.ShouldStartWith("yes");
    }
}
