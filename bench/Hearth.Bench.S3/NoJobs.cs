using Hearth.Jobs.Model;
using Hearth.Jobs.Service;

namespace Hearth.Bench.S3;

/// <summary>There are no jobs in this benchmark.</summary>
internal sealed class NoJobs : IJobService
{
    public Task<VirtualClusterDescription> CreateVirtualClusterAsync(CreateVirtualClusterRequest request, JobCaller caller, CancellationToken ct) => throw None();

    public Task<VirtualClusterDescription> DescribeVirtualClusterAsync(string id, CancellationToken ct) => throw None();

    public Task<JobPage<VirtualClusterDescription>> ListVirtualClustersAsync(ListVirtualClustersRequest request, CancellationToken ct) => throw None();

    public Task<string> DeleteVirtualClusterAsync(string id, CancellationToken ct) => throw None();

    public Task<JobRunDescription> StartJobRunAsync(StartJobRunRequest request, JobCaller caller, CancellationToken ct) => throw None();

    public Task<JobRunDescription> DescribeJobRunAsync(string virtualClusterId, string id, CancellationToken ct) => throw None();

    public Task<JobPage<JobRunDescription>> ListJobRunsAsync(ListJobRunsRequest request, CancellationToken ct) => throw None();

    public Task<string> CancelJobRunAsync(string virtualClusterId, string id, CancellationToken ct) => throw None();

    private static JobNotFoundException None() => new("There are no jobs in this benchmark.");
}
