using System.Text.Json.Nodes;
using Hearth.Cluster.Controllers.YuniKorn;
using Hearth.Delivery.Manifests;
using Hearth.Platform;
using Hearth.Scheduling.YuniKorn;

namespace Hearth.Cli.Hosting.Realization;

/// <summary>What an installation of YuniKorn brings: its namespace, its Service, and the queues of the declaration as <c>yunikorn-defaults</c>.</summary>
internal static class YuniKornObjects
{
    public static IEnumerable<JsonObject> Of(PlatformDeclaration platform) => platform.IsEnabled("yunikorn")
        ? [Object("Namespace", QueueConfiguration.Namespace, null), Defaults(platform), Service()]
        : [];

    private static JsonObject Defaults(PlatformDeclaration platform)
    {
        var map = Object("ConfigMap", YuniKornNames.DefaultsMap, QueueConfiguration.Namespace);
        map["data"] = platform.Queues.Count == 0 ? [] : new JsonObject { [YuniKornNames.QueuesKey] = QueueText.Of(platform) };
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
