using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Hearth.Jobs.Model;
using Hearth.Kube.Objects;

namespace Hearth.Jobs.Resources;

/// <summary>A job run as a Kubernetes object; its name is the id, its namespace that of the virtual cluster.</summary>
public sealed record JobRun : IKubeObject<JobRun>
{
    /// <inheritdoc/>
    public static ResourceType Type => EmrGroup.JobRuns;

    /// <inheritdoc/>
    [JsonIgnore]
    public static JsonTypeInfo<JobRun> Json => JobsJson.Default.JobRun;

    /// <inheritdoc/>
    public ObjectMeta Metadata { get; init; } = new();
    public JobRunSpec Spec { get; init; } = new();
    public JobRunStatus? Status { get; init; }

    /// <summary>The id.</summary>
    [JsonIgnore]
    public string Id => Metadata.Name!;

    /// <summary>Whether somebody asked for its end: CancelJobRun, or deletion of the object.</summary>
    [JsonIgnore]
    public bool CancelRequested => Spec.Cancel == true || Metadata.DeletionTimestamp is not null;

    /// <summary>What the API shows: a wish to cancel counts at once.</summary>
    [JsonIgnore]
    public JobRunState State
    {
        get
        {
            var state = Status?.State ?? JobRunState.Pending;
            return CancelRequested && !state.IsTerminal() ? JobRunState.CancelPending : state;
        }
    }
}

/// <summary>StartJobRun in its own words, and what became of it.</summary>
public sealed record JobRunSpec
{
    public string? Name { get; init; }
    public string? VirtualClusterId { get; init; }
    public string? ClientToken { get; init; }
    public string? ExecutionRoleArn { get; init; }
    public string? ReleaseLabel { get; init; }
    public JobDriver? JobDriver { get; init; }
    public ConfigurationOverrides? ConfigurationOverrides { get; init; }
    public IReadOnlyDictionary<string, string>? Tags { get; init; }
    public RetryPolicyConfiguration? RetryPolicyConfiguration { get; init; }
    public string? CreatedBy { get; init; }

    /// <summary>The job template that gave role, release, driver and configuration; null when the request did.</summary>
    public string? JobTemplateId { get; init; }

    /// <summary>True once CancelJobRun was accepted.</summary>
    public bool? Cancel { get; init; }
}

/// <summary>Observed state.</summary>
public sealed record JobRunStatus
{
    public JobRunState? State { get; init; }
    public string? StateDetails { get; init; }
    public FailureReason? FailureReason { get; init; }
    public DateTimeOffset? SubmittedAt { get; init; }

    /// <summary>When the first driver container started.</summary>
    public DateTimeOffset? StartedAt { get; init; }
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>1 for the first attempt.</summary>
    public int? Attempt { get; init; }

    /// <summary>When the attempt was begun; a next one waits for this time.</summary>
    public DateTimeOffset? AttemptAt { get; init; }

    /// <summary><c>spark-</c> and the id.</summary>
    public string? ApplicationId { get; init; }
    public DriverStatus? Driver { get; init; }
    public ExecutorStatus? Executors { get; init; }

    /// <summary>Names of nodes that driver and executors are or were on.</summary>
    public IReadOnlyList<string>? Nodes { get; init; }

    /// <summary>Every driver and executor pod there has been, oldest first.</summary>
    public IReadOnlyList<PodUse>? Pods { get; init; }
    public ProgressStatus? Progress { get; init; }
    public LogStatus? Logs { get; init; }
    public CostStatus? Cost { get; init; }

    /// <summary>The whole text of a failure, where <see cref="StateDetails"/> has its beginning: the last lines of an exception, a scheduler's message.</summary>
    public string? FailureMessage { get; init; }
}

/// <summary>The driver pod of the present attempt.</summary>
public sealed record DriverStatus
{
    public string? PodName { get; init; }
    public string? Phase { get; init; }
    public string? NodeName { get; init; }

    /// <summary>Exit code of the Spark container once it ended.</summary>
    public int? ExitCode { get; init; }
}

/// <summary>Executor pods by phase.</summary>
public sealed record ExecutorStatus
{
    /// <summary>How many the application wants.</summary>
    public int Requested { get; init; }
    public int Pending { get; init; }
    public int Running { get; init; }
    public int Succeeded { get; init; }
    public int Failed { get; init; }

    /// <summary><c>running/requested</c>, for people.</summary>
    public string? Summary { get; init; }
}

/// <summary>A pod of the run and what it used.</summary>
public sealed record PodUse
{
    public required string Name { get; init; }
    public required string Uid { get; init; }

    /// <summary><c>driver</c> or <c>executor</c>.</summary>
    public required string Role { get; init; }

    /// <summary>Last phase seen.</summary>
    public string? Phase { get; init; }
    public string? NodeName { get; init; }

    /// <summary>When it was bound to its node.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>When its containers ended, or it was deleted.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>Requested CPU, millicores.</summary>
    public long MilliCpu { get; init; }

    /// <summary>Requested memory, MiB.</summary>
    public long MemoryMib { get; init; }

    /// <summary>Its share of the node's price, USD an hour, as text; null when the price is unknown.</summary>
    public string? UsdPerHour { get; init; }
}

/// <summary>What the driver last said about its work.</summary>
public sealed record ProgressStatus
{
    /// <summary>For example <c>localising</c>, <c>waiting for executors</c>, <c>running</c>, <c>finished</c>.</summary>
    public string? Phase { get; init; }

    /// <summary>One line for people.</summary>
    public string? Message { get; init; }

    /// <summary>How many executors the application wants now.</summary>
    public int? ExecutorsRequested { get; init; }

    /// <summary>Rows read from sources.</summary>
    public long? RowsRead { get; init; }

    /// <summary>Rows written to sinks.</summary>
    public long? RowsWritten { get; init; }

    /// <summary>Engine threads in use.</summary>
    public int? Threads { get; init; }
}

/// <summary>Where the logs are.</summary>
public sealed record LogStatus
{
    /// <summary><c>s3://…/virtual-cluster-id/jobs/id/</c>.</summary>
    public string? S3Uri { get; init; }
    public string? CloudWatchLogGroup { get; init; }
    public string? CloudWatchLogStreamPrefix { get; init; }
}

/// <summary>What the pods of the run cost: each pod's share of its node's price by request, over its time there.</summary>
public sealed record CostStatus
{
    /// <summary>USD, as text with six decimals.</summary>
    public string? Usd { get; init; }

    /// <summary>Requested CPU over time, core seconds.</summary>
    public long? CoreSeconds { get; init; }

    /// <summary>Requested memory over time, GiB seconds.</summary>
    public long? MemoryGibSeconds { get; init; }
}
