using Hearth.Jobs.Model;
using Hearth.Jobs.Service;

namespace Hearth.Bench.S3;

/// <summary>There are no jobs in this benchmark.</summary>
internal sealed class NoJobs : IJobService
{
    public Task<VirtualClusterDescription> CreateVirtualClusterAsync(CreateVirtualClusterRequest request, JobCaller caller, CancellationToken ct) => throw Nothing();

    public Task<VirtualClusterDescription> DescribeVirtualClusterAsync(string id, CancellationToken ct) => throw Nothing();

    public Task<JobPage<VirtualClusterDescription>> ListVirtualClustersAsync(ListVirtualClustersRequest request, CancellationToken ct) => throw Nothing();

    public Task<string> DeleteVirtualClusterAsync(string id, CancellationToken ct) => throw Nothing();

    public Task<JobRunDescription> StartJobRunAsync(StartJobRunRequest request, JobCaller caller, CancellationToken ct) => throw Nothing();

    public Task<JobRunDescription> DescribeJobRunAsync(string virtualClusterId, string id, CancellationToken ct) => throw Nothing();

    public Task<JobPage<JobRunDescription>> ListJobRunsAsync(ListJobRunsRequest request, CancellationToken ct) => throw Nothing();

    public Task<string> CancelJobRunAsync(string virtualClusterId, string id, CancellationToken ct) => throw Nothing();

    public Task<VirtualClusterDescription> UpdateVirtualClusterAsync(UpdateVirtualClusterRequest request, CancellationToken ct) => throw Nothing();

    public Task<JobTemplateDescription> CreateJobTemplateAsync(CreateJobTemplateRequest request, JobCaller caller, CancellationToken ct) => throw Nothing();

    public Task<JobTemplateDescription> DescribeJobTemplateAsync(string id, CancellationToken ct) => throw Nothing();

    public Task<JobPage<JobTemplateDescription>> ListJobTemplatesAsync(ListJobTemplatesRequest request, CancellationToken ct) => throw Nothing();

    public Task<string> DeleteJobTemplateAsync(string id, CancellationToken ct) => throw Nothing();

    public Task<EndpointDescription> CreateManagedEndpointAsync(CreateManagedEndpointRequest request, JobCaller caller, CancellationToken ct) => throw Nothing();

    public Task<EndpointDescription> DescribeManagedEndpointAsync(string virtualClusterId, string id, CancellationToken ct) => throw Nothing();

    public Task<JobPage<EndpointDescription>> ListManagedEndpointsAsync(ListManagedEndpointsRequest request, CancellationToken ct) => throw Nothing();

    public Task<string> DeleteManagedEndpointAsync(string virtualClusterId, string id, CancellationToken ct) => throw Nothing();

    public Task<SessionCredentials> GetSessionCredentialsAsync(GetManagedEndpointSessionCredentialsRequest request, JobCaller caller, CancellationToken ct) => throw Nothing();

    public Task<EndpointSessionInfo?> FindSessionAsync(string endpointId, string token, CancellationToken ct) => throw Nothing();

    public Task<IReadOnlyList<EndpointNetwork>> ListEndpointNetworksAsync(CancellationToken ct) => throw Nothing();

    public Task<SecurityConfigurationDescription> CreateSecurityConfigurationAsync(CreateSecurityConfigurationRequest request, JobCaller caller, CancellationToken ct) => throw Nothing();

    public Task<SecurityConfigurationDescription> DescribeSecurityConfigurationAsync(string id, CancellationToken ct) => throw Nothing();

    public Task<JobPage<SecurityConfigurationDescription>> ListSecurityConfigurationsAsync(ListSecurityConfigurationsRequest request, CancellationToken ct) => throw Nothing();

    public Task<string> DeleteSecurityConfigurationAsync(string id, CancellationToken ct) => throw Nothing();

    public Task<IReadOnlyDictionary<string, string>> ListTagsForResourceAsync(string resourceArn, CancellationToken ct) => throw Nothing();

    public Task TagResourceAsync(TagResourceRequest request, CancellationToken ct) => throw Nothing();

    public Task UntagResourceAsync(UntagResourceRequest request, CancellationToken ct) => throw Nothing();

    private static JobNotFoundException Nothing() => new("There is nothing here.");
}
