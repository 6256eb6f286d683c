using System.Text.Json;
using System.Text.Json.Nodes;
using Hearth.Jobs.Model;
using Hearth.Jobs.Service;
using Hearth.Kube.Objects;

namespace Hearth.Aws.EmrContainers.Operations;

/// <summary>Managed endpoints and their session credentials.</summary>
internal sealed class ManagedEndpointOperations(IManagedEndpoints endpoints, EmrGate gate)
{
    public async Task<JsonObject> CreateAsync(EmrCall call)
    {
        var request = call.Body(JobsJson.Default.CreateManagedEndpointRequest) with { VirtualClusterId = call.Labels[0] };
        await gate.ClusterAsync(call, call.Labels[0], a => a with
        {
            ExecutionRoleArn = request.ExecutionRoleArn, RequestTags = request.Tags ?? new Dictionary<string, string>(StringComparer.Ordinal),
        }).ConfigureAwait(false);
        var made = await endpoints.CreateManagedEndpointAsync(request, call.Caller, call.Aborted).ConfigureAwait(false);
        return new JsonObject { ["id"] = made.Id, ["name"] = made.Name, ["arn"] = made.Arn, ["virtualClusterId"] = made.VirtualClusterId };
    }

    public async Task<JsonObject> DescribeAsync(EmrCall call)
    {
        var (cluster, id) = (call.Labels[0], call.Labels[1]);
        await gate.EndpointAsync(call, cluster, id).ConfigureAwait(false);
        return new JsonObject { ["endpoint"] = Node(await endpoints.DescribeManagedEndpointAsync(cluster, id, call.Aborted).ConfigureAwait(false)) };
    }

    public async Task<JsonObject> ListAsync(EmrCall call)
    {
        await gate.ClusterAsync(call, call.Labels[0]).ConfigureAwait(false);
        var query = call.Query;
        var page = await endpoints.ListManagedEndpointsAsync(
            new ListManagedEndpointsRequest
            {
                VirtualClusterId = call.Labels[0],
                CreatedAfter = WireValues.Time(query, "createdAfter"),
                CreatedBefore = WireValues.Time(query, "createdBefore"),
                Types = WireValues.Many(query, "types"),
                States = WireValues.Many(query, "states"),
                MaxResults = WireValues.Number(query, "maxResults"),
                NextToken = query["nextToken"],
            },
            call.Aborted).ConfigureAwait(false);
        return EmrCall.Page("endpoints", page.Items.Select(Node), page.NextToken);
    }

    public async Task<JsonObject> DeleteAsync(EmrCall call)
    {
        var (cluster, id) = (call.Labels[0], call.Labels[1]);
        await gate.EndpointAsync(call, cluster, id).ConfigureAwait(false);
        return new JsonObject { ["id"] = await endpoints.DeleteManagedEndpointAsync(cluster, id, call.Aborted).ConfigureAwait(false), ["virtualClusterId"] = cluster };
    }

    /// <summary>Both labels may be ids or ARNs.</summary>
    public async Task<JsonObject> CredentialsAsync(EmrCall call)
    {
        var request = call.Body(JobsJson.Default.GetManagedEndpointSessionCredentialsRequest) with { VirtualClusterIdentifier = call.Labels[0], EndpointIdentifier = call.Labels[1] };
        await gate.EndpointAsync(call, ResourceArn.ClusterIdOf(call.Labels[0], gate.Names), ResourceArn.EndpointIdOf(call.Labels[1], gate.Names)).ConfigureAwait(false);
        var made = await endpoints.GetSessionCredentialsAsync(request, call.Caller, call.Aborted).ConfigureAwait(false);
        return new JsonObject { ["id"] = made.Id, ["credentials"] = new JsonObject { ["token"] = made.Token }, ["expiresAt"] = KubeTimeConverter.ToText(made.ExpiresAt) };
    }

    private static JsonNode Node(EndpointDescription endpoint) => JsonSerializer.SerializeToNode(endpoint, JobsJson.Default.EndpointDescription)!;
}
