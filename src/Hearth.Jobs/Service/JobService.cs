using System.Text.Json;
using System.Text.Json.Nodes;
using Hearth.Jobs.Emr;
using Hearth.Jobs.Model;
using Hearth.Jobs.Resources;
using Hearth.Jobs.Validation;
using Hearth.Kube.Client;
using Hearth.Kube.Core;
using Hearth.Kube.Objects;

namespace Hearth.Jobs.Service;

/// <summary>
/// <see cref="IJobService"/> over custom resources: requests become objects, controllers do the rest. There is no other database.
/// One instance serves a cluster (client tokens are indexed in memory).
/// </summary>
public sealed class JobService(IKubeClient client, JobServiceOptions options, TimeProvider time) : IJobService, IDisposable
{
    private readonly JobRunIds _ids = new(time);
    private readonly ClientTokens _tokens = new();
    private readonly SemaphoreSlim _clusters = new(1, 1);

    /// <inheritdoc/>
    public async Task<VirtualClusterDescription> CreateVirtualClusterAsync(CreateVirtualClusterRequest request, JobCaller caller, CancellationToken ct)
    {
        Requests.Check(request);
        if (request.ContainerProvider!.Id != options.ClusterName)
        {
            throw new JobValidationException($"EKS cluster {request.ContainerProvider.Id} doesn't exist: this platform's cluster is {options.ClusterName}.", "containerProvider.id");
        }

        // One at a time: whether a namespace is free is a question about all virtual clusters.
        await _clusters.WaitAsync(ct).ConfigureAwait(false);
        try
        {
            var all = await client.ListAsync<VirtualCluster>(null, ListOptions.All, ct).ConfigureAwait(false);
            var cluster = all.FirstOrDefault(c => c.Spec.ClientToken == request.ClientToken) ?? await NewClusterAsync(request, caller, all, ct).ConfigureAwait(false);
            return Descriptions.Of(cluster, options);
        }
        finally
        {
            _clusters.Release();
        }
    }

    /// <inheritdoc/>
    public async Task<VirtualClusterDescription> DescribeVirtualClusterAsync(string id, CancellationToken ct) =>
        Descriptions.Of(await ClusterAsync(id, ct).ConfigureAwait(false), options);

    /// <inheritdoc/>
    public async Task<JobPage<VirtualClusterDescription>> ListVirtualClustersAsync(ListVirtualClustersRequest request, CancellationToken ct)
    {
        Requests.Check(request);
        var all = await client.ListAsync<VirtualCluster>(null, ListOptions.All, ct).ConfigureAwait(false);
        var wanted = all.Select(c => Descriptions.Of(c, options)).Where(c =>
            (request.ContainerProviderId is null || c.ContainerProvider.Id == request.ContainerProviderId)
            && (request.ContainerProviderType is null || c.ContainerProvider.Type == request.ContainerProviderType)
            && request.EksAccessEntryIntegrated is not true
            && Within(c.CreatedAt, request.CreatedAfter, request.CreatedBefore)
            && (request.States is not { Count: > 0 } states || states.Contains(Descriptions.Word(c.State), StringComparer.Ordinal)));
        return PageToken.Cut(wanted, c => (c.CreatedAt, c.Id), request.MaxResults, request.NextToken);
    }

    /// <inheritdoc/>
    public async Task<string> DeleteVirtualClusterAsync(string id, CancellationToken ct)
    {
        Requests.CheckId("id", id);
        var cluster = await client.FindAsync<VirtualCluster>(null, id, ct).ConfigureAwait(false)
            ?? throw new JobValidationException($"Virtual cluster {id} not found.", "id");
        if (cluster.State == VirtualClusterState.Terminated)
        {
            throw new JobValidationException($"Virtual cluster {id} is already terminated.", "id");
        }

        if (cluster.Spec.Terminate != true)
        {
            await client.PatchAsync(cluster.Ref(), KubePatch.Merge(new JsonObject { ["spec"] = new JsonObject { ["terminate"] = true } }), ct).ConfigureAwait(false);
        }

        return id;
    }

    /// <inheritdoc/>
    public async Task<JobRunDescription> StartJobRunAsync(StartJobRunRequest request, JobCaller caller, CancellationToken ct)
    {
        Requests.Check(request);
        var cluster = await ClusterAsync(request.VirtualClusterId!, ct).ConfigureAwait(false);
        var run = await _tokens.UseAsync(
            cluster.Id,
            request.ClientToken!,
            () => TokensAsync(cluster, ct),
            async known =>
            {
                var first = known is null ? null : await client.FindAsync<JobRun>(cluster.Namespace, known, ct).ConfigureAwait(false);
                var result = first is null ? await NewRunAsync(request, caller, cluster, ct).ConfigureAwait(false) : Same(first, request);
                return (result.Id, result);
            },
            ct).ConfigureAwait(false);
        return Descriptions.Of(run, options);
    }

    /// <inheritdoc/>
    public async Task<JobRunDescription> DescribeJobRunAsync(string virtualClusterId, string id, CancellationToken ct)
    {
        Requests.CheckId("id", id);
        var cluster = await ClusterAsync(virtualClusterId, ct).ConfigureAwait(false);
        return await RunAsync(cluster, id, ct).ConfigureAwait(false) is { } run
            ? Descriptions.Of(run, options)
            : throw new JobNotFoundException($"Job run {id} doesn't exist.");
    }

    /// <inheritdoc/>
    public async Task<JobPage<JobRunDescription>> ListJobRunsAsync(ListJobRunsRequest request, CancellationToken ct)
    {
        Requests.Check(request);
        var cluster = await client.FindAsync<VirtualCluster>(null, request.VirtualClusterId!, ct).ConfigureAwait(false)
            ?? throw new JobValidationException($"Virtual cluster {request.VirtualClusterId} doesn't exist.", "virtualClusterId");
        var all = await client.ListAsync<JobRun>(cluster.Namespace, ListOptions.All, ct).ConfigureAwait(false);
        var wanted = all.Where(r => r.Spec.VirtualClusterId == cluster.Id).Select(r => Descriptions.Short(r, options)).Where(r =>
            (request.Name is null || r.Name == request.Name)
            && Within(r.CreatedAt, request.CreatedAfter, request.CreatedBefore)
            && (request.States is not { Count: > 0 } states || states.Contains(Descriptions.Word(r.State), StringComparer.Ordinal)));
        return PageToken.Cut(wanted, r => (r.CreatedAt, r.Id), request.MaxResults, request.NextToken);
    }

    /// <inheritdoc/>
    public async Task<string> CancelJobRunAsync(string virtualClusterId, string id, CancellationToken ct)
    {
        Requests.CheckId("id", id);
        Requests.CheckId("virtualClusterId", virtualClusterId);
        var cluster = await client.FindAsync<VirtualCluster>(null, virtualClusterId, ct).ConfigureAwait(false)
            ?? throw new JobValidationException($"Virtual cluster {virtualClusterId} doesn't exist.", "virtualClusterId");
        var run = await RunAsync(cluster, id, ct).ConfigureAwait(false)
            ?? throw new JobValidationException($"Job run {id} doesn't exist.", "id");
        if (run.State.IsTerminal())
        {
            throw new JobValidationException($"Job run {id} is not in a cancellable state", "id");
        }

        await client.PatchAsync(run.Ref(), KubePatch.Merge(new JsonObject { ["spec"] = new JsonObject { ["cancel"] = true } }), ct).ConfigureAwait(false);
        return id;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _tokens.Dispose();
        _clusters.Dispose();
    }

    private static bool Within(DateTimeOffset time, DateTimeOffset? after, DateTimeOffset? before) => (after is null || time >= after) && (before is null || time < before);

    private static JobRun Same(JobRun first, StartJobRunRequest request)
    {
        var asked = SpecOf(request, null);
        var known = first.Spec with { Cancel = null, CreatedBy = null };
        return JsonNode.DeepEquals(Node(known), Node(asked))
            ? first
            : throw new JobConflictException($"Client token {request.ClientToken} was already used for job run {first.Id} with other parameters: use a new token for a new request.");
    }

    private static JsonNode? Node(JobRunSpec spec) => JsonSerializer.SerializeToNode(spec, JobsJson.Default.JobRunSpec);

    private static JobRunSpec SpecOf(StartJobRunRequest request, JobCaller? caller) => new()
    {
        Name = request.Name,
        VirtualClusterId = request.VirtualClusterId,
        ClientToken = request.ClientToken,
        ExecutionRoleArn = request.ExecutionRoleArn,
        ReleaseLabel = request.ReleaseLabel,
        JobDriver = request.JobDriver,
        ConfigurationOverrides = request.ConfigurationOverrides,
        Tags = request.Tags,
        RetryPolicyConfiguration = request.RetryPolicyConfiguration,
        CreatedBy = caller?.Arn,
    };

    private async Task<VirtualCluster> NewClusterAsync(CreateVirtualClusterRequest request, JobCaller caller, IReadOnlyList<VirtualCluster> all, CancellationToken ct)
    {
        var ns = request.ContainerProvider!.Info!.EksInfo!.Namespace!;
        if (all.FirstOrDefault(c => c.Namespace == ns && c.State != VirtualClusterState.Terminated) is { } holder)
        {
            throw new JobValidationException($"A virtual cluster already exists in the given namespace: {holder.Id} ({holder.Spec.Name}) uses {ns}.", "containerProvider.info.eksInfo.namespace");
        }

        if (await client.FindAsync<Namespace>(null, ns, ct).ConfigureAwait(false) is null)
        {
            throw new JobValidationException($"Namespace {ns} doesn't exist in cluster {options.ClusterName}: create it first.", "containerProvider.info.eksInfo.namespace");
        }

        return await client.CreateAsync(
            new VirtualCluster
            {
                Metadata = new ObjectMeta { Name = EmrNames.NewVirtualClusterId() },
                Spec = new VirtualClusterSpec
                {
                    Name = request.Name,
                    ContainerProvider = request.ContainerProvider,
                    ClientToken = request.ClientToken,
                    Tags = request.Tags,
                    CreatedBy = caller.Arn,
                },
            },
            ct).ConfigureAwait(false);
    }

    private async Task<JobRun> NewRunAsync(StartJobRunRequest request, JobCaller caller, VirtualCluster cluster, CancellationToken ct)
    {
        if (cluster.State != VirtualClusterState.Running)
        {
            throw new JobValidationException($"Virtual cluster state {Descriptions.Word(cluster.State)} is not valid to create resource JobRun.", "virtualClusterId");
        }

        return await client.CreateAsync(
            new JobRun
            {
                Metadata = new ObjectMeta
                {
                    Name = _ids.Next(),
                    Namespace = cluster.Namespace,
                    Labels = new Dictionary<string, string>(StringComparer.Ordinal) { [EmrNames.VirtualClusterLabel] = cluster.Id },
                    Finalizers = [EmrGroup.CancelFinalizer],
                },
                Spec = SpecOf(request, caller),
            },
            ct).ConfigureAwait(false);
    }

    private async Task<IEnumerable<KeyValuePair<string, string>>> TokensAsync(VirtualCluster cluster, CancellationToken ct)
    {
        var runs = await client.ListAsync<JobRun>(cluster.Namespace, ListOptions.All, ct).ConfigureAwait(false);
        return runs
            .Where(r => r.Spec.VirtualClusterId == cluster.Id && r.Spec.ClientToken is not null)
            .DistinctBy(r => r.Spec.ClientToken, StringComparer.Ordinal)
            .Select(r => KeyValuePair.Create(r.Spec.ClientToken!, r.Id));
    }

    private async Task<VirtualCluster> ClusterAsync(string id, CancellationToken ct)
    {
        Requests.CheckId("virtualClusterId", id);
        return await client.FindAsync<VirtualCluster>(null, id, ct).ConfigureAwait(false)
            ?? throw new JobNotFoundException($"Virtual cluster {id} doesn't exist.");
    }

    private async Task<JobRun?> RunAsync(VirtualCluster cluster, string id, CancellationToken ct) =>
        await client.FindAsync<JobRun>(cluster.Namespace, id, ct).ConfigureAwait(false) is { } run && run.Spec.VirtualClusterId == cluster.Id ? run : null;
}
