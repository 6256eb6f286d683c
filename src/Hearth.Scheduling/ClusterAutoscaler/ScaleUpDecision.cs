using Hearth.Scheduling.Fit;

namespace Hearth.Scheduling.ClusterAutoscaler;

/// <summary>What a decision about more nodes depends on.</summary>
public sealed record ScaleUpRequest
{
    /// <summary>Pods that the scheduler found no node for.</summary>
    public required IReadOnlyList<PodInfo> Pods { get; init; }

    /// <summary>Nodes and pods that are there. The decision tries things on it and leaves it as it was.</summary>
    public required ClusterState Cluster { get; init; }

    /// <summary>Groups.</summary>
    public required IReadOnlyList<GroupState> Groups { get; init; }

    /// <summary>Flags.</summary>
    public AutoscalerOptions Options { get; init; } = new();

    /// <summary>For <see cref="Expander.Priority"/>.</summary>
    public PriorityList? Priorities { get; init; }
}

/// <summary>A group that grows.</summary>
public sealed record GroupIncrease(GroupState Group, int By)
{
    /// <summary>Upstream's words for it.</summary>
    public override string ToString() => $"{{{Group.Name} {Group.Target}->{Group.Target + By} (max: {Group.Max})}}";
}

/// <summary>A pod that no new node would help, and the reasons with the number of groups that have each.</summary>
public sealed record UnhelpedPod(PodInfo Pod, IReadOnlyDictionary<string, int> Reasons)
{
    /// <summary>The message of its event <c>NotTriggerScaleUp</c>.</summary>
    public string Message() => Reasons.Count == 0
        ? "pod didn't trigger scale-up:"
        : $"pod didn't trigger scale-up: {string.Join(", ", FitFailure.Sorted(Reasons))}";
}

/// <summary>Which groups grow: one of the ways to help, the rest waits for the next look.</summary>
/// <param name="Increases">One group, or several alike ones.</param>
/// <param name="Helped">Pods that the new nodes are for.</param>
/// <param name="Unhelped">Pods that no group can help.</param>
/// <param name="Awaited">Pods that fit on nodes that are there or coming.</param>
public sealed record ScaleUpDecision(
    IReadOnlyList<GroupIncrease> Increases, IReadOnlyList<PodInfo> Helped, IReadOnlyList<UnhelpedPod> Unhelped, IReadOnlyList<PodInfo> Awaited);
