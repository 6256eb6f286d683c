using System.Text.Json.Nodes;

namespace Hearth.Scheduling.Karpenter;

/// <summary>CustomResourceDefinitions of Karpenter's kinds, ready to be created in a cluster.</summary>
public static class KarpenterCrds
{
    private static readonly string[] Names = ["nodepools", "nodeclaims", "ec2nodeclasses"];

    /// <summary>NodePool, NodeClaim and EC2NodeClass; a fresh copy each time.</summary>
    public static IReadOnlyList<JsonObject> All() => [.. Names.Select(Read)];

    private static JsonObject Read(string name)
    {
        using var stream = typeof(KarpenterCrds).Assembly.GetManifestResourceStream($"crds/{name}.json")!;
        return JsonNode.Parse(stream)!.AsObject();
    }
}
