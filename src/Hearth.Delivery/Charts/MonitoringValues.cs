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
        if (Scrapes(platform) is { Count: > 0 } scrapes)
        {
            spec["additionalScrapeConfigs"] = scrapes;
        }

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
            // EKS runs these where nobody can scrape them.
            ["kubeControllerManager"] = new JsonObject { ["enabled"] = false },
            ["kubeEtcd"] = new JsonObject { ["enabled"] = false },
            ["kubeScheduler"] = new JsonObject { ["enabled"] = false },
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
        // The same once more where it is cheap to keep; Fluent Bit may write below the platform's name only.
        ["s3"] = new JsonObject
        {
            ["enabled"] = true, ["region"] = platform.Region, ["bucket"] = platform.Monitoring.EventLogBucket, ["s3KeyFormat"] = $"/{platform.Name}/pod-logs/$TAG/%Y-%m-%d/%H-%M-%S",
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
            ["sidecar"] = new JsonObject { ["datasources"] = new JsonObject { ["alertmanager"] = new JsonObject { ["enabled"] = false } } },
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

    /// <summary>What brings no monitor of its own. Kubecost's comes with its chart.</summary>
    private static JsonArray Scrapes(PlatformDeclaration platform) => platform.IsEnabled("yunikorn")
        ? [new JsonObject
        {
            ["job_name"] = "yunikorn", ["metrics_path"] = "/ws/v1/metrics",
            ["static_configs"] = new JsonArray(new JsonObject { ["targets"] = new JsonArray("yunikorn-service.yunikorn.svc:9080") }),
        }]
        : [];

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
