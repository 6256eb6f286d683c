using System.Text.Json.Nodes;
using Hearth.Platform;

namespace Hearth.Delivery.Charts;

/// <summary>Values of Prometheus with Grafana, Fluent Bit and Kubecost.</summary>
internal static class MonitoringValues
{
    private const string IngestAccount = "amp-iamproxy-ingest-service-account";

    public static JsonObject Prometheus(PlatformDeclaration platform, StackOutputs outputs)
    {
        var managed = platform.IsEnabled("amazon-prometheus");
        var spec = new JsonObject
        {
            ["retention"] = platform.Monitoring.Retention,
            ["scrapeInterval"] = platform.Monitoring.ScrapeInterval,
            ["evaluationInterval"] = platform.Monitoring.ScrapeInterval,
            ["serviceMonitorSelectorNilUsesHelmValues"] = false,
            ["podMonitorSelectorNilUsesHelmValues"] = false,
            ["storageSpec"] = Claim(platform, "50Gi"),
        };
        if (managed)
        {
            spec["remoteWrite"] = new JsonArray(new JsonObject
            {
                ["url"] = outputs["PrometheusRemoteWriteUrl"],
                ["sigv4"] = new JsonObject { ["region"] = platform.Region },
                ["queueConfig"] = new JsonObject { ["maxSamplesPerSend"] = 1000, ["maxShards"] = 200, ["capacity"] = 2500 },
            });
        }

        return new JsonObject
        {
            ["alertmanager"] = new JsonObject { ["enabled"] = false },
            ["prometheus"] = new JsonObject { ["serviceAccount"] = ServiceAccounts.Of(platform, IngestAccount, "amp-ingest"), ["prometheusSpec"] = spec },
            ["grafana"] = Grafana(platform, outputs, managed),
        };
    }

    public static JsonObject FluentBit(PlatformDeclaration platform, StackOutputs outputs) => new()
    {
        ["serviceAccount"] = ServiceAccounts.Of(platform, "aws-for-fluent-bit-sa", "fluent-bit"),
        ["cloudWatchLogs"] = new JsonObject
        {
            ["enabled"] = true, ["region"] = platform.Region, ["logGroupName"] = $"/{platform.Name}/aws-fluentbit-logs", ["logStreamPrefix"] = "fluentbit-",
            // The group is the stack's, with its key and retention; Fluent Bit may not make another. The chart's own template would name one a namespace.
            ["autoCreateGroup"] = false, ["logGroupTemplate"] = "",
        },
        // The pods of every team's namespace: their jobs are what people look for.
        ["input"] = new JsonObject { ["path"] = Paths(platform) },
        ["tolerations"] = new JsonArray(new JsonObject { ["operator"] = "Exists" }),
    };

    public static JsonObject Kubecost(PlatformDeclaration platform, StackOutputs outputs) => new()
    {
        ["global"] = new JsonObject
        {
            ["prometheus"] = new JsonObject { ["enabled"] = false, ["fqdn"] = "http://kube-prometheus-stack-prometheus.kube-prometheus-stack.svc:9090" },
            ["grafana"] = new JsonObject { ["enabled"] = false, ["proxy"] = false },
        },
        ["persistentVolume"] = new JsonObject { ["size"] = "32Gi", ["storageClass"] = DefaultClass(platform) },
        ["serviceMonitor"] = new JsonObject { ["enabled"] = true },
        ["prometheusRule"] = new JsonObject { ["enabled"] = true },
        ["reporting"] = new JsonObject { ["productAnalytics"] = false },
    };

    /// <summary>Grafana has a service account of its own, and a password that Kubernetes keeps: none is written down here.</summary>
    private static JsonObject Grafana(PlatformDeclaration platform, StackOutputs outputs, bool managed)
    {
        var grafana = new JsonObject
        {
            ["serviceAccount"] = ServiceAccounts.Of(platform, "grafana", "grafana"),
            ["admin"] = new JsonObject { ["existingSecret"] = "grafana-admin", ["userKey"] = "admin-user", ["passwordKey"] = "admin-password" },
        };
        if (managed)
        {
            grafana["grafana.ini"] = new JsonObject { ["auth"] = new JsonObject { ["sigv4_auth_enabled"] = true } };
            grafana["additionalDataSources"] = new JsonArray(new JsonObject
            {
                ["name"] = "amazon-managed-prometheus",
                ["type"] = "prometheus",
                ["url"] = $"https://aps-workspaces.{platform.Region}.amazonaws.com/workspaces/{outputs["PrometheusWorkspaceId"]}",
                ["jsonData"] = new JsonObject { ["sigV4Auth"] = true, ["sigV4AuthType"] = "default", ["sigV4Region"] = platform.Region },
            });
        }

        return grafana;
    }

    private static string Paths(PlatformDeclaration platform) => string.Join(',',
        platform.Teams.Select(t => $"/var/log/containers/*_{t.Namespace}_*.log")
            .Concat(["/var/log/containers/*_karpenter_*.log", "/var/log/containers/*_kube-system_*.log", "/var/log/containers/*_yunikorn_*.log"]));

    private static JsonObject Claim(PlatformDeclaration platform, string size) => new()
    {
        ["volumeClaimTemplate"] = new JsonObject
        {
            ["spec"] = new JsonObject
            {
                ["storageClassName"] = DefaultClass(platform), ["accessModes"] = new JsonArray("ReadWriteOnce"),
                ["resources"] = new JsonObject { ["requests"] = new JsonObject { ["storage"] = size } },
            },
        },
    };

    private static string DefaultClass(PlatformDeclaration platform) => platform.StorageClasses.FirstOrDefault(c => c.Default)?.Name ?? "gp3";
}
