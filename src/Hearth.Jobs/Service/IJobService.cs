using Hearth.Jobs.Model;

namespace Hearth.Jobs.Service;

/// <summary>
/// The front door of the room: virtual clusters and job runs in the words of the EMR on EKS API. Requests are validated here
/// (<see cref="JobValidationException"/>), so that every client of any protocol gets the same answers. Who may call is decided before.
/// </summary>
public interface IJobService
{
    /// <summary>Registers a namespace as a virtual cluster. The same client token gives the first answer again.</summary>
    /// <exception cref="JobValidationException">A member is missing or wrong, or the namespace has a live virtual cluster already.</exception>
    Task<VirtualClusterDescription> CreateVirtualClusterAsync(CreateVirtualClusterRequest request, JobCaller caller, CancellationToken ct);

    /// <summary>One virtual cluster, live or terminated.</summary>
    /// <exception cref="JobNotFoundException">No such virtual cluster.</exception>
    Task<VirtualClusterDescription> DescribeVirtualClusterAsync(string id, CancellationToken ct);

    /// <summary>Virtual clusters, newest first.</summary>
    Task<JobPage<VirtualClusterDescription>> ListVirtualClustersAsync(ListVirtualClustersRequest request, CancellationToken ct);

    /// <summary>Cancels the job runs of a virtual cluster and terminates it; returns at once with its id.</summary>
    /// <exception cref="JobValidationException">Unknown or already terminated.</exception>
    Task<string> DeleteVirtualClusterAsync(string id, CancellationToken ct);

    /// <summary>Accepts a job run. The same client token in the same virtual cluster gives the first answer again.</summary>
    /// <exception cref="JobValidationException">A member is missing or wrong.</exception>
    /// <exception cref="JobNotFoundException">No such virtual cluster, release or job template.</exception>
    /// <exception cref="JobConflictException">The client token was used with another request.</exception>
    Task<JobRunDescription> StartJobRunAsync(StartJobRunRequest request, JobCaller caller, CancellationToken ct);

    /// <summary>One job run with everything.</summary>
    /// <exception cref="JobNotFoundException">No such virtual cluster or job run.</exception>
    Task<JobRunDescription> DescribeJobRunAsync(string virtualClusterId, string id, CancellationToken ct);

    /// <summary>Job runs of a virtual cluster, newest first, without driver and configuration.</summary>
    Task<JobPage<JobRunDescription>> ListJobRunsAsync(ListJobRunsRequest request, CancellationToken ct);

    /// <summary>Asks for the end of a job run; returns at once with its id.</summary>
    /// <exception cref="JobValidationException">Unknown, or ended already.</exception>
    Task<string> CancelJobRunAsync(string virtualClusterId, string id, CancellationToken ct);
}

/// <summary>Who calls.</summary>
/// <param name="Arn">For example <c>arn:aws:sts::123456789012:assumed-role/team-a/alice</c>; becomes <c>createdBy</c>.</param>
public sealed record JobCaller(string Arn);

/// <summary>One page of a listing.</summary>
/// <param name="Items">The page.</param>
/// <param name="NextToken">Asks for the next page; null on the last.</param>
public sealed record JobPage<T>(IReadOnlyList<T> Items, string? NextToken);
