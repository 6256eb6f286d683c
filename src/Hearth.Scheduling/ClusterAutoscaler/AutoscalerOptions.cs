namespace Hearth.Scheduling.ClusterAutoscaler;

/// <summary>Cluster Autoscaler's flags that decide something. The defaults are upstream's, but for those that the chart of the blueprint sets (the last three).</summary>
public sealed record AutoscalerOptions
{
    /// <summary><c>--scale-down-utilization-threshold</c>: a node whose larger share of requested cpu or memory is below it may go.</summary>
    public double UtilizationThreshold { get; init; } = 0.5;

    /// <summary><c>--scale-down-unneeded-time</c>.</summary>
    public TimeSpan UnneededTime { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary><c>--scale-down-delay-after-add</c>: nothing goes for so long after nodes came.</summary>
    public TimeSpan DelayAfterAdd { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary><c>--max-scale-down-parallelism</c>: empty nodes that go at once.</summary>
    public int MostEmptyAtOnce { get; init; } = 10;

    /// <summary><c>--max-drain-parallelism</c>: nodes with pods that go at once.</summary>
    public int MostDrainedAtOnce { get; init; } = 1;

    /// <summary><c>--initial-node-group-backoff-duration</c>.</summary>
    public TimeSpan InitialBackoff { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary><c>--max-node-group-backoff-duration</c>.</summary>
    public TimeSpan MaxBackoff { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary><c>--node-group-backoff-reset-timeout</c>.</summary>
    public TimeSpan BackoffReset { get; init; } = TimeSpan.FromHours(3);

    /// <summary><c>--expendable-pods-priority-cutoff</c>: pods of lower priority neither call for nodes nor keep them.</summary>
    public int ExpendableBelow { get; init; } = -10;

    /// <summary><c>--expander</c>: each narrows what the one before it left.</summary>
    public IReadOnlyList<Expander> Expanders { get; init; } = [Expander.LeastWaste];

    /// <summary><c>--balance-similar-node-groups</c>.</summary>
    public bool BalanceSimilarGroups { get; init; } = true;

    /// <summary><c>--skip-nodes-with-local-storage</c>: pods with emptyDir or hostPath keep their node.</summary>
    public bool LocalStorageKeepsNode { get; init; }

    /// <summary><c>--skip-nodes-with-system-pods</c>: pods of kube-system without a budget keep their node.</summary>
    public bool SystemPodsKeepNode { get; init; }
}

/// <summary>How the group to grow is chosen when several would do.</summary>
public enum Expander
{
    /// <summary>The smallest idle shares of cpu and memory after the new nodes have their pods.</summary>
    LeastWaste,

    /// <summary>The highest number in the ConfigMap <c>cluster-autoscaler-priority-expander</c> whose patterns match the group.</summary>
    Priority,

    /// <summary>The most pods.</summary>
    MostPods,

    /// <summary>The fewest new nodes.</summary>
    LeastNodes,
}
