using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Hearth.Kube.Objects;
using Hearth.Kube.Quantities;
using Hearth.Scheduling.Resources;

namespace Hearth.Scheduling.Pricing;

/// <summary>
/// What a node cost and which pods were on it when (cost.hearth.dev/v1, cluster scope). It outlives the node, so that finished jobs can be costed; old records
/// are removed after a while.
/// </summary>
public sealed record NodeRecord : IKubeObject<NodeRecord>
{
    /// <inheritdoc/>
    public static ResourceType Type { get; } = new("cost.hearth.dev", "v1", "noderecords", "NodeRecord", false);

    /// <inheritdoc/>
    [JsonIgnore]
    public static JsonTypeInfo<NodeRecord> Json => PricingJson.Default.NodeRecord;

    /// <inheritdoc/>
    public ObjectMeta Metadata { get; init; } = new();
    public NodeRecordSpec? Spec { get; init; }
    public NodeRecordStatus? Status { get; init; }

    /// <summary>The CustomResourceDefinition; a fresh copy each time.</summary>
    public static JsonObject Crd()
    {
        using var stream = typeof(NodeRecord).Assembly.GetManifestResourceStream("crds/noderecords.json")!;
        return JsonNode.Parse(stream)!.AsObject();
    }

    /// <summary>USD an hour, or null when the record does not say.</summary>
    public decimal? PricePerHour =>
        decimal.TryParse(Spec?.UsdPerHour, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var price) ? price : null;

    /// <summary>The node's cost and its split by pod uid; null when price or start are not known.</summary>
    /// <param name="now">End for what has not ended.</param>
    public NodeCost? Cost(DateTimeOffset now)
    {
        if (PricePerHour is not { } price || Spec?.StartedAt is not { } from)
        {
            return null;
        }

        var stays = (Status?.Pods ?? new Dictionary<string, PodRecord>(StringComparer.Ordinal))
            .Where(p => p.Value.BoundAt is not null)
            .Select(p => new PodStay(p.Key, ResourceVector.From(p.Value.Requests), p.Value.BoundAt!.Value, p.Value.EndedAt)).ToArray();
        return NodeCost.Split(price, ResourceVector.From(Spec.Allocatable), from, Status?.EndedAt ?? now, stays);
    }
}

/// <summary>What the node was. Does not change.</summary>
public sealed record NodeRecordSpec
{
    public string? NodeName { get; init; }

    /// <summary>Karpenter's pool, or empty for a node of a node group.</summary>
    public string? NodePool { get; init; }
    public string? NodeGroup { get; init; }
    public string? NodeClaim { get; init; }
    public string? InstanceType { get; init; }
    public string? CapacityType { get; init; }
    public string? Zone { get; init; }
    public string? Region { get; init; }

    /// <summary>A decimal number as text.</summary>
    public string? UsdPerHour { get; init; }

    /// <summary>Where the price is from and what is assumed.</summary>
    public string? PriceBasis { get; init; }

    /// <summary>The node stood for an EC2 instance: nothing was billed.</summary>
    public bool? Simulated { get; init; }
    public IReadOnlyDictionary<string, Quantity>? Allocatable { get; init; }
    public DateTimeOffset? StartedAt { get; init; }
}

/// <summary>What has happened on it.</summary>
public sealed record NodeRecordStatus
{
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>By pod uid.</summary>
    public IReadOnlyDictionary<string, PodRecord>? Pods { get; init; }

    /// <summary>Finished pods that were left out to keep the record small: their time counts as idle.</summary>
    public int? DroppedPods { get; init; }
}

/// <summary>A pod's time on the node.</summary>
public sealed record PodRecord
{
    public string? Namespace { get; init; }
    public string? Name { get; init; }
    public IReadOnlyDictionary<string, string>? Labels { get; init; }
    public IReadOnlyDictionary<string, Quantity>? Requests { get; init; }
    public DateTimeOffset? BoundAt { get; init; }
    public DateTimeOffset? EndedAt { get; init; }
}

/// <summary>Source-generated JSON of the ledger.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(KubeTimeConverter)])]
[JsonSerializable(typeof(NodeRecord))]
public sealed partial class PricingJson : JsonSerializerContext;
