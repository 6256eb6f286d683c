using System.Text.Json.Nodes;
using Hearth.Cluster.Controllers.YuniKorn;
using Hearth.Kube.Yaml;
using Hearth.Platform;
using Hearth.Scheduling.YuniKorn;

namespace Hearth.Cli.Hosting.Realization;

/// <summary>What an installation of YuniKorn brings: its namespace, its Service, and the queues of the declaration as <c>yunikorn-defaults</c>.</summary>
internal static class YuniKornObjects
{
    public static IEnumerable<JsonObject> Of(PlatformDeclaration platform) => platform.IsEnabled("yunikorn")
        ? [Object("Namespace", QueueConfiguration.Namespace, null), Defaults(platform), Service()]
        : [];

    /// <summary>The declared queues as a queue text: no placement rules, so a pod's label names its queue and others go to <c>root.default</c>.</summary>
    public static string QueuesYaml(PlatformDeclaration platform)
    {
        var root = new JsonObject { ["name"] = "root", ["submitacl"] = "*" };
        foreach (var queue in platform.Queues)
        {
            var node = root;
            foreach (var part in queue.Name.Split('.').Skip(1))
            {
                node = Child(node, part);
            }

            node["resources"] = Resources(queue);
        }

        return YamlText.Write(new JsonObject
        {
            ["partitions"] = new JsonArray(new JsonObject
            {
                ["name"] = "default", ["nodesortpolicy"] = new JsonObject { ["type"] = "binpacking" }, ["queues"] = new JsonArray(root),
            }),
        });
    }

    private static JsonObject Child(JsonObject parent, string name)
    {
        if (parent["queues"] is not JsonArray queues)
        {
            parent["queues"] = queues = [];
        }

        if (queues.OfType<JsonObject>().FirstOrDefault(q => q["name"]!.GetValue<string>() == name) is { } known)
        {
            return known;
        }

        var child = new JsonObject { ["name"] = name };
        queues.Add((JsonNode)child);
        return child;
    }

    private static JsonObject Resources(Queue queue)
    {
        var resources = new JsonObject();
        foreach (var (name, amounts) in new[] { ("guaranteed", queue.Guaranteed), ("max", queue.Max) })
        {
            var map = new JsonObject();
            if (amounts.Memory.Length > 0)
            {
                map["memory"] = amounts.Memory;
            }

            if (amounts.Vcore.Length > 0)
            {
                map[YuniKornNames.Vcore] = amounts.Vcore;
            }

            if (map.Count > 0)
            {
                resources[name] = map;
            }
        }

        return resources;
    }

    private static JsonObject Defaults(PlatformDeclaration platform)
    {
        var map = Object("ConfigMap", YuniKornNames.DefaultsMap, QueueConfiguration.Namespace);
        map["data"] = platform.Queues.Count == 0 ? [] : new JsonObject { [YuniKornNames.QueuesKey] = QueuesYaml(platform) };
        return map;
    }

    private static JsonObject Service()
    {
        var service = Object("Service", YuniKornService.Name, QueueConfiguration.Namespace);
        service["spec"] = new JsonObject
        {
            ["ports"] = new JsonArray(new JsonObject { ["name"] = "yunikorn-core", ["port"] = 9080, ["protocol"] = "TCP" }, new JsonObject { ["name"] = "yunikorn-service", ["port"] = 9889, ["protocol"] = "TCP" }),
        };
        return service;
    }

    private static JsonObject Object(string kind, string name, string? ns)
    {
        var metadata = new JsonObject { ["name"] = name };
        if (ns is not null)
        {
            metadata["namespace"] = ns;
        }

        return new JsonObject { ["apiVersion"] = "v1", ["kind"] = kind, ["metadata"] = metadata };
    }
}
