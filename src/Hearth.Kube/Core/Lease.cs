using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Hearth.Kube.Objects;

namespace Hearth.Kube.Core;
/// <summary>A lease (coordination.k8s.io/v1).</summary>
public sealed record Lease : IKubeObject<Lease>
{
    /// <inheritdoc/>
    public static ResourceType Type { get; } = new("coordination.k8s.io", "v1", "leases", "Lease", true);

    /// <inheritdoc/>
    [JsonIgnore]
    public static JsonTypeInfo<Lease> Json => CoreJson.Default.Lease;

    /// <inheritdoc/>
    public ObjectMeta Metadata { get; init; } = new();
    public LeaseSpec? Spec { get; init; }
}

/// <summary>Who holds it.</summary>
public sealed record LeaseSpec
{
    public string? HolderIdentity { get; init; }
    public int? LeaseDurationSeconds { get; init; }
    public int? LeaseTransitions { get; init; }
}
