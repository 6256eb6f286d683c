using System.Text.Json.Nodes;
using Hearth.Platform;

namespace Hearth.Delivery.Charts;

/// <summary>Values of what adds and removes nodes.</summary>
internal static class ScalingValues
{
    public static JsonObject Karpenter(PlatformDeclaration platform, StackOutputs outputs) => new()
    {
        ["settings"] = new JsonObject
        {
            ["clusterName"] = platform.Name, ["clusterEndpoint"] = outputs["ClusterEndpoint"], ["interruptionQueue"] = AwsNames.InterruptionQueue(platform.Name),
        },
        ["serviceAccount"] = ServiceAccounts.Of(platform, "karpenter", "karpenter-controller"),
        ["controller"] = new JsonObject { ["resources"] = Resources("1", "1Gi") },
    };

    public static JsonObject ClusterAutoscaler(PlatformDeclaration platform, StackOutputs outputs) => new()
    {
        ["autoDiscovery"] = new JsonObject { ["clusterName"] = platform.Name },
        ["awsRegion"] = platform.Region,
        ["extraArgs"] = new JsonObject
        {
            ["aws-use-static-instance-list"] = true,
            ["balance-similar-node-groups"] = true,
            ["expander"] = "least-waste",
            ["scan-interval"] = "5s",
            ["skip-nodes-with-local-storage"] = false,
            ["skip-nodes-with-system-pods"] = false,
        },
        ["rbac"] = new JsonObject { ["serviceAccount"] = ServiceAccounts.Of(platform, "cluster-autoscaler", "cluster-autoscaler") },
        ["resources"] = Resources("200m", "512Mi"),
    };

    public static JsonObject Proportional(PlatformDeclaration platform, StackOutputs outputs) => new()
    {
        ["nameOverride"] = "kube-dns-autoscaler",
        ["config"] = new JsonObject
        {
            ["linear"] = new JsonObject
            {
                ["coresPerReplica"] = 256, ["nodesPerReplica"] = 16, ["min"] = 1, ["max"] = 100, ["preventSinglePointFailure"] = true, ["includeUnschedulableNodes"] = true,
            },
        },
        ["options"] = new JsonObject { ["target"] = "deployment/coredns" },
        ["serviceAccount"] = new JsonObject { ["create"] = true, ["name"] = "kube-dns-autoscaler" },
        ["resources"] = Resources("100m", "128Mi"),
    };

    public static JsonObject Resources(string cpu, string memory) => new()
    {
        ["requests"] = new JsonObject { ["cpu"] = cpu, ["memory"] = memory }, ["limits"] = new JsonObject { ["memory"] = memory },
    };
}
