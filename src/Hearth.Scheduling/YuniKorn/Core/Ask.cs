using Hearth.Scheduling.Fit;
using Hearth.Scheduling.Resources;

namespace Hearth.Scheduling.YuniKorn.Core;

/// <summary>A pod that wants a place.</summary>
public sealed class Ask
{
    private readonly Func<PodInfo>? _current;

    /// <param name="pod">What it wants.</param>
    /// <param name="current">Looks again at what its volumes demand; null when it has none.</param>
    public Ask(PodInfo pod, Func<PodInfo>? current = null)
    {
        Pod = pod;
        Key = pod.Key;
        _current = current;
    }

    /// <summary>Of the pod: <c>namespace/name</c>.</summary>
    public string Key { get; }
    public PodInfo Pod { get; }
    public required string ApplicationId { get; init; }

    /// <summary>The group it takes a place of, or null.</summary>
    public string? TaskGroup { get; init; }
    public bool IsPlaceholder { get; init; }

    /// <summary>It began its application, as Spark drivers do: a late choice among victims.</summary>
    public bool IsOriginator { get; init; }

    /// <summary>False: a last choice among victims.</summary>
    public bool AllowsPreemption { get; init; } = true;

    /// <summary>When it came to the partition.</summary>
    public DateTimeOffset Created { get; internal set; }
    public int Priority => Pod.Priority;
    public ResourceVector Requests => Pod.Requests;

    internal long Sequence { get; set; }

    /// <summary>Pods of the same class get the same answer.</summary>
    internal int Class { get; set; } = -1;

    /// <summary>Its pod has been marked for autoscalers.</summary>
    internal bool ToldOutstanding { get; set; }

    /// <summary>It has been said that a quota holds it back.</summary>
    internal bool ToldSkipped { get; set; }

    internal DateTimeOffset LastPreemption { get; set; } = DateTimeOffset.MinValue;

    /// <summary>A placeholder is on its way out for it: it waits for nothing else.</summary>
    internal Allocation? Replaces { get; set; }

    /// <summary>As it is now.</summary>
    internal PodInfo Current() => _current?.Invoke() ?? Pod;

    internal bool HasVolumes => _current is not null;
}

/// <summary>Why an allocation ends.</summary>
public enum ReleaseReason
{
    /// <summary>It does not.</summary>
    None,

    /// <summary>A placeholder gives its place to a real pod.</summary>
    Replaced,

    /// <summary>A placeholder is given up.</summary>
    TimedOut,

    /// <summary>Others need the room.</summary>
    Preempted,
}

/// <summary>A pod with its place.</summary>
public sealed class Allocation(Ask ask, string node)
{
    public string Key => ask.Key;
    public Ask Ask => ask;

    /// <summary>Name of the node.</summary>
    public string Node => node;
    public DateTimeOffset Created { get; internal set; }

    /// <summary>Why it is on its way out.</summary>
    public ReleaseReason Release { get; internal set; }

    /// <summary>The real ask that gets its place.</summary>
    internal Ask? Successor { get; set; }

    /// <summary>Where the successor goes.</summary>
    internal string? SuccessorNode { get; set; }
}
