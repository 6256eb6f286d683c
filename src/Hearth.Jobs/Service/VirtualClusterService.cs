using System.Text.Json.Nodes;
using Hearth.Jobs.Emr;
using Hearth.Jobs.Model;
using Hearth.Jobs.Resources;
using Hearth.Jobs.Validation;
using Hearth.Kube.Client;
using Hearth.Kube.Core;
using Hearth.Kube.Objects;

namespace Hearth.Jobs.Service;

/// <inheritdoc cref="IVirtualClusters"/>
internal sealed class VirtualClusterService(ServiceContext context, RunIndex runs) : IVirtualClusters, IDisposable
{
    private const int TokensKept = 20;
    private readonly SemaphoreSlim _gate = new(1, 1);

    private IKubeClient Client => context.Client;

    /// <inheritdoc/>
    public async Task<VirtualClusterDescription> CreateVirtualClusterAsync(CreateVirtualClusterRequest request, JobCaller caller, CancellationToken ct)
    {
        Requests.Check(request);
        if (request.ContainerProvider!.Id != context.Options.ClusterName)
        {
            throw new JobValidationException(
                $"EKS cluster {request.ContainerProvider.Id} doesn't exist: this platform's cluster is {context.Options.ClusterName}.", "containerProvider.id");
        }

        // One at a time: whether a namespace is free is a question about all virtual clusters.
        await _gate.WaitAsync(ct).ConfigureAwait(false);
        try
        {
            var cluster = await context.OnceAsync(
                "virtual cluster", TokenScope.Account, request.ClientToken!, RequestDigest.Of(request, JobsJson.Default.CreateVirtualClusterRequest),
                () => TokensAsync(ct), () => NewAsync(request, caller, ct), ct).ConfigureAwait(false);
            return await DescriptionAsync(cluster, ct).ConfigureAwait(false);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <inheritdoc/>
    public async Task<VirtualClusterDescription> DescribeVirtualClusterAsync(string id, CancellationToken ct)
    {
        Requests.CheckPath("DescribeVirtualClusterRequest", ("id", id));
        return await DescriptionAsync(await context.ClusterAsync(id, ct).ConfigureAwait(false), ct).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<JobPage<VirtualClusterDescription>> ListVirtualClustersAsync(ListVirtualClustersRequest request, CancellationToken ct)
    {
        var listing = Listing.Check(request, JobsJson.Default.ListVirtualClustersRequest, request.MaxResults);
        var all = await Client.ListAsync<VirtualCluster>(null, ListOptions.All, ct).ConfigureAwait(false);
        var wanted = all.Select(c => Descriptions.Of(c, context.Options)).Where(c =>
            (request.ContainerProviderId is null || c.ContainerProvider.Id == request.ContainerProviderId)
            && (request.ContainerProviderType is null || c.ContainerProvider.Type == request.ContainerProviderType)
            && request.EksAccessEntryIntegrated is not true
            && Listing.Within(c.CreatedAt, request.CreatedAfter, request.CreatedBefore)
            && Listing.Among(Descriptions.Word(c.State), request.States)
            && request.Visible?.Invoke(c) != false);
        return PageToken.Cut(wanted, c => (c.CreatedAt, c.Id), listing, request.MaxResults, request.NextToken);
    }

    /// <inheritdoc/>
    public async Task<VirtualClusterDescription> UpdateVirtualClusterAsync(UpdateVirtualClusterRequest request, CancellationToken ct)
    {
        Requests.Check(request, JobsJson.Default.UpdateVirtualClusterRequest);
        await _gate.WaitAsync(ct).ConfigureAwait(false);
        try
        {
            var cluster = await context.ClusterAsync(request.Id!, ct).ConfigureAwait(false);
            if (cluster.Spec.UpdateTokens?.Contains(request.ClientToken!, StringComparer.Ordinal) != true)
            {
                cluster = await UpdateAsync(cluster, request, ct).ConfigureAwait(false);
            }

            return await DescriptionAsync(cluster, ct).ConfigureAwait(false);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <inheritdoc/>
    public async Task<string> DeleteVirtualClusterAsync(string id, CancellationToken ct)
    {
        Requests.CheckPath("DeleteVirtualClusterRequest", ("id", id));
        var cluster = await Client.FindAsync<VirtualCluster>(null, id, ct).ConfigureAwait(false)
            ?? throw new JobValidationException($"Virtual cluster {id} not found.", "id");
        if (cluster.State == VirtualClusterState.Terminated)
        {
            throw new JobValidationException($"Virtual cluster {id} is already terminated.", "id");
        }

        if (cluster.Spec.Terminate != true)
        {
            await Client.PatchAsync(cluster.Ref(), KubePatch.Merge(new JsonObject { ["spec"] = new JsonObject { ["terminate"] = true } }), ct).ConfigureAwait(false);
        }
        else if (cluster.State == VirtualClusterState.Arrested)
        {
            await Client.PatchStatusAsync(cluster, new JsonObject { ["state"] = Descriptions.Word(VirtualClusterState.Terminating), ["stateDetails"] = null }, ct).ConfigureAwait(false);
        }

        return id;
    }

    /// <inheritdoc/>
    public void Dispose() => _gate.Dispose();

    private async Task<VirtualClusterDescription> DescriptionAsync(VirtualCluster cluster, CancellationToken ct)
    {
        var description = Descriptions.Of(cluster, context.Options);
        return description.SchedulerConfiguration is null
            ? description
            : description with { SchedulerStatus = (await runs.OfAsync(cluster.Id, ct).ConfigureAwait(false)).Scheduler() };
    }

    private async Task<VirtualCluster> UpdateAsync(VirtualCluster cluster, UpdateVirtualClusterRequest request, CancellationToken ct)
    {
        if (cluster.State != VirtualClusterState.Running)
        {
            throw new JobValidationException($"Virtual cluster state {Descriptions.Word(cluster.State)} is not valid to update the virtual cluster.", "id");
        }

        var limits = request.SchedulerConfiguration;
        var tokens = (cluster.Spec.UpdateTokens ?? []).Append(request.ClientToken!).TakeLast(TokensKept);
        var spec = new JsonObject
        {
            ["schedulerConfiguration"] = limits?.MaxConcurrentJobRuns is null && limits?.MaxInQueueJobRuns is null
                ? null
                : new JsonObject { ["maxConcurrentJobRuns"] = limits.MaxConcurrentJobRuns, ["maxInQueueJobRuns"] = limits.MaxInQueueJobRuns },
            ["updateTokens"] = new JsonArray([.. tokens.Select(t => (JsonNode)t)]),
        };
        await Client.PatchAsync(cluster.Ref(), KubePatch.Merge(new JsonObject { ["spec"] = spec }), ct).ConfigureAwait(false);
        return await context.ClusterAsync(cluster.Id, ct).ConfigureAwait(false);
    }

    private async Task<IEnumerable<KeyValuePair<string, string>>> TokensAsync(CancellationToken ct)
    {
        var all = await Client.ListAsync<VirtualCluster>(null, ListOptions.All, ct).ConfigureAwait(false);
        return all.Where(c => c.Spec.ClientToken is not null).DistinctBy(c => c.Spec.ClientToken, StringComparer.Ordinal).Select(c => KeyValuePair.Create(c.Spec.ClientToken!, c.Id));
    }

    private async Task<VirtualCluster> NewAsync(CreateVirtualClusterRequest request, JobCaller caller, CancellationToken ct)
    {
        await CheckPlaceAsync(request, ct).ConfigureAwait(false);
        return await Client.CreateAsync(
            new VirtualCluster
            {
                Metadata = new ObjectMeta
                {
                    Name = EmrNames.NewVirtualClusterId(),
                    Annotations = RequestDigest.Annotation(RequestDigest.Of(request, JobsJson.Default.CreateVirtualClusterRequest)),
                },
                Spec = new VirtualClusterSpec
                {
                    Name = request.Name,
                    ContainerProvider = request.ContainerProvider,
                    ClientToken = request.ClientToken,
                    Tags = request.Tags,
                    CreatedBy = caller.Arn,
                    SecurityConfigurationId = request.SecurityConfigurationId,
                    SessionEnabled = request.SessionEnabled,
                    SchedulerConfiguration = request.SchedulerConfiguration,
                },
            },
            ct).ConfigureAwait(false);
    }

    private async Task CheckPlaceAsync(CreateVirtualClusterRequest request, CancellationToken ct)
    {
        const string field = "containerProvider.info.eksInfo.namespace";
        var ns = request.ContainerProvider!.Info!.EksInfo!.Namespace!;
        var all = await Client.ListAsync<VirtualCluster>(null, ListOptions.All, ct).ConfigureAwait(false);
        if (all.FirstOrDefault(c => c.Namespace == ns && c.State != VirtualClusterState.Terminated) is { } holder)
        {
            throw new JobValidationException($"A virtual cluster already exists in the given namespace: {holder.Id} ({holder.Spec.Name}) uses {ns}.", field);
        }

        if (await Client.FindAsync<Namespace>(null, ns, ct).ConfigureAwait(false) is null)
        {
            throw new JobValidationException($"Namespace {ns} doesn't exist in cluster {context.Options.ClusterName}: create it first.", field);
        }

        if (request.SecurityConfigurationId is { } security && await Client.FindAsync<SecurityConfiguration>(null, security, ct).ConfigureAwait(false) is null)
        {
            throw new JobNotFoundException($"Security configuration {security} doesn't exist.");
        }
    }
}
