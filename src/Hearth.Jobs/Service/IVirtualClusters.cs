using Hearth.Jobs.Model;

namespace Hearth.Jobs.Service;

/// <summary>Virtual clusters: namespaces registered for job runs.</summary>
public interface IVirtualClusters
{
    /// <summary>Registers a namespace as a virtual cluster. The same client token gives the first answer again.</summary>
    /// <exception cref="JobValidationException">A member is missing or wrong, or the namespace has a live virtual cluster already.</exception>
    /// <exception cref="JobNotFoundException">No such security configuration.</exception>
    Task<VirtualClusterDescription> CreateVirtualClusterAsync(CreateVirtualClusterRequest request, JobCaller caller, CancellationToken ct);

    /// <summary>One virtual cluster, live or terminated.</summary>
    /// <exception cref="JobNotFoundException">No such virtual cluster.</exception>
    Task<VirtualClusterDescription> DescribeVirtualClusterAsync(string id, CancellationToken ct);

    /// <summary>Virtual clusters, newest first.</summary>
    Task<JobPage<VirtualClusterDescription>> ListVirtualClustersAsync(ListVirtualClustersRequest request, CancellationToken ct);

    /// <summary>Replaces the limits of a virtual cluster. A client token that was used before changes nothing.</summary>
    /// <exception cref="JobNotFoundException">No such virtual cluster.</exception>
    /// <exception cref="JobValidationException">A member is wrong, or the virtual cluster does not run.</exception>
    Task<VirtualClusterDescription> UpdateVirtualClusterAsync(UpdateVirtualClusterRequest request, CancellationToken ct);

    /// <summary>
    /// Ends the job runs and endpoints of a virtual cluster and terminates it; returns at once with its id. An arrested one is tried again.
    /// </summary>
    /// <exception cref="JobValidationException">Unknown or already terminated.</exception>
    Task<string> DeleteVirtualClusterAsync(string id, CancellationToken ct);
}
