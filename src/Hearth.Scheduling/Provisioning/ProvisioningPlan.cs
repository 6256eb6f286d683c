using Hearth.Scheduling.Fit;
using Hearth.Scheduling.Requirements;
using Hearth.Scheduling.Resources;

namespace Hearth.Scheduling.Provisioning;

/// <summary>Everything a plan depends on.</summary>
public sealed record ProvisioningRequest
{
    /// <summary>Pods that no present node takes.</summary>
    public required IReadOnlyList<PodInfo> Pods { get; init; }

    /// <summary>Pools that are ready.</summary>
    public required IReadOnlyList<PoolState> Pools { get; init; }

    /// <summary>Nodes and claims that are there or on their way.</summary>
    public IReadOnlyList<ExistingNode> Nodes { get; init; } = [];

    /// <summary>One pod of each DaemonSet.</summary>
    public IReadOnlyList<PodInfo> Daemons { get; init; } = [];

    /// <summary>How strictly wishes are taken.</summary>
    public SolvePolicy Policy { get; init; } = SolvePolicy.Default;

    /// <summary>Labels of namespaces, for rules about pods of others; null when none are known.</summary>
    public NamespaceLabels? Namespaces { get; init; }
}

/// <summary>What to do.</summary>
/// <param name="Claims">Nodes to launch.</param>
/// <param name="OnExisting">Pods that present nodes or claims will take.</param>
/// <param name="Unplaced">Pods that no pool can take, and why.</param>
public sealed record ProvisioningPlan(IReadOnlyList<PlannedClaim> Claims, IReadOnlyList<PodAssignment> OnExisting, IReadOnlyList<UnplacedPod> Unplaced)
{
    /// <summary>Pods that have a place, in the order in which they got it: each keeps its rules beside those before it.</summary>
    public IReadOnlyList<PodInfo> Order { get; init; } = [];
}

/// <summary>A pod that will go to a node or claim that is already there.</summary>
public sealed record PodAssignment(PodInfo Pod, string NodeName);

/// <summary>Why nothing is launched for a pod.</summary>
/// <param name="Pool">The pool that says so; null when it is the pod's own fault, or when there is no pool.</param>
/// <param name="Short">The criterion that refuses it.</param>
/// <param name="Text">The whole, in Karpenter's words.</param>
public sealed record PoolReason(string? Pool, string Short, string Text)
{
    /// <summary>A reason that is no pool's.</summary>
    public static PoolReason Of(string text) => new(null, text, text);

    /// <inheritdoc/>
    public override string ToString() => Text;
}

/// <summary>A pod that nothing can be launched for.</summary>
/// <param name="Pod">The pod.</param>
/// <param name="Reasons">One for each pool, in the order in which they were asked.</param>
public sealed record UnplacedPod(PodInfo Pod, IReadOnlyList<PoolReason> Reasons)
{
    /// <summary>The text of its FailedScheduling event.</summary>
    public string Message => "Failed to schedule pod, " + string.Join("; ", Reasons);
}

/// <summary>A node to launch.</summary>
/// <param name="Pool">Its pool.</param>
/// <param name="Requirements">What it must be, without the list of types unless that has a least number of values.</param>
/// <param name="Types">What it may be, cheapest first.</param>
/// <param name="Requests">Of its pods and of daemons.</param>
/// <param name="Pods">Pods it is launched for.</param>
public sealed record PlannedClaim(PoolInfo Pool, RequirementSet Requirements, IReadOnlyList<TypeOffer> Types, ResourceVector Requests, IReadOnlyList<PodInfo> Pods)
{
    /// <summary>It has fewer values of some label than its pool asks for (<see cref="SolvePolicy.BestEffortMinValues"/>).</summary>
    public bool MinValuesRelaxed { get; init; }
}
