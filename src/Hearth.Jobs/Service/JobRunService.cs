using System.Text.Json.Nodes;
using Hearth.Jobs.Emr;
using Hearth.Jobs.Model;
using Hearth.Jobs.Resources;
using Hearth.Jobs.Templates;
using Hearth.Jobs.Validation;
using Hearth.Kube.Client;
using Hearth.Kube.Objects;

namespace Hearth.Jobs.Service;

/// <inheritdoc cref="IJobRuns"/>
internal sealed class JobRunService(ServiceContext context, RunIndex runs) : IJobRuns, IDisposable
{
    private readonly JobRunIds _ids = new(context.Time);
    private readonly StripedLock _queues = new();

    private IKubeClient Client => context.Client;

    /// <inheritdoc/>
    public async Task<JobRunDescription> StartJobRunAsync(StartJobRunRequest request, JobCaller caller, CancellationToken ct)
    {
        Requests.Check(request);
        var cluster = await context.ClusterAsync(request.VirtualClusterId!, ct).ConfigureAwait(false);
        var digest = RequestDigest.Of(request, JobsJson.Default.StartJobRunRequest);
        var run = await context.OnceAsync(
            "job run", TokenScope.Of(cluster), request.ClientToken!, digest, () => TokensAsync(cluster, ct), () => NewAsync(request, digest, caller, cluster, ct), ct).ConfigureAwait(false);
        return Descriptions.Of(run, context.Options);
    }

    /// <inheritdoc/>
    public async Task<JobRunDescription> DescribeJobRunAsync(string virtualClusterId, string id, CancellationToken ct)
    {
        Requests.CheckPath("DescribeJobRunRequest", ("id", id), ("virtualClusterId", virtualClusterId));
        var cluster = await context.ClusterAsync(virtualClusterId, ct).ConfigureAwait(false);
        return await FindAsync(cluster, id, ct).ConfigureAwait(false) is { } run
            ? Descriptions.Of(run, context.Options)
            : throw new JobNotFoundException($"Job run {id} doesn't exist.");
    }

    /// <inheritdoc/>
    public async Task<JobPage<JobRunDescription>> ListJobRunsAsync(ListJobRunsRequest request, CancellationToken ct)
    {
        var listing = Listing.Check(request, JobsJson.Default.ListJobRunsRequest, request.MaxResults);
        var last = request.NextToken is { } token ? PageToken.Decode(listing, token) : null;
        var cluster = await context.KnownClusterAsync(request.VirtualClusterId!, ct).ConfigureAwait(false);
        var all = await runs.OfAsync(cluster.Id, ct).ConfigureAwait(false);
        var size = PageToken.Size(request.MaxResults);
        var page = all.After(last).Where(r => Wanted(r, request)).Take(size + 1).ToArray();
        var items = page.Take(size).Select(r => Descriptions.Short(r, context.Options)).ToArray();
        return new JobPage<JobRunDescription>(items, page.Length > size ? PageToken.Encode(listing, items[^1].Id) : null);
    }

    /// <inheritdoc/>
    public async Task<string> CancelJobRunAsync(string virtualClusterId, string id, CancellationToken ct)
    {
        Requests.CheckPath("CancelJobRunRequest", ("id", id), ("virtualClusterId", virtualClusterId));
        var cluster = await context.KnownClusterAsync(virtualClusterId, ct).ConfigureAwait(false);
        var run = await FindAsync(cluster, id, ct).ConfigureAwait(false)
            ?? throw new JobValidationException($"Job run {id} doesn't exist.", "id");
        if (run.State.IsTerminal())
        {
            throw new JobValidationException($"Job run {id} is not in a cancellable state", "id");
        }

        var patch = KubePatch.Merge(new JsonObject { ["spec"] = new JsonObject { ["cancel"] = true } });
        runs.Replace(KubeJson.Read<JobRun>(await Client.PatchAsync(run.Ref(), patch, ct).ConfigureAwait(false)));
        return id;
    }

    /// <inheritdoc/>
    public void Dispose() => _queues.Dispose();

    private static bool Wanted(JobRun run, ListJobRunsRequest request) =>
        (request.Name is null || run.Spec.Name == request.Name)
        && Listing.Within(run.Metadata.CreationTimestamp ?? DateTimeOffset.UnixEpoch, request.CreatedAfter, request.CreatedBefore)
        && Listing.Among(Descriptions.Word(run.State), request.States);

    private async Task<JobRun> NewAsync(StartJobRunRequest request, string digest, JobCaller caller, VirtualCluster cluster, CancellationToken ct)
    {
        if (cluster.State != VirtualClusterState.Running)
        {
            throw new JobValidationException($"Virtual cluster state {Descriptions.Word(cluster.State)} is not valid to create resource JobRun.", "virtualClusterId");
        }

        var run = RunOf(await CompleteAsync(request, ct).ConfigureAwait(false), digest, caller, cluster);
        if (cluster.Spec.SchedulerConfiguration?.MaxInQueueJobRuns is not { } most)
        {
            return await CreateAsync(run, ct).ConfigureAwait(false);
        }

        // One at a time, so that requests that come together do not overfill the queue.
        using (await _queues.EnterAsync(cluster.Id, ct).ConfigureAwait(false))
        {
            var waiting = (await runs.OfAsync(cluster.Id, ct).ConfigureAwait(false)).Scheduler().CurrentInQueueJobRuns;
            return waiting < most
                ? await CreateAsync(run, ct).ConfigureAwait(false)
                : throw new JobValidationException(
                    $"Virtual cluster {cluster.Id} has {waiting} job runs in its queue, and maxInQueueJobRuns is {most}: wait until one has started, or raise the limit with UpdateVirtualCluster.",
                    "virtualClusterId");
        }
    }

    private async Task<StartJobRunRequest> CompleteAsync(StartJobRunRequest request, CancellationToken ct)
    {
        if (request.JobTemplateId is null)
        {
            return request;
        }

        var template = await Client.FindAsync<JobTemplate>(null, request.JobTemplateId, ct).ConfigureAwait(false)
            ?? throw new JobNotFoundException($"Job template {request.JobTemplateId} doesn't exist.");
        var complete = TemplateJob.Complete(request, template.Spec.JobTemplateData!);
        Requests.Check(complete, JobsJson.Default.StartJobRunRequest);
        Requests.CheckRun(complete);
        return complete;
    }

    private async Task<JobRun> CreateAsync(JobRun run, CancellationToken ct)
    {
        var made = await Client.CreateAsync(run, ct).ConfigureAwait(false);
        runs.Add(made);
        return made;
    }

    private JobRun RunOf(StartJobRunRequest request, string digest, JobCaller caller, VirtualCluster cluster) => new()
    {
        Metadata = new ObjectMeta
        {
            Name = _ids.Next(),
            Namespace = cluster.Namespace,
            Labels = new Dictionary<string, string>(StringComparer.Ordinal) { [EmrNames.VirtualClusterLabel] = cluster.Id },
            Annotations = RequestDigest.Annotation(digest),
            Finalizers = [EmrGroup.CancelFinalizer],
        },
        Spec = new JobRunSpec
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
            JobTemplateId = request.JobTemplateId,
            CreatedBy = caller.Arn,
        },
    };

    private async Task<IEnumerable<KeyValuePair<string, string>>> TokensAsync(VirtualCluster cluster, CancellationToken ct) =>
        (await runs.OfAsync(cluster.Id, ct).ConfigureAwait(false)).After(null)
            .Where(r => r.Spec.ClientToken is not null)
            .DistinctBy(r => r.Spec.ClientToken, StringComparer.Ordinal)
            .Select(r => KeyValuePair.Create(r.Spec.ClientToken!, r.Id));

    private async Task<JobRun?> FindAsync(VirtualCluster cluster, string id, CancellationToken ct) =>
        await Client.FindAsync<JobRun>(cluster.Namespace, id, ct).ConfigureAwait(false) is { } run && run.Spec.VirtualClusterId == cluster.Id ? run : null;
}
