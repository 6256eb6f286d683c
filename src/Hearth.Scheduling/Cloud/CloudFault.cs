using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Hearth.Kube.Core;
using Hearth.Kube.Objects;

namespace Hearth.Scheduling.Cloud;

/// <summary>
/// Something that goes wrong in the simulated cloud (simulation.hearth.dev/v1, cluster scope): capacity that is not there, or spot instances that are taken back.
/// People create it with kubectl on a running platform; it works from then on for its duration, or until it is deleted.
/// </summary>
public sealed record CloudFault : IKubeObject<CloudFault>
{
    /// <inheritdoc/>
    public static ResourceType Type { get; } = new("simulation.hearth.dev", "v1", "cloudfaults", "CloudFault", false);

    /// <inheritdoc/>
    [JsonIgnore]
    public static JsonTypeInfo<CloudFault> Json => CloudJson.Default.CloudFault;

    /// <inheritdoc/>
    public ObjectMeta Metadata { get; init; } = new();
    public CloudFaultSpec? Spec { get; init; }
    public CloudFaultStatus? Status { get; init; }

    /// <summary>The CustomResourceDefinition; a fresh copy each time.</summary>
    public static JsonObject Crd()
    {
        using var stream = typeof(CloudFault).Assembly.GetManifestResourceStream("crds/cloudfaults.json")!;
        return JsonNode.Parse(stream)!.AsObject();
    }
}

/// <summary>What goes wrong, where, and for how long. Lists that are absent mean everything.</summary>
public sealed record CloudFaultSpec
{
    public const string InsufficientCapacity = "InsufficientCapacity";
    public const string SpotInterruption = "SpotInterruption";

    /// <summary><see cref="InsufficientCapacity"/> or <see cref="SpotInterruption"/>.</summary>
    public string? Type { get; init; }

    /// <summary>Names with wildcards, for example <c>c5d.*</c>.</summary>
    public IReadOnlyList<string>? InstanceTypes { get; init; }
    public IReadOnlyList<string>? Zones { get; init; }

    /// <summary>spot or on-demand; interruptions only ever hit spot.</summary>
    public IReadOnlyList<string>? CapacityTypes { get; init; }

    /// <summary>Interruptions only: names of node pools.</summary>
    public IReadOnlyList<string>? NodePools { get; init; }

    /// <summary>Interruptions only: names of managed node groups, with wildcards. With one of the two lists the other kind of nodes is left alone.</summary>
    public IReadOnlyList<string>? NodeGroups { get; init; }

    /// <summary>Share of launches or nodes that it hits, 0-1; absent is 1.</summary>
    public double? Probability { get; init; }

    /// <summary>Decides which ones, the same way every time.</summary>
    public int? Seed { get; init; }

    /// <summary>How long it works (for example <c>10m</c>); absent: an interruption happens once, a want of capacity lasts until the object is deleted.</summary>
    public string? Duration { get; init; }

    /// <summary>Interruptions only: again after each of these, within the duration.</summary>
    public string? Every { get; init; }

    /// <summary>Interruptions only: time between the notice and the end of the instance; absent is EC2's <c>2m</c>.</summary>
    public string? Notice { get; init; }
}

/// <summary>What it has done.</summary>
public sealed record CloudFaultStatus
{
    /// <summary>Active or Over.</summary>
    public string? Phase { get; init; }

    /// <summary>Launches refused, or nodes interrupted.</summary>
    public int? Hits { get; init; }

    /// <summary>Interruptions only: how often they have happened.</summary>
    public int? Rounds { get; init; }
    public string? Message { get; init; }
}

/// <summary>Source-generated JSON of the simulated cloud's kinds.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(KubeTimeConverter)])]
[JsonSerializable(typeof(CloudFault))]
public sealed partial class CloudJson : JsonSerializerContext;
