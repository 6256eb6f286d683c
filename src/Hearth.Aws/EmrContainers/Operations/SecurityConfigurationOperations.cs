using System.Text.Json;
using System.Text.Json.Nodes;
using Hearth.Jobs.Model;
using Hearth.Jobs.Service;

namespace Hearth.Aws.EmrContainers.Operations;

/// <summary>Security configurations.</summary>
internal sealed class SecurityConfigurationOperations(ISecurityConfigurations configurations, EmrGate gate)
{
    public async Task<JsonObject> CreateAsync(EmrCall call)
    {
        var request = call.Body(JobsJson.Default.CreateSecurityConfigurationRequest);
        gate.Demand(call, new EmrAction(call.Operation, "*") { RequestTags = request.Tags ?? new Dictionary<string, string>(StringComparer.Ordinal) });
        var made = await configurations.CreateSecurityConfigurationAsync(request, call.Caller, call.Aborted).ConfigureAwait(false);
        return new JsonObject { ["id"] = made.Id, ["name"] = made.Name, ["arn"] = made.Arn };
    }

    public async Task<JsonObject> DescribeAsync(EmrCall call)
    {
        await gate.SecurityAsync(call, call.Labels[0]).ConfigureAwait(false);
        return new JsonObject { ["securityConfiguration"] = Node(await configurations.DescribeSecurityConfigurationAsync(call.Labels[0], call.Aborted).ConfigureAwait(false)) };
    }

    public async Task<JsonObject> ListAsync(EmrCall call)
    {
        gate.Demand(call, new EmrAction(call.Operation, "*"));
        var page = await configurations.ListSecurityConfigurationsAsync(
            new ListSecurityConfigurationsRequest
            {
                CreatedAfter = WireValues.Time(call.Query, "createdAfter"),
                CreatedBefore = WireValues.Time(call.Query, "createdBefore"),
                MaxResults = WireValues.Number(call.Query, "maxResults"),
                NextToken = call.Query["nextToken"],
                Visible = gate.Visible<SecurityConfigurationDescription>(call, EmrGate.Of),
            },
            call.Aborted).ConfigureAwait(false);
        return EmrCall.Page("securityConfigurations", page.Items.Select(Node), page.NextToken);
    }

    public async Task<JsonObject> DeleteAsync(EmrCall call)
    {
        await gate.SecurityAsync(call, call.Labels[0]).ConfigureAwait(false);
        return new JsonObject { ["id"] = await configurations.DeleteSecurityConfigurationAsync(call.Labels[0], call.Aborted).ConfigureAwait(false) };
    }

    private static JsonNode Node(SecurityConfigurationDescription configuration) =>
        JsonSerializer.SerializeToNode(configuration, JobsJson.Default.SecurityConfigurationDescription)!;
}
