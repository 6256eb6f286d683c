namespace Hearth.Cluster.Controllers.Provisioning;

/// <summary>Types, buckets and descriptions of Karpenter's metrics (karpenter.sh, reference/metrics; bucket bounds: kubernetes-sigs/karpenter, pkg/metrics).</summary>
internal static class KarpenterMetricCatalog
{
    private const double Minute = 60;
    private const double Hour = 3600;
    private const double Day = 86400;

    private static readonly double[] Durations =
    [
        0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.25, 1.5, 1.75, 2, 2.5, 3, 3.5, 4, 4.5, 5, 6, 7, 8, 9, 10, 15, 20, 25, 30, 40, 50, 60, 120, 150, 300, 450, 600,
    ];

    private static readonly double[] Lifetimes =
    [
        15 * Minute, 30 * Minute, 45 * Minute, Hour, 2 * Hour, 4 * Hour, 6 * Hour, 8 * Hour, 10 * Hour, 12 * Hour, 16 * Hour, 20 * Hour, Day, 2 * Day, 3 * Day, 5 * Day, 10 * Day, 15 * Day,
        20 * Day, 25 * Day, 30 * Day,
    ];

    private static readonly Dictionary<string, string> Helps = new(StringComparer.Ordinal)
    {
        ["nodeclaims_created_total"] = "Nodeclaims created, by reason and pool.",
        ["nodeclaims_terminated_total"] = "Nodeclaims terminated, by pool, capacity type and zone.",
        ["nodeclaims_disrupted_total"] = "Nodeclaims disrupted, by reason, pool and capacity type.",
        ["nodeclaims_termination_duration_seconds"] = "Time from the deletion of a nodeclaim to its end.",
        ["nodeclaims_instance_termination_duration_seconds"] = "Time that the cloud takes to end an instance.",
        ["nodes_created_total"] = "Nodes created, by pool.",
        ["nodes_terminated_total"] = "Nodes terminated, by pool.",
        ["nodes_drained_total"] = "Nodes drained, by pool.",
        ["nodes_termination_duration_seconds"] = "Time from the deletion of a node to its end.",
        ["nodes_lifetime_duration_seconds"] = "Lifetime of nodes that ended.",
        ["nodes_current_lifetime_seconds"] = "Age of present nodes.",
        ["nodes_allocatable"] = "Allocatable of nodes.",
        ["nodes_total_pod_requests"] = "Requests of the pods on nodes, without DaemonSets.",
        ["nodes_total_pod_limits"] = "Limits of the pods on nodes, without DaemonSets.",
        ["nodes_total_daemon_requests"] = "Requests of the DaemonSets' pods on nodes.",
        ["nodes_total_daemon_limits"] = "Limits of the DaemonSets' pods on nodes.",
        ["nodes_system_overhead"] = "Capacity that is not allocatable.",
        ["pods_state"] = "Present pods, with what they are and where.",
        ["pods_startup_duration_seconds"] = "Time from a pod's creation until it runs.",
        ["pods_bound_duration_seconds"] = "Time from a pod's creation until it has a node.",
        ["pods_unbound_time_seconds"] = "Time that a pod has been without a node.",
        ["pods_unstarted_time_seconds"] = "Time that a pod has not run.",
        ["pods_eviction_requests_total"] = "Evictions asked for, by the answer's code.",
        ["nodepools_limit"] = "Limits of pools.",
        ["nodepools_usage"] = "Capacity of the pools' nodes.",
        ["nodepools_allowed_disruptions"] = "Nodes that may be disrupted now, by pool and reason.",
        ["nodepools_nodes_consuming_budgets"] = "Nodes that count against the budgets now, by pool and reason.",
        ["scheduler_scheduling_duration_seconds"] = "Time of one plan.",
        ["scheduler_queue_depth"] = "Pods that wait for a plan.",
        ["scheduler_unschedulable_pods_count"] = "Pods that the last plan found no place for.",
        ["voluntary_disruption_decision_evaluation_duration_seconds"] = "Time to evaluate a disruption, by reason and type.",
        ["voluntary_disruption_decisions_total"] = "Disruptions decided, by decision, reason and type.",
        ["voluntary_disruption_decisions_by_nodepool_total"] = "Disruptions decided, by pool, decision, reason and type.",
        ["voluntary_disruption_eligible_nodes"] = "Nodes that may be disrupted, by reason.",
        ["voluntary_disruption_consolidation_timeouts_total"] = "Consolidations that ran out of time, by type.",
        ["voluntary_disruption_failed_validations_total"] = "Disruptions that no longer held when they were validated.",
        ["voluntary_disruption_queue_failures_total"] = "Disruptions that failed while they were carried out.",
        ["cloudprovider_duration_seconds"] = "Time of calls to the cloud (simulated).",
        ["cloudprovider_errors_total"] = "Calls to the cloud that failed (simulated).",
        ["cloudprovider_instance_type_cpu_cores"] = "VCPUs of an instance type.",
        ["cloudprovider_instance_type_memory_bytes"] = "Memory of an instance type.",
        ["cloudprovider_instance_type_offering_available"] = "Whether an offering can be launched.",
        ["cloudprovider_instance_type_offering_price_estimate"] = "Price an hour of an offering, USD.",
        ["interruption_received_messages_total"] = "Interruptions received, by type.",
        ["cluster_state_node_count"] = "Nodes that are known.",
        ["cluster_state_synced"] = "1: what is known is what there is.",
        ["cluster_utilization_percent"] = "Share of the nodes' allocatable that pods request, in percent.",
    };

    /// <summary>Upper bounds in seconds; none for a summary.</summary>
    public static IReadOnlyList<double> BucketsOf(string name) => name switch
    {
        _ when TypeOf(name) == "summary" => [],
        "nodeclaims_instance_termination_duration_seconds" => Doubling(11),
        "nodeclaims_termination_duration_seconds" => Doubling(12),
        "nodes_lifetime_duration_seconds" => Lifetimes,
        _ => Durations,
    };

    /// <summary>counter, gauge, histogram or summary.</summary>
    public static string TypeOf(string name) => name switch
    {
        "pods_startup_duration_seconds" or "nodes_termination_duration_seconds" => "summary",
        _ when name.EndsWith("_total", StringComparison.Ordinal) => "counter",
        _ when name.EndsWith("_duration_seconds", StringComparison.Ordinal) => "histogram",
        _ => "gauge",
    };

    private static double[] Doubling(int count) => [.. Enumerable.Range(0, count).Select(i => Math.Pow(2, i))];

    /// <summary>What it says.</summary>
    public static string HelpOf(string name) => Helps.GetValueOrDefault(name, name);
}
