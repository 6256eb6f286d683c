using System.Globalization;
using System.Text.Json.Nodes;
using Hearth.Cli.Commands.Job.Explain.Causes;
using Hearth.Kube.Core;
using Hearth.Kube.Objects;
using Hearth.Scheduling.Pricing;

namespace Hearth.Cli.Commands.Job.Explain;

/// <summary>An explanation as a document for programs. Pure.</summary>
internal static class ExplanationDocument
{
    public static JsonObject Of(JobFacts facts)
    {
        var pods = PodStory.Of(facts);
        var document = JobDocument.Summary(facts.Run, new Teams(facts.Team is { } team ? [team] : []));
        document["explanation"] = Headline.Of(facts, pods);
        document["cause"] = CauseFinder.Of(facts, pods) is { } cause ? Cause(cause) : null;
        document["pods"] = List(pods.Select(Pod));
        document["stderr"] = List(facts.Errors.Select(l => (JsonNode)l));
        document["cost"] = facts.Cost is { } cost ? Cost(cost) : null;
        return document;
    }

    private static JsonObject Cause(Cause cause) => new()
    {
        ["kind"] = cause.Kind,
        ["sentence"] = cause.Sentence,
        ["evidence"] = List(cause.Evidence.Select(e => (JsonNode)e)),
        ["waysOut"] = List(cause.Ways.Select(w => (JsonNode)w)),
    };

    private static JsonNode Pod(PodStory pod) => new JsonObject
    {
        ["name"] = pod.Name,
        ["role"] = pod.Role,
        ["phase"] = pod.Phase,
        ["node"] = pod.Node,
        ["exists"] = pod.Exists,
        ["conditions"] = List(pod.Conditions.Select(Condition)),
        ["containers"] = List(pod.Containers.Select(c => (JsonNode)c)),
        ["events"] = List(pod.Events.Select(Event)),
        ["wait"] = pod.Wait is { } wait ? Wait(wait, pod.Role) : null,
    };

    private static JsonNode Condition(Condition condition) => new JsonObject
    {
        ["type"] = condition.Type, ["status"] = condition.Status, ["reason"] = condition.Reason, ["message"] = condition.Message,
    };

    private static JsonNode Event(Event e) => new JsonObject
    {
        ["type"] = e.EventType,
        ["reason"] = e.Reason,
        ["message"] = e.Message,
        ["count"] = e.Count,
        ["lastTimestamp"] = e.LastTimestamp is { } at ? KubeTimeConverter.ToText(at) : null,
    };

    private static JsonObject Wait(PodWait wait, string role) => new()
    {
        ["asks"] = wait.Asks,
        ["nodes"] = wait.Nodes?.Nodes,
        ["nodeRefusals"] = List((wait.Nodes?.Refusals ?? []).Select(r => (JsonNode)new JsonObject { ["count"] = r.Count, ["reason"] = r.Reason })),
        ["poolRefusals"] = List(wait.Pools.Select(r => (JsonNode)new JsonObject { ["pool"] = r.Pool, ["kind"] = r.Kind.ToString().ToLowerInvariant(), ["reason"] = r.Reason })),
        ["coming"] = wait.Coming,
        ["room"] = wait.Room,
        ["waysOut"] = List(WaysOut.Of(wait.Pools, role).Select(w => (JsonNode)w)),
    };

    private static JsonObject Cost(WorkCost cost) => new()
    {
        ["usd"] = Usd(cost.Held),
        ["assumedPrices"] = cost.IsAssumption,
        ["nodes"] = List(cost.Nodes.Select(n => (JsonNode)new JsonObject
        {
            ["name"] = n.Record.Spec?.NodeName,
            ["instanceType"] = n.Record.Spec?.InstanceType,
            ["capacityType"] = n.Record.Spec?.CapacityType,
            ["zone"] = n.Record.Spec?.Zone,
            ["usdPerHour"] = n.Record.Spec?.UsdPerHour,
            ["usdOfJob"] = Usd(n.Held),
            ["usdOfNode"] = Usd(n.Node.Total),
            ["simulated"] = n.Record.Spec?.Simulated == true,
        })),
    };

    private static string Usd(decimal usd) => usd.ToString("0.000000", CultureInfo.InvariantCulture);

    private static JsonArray List(IEnumerable<JsonNode> items) => new([.. items]);
}
