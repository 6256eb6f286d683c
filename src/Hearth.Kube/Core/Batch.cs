using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Hearth.Kube.Objects;

namespace Hearth.Kube.Core;

/// <summary>A job (batch/v1): pods that run to their end.</summary>
public sealed record Job : IKubeObject<Job>
{
    /// <inheritdoc/>
    public static ResourceType Type { get; } = new("batch", "v1", "jobs", "Job", true);

    /// <inheritdoc/>
    [JsonIgnore]
    public static JsonTypeInfo<Job> Json => CoreJson.Default.Job;

    /// <inheritdoc/>
    public ObjectMeta Metadata { get; init; } = new();
    public JobSpec? Spec { get; init; }
    public JobStatus? Status { get; init; }
}

/// <summary>What a job shall do.</summary>
public sealed record JobSpec
{
    public int? Parallelism { get; init; }
    public int? Completions { get; init; }

    /// <summary><c>NonIndexed</c> or <c>Indexed</c>.</summary>
    public string? CompletionMode { get; init; }
    public int? BackoffLimit { get; init; }
    public int? BackoffLimitPerIndex { get; init; }
    public long? ActiveDeadlineSeconds { get; init; }
    public long? TtlSecondsAfterFinished { get; init; }
    public bool? Suspend { get; init; }
    public string? ManagedBy { get; init; }

    /// <summary><c>TerminatingOrFailed</c> or <c>Failed</c>.</summary>
    public string? PodReplacementPolicy { get; init; }
    public PodFailurePolicy? PodFailurePolicy { get; init; }
    public JsonObject? SuccessPolicy { get; init; }

    /// <summary>The pods, as written: every field survives.</summary>
    public JsonObject? Template { get; init; }
}

/// <summary>What failed pods mean.</summary>
public sealed record PodFailurePolicy
{
    public IReadOnlyList<PodFailureRule>? Rules { get; init; }
}

/// <summary>One rule; the first that matches decides.</summary>
public sealed record PodFailureRule
{
    /// <summary><c>FailJob</c>, <c>Ignore</c>, <c>Count</c> or <c>FailIndex</c>.</summary>
    public string? Action { get; init; }
    public PodFailureExitCodes? OnExitCodes { get; init; }
    public IReadOnlyList<PodFailureCondition>? OnPodConditions { get; init; }
}

/// <summary>Exit codes of a container.</summary>
public sealed record PodFailureExitCodes
{
    /// <summary>Null for any container.</summary>
    public string? ContainerName { get; init; }

    /// <summary><c>In</c> or <c>NotIn</c>.</summary>
    public string? Operator { get; init; }
    public IReadOnlyList<int>? Values { get; init; }
}

/// <summary>A condition of a pod.</summary>
public sealed record PodFailureCondition
{
    public string? Type { get; init; }
    public string? Status { get; init; }
}

/// <summary>What became of a job.</summary>
public sealed record JobStatus
{
    public int? Active { get; init; }
    public int? Ready { get; init; }
    public int? Succeeded { get; init; }
    public int? Failed { get; init; }
    public int? Terminating { get; init; }

    /// <summary>Indexes that succeeded, for example <c>0-3,7</c>.</summary>
    public string? CompletedIndexes { get; init; }
    public DateTimeOffset? StartTime { get; init; }
    public DateTimeOffset? CompletionTime { get; init; }
    public IReadOnlyList<Condition>? Conditions { get; init; }
}
