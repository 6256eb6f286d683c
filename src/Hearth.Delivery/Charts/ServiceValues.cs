using System.Text.Json.Nodes;
using Hearth.Platform;

namespace Hearth.Delivery.Charts;

/// <summary>Values of load balancers, file systems and Spark's services.</summary>
internal static class ServiceValues
{
    public static JsonObject LoadBalancer(PlatformDeclaration platform, StackOutputs outputs) => new()
    {
        ["clusterName"] = platform.Name,
        ["region"] = platform.Region,
        ["vpcId"] = outputs["VpcId"],
        // Services keep the class they ask for: the mutating webhook would take every new one.
        ["enableServiceMutatorWebhook"] = false,
        ["serviceAccount"] = ServiceAccounts.Of(platform, "aws-load-balancer-controller-sa", "load-balancer-controller"),
    };

    public static JsonObject Lustre(PlatformDeclaration platform, StackOutputs outputs) => new()
    {
        ["controller"] = new JsonObject { ["serviceAccount"] = ServiceAccounts.Of(platform, "aws-fsx-csi-controller-sa", "fsx-csi") },
        ["node"] = new JsonObject
        {
            ["serviceAccount"] = ServiceAccounts.Of(platform, "aws-fsx-csi-node-sa", "fsx-csi"), ["tolerations"] = new JsonArray(new JsonObject { ["operator"] = "Exists" }),
        },
    };

    public static JsonObject SparkOperator(PlatformDeclaration platform, StackOutputs outputs) => new()
    {
        ["emrContainers"] = new JsonObject { ["awsRegion"] = platform.Region },
        ["webhook"] = new JsonObject { ["enable"] = true, ["port"] = 8080 },
        ["resources"] = ScalingValues.Resources("100m", "512Mi"),
    };

    public static JsonObject HistoryServer(PlatformDeclaration platform, StackOutputs outputs) => new()
    {
        ["logStore"] = new JsonObject { ["type"] = "s3", ["s3"] = new JsonObject { ["bucket"] = platform.Monitoring.EventLogBucket, ["eventLogsPath"] = "spark-event-logs/" } },
        ["serviceAccount"] = ServiceAccounts.Of(platform, "spark-history-server-sa", "history-server"),
        ["resources"] = ScalingValues.Resources("100m", "2G"),
    };
}
