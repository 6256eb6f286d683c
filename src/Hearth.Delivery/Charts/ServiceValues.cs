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

    /// <summary>Charts of the 1.3 line take Spark's own settings; later ones have fields of their own for them.</summary>
    public static JsonObject HistoryServer(PlatformDeclaration platform, StackOutputs outputs) => new()
    {
        ["sparkHistoryOpts"] = $"-Dspark.history.fs.logDirectory=s3a://{platform.Monitoring.EventLogBucket}/spark-event-logs/",
        ["sparkConf"] = $"spark.hadoop.fs.s3a.aws.credentials.provider={Provider(platform)}\nspark.history.fs.eventLog.rolling.maxFilesToRetain=5\nspark.history.ui.port=18080\n",
        ["serviceAccount"] = ServiceAccounts.Of(platform, "spark-history-server-sa", "history-server"),
        ["resources"] = ScalingValues.Resources("100m", "2G"),
    };

    /// <summary>Definitions are switched on by <c>crds.enabled</c> since 1.15; before by <c>installCRDs</c>, which the older charts alone know.</summary>
    public static JsonObject CertManager(PlatformDeclaration platform, StackOutputs outputs)
    {
        var version = ChartCatalog.All.First(c => c.Addon == "cert-manager").Version(platform);
        return Version.TryParse(version.TrimStart('v'), out var known) && known < new Version(1, 15)
            ? new JsonObject { ["installCRDs"] = true }
            : new JsonObject { ["crds"] = new JsonObject { ["enabled"] = true } };
    }

    private static string Provider(PlatformDeclaration platform) => platform.IsEnabled("eks-pod-identity-agent")
        ? "com.amazonaws.auth.DefaultAWSCredentialsProviderChain"
        : "com.amazonaws.auth.WebIdentityTokenCredentialsProvider";
}
