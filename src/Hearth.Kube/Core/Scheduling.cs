using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Hearth.Kube.Objects;

namespace Hearth.Kube.Core;
/// <summary>A priority (scheduling.k8s.io/v1).</summary>
public sealed record PriorityClass : IKubeObject<PriorityClass>
{
    /// <inheritdoc/>
    public static ResourceType Type { get; } = new("scheduling.k8s.io", "v1", "priorityclasses", "PriorityClass", false);

    /// <inheritdoc/>
    [JsonIgnore]
    public static JsonTypeInfo<PriorityClass> Json => CoreJson.Default.PriorityClass;

    /// <inheritdoc/>
    public ObjectMeta Metadata { get; init; } = new();
    public int? Value { get; init; }
    public bool? GlobalDefault { get; init; }
    public string? PreemptionPolicy { get; init; }
    public string? Description { get; init; }
}

/// <summary>How many pods may be missing (policy/v1).</summary>
public sealed record PodDisruptionBudget : IKubeObject<PodDisruptionBudget>
{
    /// <inheritdoc/>
    public static ResourceType Type { get; } = new("policy", "v1", "poddisruptionbudgets", "PodDisruptionBudget", true);

    /// <inheritdoc/>
    [JsonIgnore]
    public static JsonTypeInfo<PodDisruptionBudget> Json => CoreJson.Default.PodDisruptionBudget;

    /// <inheritdoc/>
    public ObjectMeta Metadata { get; init; } = new();
    public PodDisruptionBudgetSpec? Spec { get; init; }
    public PodDisruptionBudgetStatus? Status { get; init; }
}

/// <summary>The bound.</summary>
public sealed record PodDisruptionBudgetSpec
{
    public IntOrString? MinAvailable { get; init; }
    public IntOrString? MaxUnavailable { get; init; }
    public ObjectSelector? Selector { get; init; }
}

/// <summary>The state of the bound.</summary>
public sealed record PodDisruptionBudgetStatus
{
    public int? DisruptionsAllowed { get; init; }
    public int? CurrentHealthy { get; init; }
    public int? DesiredHealthy { get; init; }
    public int? ExpectedPods { get; init; }
    public long? ObservedGeneration { get; init; }

    /// <summary>Pods whose eviction was granted and whose end has not been seen, with the time of it.</summary>
    public IReadOnlyDictionary<string, DateTimeOffset>? DisruptedPods { get; init; }
    public IReadOnlyList<Condition>? Conditions { get; init; }
}
