using System.Text.Json.Nodes;
using Hearth.Scheduling.Karpenter.Versions;

namespace Hearth.Scheduling.Karpenter;

/// <summary>CustomResourceDefinitions of Karpenter's kinds, ready to be created in a cluster.</summary>
public static class KarpenterCrds
{
    private static readonly string[] Names = ["nodepools", "nodeclaims", "ec2nodeclasses"];

    /// <summary>NodePool, NodeClaim and EC2NodeClass (v1 and v1beta1), Provisioner (v1alpha5) and AWSNodeTemplate (v1alpha1); a fresh copy each time.</summary>
    public static IReadOnlyList<JsonObject> All() => [.. Names.Select(n => OlderCrds.WithV1Beta1(Read(n))), .. OlderCrds.V1Alpha5()];

    private static JsonObject Read(string name)
    {
        using var stream = typeof(KarpenterCrds).Assembly.GetManifestResourceStream($"crds/{name}.json")!;
        return JsonNode.Parse(stream)!.AsObject();
    }
}
