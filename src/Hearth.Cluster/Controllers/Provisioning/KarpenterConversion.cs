using System.Text.Json.Nodes;
using Hearth.Cluster.ApiServer;
using Hearth.Scheduling.Karpenter.Validation;
using Hearth.Scheduling.Karpenter.Versions;

namespace Hearth.Cluster.Controllers.Provisioning;

/// <summary>Stands where Karpenter's conversion webhooks and CEL rules would: NodePool, NodeClaim and EC2NodeClass as v1 and v1beta1.</summary>
public sealed class KarpenterConversion : ICustomResourceConverter
{
    /// <summary>For the groups of Karpenter.</summary>
    public static IReadOnlyDictionary<string, ICustomResourceConverter> Converters { get; } = new Dictionary<string, ICustomResourceConverter>(StringComparer.Ordinal)
    {
        ["karpenter.sh"] = new KarpenterConversion(),
        ["karpenter.k8s.aws"] = new KarpenterConversion(),
    };

    /// <inheritdoc/>
    public JsonObject Convert(JsonObject tree, string kind, string fromVersion, string toVersion) => (fromVersion, toVersion) switch
    {
        (V1Beta1.Version, "v1") => V1Beta1.ToV1(tree, kind),
        ("v1", V1Beta1.Version) => V1Beta1.FromV1(tree, kind),
        _ => tree,
    };

    /// <inheritdoc/>
    public IEnumerable<(string Field, string Shown, string Message)> Check(string kind, string version, JsonObject tree, JsonObject? old) =>
        KarpenterRules.Of(kind, version, tree, old).Select(p => (p.Field, p.Shown, p.Message));
}
