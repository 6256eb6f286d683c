using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Hearth.Kube.Objects;
using Hearth.Kube.Quantities;

namespace Hearth.Kube.Core;
/// <summary>A pod (core/v1).</summary>
public sealed record Pod : IKubeObject<Pod>
{
    /// <inheritdoc/>
    public static ResourceType Type { get; } = new("", "v1", "pods", "Pod", true);

    /// <inheritdoc/>
    [JsonIgnore]
    public static JsonTypeInfo<Pod> Json => CoreJson.Default.Pod;

    /// <inheritdoc/>
    public ObjectMeta Metadata { get; init; } = new();
    public PodSpec? Spec { get; init; }
    public PodStatus? Status { get; init; }
}

/// <summary>What a pod shall be.</summary>
public sealed record PodSpec
{
    public IReadOnlyList<Container>? Containers { get; init; }
    public IReadOnlyList<Container>? InitContainers { get; init; }
    public IReadOnlyList<Volume>? Volumes { get; init; }
    public string? NodeName { get; init; }
    public IReadOnlyDictionary<string, string>? NodeSelector { get; init; }
    public Affinity? Affinity { get; init; }
    public IReadOnlyList<Toleration>? Tolerations { get; init; }
    public IReadOnlyList<TopologySpreadConstraint>? TopologySpreadConstraints { get; init; }
    public string? SchedulerName { get; init; }
    public IReadOnlyList<PodSchedulingGate>? SchedulingGates { get; init; }
    public string? RestartPolicy { get; init; }
    public string? ServiceAccountName { get; init; }
    public bool? AutomountServiceAccountToken { get; init; }
    public long? TerminationGracePeriodSeconds { get; init; }
    public long? ActiveDeadlineSeconds { get; init; }
    public int? Priority { get; init; }
    public string? PriorityClassName { get; init; }
    public string? PreemptionPolicy { get; init; }
    public string? Hostname { get; init; }
    public string? Subdomain { get; init; }
    public bool? HostNetwork { get; init; }
    public IReadOnlyDictionary<string, Quantity>? Overhead { get; init; }
    public PodSecurityContext? SecurityContext { get; init; }
}

/// <summary>Holds a pod back from scheduling.</summary>
public sealed record PodSchedulingGate
{
    public string? Name { get; init; }
}

/// <summary>Identity of the processes of a pod.</summary>
public sealed record PodSecurityContext
{
    public long? RunAsUser { get; init; }
    public long? RunAsGroup { get; init; }
    public long? FsGroup { get; init; }
}
