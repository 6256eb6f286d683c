using Hearth.Cluster.Controllers.Provisioning;

namespace Hearth.Cluster.Tests.Controllers;

public sealed class KarpenterMetricTests
{
    [Fact]
    public void Counters_gauges_histograms_and_summaries_are_written_as_prometheus_reads_them()
    {
        var metrics = new KarpenterMetrics();
        metrics.Count("nodeclaims_created_total", ("reason", "provisioned"), ("nodepool", "a"));
        metrics.Count("nodeclaims_created_total", ("reason", "provisioned"), ("nodepool", "a"));
        metrics.AddSource(() => [new("nodepools_usage", 8, ("nodepool", "a\"b"), ("resource_type", "cpu"))]);
        metrics.Observe("scheduler_scheduling_duration_seconds", TimeSpan.FromMilliseconds(30), ("controller", "provisioner"));
        metrics.Observe("scheduler_scheduling_duration_seconds", TimeSpan.FromSeconds(90), ("controller", "provisioner"));
        metrics.Observe("pods_startup_duration_seconds", TimeSpan.FromSeconds(3));
        metrics.Observe("pods_startup_duration_seconds", TimeSpan.FromSeconds(1));
        var text = metrics.Text();
        text.ShouldContain("# TYPE karpenter_nodeclaims_created_total counter\nkarpenter_nodeclaims_created_total{reason=\"provisioned\",nodepool=\"a\"} 2\n");
        text.ShouldContain("# TYPE karpenter_nodepools_usage gauge\nkarpenter_nodepools_usage{nodepool=\"a\\\"b\",resource_type=\"cpu\"} 8\n");
        text.ShouldContain("# TYPE karpenter_scheduler_scheduling_duration_seconds histogram\n");
        text.ShouldContain("karpenter_scheduler_scheduling_duration_seconds_bucket{controller=\"provisioner\",le=\"0.025\"} 0\n");
        text.ShouldContain("karpenter_scheduler_scheduling_duration_seconds_bucket{controller=\"provisioner\",le=\"0.05\"} 1\n");
        text.ShouldContain("karpenter_scheduler_scheduling_duration_seconds_bucket{controller=\"provisioner\",le=\"60\"} 1\n");
        text.ShouldContain("karpenter_scheduler_scheduling_duration_seconds_bucket{controller=\"provisioner\",le=\"+Inf\"} 2\n");
        text.ShouldContain("karpenter_scheduler_scheduling_duration_seconds_sum{controller=\"provisioner\"} 90.03\n");
        text.ShouldContain("karpenter_scheduler_scheduling_duration_seconds_bucket{controller=\"provisioner\",le=\"600\"} 2\n");
        text.ShouldContain("# TYPE karpenter_pods_startup_duration_seconds summary\nkarpenter_pods_startup_duration_seconds{quantile=\"0\"} 1\n");
        text.ShouldContain("karpenter_pods_startup_duration_seconds{quantile=\"1\"} 3\n");
        text.ShouldContain("karpenter_pods_startup_duration_seconds_count 2\n");
        metrics.Value("nodeclaims_created_total", ("reason", "provisioned"), ("nodepool", "a")).ShouldBe(2);
        text.Split('\n').Where(l => l.StartsWith("# TYPE", StringComparison.Ordinal)).Distinct().Count().ShouldBe(4, "each family once");
    }

    [Fact]
    public async Task What_is_there_is_told_with_upstreams_names_and_labels()
    {
        await using var cluster = await NodeProvisioningTests.StartAsync();
        var metrics = new KarpenterMetrics();
        metrics.AddSource(new ClusterMetrics(cluster.Informers, cluster.Cloud, TimeProvider.System).Read);
        await cluster.PoolAsync("compute", "@family In c5d; @cpu In 4; karpenter.sh/capacity-type In on-demand", limits: "cpu=100");
        await cluster.PodAsync("p", "cpu=1");
        var pod = await cluster.UntilPod("p", p => p.Spec!.NodeName is not null, "is bound");
        var text = await ControllerCluster.Until(() => Task.FromResult(metrics.Text()), t => t.Contains("resource_type=\"cpu\"} 1\n", StringComparison.Ordinal), "the pod counts");
        var lines = text.Split('\n');
        lines.ShouldContain("karpenter_nodepools_limit{nodepool=\"compute\",resource_type=\"cpu\"} 100");
        lines.ShouldContain("karpenter_nodepools_usage{nodepool=\"compute\",resource_type=\"cpu\"} 4");
        lines.ShouldContain(l => l.StartsWith("karpenter_nodes_allocatable{", StringComparison.Ordinal) && l.Contains("capacity_type=\"on-demand\"") && l.Contains("instance_type=\"c5d.xlarge\"")
            && l.Contains("instance_family=\"c5d\"") && l.Contains($"node_name=\"{pod.Spec!.NodeName}\"") && l.Contains("nodepool=\"compute\"") && l.EndsWith("resource_type=\"cpu\"} 3.92", StringComparison.Ordinal));
        lines.ShouldContain(l => l.StartsWith("karpenter_pods_state{name=\"p\",namespace=\"default\"", StringComparison.Ordinal) && l.Contains("scheduled=\"true\"") && l.EndsWith(" 1", StringComparison.Ordinal));
        lines.ShouldContain(l => l.StartsWith("karpenter_cloudprovider_instance_type_offering_price_estimate{capacity_type=\"on-demand\",instance_type=\"c5d.xlarge\"", StringComparison.Ordinal));
    }
}
