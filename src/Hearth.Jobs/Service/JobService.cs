using Hearth.Jobs.Model;
using Hearth.Kube.Client;

namespace Hearth.Jobs.Service;

/// <summary>
/// <see cref="IJobService"/> over custom resources: requests become objects, controllers do the rest. There is no other database.
/// One instance serves a cluster (client tokens and job runs are indexed in memory).
/// </summary>
public sealed class JobService : IJobService, IDisposable
{
    private readonly ServiceContext _context;
    private readonly RunIndex _index;
    private readonly VirtualClusterService _clusters;
    private readonly JobRunService _runs;
    private readonly JobTemplateService _templates;
    private readonly ManagedEndpointService _endpoints;
    private readonly EndpointSessionService _sessions;
    private readonly SecurityConfigurationService _security;
    private readonly TagService _tags;

    /// <summary>A service over a cluster.</summary>
    public JobService(IKubeClient client, JobServiceOptions options, TimeProvider time)
    {
        _context = new ServiceContext(client, options, time);
        _index = new RunIndex(client, time);
        _clusters = new VirtualClusterService(_context, _index);
        _runs = new JobRunService(_context, _index);
        _templates = new JobTemplateService(_context);
        _endpoints = new ManagedEndpointService(_context);
        _sessions = new EndpointSessionService(_context, _endpoints);
        _security = new SecurityConfigurationService(_context);
        _tags = new TagService(_context, _index);
    }

    /// <inheritdoc/>
    public Task<VirtualClusterDescription> CreateVirtualClusterAsync(CreateVirtualClusterRequest request, JobCaller caller, CancellationToken ct) => _clusters.CreateVirtualClusterAsync(request, caller, ct);

    /// <inheritdoc/>
    public Task<VirtualClusterDescription> DescribeVirtualClusterAsync(string id, CancellationToken ct) => _clusters.DescribeVirtualClusterAsync(id, ct);

    /// <inheritdoc/>
    public Task<JobPage<VirtualClusterDescription>> ListVirtualClustersAsync(ListVirtualClustersRequest request, CancellationToken ct) => _clusters.ListVirtualClustersAsync(request, ct);

    /// <inheritdoc/>
    public Task<VirtualClusterDescription> UpdateVirtualClusterAsync(UpdateVirtualClusterRequest request, CancellationToken ct) => _clusters.UpdateVirtualClusterAsync(request, ct);

    /// <inheritdoc/>
    public Task<string> DeleteVirtualClusterAsync(string id, CancellationToken ct) => _clusters.DeleteVirtualClusterAsync(id, ct);

    /// <inheritdoc/>
    public Task<JobRunDescription> StartJobRunAsync(StartJobRunRequest request, JobCaller caller, CancellationToken ct) => _runs.StartJobRunAsync(request, caller, ct);

    /// <inheritdoc/>
    public Task<JobRunDescription> DescribeJobRunAsync(string virtualClusterId, string id, CancellationToken ct) => _runs.DescribeJobRunAsync(virtualClusterId, id, ct);

    /// <inheritdoc/>
    public Task<JobPage<JobRunDescription>> ListJobRunsAsync(ListJobRunsRequest request, CancellationToken ct) => _runs.ListJobRunsAsync(request, ct);

    /// <inheritdoc/>
    public Task<string> CancelJobRunAsync(string virtualClusterId, string id, CancellationToken ct) => _runs.CancelJobRunAsync(virtualClusterId, id, ct);

    /// <inheritdoc/>
    public Task<JobTemplateDescription> CreateJobTemplateAsync(CreateJobTemplateRequest request, JobCaller caller, CancellationToken ct) => _templates.CreateJobTemplateAsync(request, caller, ct);

    /// <inheritdoc/>
    public Task<JobTemplateDescription> DescribeJobTemplateAsync(string id, CancellationToken ct) => _templates.DescribeJobTemplateAsync(id, ct);

    /// <inheritdoc/>
    public Task<JobPage<JobTemplateDescription>> ListJobTemplatesAsync(ListJobTemplatesRequest request, CancellationToken ct) => _templates.ListJobTemplatesAsync(request, ct);

    /// <inheritdoc/>
    public Task<string> DeleteJobTemplateAsync(string id, CancellationToken ct) => _templates.DeleteJobTemplateAsync(id, ct);

    /// <inheritdoc/>
    public Task<EndpointDescription> CreateManagedEndpointAsync(CreateManagedEndpointRequest request, JobCaller caller, CancellationToken ct) => _endpoints.CreateAsync(request, caller, ct);

    /// <inheritdoc/>
    public Task<EndpointDescription> DescribeManagedEndpointAsync(string virtualClusterId, string id, CancellationToken ct) => _endpoints.DescribeAsync(virtualClusterId, id, ct);

    /// <inheritdoc/>
    public Task<JobPage<EndpointDescription>> ListManagedEndpointsAsync(ListManagedEndpointsRequest request, CancellationToken ct) => _endpoints.ListAsync(request, ct);

    /// <inheritdoc/>
    public Task<string> DeleteManagedEndpointAsync(string virtualClusterId, string id, CancellationToken ct) => _endpoints.DeleteAsync(virtualClusterId, id, ct);

    /// <inheritdoc/>
    public Task<SessionCredentials> GetSessionCredentialsAsync(GetManagedEndpointSessionCredentialsRequest request, JobCaller caller, CancellationToken ct) => _sessions.GetAsync(request, caller, ct);

    /// <inheritdoc/>
    public Task<EndpointSessionInfo?> FindSessionAsync(string endpointId, string token, CancellationToken ct) => _sessions.FindAsync(endpointId, token, ct);

    /// <inheritdoc/>
    public Task<IReadOnlyList<EndpointNetwork>> ListEndpointNetworksAsync(CancellationToken ct) => _endpoints.NetworksAsync(ct);

    /// <inheritdoc/>
    public Task<SecurityConfigurationDescription> CreateSecurityConfigurationAsync(CreateSecurityConfigurationRequest request, JobCaller caller, CancellationToken ct) => _security.CreateSecurityConfigurationAsync(request, caller, ct);

    /// <inheritdoc/>
    public Task<SecurityConfigurationDescription> DescribeSecurityConfigurationAsync(string id, CancellationToken ct) => _security.DescribeSecurityConfigurationAsync(id, ct);

    /// <inheritdoc/>
    public Task<JobPage<SecurityConfigurationDescription>> ListSecurityConfigurationsAsync(ListSecurityConfigurationsRequest request, CancellationToken ct) => _security.ListSecurityConfigurationsAsync(request, ct);

    /// <inheritdoc/>
    public Task<string> DeleteSecurityConfigurationAsync(string id, CancellationToken ct) => _security.DeleteSecurityConfigurationAsync(id, ct);

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<string, string>> ListTagsForResourceAsync(string resourceArn, CancellationToken ct) => _tags.ListTagsForResourceAsync(resourceArn, ct);

    /// <inheritdoc/>
    public Task TagResourceAsync(TagResourceRequest request, CancellationToken ct) => _tags.TagResourceAsync(request, ct);

    /// <inheritdoc/>
    public Task UntagResourceAsync(UntagResourceRequest request, CancellationToken ct) => _tags.UntagResourceAsync(request, ct);

    /// <inheritdoc/>
    public void Dispose()
    {
        _index.Dispose();
        _runs.Dispose();
        _clusters.Dispose();
        _context.Dispose();
    }
}
