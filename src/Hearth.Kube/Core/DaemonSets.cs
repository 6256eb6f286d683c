using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Hearth.Kube.Objects;

namespace Hearth.Kube.Core;

/// <summary>A daemon set (apps/v1): a pod on every node that suits it.</summary>
public sealed record DaemonSet : IKubeObject<DaemonSet>
{
    /// <inheritdoc/>
    public static ResourceType Type { get; } = new("apps", "v1", "daemonsets", "DaemonSet", true);

    /// <inheritdoc/>
    [JsonIgnore]
    public static JsonTypeInfo<DaemonSet> Json => CoreJson.Default.DaemonSet;

    /// <inheritdoc/>
    public ObjectMeta Metadata { get; init; } = new();
    public DaemonSetSpec? Spec { get; init; }
    public DaemonSetStatus? Status { get; init; }
}

/// <summary>What a daemon set keeps.</summary>
public sealed record DaemonSetSpec
{
    public int? MinReadySeconds { get; init; }

    /// <summary><c>RollingUpdate</c> or <c>OnDelete</c>.</summary>
    public DeploymentStrategy? UpdateStrategy { get; init; }
    public ObjectSelector? Selector { get; init; }
    public JsonObject? Template { get; init; }
}

/// <summary>What there is of it.</summary>
public sealed record DaemonSetStatus
{
    public int? CurrentNumberScheduled { get; init; }
    public int? NumberMisscheduled { get; init; }
    public int? DesiredNumberScheduled { get; init; }
    public int? NumberReady { get; init; }
    public int? UpdatedNumberScheduled { get; init; }
    public int? NumberAvailable { get; init; }
    public int? NumberUnavailable { get; init; }
    public long? ObservedGeneration { get; init; }
}
