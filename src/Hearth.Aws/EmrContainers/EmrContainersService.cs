using System.Text.Json;
using System.Text.Json.Nodes;
using Hearth.Aws.Http;
using Hearth.Jobs.Model;
using Hearth.Jobs.Service;

namespace Hearth.Aws.EmrContainers;

/// <summary>Amazon EMR on EKS (API 2020-10-01): a codec over <see cref="IJobService"/>, which validates the requests.</summary>
internal sealed class EmrContainersService(IJobService jobs, NamespaceAccess access) : IAwsService
{
    /// <inheritdoc/>
    public IReadOnlyList<string> SigningNames => ["emr-containers"];

    /// <inheritdoc/>
    public AwsProtocol Protocol => AwsProtocol.RestJson;

    /// <inheritdoc/>
    public bool StreamsBody => false;

    /// <inheritdoc/>
    public async Task HandleAsync(AwsRequest request, ReadOnlyMemory<byte> body)
    {
        var route = EmrRoute.Of(request.Method, request.Segments())
            ?? throw new AwsException(404, "UnknownOperationException", $"{request.Method} {request.RawPath} is no operation of emr-containers.");
        try
        {
            var answer = await AnswerAsync(route, request, body).ConfigureAwait(false);
            await JsonAnswer.WriteAsync(request, answer).ConfigureAwait(false);
        }
        catch (JobNotFoundException e)
        {
            throw new AwsException(400, "ResourceNotFoundException", e.Message);
        }
        catch (JobException e)
        {
            throw new AwsException(400, "ValidationException", e.Message);
        }
    }

    private Task<JsonObject> AnswerAsync(EmrRoute route, AwsRequest request, ReadOnlyMemory<byte> body) => route.Name switch
    {
        "CreateVirtualCluster" => CreateClusterAsync(request, body),
        "DescribeVirtualCluster" => DescribeClusterAsync(request, route.Labels[0]),
        "ListVirtualClusters" => ListClustersAsync(request),
        "DeleteVirtualCluster" => DeleteClusterAsync(request, route.Labels[0]),
        "StartJobRun" => StartAsync(request, route.Labels[0], body),
        "DescribeJobRun" => DescribeRunAsync(request, route.Labels[0], route.Labels[1]),
        "ListJobRuns" => ListRunsAsync(request, route.Labels[0]),
        "CancelJobRun" => CancelAsync(request, route.Labels[0], route.Labels[1]),
        _ => throw AwsException.NotImplemented($"the emr-containers operation {route.Name}"),
    };

    private async Task<JsonObject> CreateClusterAsync(AwsRequest request, ReadOnlyMemory<byte> body)
    {
        var wanted = WireValues.Body(body, JobsJson.Default.CreateVirtualClusterRequest);
        var @namespace = wanted.ContainerProvider?.Info?.EksInfo?.Namespace;
        if (@namespace is not null && !access.Allows(request.Caller, @namespace))
        {
            throw Denied(request, "CreateVirtualCluster", $"namespace {@namespace}");
        }
        var made = await jobs.CreateVirtualClusterAsync(wanted, CallerOf(request), request.Aborted).ConfigureAwait(false);
        return new JsonObject { ["id"] = made.Id, ["name"] = made.Name, ["arn"] = made.Arn };
    }

    private async Task<JsonObject> DescribeClusterAsync(AwsRequest request, string id)
    {
        var cluster = await jobs.DescribeVirtualClusterAsync(id, request.Aborted).ConfigureAwait(false);
        Check(request, cluster, "DescribeVirtualCluster", cluster.Arn);
        return new JsonObject { ["virtualCluster"] = Node(cluster) };
    }

    private async Task<JsonObject> ListClustersAsync(AwsRequest request)
    {
        var query = request.Query;
        var wanted = new ListVirtualClustersRequest
        {
            ContainerProviderId = query["containerProviderId"],
            ContainerProviderType = query["containerProviderType"],
            CreatedAfter = WireValues.Time(query, "createdAfter"),
            CreatedBefore = WireValues.Time(query, "createdBefore"),
            States = WireValues.Many(query, "states"),
            EksAccessEntryIntegrated = WireValues.Flag(query, "eksAccessEntryIntegrated"),
            MaxResults = WireValues.Number(query, "maxResults"),
            NextToken = query["nextToken"],
        };
        var page = await jobs.ListVirtualClustersAsync(wanted, request.Aborted).ConfigureAwait(false);
        var visible = page.Items.Where(c => access.Allows(request.Caller, NamespaceOf(c))).Select(c => (JsonNode)Node(c));
        return Page("virtualClusters", visible, page.NextToken);
    }

    private async Task<JsonObject> DeleteClusterAsync(AwsRequest request, string id)
    {
        await CheckAsync(request, id, "DeleteVirtualCluster").ConfigureAwait(false);
        return new JsonObject { ["id"] = await jobs.DeleteVirtualClusterAsync(id, request.Aborted).ConfigureAwait(false) };
    }

    private async Task<JsonObject> StartAsync(AwsRequest request, string cluster, ReadOnlyMemory<byte> body)
    {
        var wanted = WireValues.Body(body, JobsJson.Default.StartJobRunRequest) with { VirtualClusterId = cluster };
        await CheckAsync(request, cluster, "StartJobRun").ConfigureAwait(false);
        var run = await jobs.StartJobRunAsync(wanted, CallerOf(request), request.Aborted).ConfigureAwait(false);
        return new JsonObject { ["id"] = run.Id, ["name"] = run.Name, ["arn"] = run.Arn, ["virtualClusterId"] = run.VirtualClusterId };
    }

    private async Task<JsonObject> DescribeRunAsync(AwsRequest request, string cluster, string id)
    {
        await CheckAsync(request, cluster, "DescribeJobRun").ConfigureAwait(false);
        return new JsonObject { ["jobRun"] = Node(await jobs.DescribeJobRunAsync(cluster, id, request.Aborted).ConfigureAwait(false)) };
    }

    private async Task<JsonObject> ListRunsAsync(AwsRequest request, string cluster)
    {
        await CheckAsync(request, cluster, "ListJobRuns").ConfigureAwait(false);
        var query = request.Query;
        var wanted = new ListJobRunsRequest
        {
            VirtualClusterId = cluster,
            CreatedAfter = WireValues.Time(query, "createdAfter"),
            CreatedBefore = WireValues.Time(query, "createdBefore"),
            Name = query["name"],
            States = WireValues.Many(query, "states"),
            MaxResults = WireValues.Number(query, "maxResults"),
            NextToken = query["nextToken"],
        };
        var page = await jobs.ListJobRunsAsync(wanted, request.Aborted).ConfigureAwait(false);
        return Page("jobRuns", page.Items.Select(run => (JsonNode)Node(run)), page.NextToken);
    }

    private async Task<JsonObject> CancelAsync(AwsRequest request, string cluster, string id)
    {
        await CheckAsync(request, cluster, "CancelJobRun").ConfigureAwait(false);
        var cancelled = await jobs.CancelJobRunAsync(cluster, id, request.Aborted).ConfigureAwait(false);
        return new JsonObject { ["id"] = cancelled, ["virtualClusterId"] = cluster };
    }

    /// <summary>A team may only touch its own virtual clusters; whether others exist is not told.</summary>
    private async Task CheckAsync(AwsRequest request, string cluster, string operation)
    {
        if (request.Caller.IsAdmin)
        {
            return;
        }
        try
        {
            var found = await jobs.DescribeVirtualClusterAsync(cluster, request.Aborted).ConfigureAwait(false);
            Check(request, found, operation, found.Arn);
        }
        catch (JobNotFoundException)
        {
            // The service answers in the words of the operation.
        }
    }

    private void Check(AwsRequest request, VirtualClusterDescription cluster, string operation, string resource)
    {
        if (!access.Allows(request.Caller, NamespaceOf(cluster)))
        {
            throw Denied(request, operation, resource);
        }
    }

    private static AwsException Denied(AwsRequest request, string operation, string resource) => new(
        403, "AccessDeniedException", $"User: {request.Caller.PrincipalArn} is not authorized to perform: emr-containers:{operation} on resource: {resource}");

    private static JobCaller CallerOf(AwsRequest request) => new(request.Caller.PrincipalArn);

    private static string? NamespaceOf(VirtualClusterDescription cluster) => cluster.ContainerProvider.Info?.EksInfo?.Namespace;

    private static JsonNode Node(VirtualClusterDescription cluster) =>
        JsonSerializer.SerializeToNode(cluster, JobsJson.Default.VirtualClusterDescription)!;

    private static JsonNode Node(JobRunDescription run) => JsonSerializer.SerializeToNode(run, JobsJson.Default.JobRunDescription)!;

    private static JsonObject Page(string name, IEnumerable<JsonNode> items, string? nextToken)
    {
        var answer = new JsonObject { [name] = new JsonArray([.. items]) };
        if (nextToken is not null)
        {
            answer["nextToken"] = nextToken;
        }
        return answer;
    }
}
