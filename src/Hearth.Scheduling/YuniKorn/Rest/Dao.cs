using System.Text.Json.Nodes;
using Hearth.Scheduling.Fit;
using Hearth.Scheduling.Resources;
using Hearth.Scheduling.YuniKorn.Configuration;
using Hearth.Scheduling.YuniKorn.Core;
using Hearth.Scheduling.YuniKorn.Queues;

namespace Hearth.Scheduling.YuniKorn.Rest;

/// <summary>The scheduler's state as YuniKorn's REST API writes it (yunikorn-core, pkg/webservice/dao). Times are nanoseconds of the Unix epoch.</summary>
internal static class Dao
{
    private const string PartitionName = "[mycluster]default";

    public static JsonObject Amounts(QueueAmounts amounts) => new(amounts.Items.Select(i => new KeyValuePair<string, JsonNode?>(i.Key, i.Value)));

    public static JsonObject Amounts(ResourceVector amount) => Amounts(QueueAmounts.From(amount));

    public static JsonObject Queue(QueueNode queue, bool children) => new()
    {
        ["queuename"] = queue.Path,
        ["status"] = queue.State.ToString(),
        ["partition"] = PartitionName,
        ["pendingResource"] = Amounts(queue.Pending),
        ["maxResource"] = Amounts(queue.Max),
        ["guaranteedResource"] = Amounts(queue.Guaranteed),
        ["allocatedResource"] = Amounts(queue.Allocated),
        ["preemptingResource"] = Amounts(queue.Preempting),
        ["headroom"] = Amounts(queue.Headroom()),
        ["isLeaf"] = queue.IsLeaf,
        ["isManaged"] = queue.IsManaged,
        ["properties"] = new JsonObject(queue.Config.Properties.Select(p => new KeyValuePair<string, JsonNode?>(p.Key, p.Value))),
        ["parent"] = queue.Parent?.Path ?? "",
        ["children"] = children ? new JsonArray([.. queue.Children.Select(c => Queue(c, true))]) : null,
        ["childNames"] = new JsonArray([.. queue.Children.Select(c => (JsonNode)c.Path)]),
        ["absUsedCapacity"] = Shares(queue),
        ["maxRunningApps"] = queue.Config.MaxApplications,
        ["runningApps"] = queue.Running,
        ["currentPriority"] = SchedulingRound.PriorityOf(queue),
        ["sortingPolicy"] = queue.Settings.Sort.ToString().ToLowerInvariant(),
        ["preemptionEnabled"] = queue.Settings.Preemption != PreemptionPolicy.Disabled,
        ["isPreemptionFence"] = queue.Settings.Preemption == PreemptionPolicy.Fence,
        ["preemptionDelay"] = $"{queue.Settings.PreemptionDelay.TotalSeconds:0}s",
        ["isPriorityFence"] = queue.Settings.PriorityFence,
        ["priorityOffset"] = queue.Settings.PriorityOffset,
    };

    public static JsonObject Application(Application application) => new()
    {
        ["applicationID"] = application.Id,
        ["partition"] = PartitionName,
        ["queueName"] = application.Queue.Path,
        ["submissionTime"] = Nanoseconds(application.Submitted),
        ["startTime"] = application.Started is { } start ? Nanoseconds(start) : 0,
        ["finishedTime"] = application.Finished is { } end ? Nanoseconds(end) : null,
        ["requests"] = new JsonArray([.. application.Asks.Select(Request)]),
        ["allocations"] = new JsonArray([.. application.Allocations.Values.OrderBy(a => a.Ask.Sequence).Select(Allocation)]),
        ["applicationState"] = application.State.ToString(),
        ["user"] = application.User,
        ["groups"] = new JsonArray([.. application.Request.Groups.Select(g => (JsonNode)g)]),
        ["usedResource"] = Amounts(application.Allocated),
        ["maxUsedResource"] = Amounts(application.MaxUsed),
        ["pendingResource"] = Amounts(application.Pending),
        ["rejectedMessage"] = application.Message,
        ["stateLog"] = new JsonArray([.. application.Log.Select(l => (JsonNode)new JsonObject { ["time"] = Nanoseconds(l.Time), ["applicationState"] = l.State.ToString() })]),
        ["placeholderData"] = new JsonArray([.. application.Placeholders.Select(p => (JsonNode)new JsonObject
        {
            ["taskGroupName"] = p.Key, ["count"] = p.Value.Count, ["minResource"] = Amounts(p.Value.Group.PerMember),
            ["replaced"] = p.Value.Replaced, ["timedout"] = p.Value.TimedOut,
        })]),
        ["hasReserved"] = false,
        ["reservations"] = new JsonArray(),
        ["maxRequestPriority"] = application.Asks.Min?.Priority ?? 0,
    };

    public static JsonObject Node(NodeInfo node, IEnumerable<Allocation> allocations)
    {
        var own = allocations.ToArray();
        var held = own.Aggregate(ResourceVector.Zero, (sum, a) => sum + a.Ask.Requests);
        return new JsonObject
        {
            ["nodeID"] = node.Name,
            ["hostName"] = node.Name,
            ["rackName"] = "/rack-default",
            ["attributes"] = new JsonObject(node.Labels.Select(l => new KeyValuePair<string, JsonNode?>(l.Key, l.Value))),
            ["capacity"] = Amounts(node.Allocatable),
            ["allocated"] = Amounts(held),
            ["occupied"] = Amounts(node.Requested - held),
            ["available"] = Amounts(node.Free.Floor()),
            ["utilized"] = Percent(node),
            ["allocations"] = new JsonArray([.. own.Select(Allocation)]),
            ["schedulable"] = !node.Unschedulable,
            ["isReserved"] = false,
            ["reservations"] = new JsonArray(),
        };
    }

    public static JsonObject Usage(string queue, UsageRecord record) => new()
    {
        ["queuePath"] = queue, ["resourceUsage"] = Amounts(record.Used), ["runningApplications"] = new JsonArray([.. record.Applications.Select(a => (JsonNode)a)]),
    };

    public static JsonObject Rule(PlacementRule rule) => new()
    {
        ["name"] = rule.Name,
        ["parameters"] = new JsonObject { ["create"] = rule.Create ? "true" : "false", ["value"] = rule.Value.Length > 0 ? rule.Value : null },
        ["parentRule"] = rule.Parent is null ? null : Rule(rule.Parent),
    };

    private static JsonNode Request(Ask ask) => new JsonObject
    {
        ["allocationKey"] = ask.Pod.Uid, ["allocationTags"] = Tags(ask), ["requestTime"] = Nanoseconds(ask.Created), ["resource"] = Amounts(ask.Requests),
        ["priority"] = ask.Priority.ToString(System.Globalization.CultureInfo.InvariantCulture), ["applicationId"] = ask.ApplicationId,
        ["placeholder"] = ask.IsPlaceholder, ["taskGroupName"] = ask.TaskGroup ?? "", ["originator"] = ask.IsOriginator,
    };

    private static JsonNode Allocation(Allocation allocation) => new JsonObject
    {
        ["allocationKey"] = allocation.Ask.Pod.Uid, ["allocationTags"] = Tags(allocation.Ask), ["allocationTime"] = Nanoseconds(allocation.Created),
        ["resource"] = Amounts(allocation.Ask.Requests), ["priority"] = allocation.Ask.Priority.ToString(System.Globalization.CultureInfo.InvariantCulture),
        ["nodeId"] = allocation.Node, ["applicationId"] = allocation.Ask.ApplicationId, ["placeholder"] = allocation.Ask.IsPlaceholder,
        ["taskGroupName"] = allocation.Ask.TaskGroup ?? "", ["originator"] = allocation.Ask.IsOriginator, ["preempted"] = allocation.Release == ReleaseReason.Preempted,
    };

    private static JsonObject Tags(Ask ask) => new() { ["kubernetes.io/meta/namespace"] = ask.Pod.Namespace, ["kubernetes.io/meta/podName"] = ask.Pod.Name };

    private static JsonObject Shares(QueueNode queue) =>
        new(queue.Max.Items.Where(i => i.Value > 0).Select(i => new KeyValuePair<string, JsonNode?>(i.Key, QueueAmounts.Of(queue.Allocated, i.Key) * 100 / i.Value)));

    private static JsonObject Percent(NodeInfo node) =>
        new(QueueAmounts.From(node.Allocatable).Items.Where(i => i.Value > 0).Select(i => new KeyValuePair<string, JsonNode?>(i.Key, QueueAmounts.Of(node.Requested, i.Key) * 100 / i.Value)));

    private static long Nanoseconds(DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).Ticks * 100;
}
