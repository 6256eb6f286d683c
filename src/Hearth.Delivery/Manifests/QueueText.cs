using System.Text.Json.Nodes;
using Hearth.Platform;
using Hearth.Platform.Yaml;

namespace Hearth.Delivery.Manifests;

/// <summary>
/// The declared YuniKorn queues as its <c>queues.yaml</c>: one partition, the paths as a tree. A pod's label names its queue and others go to <c>root.default</c>;
/// where that is not declared they go to a queue of their namespace's name, since YuniKorn (from 1.6) rejects a pod that no rule places, and not every pod of a job has a label. One text for the chart's values and for the embedded scheduler. Pure.
/// </summary>
public static class QueueText
{
    private const string Default = "root.default";

    public static string Of(PlatformDeclaration platform)
    {
        var root = new JsonObject { ["name"] = "root", ["submitacl"] = "*" };
        var nodes = new Dictionary<string, JsonObject>(StringComparer.Ordinal) { ["root"] = root };
        foreach (var queue in platform.Queues)
        {
            if (Resources(queue) is { Count: > 0 } resources)
            {
                Node(queue.Name, nodes)["resources"] = resources;
            }
            else
            {
                Node(queue.Name, nodes);
            }
        }

        var partition = new JsonObject { ["name"] = "default", ["nodesortpolicy"] = new JsonObject { ["type"] = "binpacking" } };
        if (!nodes.ContainsKey(Default))
        {
            partition["placementrules"] = new JsonArray(
                new JsonObject { ["name"] = "provided", ["create"] = false }, new JsonObject { ["name"] = "tag", ["value"] = "namespace", ["create"] = true });
        }

        partition["queues"] = new JsonArray(root);
        return YamlWriter.Write(new JsonObject { ["partitions"] = new JsonArray(partition) });
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

    private static JsonObject Resources(Queue queue)
    {
        var resources = new JsonObject();
        foreach (var (name, amounts) in new[] { ("guaranteed", queue.Guaranteed), ("max", queue.Max) })
        {
            var given = ManifestJson.Pruned(new JsonObject { ["memory"] = ManifestJson.Text(amounts.Memory), ["vcore"] = ManifestJson.Text(amounts.Vcore) });
            if (given.Count > 0)
            {
                resources[name] = given;
            }
        }

        return resources;
    }
}
