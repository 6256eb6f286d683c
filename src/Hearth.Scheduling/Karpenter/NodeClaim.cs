using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Hearth.Kube.Core;
using Hearth.Kube.Objects;
using Hearth.Kube.Quantities;

namespace Hearth.Scheduling.Karpenter;

/// <summary>One node that is wanted, launched or running (karpenter.sh/v1, cluster scope).</summary>
public sealed record NodeClaim : IKubeObject<NodeClaim>
{
    /// <inheritdoc/>
    public static ResourceType Type { get; } = new("karpenter.sh", "v1", "nodeclaims", "NodeClaim", false);

    /// <inheritdoc/>
    [JsonIgnore]
    public static JsonTypeInfo<NodeClaim> Json => KarpenterJson.Default.NodeClaim;

    /// <inheritdoc/>
    public ObjectMeta Metadata { get; init; } = new();
    public NodeClaimSpec? Spec { get; init; }
    public NodeClaimStatus? Status { get; init; }
}

/// <summary>What the node shall be; also the template of a pool.</summary>
public sealed record NodeClaimSpec
{
    public IReadOnlyList<NodeSelectorRequirement>? Requirements { get; init; }

    /// <summary>Of the pods it was made for and of daemons. Not part of a template.</summary>
    public NodeClaimResources? Resources { get; init; }
    public IReadOnlyList<Taint>? Taints { get; init; }

    /// <summary>Taints that somebody else removes before the node counts as initialised.</summary>
    public IReadOnlyList<Taint>? StartupTaints { get; init; }
    public NodeClassRef? NodeClassRef { get; init; }

    /// <summary>A duration or <c>Never</c>.</summary>
    public string? ExpireAfter { get; init; }
    public string? TerminationGracePeriod { get; init; }
}

/// <summary>Resources a claim was made for.</summary>
public sealed record NodeClaimResources
{
    public IReadOnlyDictionary<string, Quantity>? Requests { get; init; }
}

/// <summary>Points at the cloud's description of nodes.</summary>
public sealed record NodeClassRef
{
    public string? Group { get; init; }
    public string? Kind { get; init; }
    public string? Name { get; init; }
}

/// <summary>What the node is.</summary>
public sealed record NodeClaimStatus
{
    [JsonPropertyName("providerID")]
    public string? ProviderID { get; init; }
    public string? NodeName { get; init; }
    [JsonPropertyName("imageID")]
    public string? ImageID { get; init; }
    public IReadOnlyDictionary<string, Quantity>? Capacity { get; init; }
    public IReadOnlyDictionary<string, Quantity>? Allocatable { get; init; }
    public DateTimeOffset? LastPodEventTime { get; init; }
    public IReadOnlyList<Condition>? Conditions { get; init; }
}
