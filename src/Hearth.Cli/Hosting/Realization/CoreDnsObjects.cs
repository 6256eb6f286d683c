using System.Text.Json.Nodes;
using Hearth.Delivery.Charts;
using Hearth.Platform;

namespace Hearth.Cli.Hosting.Realization;

/// <summary>
/// What the add-on cluster-proportional-autoscaler brings embedded: the ConfigMap with its rule, as the chart writes it, and its target. The target is a stand-in:
/// a deployment that takes the room of EKS' CoreDNS and answers nobody.
/// </summary>
internal static class CoreDnsObjects
{
    /// <summary>The add-on.</summary>
    public const string Addon = "cluster-proportional-autoscaler";

    /// <summary>The chart's full name, which its ConfigMap has.</summary>
    public const string ConfigMap = "cluster-proportional-autoscaler-kube-dns-autoscaler";

    private const string Namespace = "kube-system";

    public static IEnumerable<JsonObject> Of(PlatformDeclaration platform) => platform.IsEnabled(Addon) ? [Rule(platform), Target()] : [];

    private static JsonObject Rule(PlatformDeclaration platform)
    {
        var data = new JsonObject();
        foreach (var (mode, parameters) in ChartCatalog.All.First(c => c.Addon == Addon).Values(platform, StackOutputs.None)["config"]!.AsObject())
        {
            data[mode] = parameters!.ToJsonString();
        }

        return new JsonObject { ["apiVersion"] = "v1", ["kind"] = "ConfigMap", ["metadata"] = Metadata(ConfigMap), ["data"] = data };
    }

    // Without a number of replicas: that is the autoscaler's, also after a restart.
    private static JsonObject Target()
    {
        var labels = new JsonObject { ["k8s-app"] = "kube-dns", ["eks.amazonaws.com/component"] = "coredns" };
        var resources = new JsonObject { ["requests"] = new JsonObject { ["cpu"] = "100m", ["memory"] = "70Mi" }, ["limits"] = new JsonObject { ["memory"] = "170Mi" } };
        var spec = new JsonObject
        {
            ["priorityClassName"] = "system-cluster-critical",
            ["tolerations"] = new JsonArray(new JsonObject { ["key"] = "CriticalAddonsOnly", ["operator"] = "Exists" }),
            ["containers"] = new JsonArray(new JsonObject { ["name"] = "coredns", ["image"] = "registry.k8s.io/pause:3.10", ["resources"] = resources }),
        };
        var metadata = Metadata("coredns");
        metadata["labels"] = labels.DeepClone();
        metadata["annotations"] = new JsonObject { ["hearth.dev/simulated"] = "stands in for CoreDNS: takes its room, resolves nothing" };
        return new JsonObject
        {
            ["apiVersion"] = "apps/v1", ["kind"] = "Deployment", ["metadata"] = metadata,
            ["spec"] = new JsonObject
            {
                ["selector"] = new JsonObject { ["matchLabels"] = labels.DeepClone() },
                ["template"] = new JsonObject { ["metadata"] = new JsonObject { ["labels"] = labels }, ["spec"] = spec },
            },
        };
    }

    private static JsonObject Metadata(string name) => new() { ["name"] = name, ["namespace"] = Namespace };
}
