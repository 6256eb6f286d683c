using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Hearth.Kube.Objects;

namespace Hearth.Kube.Core;

/// <summary>A replica set (apps/v1): so many pods of one template.</summary>
public sealed record ReplicaSet : IKubeObject<ReplicaSet>
{
    /// <inheritdoc/>
    public static ResourceType Type { get; } = new("apps", "v1", "replicasets", "ReplicaSet", true);

    /// <inheritdoc/>
    [JsonIgnore]
    public static JsonTypeInfo<ReplicaSet> Json => CoreJson.Default.ReplicaSet;

    /// <inheritdoc/>
    public ObjectMeta Metadata { get; init; } = new();
    public ReplicaSetSpec? Spec { get; init; }
    public ReplicaSetStatus? Status { get; init; }
}

/// <summary>What a replica set keeps.</summary>
public sealed record ReplicaSetSpec
{
    public int? Replicas { get; init; }
    public int? MinReadySeconds { get; init; }
    public ObjectSelector? Selector { get; init; }

    /// <summary>The pods, as written: every field survives.</summary>
    public JsonObject? Template { get; init; }
}

/// <summary>What there is of it.</summary>
public sealed record ReplicaSetStatus
{
    public int? Replicas { get; init; }
    public int? FullyLabeledReplicas { get; init; }
    public int? ReadyReplicas { get; init; }
    public int? AvailableReplicas { get; init; }
    public long? ObservedGeneration { get; init; }
}

/// <summary>A deployment (apps/v1): replica sets that follow each other.</summary>
public sealed record Deployment : IKubeObject<Deployment>
{
    /// <inheritdoc/>
    public static ResourceType Type { get; } = new("apps", "v1", "deployments", "Deployment", true);

    /// <inheritdoc/>
    [JsonIgnore]
    public static JsonTypeInfo<Deployment> Json => CoreJson.Default.Deployment;

    /// <inheritdoc/>
    public ObjectMeta Metadata { get; init; } = new();
    public DeploymentSpec? Spec { get; init; }
    public DeploymentStatus? Status { get; init; }
}

/// <summary>What a deployment keeps, and how it changes.</summary>
public sealed record DeploymentSpec
{
    public int? Replicas { get; init; }
    public int? MinReadySeconds { get; init; }
    public int? RevisionHistoryLimit { get; init; }
    public int? ProgressDeadlineSeconds { get; init; }
    public bool? Paused { get; init; }
    public ObjectSelector? Selector { get; init; }
    public DeploymentStrategy? Strategy { get; init; }

    /// <summary>The pods, as written: every field survives.</summary>
    public JsonObject? Template { get; init; }
}

/// <summary><c>RollingUpdate</c> or <c>Recreate</c>.</summary>
public sealed record DeploymentStrategy
{
    public string? Type { get; init; }
    public RollingUpdate? RollingUpdate { get; init; }
}

/// <summary>How far a change may go at once.</summary>
public sealed record RollingUpdate
{
    public IntOrString? MaxSurge { get; init; }
    public IntOrString? MaxUnavailable { get; init; }

    /// <summary>Stateful sets: ordinals below it keep the revision they have.</summary>
    public int? Partition { get; init; }
}

/// <summary>How far a deployment is.</summary>
public sealed record DeploymentStatus
{
    public int? Replicas { get; init; }
    public int? UpdatedReplicas { get; init; }
    public int? ReadyReplicas { get; init; }
    public int? AvailableReplicas { get; init; }
    public int? UnavailableReplicas { get; init; }
    public long? ObservedGeneration { get; init; }
    public IReadOnlyList<Condition>? Conditions { get; init; }
}

/// <summary>A stateful set (apps/v1): pods that keep their names.</summary>
public sealed record StatefulSet : IKubeObject<StatefulSet>
{
    /// <inheritdoc/>
    public static ResourceType Type { get; } = new("apps", "v1", "statefulsets", "StatefulSet", true);

    /// <inheritdoc/>
    [JsonIgnore]
    public static JsonTypeInfo<StatefulSet> Json => CoreJson.Default.StatefulSet;

    /// <inheritdoc/>
    public ObjectMeta Metadata { get; init; } = new();
    public StatefulSetSpec? Spec { get; init; }
    public StatefulSetStatus? Status { get; init; }
}

/// <summary>What a stateful set keeps.</summary>
public sealed record StatefulSetSpec
{
    public int? Replicas { get; init; }
    public int? MinReadySeconds { get; init; }

    /// <summary><c>OrderedReady</c> or <c>Parallel</c>.</summary>
    public string? PodManagementPolicy { get; init; }
    public string? ServiceName { get; init; }
    public DeploymentStrategy? UpdateStrategy { get; init; }
    public StatefulSetOrdinals? Ordinals { get; init; }
    public ObjectSelector? Selector { get; init; }
    public JsonObject? Template { get; init; }
    public IReadOnlyList<JsonObject>? VolumeClaimTemplates { get; init; }
}

/// <summary>Where the numbers begin.</summary>
public sealed record StatefulSetOrdinals
{
    public int? Start { get; init; }
}

/// <summary>What there is of it.</summary>
public sealed record StatefulSetStatus
{
    public int? Replicas { get; init; }
    public int? ReadyReplicas { get; init; }
    public int? AvailableReplicas { get; init; }
    public int? CurrentReplicas { get; init; }
    public int? UpdatedReplicas { get; init; }
    public string? CurrentRevision { get; init; }
    public string? UpdateRevision { get; init; }
    public long? ObservedGeneration { get; init; }
}
