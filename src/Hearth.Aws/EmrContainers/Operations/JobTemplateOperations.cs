using System.Text.Json;
using System.Text.Json.Nodes;
using Hearth.Jobs.Model;
using Hearth.Jobs.Service;
using Hearth.Kube.Objects;

namespace Hearth.Aws.EmrContainers.Operations;

/// <summary>Job templates.</summary>
internal sealed class JobTemplateOperations(IJobTemplates templates, EmrGate gate)
{
    public async Task<JsonObject> CreateAsync(EmrCall call)
    {
        var request = call.Body(JobsJson.Default.CreateJobTemplateRequest);
        gate.Demand(call, new EmrAction(call.Operation, "*") { RequestTags = request.Tags ?? new Dictionary<string, string>(StringComparer.Ordinal) });
        var made = await templates.CreateJobTemplateAsync(request, call.Caller, call.Aborted).ConfigureAwait(false);
        return new JsonObject { ["id"] = made.Id, ["name"] = made.Name, ["arn"] = made.Arn, ["createdAt"] = KubeTimeConverter.ToText(made.CreatedAt) };
    }

    public async Task<JsonObject> DescribeAsync(EmrCall call)
    {
        await gate.TemplateAsync(call, call.Labels[0]).ConfigureAwait(false);
        return new JsonObject { ["jobTemplate"] = Node(await templates.DescribeJobTemplateAsync(call.Labels[0], call.Aborted).ConfigureAwait(false)) };
    }

    public async Task<JsonObject> ListAsync(EmrCall call)
    {
        gate.Demand(call, new EmrAction(call.Operation, "*"));
        var page = await templates.ListJobTemplatesAsync(
            new ListJobTemplatesRequest
            {
                CreatedAfter = WireValues.Time(call.Query, "createdAfter"),
                CreatedBefore = WireValues.Time(call.Query, "createdBefore"),
                MaxResults = WireValues.Number(call.Query, "maxResults"),
                NextToken = call.Query["nextToken"],
                Visible = gate.Visible<JobTemplateDescription>(call, EmrGate.Of),
            },
            call.Aborted).ConfigureAwait(false);
        return EmrCall.Page("templates", page.Items.Select(Node), page.NextToken);
    }

    public async Task<JsonObject> DeleteAsync(EmrCall call)
    {
        await gate.TemplateAsync(call, call.Labels[0]).ConfigureAwait(false);
        return new JsonObject { ["id"] = await templates.DeleteJobTemplateAsync(call.Labels[0], call.Aborted).ConfigureAwait(false) };
    }

    private static JsonNode Node(JobTemplateDescription template) => JsonSerializer.SerializeToNode(template, JobsJson.Default.JobTemplateDescription)!;
}
