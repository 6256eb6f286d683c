using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Hearth.Scheduling.Fit;
using Hearth.Scheduling.YuniKorn.Configuration;
using Hearth.Scheduling.YuniKorn.Core;

namespace Hearth.Scheduling.YuniKorn.Rest;

/// <summary>An answer of the REST API.</summary>
/// <param name="Code">HTTP status.</param>
/// <param name="Json">The body, or null where <paramref name="Text"/> is it.</param>
/// <param name="Text">The body where it is not JSON.</param>
public sealed record RestAnswer(int Code, JsonNode? Json, string? Text = null)
{
    /// <summary>The error's form of YuniKorn.</summary>
    public static RestAnswer Problem(int code, string message) => new(code, new JsonObject { ["status_code"] = code, ["message"] = message, ["description"] = message });
}

/// <summary>What the REST API answers from besides the partition.</summary>
/// <param name="Nodes">Nodes and their pods.</param>
/// <param name="QueuesText">The queue text in force.</param>
/// <param name="Started">When the scheduler began.</param>
public sealed record RestSurroundings(ClusterState Nodes, string QueuesText, DateTimeOffset Started);

/// <summary>YuniKorn's REST API (site, docs/api): <c>/ws/v1/...</c> as scripts read it. Pure: a path and a state give an answer.</summary>
public static class RestApi
{
    /// <summary>Answers a GET.</summary>
    public static RestAnswer Get(string path, Partition partition, RestSurroundings around)
    {
        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries).Select(Uri.UnescapeDataString).ToArray();
        return parts is not ["ws", "v1", ..] ? NotFound(path) : parts[2..] switch
        {
            ["clusters"] => new(200, new JsonArray(Cluster(around))),
            ["partitions"] => new(200, new JsonArray(PartitionInfo(partition, around))),
            ["queues"] => new(200, Dao.Queue(partition.Queues.Root, true)), // the form of 1.0, which old scripts still ask for
            ["apps"] => new(200, Applications(partition.Applications.Values)),
            ["nodes"] => new(200, new JsonArray(new JsonObject { ["partitionName"] = PartitionConfig.DefaultName, ["nodesInfo"] = Nodes(partition, around) })),
            ["config"] => new(200, null, around.QueuesText),
            ["metrics"] => new(200, null, Metrics(partition)),
            ["scheduler", "healthcheck"] => new(200, Health()),
            ["partition", var name, .. var rest] when string.Equals(name, PartitionConfig.DefaultName, StringComparison.Ordinal) => OfPartition(rest, path, partition, around),
            ["partition", ..] => RestAnswer.Problem(404, "Partition not found"),
            _ => NotFound(path),
        };
    }

    /// <summary>Answers <c>POST /ws/v1/validate-conf</c>.</summary>
    public static RestAnswer Validate(string text)
    {
        try
        {
            QueuesYaml.Read(text);
            return new(200, new JsonObject { ["allowed"] = true, ["reason"] = "" });
        }
        catch (FormatException e)
        {
            return new(200, new JsonObject { ["allowed"] = false, ["reason"] = e.Message });
        }
    }

    private static RestAnswer OfPartition(string[] parts, string path, Partition partition, RestSurroundings around) => parts switch
    {
        ["queues"] => new(200, Dao.Queue(partition.Queues.Root, true)),
        ["queue", var name] => partition.Queues.Find(name.ToLowerInvariant()) is { } queue ? new(200, Dao.Queue(queue, true)) : RestAnswer.Problem(404, "Queue not found"),
        ["queue", var name, "applications"] => OfQueue(partition, name, _ => true),
        ["queue", var name, "applications", var state] => OfQueue(partition, name, a => HasState(a, state)),
        ["queue", _, "application", var id] => ById(partition, id),
        ["application", var id] => ById(partition, id),
        ["applications", "active"] => new(200, Applications(partition.Applications.Values)),
        ["applications", var state] => new(200, Applications(partition.Applications.Values.Concat(partition.Ended).Where(a => HasState(a, state)))),
        ["nodes"] => new(200, Nodes(partition, around)),
        ["node", var name] => around.Nodes.Find(name) is { } node ? new(200, Dao.Node(node, On(partition, name))) : RestAnswer.Problem(404, "Node not found"),
        ["placementrules"] => new(200, new JsonArray([.. partition.Config.PlacementRules.Select(Dao.Rule)])),
        ["usage", "users"] => new(200, Usage(partition, group: false, null)),
        ["usage", "groups"] => new(200, Usage(partition, group: true, null)),
        ["usage", "user", var name] => Usage(partition, group: false, name) is { Count: > 0 } found ? new(200, found[0]!.DeepClone()) : RestAnswer.Problem(404, "User not found"),
        ["usage", "group", var name] => Usage(partition, group: true, name) is { Count: > 0 } found ? new(200, found[0]!.DeepClone()) : RestAnswer.Problem(404, "Group not found"),
        _ => NotFound(path),
    };

    private static RestAnswer ById(Partition partition, string id) =>
        (partition.Applications.GetValueOrDefault(id) ?? partition.Ended.LastOrDefault(a => a.Id == id)) is { } application
            ? new(200, Dao.Application(application)) : RestAnswer.Problem(404, "Application not found");

    private static RestAnswer NotFound(string path) => RestAnswer.Problem(404, $"{path} is not part of this scheduler's API");

    private static RestAnswer OfQueue(Partition partition, string name, Func<Application, bool> which) =>
        partition.Queues.Find(name.ToLowerInvariant()) is { } queue
            ? new(200, Applications(partition.Applications.Values.Where(a => a.Queue == queue && which(a))))
            : RestAnswer.Problem(404, "Queue not found");

    private static bool HasState(Application application, string state) => string.Equals(application.State.ToString(), state, StringComparison.OrdinalIgnoreCase);

    private static JsonArray Applications(IEnumerable<Application> applications) => new([.. applications.Select(Dao.Application)]);

    private static JsonArray Nodes(Partition partition, RestSurroundings around)
    {
        var byNode = partition.Applications.Values.SelectMany(a => a.Allocations.Values).ToLookup(a => a.Node, StringComparer.Ordinal);
        return new([.. around.Nodes.Nodes.Select(n => Dao.Node(n, byNode[n.Name]))]);
    }

    private static IEnumerable<Allocation> On(Partition partition, string node) =>
        partition.Applications.Values.SelectMany(a => a.Allocations.Values).Where(a => a.Node == node);

    private static JsonArray Usage(Partition partition, bool group, string? name) =>
        new([.. partition.Users.All.Where(u => u.Key.Group == group && (name is null || u.Key.Name == name)).GroupBy(u => u.Key.Name, StringComparer.Ordinal).Select(g => (JsonNode)new JsonObject
        {
            [group ? "groupName" : "userName"] = g.Key, ["queues"] = new JsonArray([.. g.Select(u => (JsonNode)Dao.Usage(u.Key.Queue, u.Value))]),
        })]);

    private static JsonNode Cluster(RestSurroundings around) => new JsonObject
    {
        ["startTime"] = (around.Started - DateTimeOffset.UnixEpoch).Ticks * 100,
        ["rmBuildInformation"] = new JsonArray(new JsonObject { ["rmId"] = "mycluster", ["buildVersion"] = "hearth", ["arch"] = "embedded" }),
        ["partition"] = PartitionConfig.DefaultName,
        ["clusterName"] = "kubernetes",
    };

    private static JsonNode PartitionInfo(Partition partition, RestSurroundings around) => new JsonObject
    {
        ["clusterId"] = "mycluster",
        ["name"] = PartitionConfig.DefaultName,
        ["capacity"] = new JsonObject
        {
            ["capacity"] = Dao.Amounts(around.Nodes.Nodes.Aggregate(Resources.ResourceVector.Zero, (sum, n) => sum + n.Allocatable)),
            ["usedCapacity"] = Dao.Amounts(partition.Queues.Root.Allocated),
        },
        ["nodeSortingPolicy"] = new JsonObject
        {
            ["type"] = partition.Config.BinPacking ? "binpacking" : "fair",
            ["resourceWeights"] = new JsonObject(partition.Config.ResourceWeights.Select(w => new KeyValuePair<string, JsonNode?>(w.Key, w.Value))),
        },
        ["applications"] = new JsonObject(
            partition.Applications.Values.Concat(partition.Ended).CountBy(a => a.State.ToString(), StringComparer.Ordinal).Select(c => new KeyValuePair<string, JsonNode?>(c.Key, c.Value))
                .Append(new("total", partition.Applications.Count))),
        ["state"] = "Active",
        ["totalNodes"] = around.Nodes.Nodes.Length,
        ["totalContainers"] = partition.Queues.Root.Allocated.Pods,
    };

    private static JsonNode Health() => new JsonObject { ["Healthy"] = true, ["HealthChecks"] = new JsonArray() };

    private static string Metrics(Partition partition)
    {
        var text = new StringBuilder("# TYPE yunikorn_scheduler_application_total gauge\n");
        foreach (var (state, count) in partition.Applications.Values.Concat(partition.Ended).CountBy(a => a.State))
        {
            text.Append(CultureInfo.InvariantCulture, $"yunikorn_scheduler_application_total{{state=\"{state.ToString().ToLowerInvariant()}\"}} {count}\n");
        }

        text.Append("# TYPE yunikorn_queue_resource gauge\n");
        foreach (var queue in partition.Queues.Root.Downward())
        {
            foreach (var (state, amounts) in new[] { ("guaranteed", queue.Guaranteed), ("max", queue.Max), ("allocated", QueueAmounts.From(queue.Allocated)), ("pending", QueueAmounts.From(queue.Pending)), ("preempting", QueueAmounts.From(queue.Preempting)) })
            {
                foreach (var (resource, amount) in amounts.Items)
                {
                    text.Append(CultureInfo.InvariantCulture, $"yunikorn_queue_resource{{queue=\"{queue.Path}\",state=\"{state}\",resource=\"{resource}\"}} {amount}\n");
                }
            }
        }

        return text.ToString();
    }
}
