using Hearth.Scheduling.Fit;
using Hearth.Scheduling.Karpenter;
using Hearth.Scheduling.Provisioning;
using Hearth.Scheduling.Resources;

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
    public const string WhenEmpty = "WhenEmpty";
    public const string Balanced = "Balanced";

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

    /// <summary>Why one of its pods forbids a disruption (<see cref="PodBlocks"/>), or null.</summary>
    public string? PodBlock { get; init; }

    /// <summary>Active pods that would have to go elsewhere: not of DaemonSets, not of the node itself, not finished.</summary>
    public IReadOnlyList<PodInfo> Pods { get; init; } = [];

    /// <summary>What moving its pods counts as, 1 for an empty node (<see cref="EvictionCost"/>).</summary>
    public double DisruptionCost { get; init; } = 1;

    /// <summary>When the last pod came or went, or the node became initialised.</summary>
    public DateTimeOffset LastPodEvent { get; init; }

    /// <summary>Instance type, or null when the node does not say.</summary>
    public string? InstanceType { get; init; }

    /// <summary>spot or on-demand, or null when the node does not say.</summary>
    public string? CapacityType { get; init; }
    public string? Zone { get; init; }

    /// <summary>USD an hour of its own offering; null when it has none, and then nothing counts as cheaper.</summary>
    public decimal? PricePerHour { get; init; }

    /// <summary>What it takes of its pool's limits.</summary>
    public ResourceVector Capacity { get; init; }

    /// <summary>Why it is no longer what its pool and class ask for (reason of the condition Drifted), or null.</summary>
    public string? Drift { get; init; }

    /// <summary>Since when it is so.</summary>
    public DateTimeOffset DriftedSince { get; init; }

    /// <summary>Its drain has an end: then pods do not hold up drift.</summary>
    public bool HasTerminationGracePeriod { get; init; }

    /// <summary>Whether the pool's time without pod events has passed.</summary>
    public bool IsConsolidatable(PoolDisruption pool, DateTimeOffset now) => Initialized && pool.ConsolidateAfter is { } after && LastPodEvent + after <= now;
}

/// <summary>Everything that a decision about taking nodes away depends on.</summary>
public sealed record DisruptionWorld
{
    /// <summary>Every node of every pool: budgets and shares count all of them.</summary>
    public required IReadOnlyList<DisruptionCandidate> Candidates { get; init; }

    /// <summary>Rules by pool name.</summary>
    public required IReadOnlyDictionary<string, PoolDisruption> Pools { get; init; }
    public required DateTimeOffset Now { get; init; }

    /// <summary>Pools that could launch replacements.</summary>
    public IReadOnlyList<PoolState> Launchable { get; init; } = [];

    /// <summary>Nodes that pods can go to, the candidates among them; without nodes that are going.</summary>
    public IReadOnlyList<ExistingNode> Nodes { get; init; } = [];

    /// <summary>Pods that wait for a node, and pods of nodes that are going: they come first on what is there.</summary>
    public IReadOnlyList<PodInfo> Pending { get; init; } = [];

    /// <summary>One pod of each DaemonSet.</summary>
    public IReadOnlyList<PodInfo> Daemons { get; init; } = [];

    /// <summary>Labels of namespaces, for rules about pods of others.</summary>
    public NamespaceLabels? Namespaces { get; init; }

    /// <summary>How strictly wishes are taken.</summary>
    public SolvePolicy Policy { get; init; } = SolvePolicy.Default;

    /// <summary>Feature gate SpotToSpotConsolidation (off by default, as upstream).</summary>
    public bool SpotToSpot { get; init; }
}

/// <summary>Nodes to take away together, with the claims to launch first.</summary>
/// <param name="Reason">One of <see cref="DisruptionReason"/>.</param>
/// <param name="Candidates">What goes.</param>
public sealed record DisruptionCommand(string Reason, IReadOnlyList<DisruptionCandidate> Candidates)
{
    /// <summary>What is launched and initialised before anything goes.</summary>
    public IReadOnlyList<PlannedClaim> Replacements { get; init; } = [];

    /// <summary>Label <c>consolidation_type</c> of upstream's metrics: empty, multi, single; empty text for drift.</summary>
    public string Method { get; init; } = "";

    /// <summary>delete or replace.</summary>
    public string Decision => Replacements.Count == 0 ? "delete" : "replace";
}
