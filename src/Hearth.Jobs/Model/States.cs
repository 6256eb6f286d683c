using System.Text.Json.Serialization;

namespace Hearth.Jobs.Model;

/// <summary>Life of a virtual cluster.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<VirtualClusterState>))]
public enum VirtualClusterState
{
    /// <summary>Takes job runs.</summary>
    [JsonStringEnumMemberName("RUNNING")]
    Running,

    /// <summary>Its job runs are being cancelled.</summary>
    [JsonStringEnumMemberName("TERMINATING")]
    Terminating,

    /// <summary>Deleted; still listed.</summary>
    [JsonStringEnumMemberName("TERMINATED")]
    Terminated,

    /// <summary>A termination could not be carried out.</summary>
    [JsonStringEnumMemberName("ARRESTED")]
    Arrested,
}

/// <summary>Life of a job run.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<JobRunState>))]
public enum JobRunState
{
    /// <summary>Accepted; the submission is being prepared.</summary>
    [JsonStringEnumMemberName("PENDING")]
    Pending,

    /// <summary>The submission is on the cluster; the driver is not running yet.</summary>
    [JsonStringEnumMemberName("SUBMITTED")]
    Submitted,

    /// <summary>The driver container runs.</summary>
    [JsonStringEnumMemberName("RUNNING")]
    Running,

    /// <summary>Ended without success; see the failure reason.</summary>
    [JsonStringEnumMemberName("FAILED")]
    Failed,

    /// <summary>Cancelled and gone from the cluster.</summary>
    [JsonStringEnumMemberName("CANCELLED")]
    Cancelled,

    /// <summary>Being cancelled.</summary>
    [JsonStringEnumMemberName("CANCEL_PENDING")]
    CancelPending,

    /// <summary>The driver ended with exit code 0.</summary>
    [JsonStringEnumMemberName("COMPLETED")]
    Completed,
}

/// <summary>Whose fault a failure is.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<FailureReason>))]
public enum FailureReason
{
    /// <summary>The service's.</summary>
    [JsonStringEnumMemberName("INTERNAL_ERROR")]
    InternalError,

    /// <summary>The job's: its program, its resources, its configuration at run time.</summary>
    [JsonStringEnumMemberName("USER_ERROR")]
    UserError,

    /// <summary>The request was accepted but cannot be carried out as written.</summary>
    [JsonStringEnumMemberName("VALIDATION_ERROR")]
    ValidationError,

    /// <summary>The Kubernetes cluster cannot be reached.</summary>
    [JsonStringEnumMemberName("CLUSTER_UNAVAILABLE")]
    ClusterUnavailable,
}

/// <summary>Questions about states.</summary>
public static class StateFacts
{
    /// <summary>Whether nothing more will happen to a job run.</summary>
    public static bool IsTerminal(this JobRunState state) => state is JobRunState.Completed or JobRunState.Failed or JobRunState.Cancelled;

    /// <summary>Whether nothing more will happen to a managed endpoint.</summary>
    public static bool IsTerminal(this EndpointState state) => state is EndpointState.Terminated or EndpointState.TerminatedWithErrors;
}
