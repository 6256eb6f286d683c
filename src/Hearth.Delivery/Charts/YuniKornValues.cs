using System.Text.Json.Nodes;
using Hearth.Platform;
using Hearth.Platform.Yaml;

namespace Hearth.Delivery.Charts;

/// <summary>YuniKorn with the declared queues.</summary>
internal static class YuniKornValues
{
    public static JsonObject Of(PlatformDeclaration platform, StackOutputs outputs) => new()
    {
        ["enableSchedulerPlugin"] = false,
        ["yunikornDefaults"] = new JsonObject
        {
            ["service.volumeBindTimeout"] = "60s",
            ["service.placeholderImage"] = "registry.k8s.io/pause:3.7",
            ["service.operatorPlugins"] = "general,spark-k8s-operator",
            ["admissionController.filtering.bypassNamespaces"] = "^kube-system$",
            ["queues.yaml"] = YamlWriter.Write(Queues(platform.Queues)),
        },
    };

    /// <summary>The configuration <c>queues.yaml</c>: one partition, the declared paths as a tree.</summary>
    internal static JsonObject Queues(IReadOnlyList<Queue> queues)
    {
        var root = new JsonObject { ["name"] = "root", ["submitacl"] = "*" };
        var nodes = new Dictionary<string, JsonObject>(StringComparer.Ordinal) { ["root"] = root };
        foreach (var queue in queues.OrderBy(q => q.Name.Count(c => c == '.')))
        {
            Resources(Node(queue.Name, nodes), queue);
        }

        return new JsonObject
        {
            ["partitions"] = new JsonArray(new JsonObject
            {
                ["name"] = "default", ["nodesortpolicy"] = new JsonObject { ["type"] = "binpacking" }, ["queues"] = new JsonArray(root),
            }),
        };
    }

    private static JsonObject Node(string path, Dictionary<string, JsonObject> nodes)
    {
        if (nodes.TryGetValue(path, out var known))
        {
            return known;
        }

        var cut = path.LastIndexOf('.');
        var parent = Node(path[..cut], nodes);
        var node = new JsonObject { ["name"] = path[(cut + 1)..] };
        if (parent["queues"] is not JsonArray children)
        {
            parent["queues"] = children = [];
        }

        children.Add((JsonNode)node);
        nodes.Add(path, node);
        return node;
    }

    private static void Resources(JsonObject node, Queue queue)
    {
        var resources = new JsonObject();
        foreach (var (name, amounts) in new[] { ("guaranteed", queue.Guaranteed), ("max", queue.Max) })
        {
            var given = new JsonObject();
            if (amounts.Memory.Length > 0)
            {
                given["memory"] = amounts.Memory;
            }

            if (amounts.Vcore.Length > 0)
            {
                given["vcore"] = amounts.Vcore;
            }

            if (given.Count > 0)
            {
                resources[name] = given;
            }
        }

        if (resources.Count > 0)
        {
            node["resources"] = resources;
        }
    }
}
