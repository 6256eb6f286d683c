using System.Text.Json.Serialization;

namespace Hearth.Kube.Core;
/// <summary>What a pod is.</summary>
public sealed record PodStatus
{
    public string? Phase { get; init; }
    public string? Reason { get; init; }
    public string? Message { get; init; }
    public IReadOnlyList<Condition>? Conditions { get; init; }
    public IReadOnlyList<ContainerStatus>? ContainerStatuses { get; init; }
    public IReadOnlyList<ContainerStatus>? InitContainerStatuses { get; init; }
    [JsonPropertyName("podIP")]
    public string? PodIP { get; init; }
    [JsonPropertyName("hostIP")]
    public string? HostIP { get; init; }
    public DateTimeOffset? StartTime { get; init; }
    public string? QosClass { get; init; }
    public string? NominatedNodeName { get; init; }
}

/// <summary>State of one container.</summary>
public sealed record ContainerStatus
{
    public string? Name { get; init; }
    public ContainerState? State { get; init; }
    public ContainerState? LastState { get; init; }
    public bool? Ready { get; init; }
    public bool? Started { get; init; }
    public int? RestartCount { get; init; }
    public string? Image { get; init; }
    [JsonPropertyName("imageID")]
    public string? ImageID { get; init; }
    [JsonPropertyName("containerID")]
    public string? ContainerID { get; init; }
}

/// <summary>Exactly one member is set.</summary>
public sealed record ContainerState
{
    public ContainerStateWaiting? Waiting { get; init; }
    public ContainerStateRunning? Running { get; init; }
    public ContainerStateTerminated? Terminated { get; init; }
}

/// <summary>Not yet running.</summary>
public sealed record ContainerStateWaiting
{
    public string? Reason { get; init; }
    public string? Message { get; init; }
}

/// <summary>Running.</summary>
public sealed record ContainerStateRunning
{
    public DateTimeOffset? StartedAt { get; init; }
}

/// <summary>Ended.</summary>
public sealed record ContainerStateTerminated
{
    public int? ExitCode { get; init; }
    public int? Signal { get; init; }
    public string? Reason { get; init; }
    public string? Message { get; init; }
    public DateTimeOffset? StartedAt { get; init; }
    public DateTimeOffset? FinishedAt { get; init; }
    [JsonPropertyName("containerID")]
    public string? ContainerID { get; init; }
}
