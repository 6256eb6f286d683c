using System.Text.Json;
using System.Text.Json.Nodes;
using Hearth.Jobs.Model;
using Hearth.Jobs.Service;

namespace Hearth.Aws.EmrContainers.Operations;

/// <summary>Virtual clusters.</summary>
internal sealed class VirtualClusterOperations(IVirtualClusters clusters, EmrGate gate)
{
    public async Task<JsonObject> CreateAsync(EmrCall call)
    {
        var request = call.Body(JobsJson.Default.CreateVirtualClusterRequest);
        gate.Demand(call, new EmrAction(call.Operation, "*")
        {
            Namespace = request.ContainerProvider?.Info?.EksInfo?.Namespace,
            RequestTags = request.Tags ?? new Dictionary<string, string>(StringComparer.Ordinal),
        });
        if (request.SecurityConfigurationId is { } configuration)
        {
            await gate.SecurityAsync(call with { Operation = "DescribeSecurityConfiguration" }, configuration).ConfigureAwait(false);
        }

        var made = await clusters.CreateVirtualClusterAsync(request, call.Caller, call.Aborted).ConfigureAwait(false);
        return new JsonObject { ["id"] = made.Id, ["name"] = made.Name, ["arn"] = made.Arn };
    }

    public async Task<JsonObject> DescribeAsync(EmrCall call)
    {
        await gate.ClusterAsync(call, call.Labels[0]).ConfigureAwait(false);
        return Answer(await clusters.DescribeVirtualClusterAsync(call.Labels[0], call.Aborted).ConfigureAwait(false));
    }

    public async Task<JsonObject> ListAsync(EmrCall call)
    {
        gate.Demand(call, new EmrAction(call.Operation, "*"));
        var query = call.Query;
        var page = await clusters.ListVirtualClustersAsync(
            new ListVirtualClustersRequest
            {
                ContainerProviderId = query["containerProviderId"],
                ContainerProviderType = query["containerProviderType"],
                CreatedAfter = WireValues.Time(query, "createdAfter"),
                CreatedBefore = WireValues.Time(query, "createdBefore"),
                States = WireValues.Many(query, "states"),
                EksAccessEntryIntegrated = WireValues.Flag(query, "eksAccessEntryIntegrated"),
                MaxResults = WireValues.Number(query, "maxResults"),
                NextToken = query["nextToken"],
                Visible = gate.Visible<VirtualClusterDescription>(call, EmrGate.Of),
            },
            call.Aborted).ConfigureAwait(false);
        return EmrCall.Page("virtualClusters", page.Items.Select(Node), page.NextToken);
    }

    public async Task<JsonObject> UpdateAsync(EmrCall call)
    {
        var request = call.Body(JobsJson.Default.UpdateVirtualClusterRequest) with { Id = call.Labels[0] };
        await gate.ClusterAsync(call, call.Labels[0]).ConfigureAwait(false);
        return Answer(await clusters.UpdateVirtualClusterAsync(request, call.Aborted).ConfigureAwait(false));
    }

    public async Task<JsonObject> DeleteAsync(EmrCall call)
    {
        await gate.ClusterAsync(call, call.Labels[0]).ConfigureAwait(false);
        return new JsonObject { ["id"] = await clusters.DeleteVirtualClusterAsync(call.Labels[0], call.Aborted).ConfigureAwait(false) };
    }

    private static JsonObject Answer(VirtualClusterDescription cluster) => new() { ["virtualCluster"] = Node(cluster) };

    private static JsonNode Node(VirtualClusterDescription cluster) => JsonSerializer.SerializeToNode(cluster, JobsJson.Default.VirtualClusterDescription)!;
}
