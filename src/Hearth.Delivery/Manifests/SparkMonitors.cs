using System.Text.Json.Nodes;
using Hearth.Platform;

namespace Hearth.Delivery.Manifests;

/// <summary>
/// How Prometheus finds the metrics of Spark: one PodMonitor over the drivers of every team's namespace, by the port's name that Spark gives it and with both of
/// its paths. There is no ServiceMonitor and no annotation beside it, so nothing is scraped twice. Pure.
/// </summary>
public static class SparkMonitors
{
    /// <summary>The objects; their definition comes with the Prometheus chart.</summary>
    public static IEnumerable<JsonObject> Of(PlatformDeclaration platform)
    {
        if (platform.Teams.Count == 0)
        {
            yield break;
        }

        yield return new JsonObject
        {
            ["apiVersion"] = "monitoring.coreos.com/v1",
            ["kind"] = "PodMonitor",
            ["metadata"] = new JsonObject { ["name"] = "spark-driver-monitoring", ["namespace"] = "kube-prometheus-stack" },
            ["spec"] = new JsonObject
            {
                ["namespaceSelector"] = new JsonObject { ["matchNames"] = ManifestJson.Strings(platform.Teams.Select(t => t.Namespace)) },
                ["selector"] = new JsonObject { ["matchLabels"] = new JsonObject { ["spark-role"] = "driver", ["emr-containers.amazonaws.com/resource.type"] = "job.run" } },
                ["podMetricsEndpoints"] = new JsonArray(Endpoint("/metrics/executors/prometheus/"), Endpoint("/metrics/driver/prometheus/")),
            },
        };
    }

    private static JsonObject Endpoint(string path) => new() { ["port"] = "spark-ui", ["path"] = path };
}
