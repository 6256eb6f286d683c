using System.Text.Json.Nodes;
using Hearth.Jobs.Model;
using Hearth.Jobs.Resources;
using Hearth.Jobs.Validation;
using Hearth.Kube.Client;
using Hearth.Kube.Objects;

namespace Hearth.Jobs.Service;

/// <summary>Managed endpoints without their session credentials.</summary>
internal sealed class ManagedEndpointService(ServiceContext context)
{
    /// <summary>The one type of endpoint there is.</summary>
    public const string JupyterType = "JUPYTER_ENTERPRISE_GATEWAY";

    /// <inheritdoc cref="IManagedEndpoints.CreateManagedEndpointAsync"/>
    public async Task<EndpointDescription> CreateAsync(CreateManagedEndpointRequest request, JobCaller caller, CancellationToken ct)
    {
        Check(request);
        var cluster = await context.ClusterAsync(request.VirtualClusterId!, ct).ConfigureAwait(false);
        var digest = RequestDigest.Of(request, JobsJson.Default.CreateManagedEndpointRequest);
        var endpoint = await context.OnceAsync(
            "managed endpoint", TokenScope.Of(cluster), request.ClientToken!, digest, () => TokensAsync(cluster, ct), () => NewAsync(request, digest, caller, cluster, ct), ct).ConfigureAwait(false);
        return Descriptions.Of(endpoint, context.Options);
    }

    /// <inheritdoc cref="IManagedEndpoints.DescribeManagedEndpointAsync"/>
    public async Task<EndpointDescription> DescribeAsync(string virtualClusterId, string id, CancellationToken ct)
    {
        Requests.CheckPath("DescribeManagedEndpointRequest", ("id", id), ("virtualClusterId", virtualClusterId));
        var cluster = await context.ClusterAsync(virtualClusterId, ct).ConfigureAwait(false);
        return Descriptions.Of(await GetAsync(cluster, id, ct).ConfigureAwait(false), context.Options);
    }

    /// <inheritdoc cref="IManagedEndpoints.ListManagedEndpointsAsync"/>
    public async Task<JobPage<EndpointDescription>> ListAsync(ListManagedEndpointsRequest request, CancellationToken ct)
    {
        var listing = Listing.Check(request, JobsJson.Default.ListManagedEndpointsRequest, request.MaxResults);
        var cluster = await context.KnownClusterAsync(request.VirtualClusterId!, ct).ConfigureAwait(false);
        var wanted = (await AllAsync(cluster, ct).ConfigureAwait(false)).Select(e => Descriptions.Of(e, context.Options)).Where(e =>
            Listing.Within(e.CreatedAt, request.CreatedAfter, request.CreatedBefore)
            && Listing.Among(e.Type, request.Types)
            && Listing.Among(Descriptions.Word(e.State), request.States)
            && request.Visible?.Invoke(e) != false);
        return PageToken.Cut(wanted, e => (e.CreatedAt, e.Id), listing, request.MaxResults, request.NextToken);
    }

    /// <inheritdoc cref="IManagedEndpoints.DeleteManagedEndpointAsync"/>
    public async Task<string> DeleteAsync(string virtualClusterId, string id, CancellationToken ct)
    {
        Requests.CheckPath("DeleteManagedEndpointRequest", ("id", id), ("virtualClusterId", virtualClusterId));
        var cluster = await context.KnownClusterAsync(virtualClusterId, ct).ConfigureAwait(false);
        var endpoint = await FindAsync(cluster, id, ct).ConfigureAwait(false) ?? throw new JobValidationException($"Managed endpoint {id} not found.", "id");
        if (endpoint.State.IsTerminal())
        {
            throw new JobValidationException($"Managed endpoint {id} is already terminated.", "id");
        }

        if (endpoint.Spec.Terminate != true)
        {
            await context.Client.PatchAsync(endpoint.Ref(), KubePatch.Merge(new JsonObject { ["spec"] = new JsonObject { ["terminate"] = true } }), ct).ConfigureAwait(false);
        }

        return id;
    }

    /// <inheritdoc cref="IManagedEndpoints.ListEndpointNetworksAsync"/>
    public async Task<IReadOnlyList<EndpointNetwork>> NetworksAsync(CancellationToken ct)
    {
        var all = await context.Client.ListAsync<ManagedEndpoint>(null, ListOptions.All, ct).ConfigureAwait(false);
        return [.. all.Where(e => !e.State.IsTerminal()).Select(e => EndpointNames.Network(e, context.Options))];
    }

    /// <summary>An endpoint of a virtual cluster.</summary>
    /// <exception cref="JobNotFoundException">There is none.</exception>
    public async Task<ManagedEndpoint> GetAsync(VirtualCluster cluster, string id, CancellationToken ct) =>
        await FindAsync(cluster, id, ct).ConfigureAwait(false) ?? throw new JobNotFoundException($"Managed endpoint {id} doesn't exist.");

    private static void Check(CreateManagedEndpointRequest request)
    {
        Requests.CheckDepth(request.ConfigurationOverrides?.ApplicationConfiguration, "configurationOverrides.applicationConfiguration");
        Requests.Check(request, JobsJson.Default.CreateManagedEndpointRequest);
        TagDemands.Check(request.Tags);
        if (request.Type != JupyterType)
        {
            throw new JobValidationException($"Endpoint type {request.Type} is not supported by this platform: use {JupyterType}.", "type");
        }

        if (request.SessionIdleTimeoutInMinutes is not null)
        {
            throw new JobValidationException($"sessionIdleTimeoutInMinutes is for endpoints of type SPARK_CONNECT: leave it out for {JupyterType}.", "sessionIdleTimeoutInMinutes");
        }

        Requests.Overrides(request.ConfigurationOverrides, "configurationOverrides");
        Requests.CheckRelease(request.ReleaseLabel!);
        LogRotationCheck.Check(request.ConfigurationOverrides?.MonitoringConfiguration, request.ReleaseLabel!, "configurationOverrides");
    }

    private async Task<ManagedEndpoint> NewAsync(CreateManagedEndpointRequest request, string digest, JobCaller caller, VirtualCluster cluster, CancellationToken ct)
    {
        if (cluster.State != VirtualClusterState.Running)
        {
            throw new JobValidationException($"Virtual cluster state {Descriptions.Word(cluster.State)} is not valid to create resource ManagedEndpoint.", "virtualClusterId");
        }

        return await context.Client.CreateAsync(
            new ManagedEndpoint
            {
                Metadata = new ObjectMeta { Name = ResourceIds.Endpoint(), Namespace = cluster.Namespace, Annotations = RequestDigest.Annotation(digest) },
                Spec = new ManagedEndpointSpec
                {
                    Name = request.Name,
                    VirtualClusterId = cluster.Id,
                    ClientToken = request.ClientToken,
                    CreatedBy = caller.Arn,
                    Type = request.Type,
                    ReleaseLabel = request.ReleaseLabel,
                    ExecutionRoleArn = request.ExecutionRoleArn,
                    CertificateArn = request.CertificateArn,
                    ConfigurationOverrides = request.ConfigurationOverrides,
                    Tags = request.Tags,
                },
            },
            ct).ConfigureAwait(false);
    }

    private async Task<IEnumerable<ManagedEndpoint>> AllAsync(VirtualCluster cluster, CancellationToken ct) =>
        (await context.Client.ListAsync<ManagedEndpoint>(cluster.Namespace, ListOptions.All, ct).ConfigureAwait(false)).Where(e => e.Spec.VirtualClusterId == cluster.Id);

    private async Task<IEnumerable<KeyValuePair<string, string>>> TokensAsync(VirtualCluster cluster, CancellationToken ct) =>
        (await AllAsync(cluster, ct).ConfigureAwait(false))
            .Where(e => e.Spec.ClientToken is not null)
            .DistinctBy(e => e.Spec.ClientToken, StringComparer.Ordinal)
            .Select(e => KeyValuePair.Create(e.Spec.ClientToken!, e.Id));

    private async Task<ManagedEndpoint?> FindAsync(VirtualCluster cluster, string id, CancellationToken ct) =>
        await context.Client.FindAsync<ManagedEndpoint>(cluster.Namespace, id, ct).ConfigureAwait(false) is { } endpoint && endpoint.Spec.VirtualClusterId == cluster.Id ? endpoint : null;
}
