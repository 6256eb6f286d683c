using System.Text.Json.Serialization;

namespace Hearth.Jobs.Model;

/// <summary>The Kubernetes cluster and namespace behind a virtual cluster.</summary>
public sealed record ContainerProvider
{
    /// <summary>Always <c>EKS</c>.</summary>
    public string? Type { get; init; }

    /// <summary>Name of the Kubernetes cluster.</summary>
    public string? Id { get; init; }
    public ContainerInfo? Info { get; init; }
}

/// <summary>Union with one member.</summary>
public sealed record ContainerInfo
{
    public EksInfo? EksInfo { get; init; }
}

/// <summary>A namespace of an EKS cluster.</summary>
public sealed record EksInfo
{
    public string? Namespace { get; init; }
    public string? NodeLabel { get; init; }
}

/// <summary>How many job runs a virtual cluster runs and keeps waiting; a limit that is absent does not exist.</summary>
public sealed record SchedulerConfiguration
{
    /// <summary>Most job runs whose driver has been started and has not ended; 1 to 10000.</summary>
    public int? MaxConcurrentJobRuns { get; init; }

    /// <summary>Most job runs that wait (PENDING or SUBMITTED); 100 to 10000. StartJobRun is refused when it is reached.</summary>
    public int? MaxInQueueJobRuns { get; init; }
}

/// <summary>What the limits of a <see cref="SchedulerConfiguration"/> are counted against.</summary>
/// <param name="CurrentConcurrentJobRuns">Job runs in state RUNNING, or being cancelled.</param>
/// <param name="CurrentInQueueJobRuns">Job runs in state PENDING or SUBMITTED.</param>
public sealed record SchedulerStatus(int CurrentConcurrentJobRuns, int CurrentInQueueJobRuns);

/// <summary>CreateVirtualCluster.</summary>
public sealed record CreateVirtualClusterRequest
{
    public string? Name { get; init; }
    public ContainerProvider? ContainerProvider { get; init; }
    public string? ClientToken { get; init; }
    public IReadOnlyDictionary<string, string>? Tags { get; init; }
    public string? SecurityConfigurationId { get; init; }
    public bool? SessionEnabled { get; init; }
    public SchedulerConfiguration? SchedulerConfiguration { get; init; }
}

/// <summary>UpdateVirtualCluster: replaces the limits as a whole.</summary>
public sealed record UpdateVirtualClusterRequest
{
    /// <summary>From the path of the request.</summary>
    public string? Id { get; init; }
    public string? ClientToken { get; init; }

    /// <summary>The new limits; one that is absent is taken away, and so are both when this is absent.</summary>
    public SchedulerConfiguration? SchedulerConfiguration { get; init; }
}

/// <summary>ListVirtualClusters. Bounds of time are inclusive below and exclusive above.</summary>
public sealed record ListVirtualClustersRequest
{
    public string? ContainerProviderId { get; init; }
    public string? ContainerProviderType { get; init; }
    public DateTimeOffset? CreatedAfter { get; init; }
    public DateTimeOffset? CreatedBefore { get; init; }

    /// <summary>State words, for example <c>RUNNING</c>; up to 10.</summary>
    public IReadOnlyList<string>? States { get; init; }
    public bool? EksAccessEntryIntegrated { get; init; }

    /// <summary>Page size; 100 when absent.</summary>
    public int? MaxResults { get; init; }
    public string? NextToken { get; init; }

    /// <summary>Which virtual clusters the caller may see; null for all. Pages are cut from what is visible.</summary>
    [JsonIgnore]
    public Func<VirtualClusterDescription, bool>? Visible { get; init; }
}

/// <summary>A virtual cluster as the API shows it; serialises to the wire shape with <see cref="JobsJson"/>.</summary>
public sealed record VirtualClusterDescription
{
    public required string Id { get; init; }
    public required string Name { get; init; }
    public required string Arn { get; init; }
    public required VirtualClusterState State { get; init; }
    public required ContainerProvider ContainerProvider { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
    public string? SecurityConfigurationId { get; init; }
    public bool? SessionEnabled { get; init; }

    /// <summary>Limits; null when there are none.</summary>
    public SchedulerConfiguration? SchedulerConfiguration { get; init; }

    /// <summary>What the limits are counted against; null without limits, and in listings.</summary>
    public SchedulerStatus? SchedulerStatus { get; init; }
}
