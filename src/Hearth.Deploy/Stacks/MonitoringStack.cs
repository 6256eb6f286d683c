using Constructs;
using Hearth.Deploy.Cluster;
using Hearth.Deploy.Monitoring;
using Hearth.Platform;

namespace Hearth.Deploy.Stacks;

/// <summary>Metrics and logs outside the cluster.</summary>
public sealed class MonitoringStack : PlatformStack
{
    /// <summary>Adds the stack to an app.</summary>
    public MonitoringStack(Construct scope, PlatformPlan plan, EmrEksCluster cluster)
        : base(scope, plan, StackNames.Monitoring(plan.Platform), "Prometheus workspace, log groups")
    {
        var platform = plan.Platform;
        var monitoring = new PlatformMonitoring(this, "Monitoring", new PlatformMonitoringProps
        {
            WorkspaceAlias = platform.IsEnabled("amazon-prometheus") ? platform.Monitoring.WorkspaceAlias : "",
            FluentBitLogGroup = platform.IsEnabled("aws-for-fluent-bit") ? $"/{platform.Name}/aws-fluentbit-logs" : "",
            FluentBitBucket = platform.IsEnabled("aws-for-fluent-bit") ? platform.Monitoring.EventLogBucket : "",
        }, cluster);
        if (monitoring.RemoteWriteUrl is { } url)
        {
            Output("PrometheusWorkspaceId", monitoring.WorkspaceId!, "The Prometheus workspace");
            Output("PrometheusRemoteWriteUrl", url, "Where the cluster's Prometheus writes");
        }
    }

    /// <summary>True when there is anything to put in this stack.</summary>
    public static bool IsNeeded(PlatformPlan plan) => plan.Platform.IsEnabled("amazon-prometheus") || plan.Platform.IsEnabled("aws-for-fluent-bit");
}
