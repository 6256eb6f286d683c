using Hearth.Jobs.Model;

namespace Hearth.Jobs.Service;

/// <summary>Job runs of virtual clusters.</summary>
public interface IJobRuns
{
    /// <summary>
    /// Accepts a job run. The same client token in the same virtual cluster gives the first answer again. A request that names a job template
    /// gets role, release, driver and configuration from it and may not give them itself; its tags win over the template's job tags.
    /// </summary>
    /// <exception cref="JobValidationException">A member is missing or wrong, a parameter does not fit, or the queue is full.</exception>
    /// <exception cref="JobNotFoundException">No such virtual cluster, release or job template.</exception>
    /// <exception cref="JobConflictException">The client token was used with another request.</exception>
    Task<JobRunDescription> StartJobRunAsync(StartJobRunRequest request, JobCaller caller, CancellationToken ct);

    /// <summary>One job run with everything.</summary>
    /// <exception cref="JobNotFoundException">No such virtual cluster or job run.</exception>
    Task<JobRunDescription> DescribeJobRunAsync(string virtualClusterId, string id, CancellationToken ct);

    /// <summary>Job runs of a virtual cluster, newest first, without driver and configuration.</summary>
    /// <exception cref="JobValidationException">No such virtual cluster, or a member is wrong.</exception>
    Task<JobPage<JobRunDescription>> ListJobRunsAsync(ListJobRunsRequest request, CancellationToken ct);

    /// <summary>Asks for the end of a job run; returns at once with its id.</summary>
    /// <exception cref="JobValidationException">Unknown, or ended already.</exception>
    Task<string> CancelJobRunAsync(string virtualClusterId, string id, CancellationToken ct);
}
