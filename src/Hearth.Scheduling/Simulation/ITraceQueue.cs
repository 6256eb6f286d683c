using Hearth.Kube.Core;
using Hearth.Scheduling.Fit;

namespace Hearth.Scheduling.Simulation;

/// <summary>What a scheduler did in one pass; the state has it.</summary>
internal sealed class TracePass
{
    /// <summary>Pods of jobs and their nodes.</summary>
    public List<(string Key, string Node)> Placed { get; } = [];

    /// <summary>Pods of jobs that must leave now.</summary>
    public List<string> Evicted { get; } = [];

    /// <summary>Pods of jobs that are ended without ever running, and why.</summary>
    public List<(string Key, string Why)> Failed { get; } = [];

    /// <summary>Nodes on which something else came or went.</summary>
    public List<string> Touched { get; } = [];

    /// <summary>Nothing moved.</summary>
    public bool IsEmpty => Placed.Count + Evicted.Count + Failed.Count + Touched.Count == 0;
}

/// <summary>The scheduler that a trace is played with.</summary>
internal interface ITraceQueue
{
    /// <summary>A pod of a job wants a place.</summary>
    void Add(SimulatedJob job, SimulatedPod pod, DateTimeOffset now);

    /// <summary>A pod is gone, or wants no place any more.</summary>
    /// <param name="key">Of the pod; one that the scheduler made itself is known to it, too.</param>
    /// <param name="done">It has ended and not been deleted.</param>
    /// <param name="now">The time.</param>
    void Remove(string key, bool done, DateTimeOffset now);

    /// <summary>Places what can be placed.</summary>
    TracePass Schedule(DateTimeOffset now);

    /// <summary>Pods for which nodes should be launched.</summary>
    IReadOnlyList<PodInfo> CallingForNodes { get; }

    /// <summary>A pod that the scheduler has made itself, or null.</summary>
    Pod? Find(string key);

    /// <summary>Seconds that processors were held by pods that the scheduler made itself.</summary>
    double HeldCoreSeconds(DateTimeOffset now);

    /// <summary>When something happens by itself, or null.</summary>
    DateTimeOffset? NextDeadline(DateTimeOffset now);

    /// <summary>When what waits may be tried in another way, or null: nothing need come of it.</summary>
    DateTimeOffset? NextRetry(DateTimeOffset now);
}
