using System.Text.Json.Serialization;
using Hearth.Kube.Objects;

namespace Hearth.Scheduling.Karpenter;

/// <summary>Source-generated JSON of Karpenter's kinds.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(KubeTimeConverter)])]
[JsonSerializable(typeof(NodePool))]
[JsonSerializable(typeof(NodeClaim))]
[JsonSerializable(typeof(Ec2NodeClass))]
[JsonSerializable(typeof(KubeletConfiguration))]
public sealed partial class KarpenterJson : JsonSerializerContext;
