using System.Text.Json;
using System.Text.Json.Nodes;
using Hearth.Jobs.Model;
using Hearth.Jobs.Service;

namespace Hearth.Aws.EmrContainers.Operations;

/// <summary>Job runs.</summary>
internal sealed class JobRunOperations(IJobRuns runs, EmrGate gate)
{
    public async Task<JsonObject> StartAsync(EmrCall call)
    {
        var request = call.Body(JobsJson.Default.StartJobRunRequest) with { VirtualClusterId = call.Labels[0] };
        await gate.StartAsync(call, request).ConfigureAwait(false);
        var run = await runs.StartJobRunAsync(request, call.Caller, call.Aborted).ConfigureAwait(false);
        var answer = new JsonObject { ["id"] = run.Id, ["arn"] = run.Arn, ["virtualClusterId"] = run.VirtualClusterId };
        if (run.Name is not null)
        {
            answer["name"] = run.Name;
        }

        return answer;
    }

    public async Task<JsonObject> DescribeAsync(EmrCall call)
    {
        var (cluster, id) = (call.Labels[0], call.Labels[1]);
        await gate.RunAsync(call, cluster, id).ConfigureAwait(false);
        return new JsonObject { ["jobRun"] = Node(await runs.DescribeJobRunAsync(cluster, id, call.Aborted).ConfigureAwait(false)) };
    }

    public async Task<JsonObject> ListAsync(EmrCall call)
    {
        await gate.ClusterAsync(call, call.Labels[0]).ConfigureAwait(false);
        var query = call.Query;
        var page = await runs.ListJobRunsAsync(
            new ListJobRunsRequest
            {
                VirtualClusterId = call.Labels[0],
                CreatedAfter = WireValues.Time(query, "createdAfter"),
                CreatedBefore = WireValues.Time(query, "createdBefore"),
                Name = query["name"],
                States = WireValues.Many(query, "states"),
                MaxResults = WireValues.Number(query, "maxResults"),
                NextToken = query["nextToken"],
            },
            call.Aborted).ConfigureAwait(false);
        return EmrCall.Page("jobRuns", page.Items.Select(Node), page.NextToken);
    }

    public async Task<JsonObject> CancelAsync(EmrCall call)
    {
        var (cluster, id) = (call.Labels[0], call.Labels[1]);
        await gate.RunAsync(call, cluster, id).ConfigureAwait(false);
        return new JsonObject { ["id"] = await runs.CancelJobRunAsync(cluster, id, call.Aborted).ConfigureAwait(false), ["virtualClusterId"] = cluster };
    }

    private static JsonNode Node(JobRunDescription run) => JsonSerializer.SerializeToNode(run, JobsJson.Default.JobRunDescription)!;
}
