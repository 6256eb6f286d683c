using Hearth.Scheduling.ClusterAutoscaler;

namespace Hearth.Cluster.Controllers.Autoscaler;

/// <summary>How the autoscaler goes about it.</summary>
public sealed record AutoscalerSettings
{
    /// <summary>Flags that decide something.</summary>
    public AutoscalerOptions Options { get; init; } = new();

    /// <summary>Longest time between two looks (upstream: 10 s, the blueprint's chart: 5 s). A pod that waits is a reason to look at once.</summary>
    public TimeSpan ScanInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long pods are gathered before one decision is made for all of them.</summary>
    public TimeSpan Gather { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary><c>--max-pod-eviction-time</c>: an eviction that is refused is tried for so long; then the node stays.</summary>
    public TimeSpan MaxEvictionTime { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary><c>--max-graceful-termination-sec</c>: a node goes so long after its pods were told to leave, also when some are still there.</summary>
    public TimeSpan MaxTermination { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The same explanation is repeated to a pod only after so long.</summary>
    public TimeSpan SayAgain { get; init; } = TimeSpan.FromMinutes(5);
}
