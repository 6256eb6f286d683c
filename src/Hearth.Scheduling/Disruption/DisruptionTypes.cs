using Hearth.Scheduling.Karpenter;

namespace Hearth.Scheduling.Disruption;

/// <summary>Why nodes are taken away, in Karpenter's words.</summary>
public static class DisruptionReason
{
    public const string Empty = "Empty";
    public const string Underutilized = "Underutilized";
    public const string Drifted = "Drifted";
    public const string Expired = "Expired";
}

/// <summary>A pool's rules about taking nodes away, read and defaulted.</summary>
/// <param name="Name">Of the pool.</param>
/// <param name="Policy">WhenEmpty, WhenEmptyOrUnderutilized or Balanced.</param>
/// <param name="ConsolidateAfter">Time without pod events, or null for never.</param>
/// <param name="Budgets">Bounds on disruptions at a time; empty means unbounded.</param>
public sealed record PoolDisruption(string Name, string Policy, TimeSpan? ConsolidateAfter, IReadOnlyList<Budget> Budgets)
{
    /// <summary>Reads a NodePool with Karpenter's defaults: WhenEmptyOrUnderutilized, 0s, 10 %.</summary>
    /// <exception cref="FormatException">A duration cannot be read.</exception>
    public static PoolDisruption From(NodePool pool)
    {
        var source = pool.Spec?.Disruption;
        return new(
            pool.Metadata.Name ?? "",
            source?.ConsolidationPolicy ?? "WhenEmptyOrUnderutilized",
            KarpenterDuration.Parse(source?.ConsolidateAfter ?? "0s"),
            source?.Budgets ?? [new Budget { Nodes = "10%" }]);
    }
}

/// <summary>A node that might be taken away.</summary>
public sealed record DisruptionCandidate
{
    /// <summary>Of the NodeClaim.</summary>
    public required string ClaimName { get; init; }
    public required string NodeName { get; init; }
    public required string Pool { get; init; }

    /// <summary>The node is ready and has all that was asked of it.</summary>
    public bool Initialized { get; init; }

    /// <summary>Deleting, or chosen already.</summary>
    public bool Deleting { get; init; }

    /// <summary>Ready condition of the node.</summary>
    public bool Ready { get; init; } = true;

    /// <summary>Pods are expected on it: a plan has just counted on it.</summary>
    public bool Nominated { get; init; }

    /// <summary>The node itself must not be disrupted.</summary>
    public bool DoNotDisrupt { get; init; }

    /// <summary>Why one of its pods forbids a disruption, or null.</summary>
    public string? PodBlock { get; init; }

    /// <summary>Active pods that would have to go elsewhere: not of DaemonSets, not of the node itself, not finished.</summary>
    public int ReschedulablePods { get; init; }

    /// <summary>When the last pod came or went, or the node became initialised.</summary>
    public DateTimeOffset LastPodEvent { get; init; }
}

/// <summary>Nodes to take away together, with the claims to launch first.</summary>
/// <param name="Reason">One of <see cref="DisruptionReason"/>.</param>
/// <param name="Candidates">What goes.</param>
public sealed record DisruptionCommand(string Reason, IReadOnlyList<DisruptionCandidate> Candidates);
