using Hearth.Scheduling.Fit;
using Hearth.Scheduling.Provisioning;
using Hearth.Scheduling.YuniKorn.Configuration;
using Hearth.Scheduling.YuniKorn.Core;

namespace Hearth.Scheduling.Simulation;

/// <summary>What a scheduler decided in one pass.</summary>
/// <param name="Placed">Pods and their nodes; the state has them.</param>
/// <param name="Evicted">Pods that must leave now.</param>
internal sealed record TracePass(IReadOnlyList<(PodInfo Pod, string Node)> Placed, IReadOnlyList<string> Evicted);

/// <summary>The scheduler that a trace is played with.</summary>
internal interface ITraceQueue
{
    /// <summary>Takes a job; the answer is why not, or null.</summary>
    string? Submit(SimulatedJob job, DateTimeOffset now);

    /// <summary>A pod of a job wants a place.</summary>
    void Add(SimulatedJob job, PodInfo pod, DateTimeOffset now);

    /// <summary>A pod is gone, or wants no place any more.</summary>
    void Remove(string key, DateTimeOffset now);

    /// <summary>Places what can be placed.</summary>
    TracePass Schedule(DateTimeOffset now);

    /// <summary>Pods for which nodes should be launched.</summary>
    IReadOnlyList<PodInfo> CallingForNodes { get; }

    /// <summary>When something happens by itself, or null.</summary>
    DateTimeOffset? NextDeadline { get; }
}

/// <summary>The default scheduler: by priority, then age; preempts.</summary>
internal sealed class DefaultTraceQueue(ClusterState cluster) : ITraceQueue
{
    private readonly SortedDictionary<(int Priority, long Created, long Sequence), PodInfo> _waiting = [];
    private readonly Dictionary<string, (int, long, long)> _keys = new(StringComparer.Ordinal);
    private readonly PodClasses _classes = new();
    private long _sequence;

    public IReadOnlyList<PodInfo> CallingForNodes => [.. _waiting.Values.Where(p => cluster.Nominations.NodeOf(p.Key) is null)];

    public DateTimeOffset? NextDeadline => null;

    public string? Submit(SimulatedJob job, DateTimeOffset now) => null;

    public void Add(SimulatedJob job, PodInfo pod, DateTimeOffset now)
    {
        var key = (-pod.Priority, pod.Created.UtcTicks, _sequence++);
        _waiting[key] = pod;
        _keys[pod.Key] = key;
    }

    public void Remove(string key, DateTimeOffset now)
    {
        if (_keys.Remove(key, out var at))
        {
            _waiting.Remove(at);
        }

        cluster.Nominations.Remove(key);
        cluster.RemovePod(key);
    }

    public TracePass Schedule(DateTimeOffset now)
    {
        var placed = new List<(PodInfo, string)>();
        var evicted = new List<string>();
        var refused = new HashSet<int>();
        foreach (var pod in _waiting.Values.ToArray())
        {
            // Of pods that are alike, one refusal stands for all: nothing but a placement has changed since.
            var alike = pod.HasPodAffinity || pod.Spread.Count > 0 ? -1 : _classes.Of(pod);
            if (refused.Contains(alike))
            {
                continue;
            }

            var decision = PodPlacer.Place(pod, cluster);
            if (decision.NodeName is { } node)
            {
                Remove(pod.Key, now);
                cluster.AddPod(pod, node);
                placed.Add((pod, node));
            }
            else if (decision.Preempts is { } preempts)
            {
                cluster.Nominations.Set(pod, preempts.NodeName);
                evicted.AddRange(preempts.Victims.Select(v => v.Key));
                preempts.Victims.ToList().ForEach(v => cluster.AddPod(v.AsPreempted(), preempts.NodeName));
            }
            else if (alike >= 0)
            {
                refused.Add(alike);
            }
        }

        return new TracePass(placed, evicted);
    }
}

/// <summary>YuniKorn's core with its queues. A gang asks for all its pods at once and is placed by its queue; its placeholders are not played one by one.</summary>
internal sealed class YuniKornTraceQueue(ClusterState cluster, PartitionConfig config) : ITraceQueue
{
    private readonly Partition _partition = new(cluster, config);
    private readonly Dictionary<string, PodInfo> _calling = new(StringComparer.Ordinal);

    public IReadOnlyList<PodInfo> CallingForNodes => [.. _calling.Values];

    public DateTimeOffset? NextDeadline => _partition.NextDeadline();

    public string? Submit(SimulatedJob job, DateTimeOffset now) => _partition.Submit(
        new ApplicationRequest
        {
            Id = job.Id, Queue = job.Source.Queue, User = job.Source.User,
            Tags = new Dictionary<string, string>(StringComparer.Ordinal) { ["namespace"] = job.Source.Driver.Metadata.Namespace ?? "default" },
        }, now);

    public void Add(SimulatedJob job, PodInfo pod, DateTimeOffset now) =>
        _partition.Add(new Ask(pod) { ApplicationId = job.Id, IsOriginator = pod.Key == job.DriverKey }, now);

    public void Remove(string key, DateTimeOffset now)
    {
        _calling.Remove(key);
        _partition.Gone(key, now);
        cluster.RemovePod(key);
    }

    public TracePass Schedule(DateTimeOffset now)
    {
        _partition.Tick(now);
        _partition.Schedule(now);
        var placed = new List<(PodInfo, string)>();
        var evicted = new List<string>();
        foreach (var effect in _partition.TakeEffects())
        {
            switch (effect)
            {
                case Placed done:
                    _calling.Remove(done.Ask.Key);
                    placed.Add((done.Ask.Pod, done.Node));
                    break;
                case Release release:
                    evicted.Add(release.Ask.Key);
                    break;
                case Outstanding outstanding:
                    _calling[outstanding.Ask.Key] = outstanding.Ask.Pod;
                    break;
                default:
                    break;
            }
        }

        return new TracePass(placed, evicted);
    }
}
