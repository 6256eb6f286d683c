using Hearth.Kube.Core;
using Hearth.Scheduling.Fit;
using Hearth.Scheduling.Provisioning;

namespace Hearth.Scheduling.Simulation;

/// <summary>The default scheduler: by priority, then age; preempts.</summary>
internal sealed class DefaultTraceQueue(ClusterState cluster) : ITraceQueue
{
    private readonly SortedDictionary<(int Priority, long Created, long Sequence), PodInfo> _waiting = [];
    private readonly Dictionary<string, (int, long, long)> _keys = new(StringComparer.Ordinal);
    private readonly PodClasses _classes = new();
    private long _sequence;

    public IReadOnlyList<PodInfo> CallingForNodes => [.. _waiting.Values.Where(p => cluster.Nominations.NodeOf(p.Key) is null)];

    public DateTimeOffset? NextDeadline(DateTimeOffset now) => null;

    public DateTimeOffset? NextRetry(DateTimeOffset now) => null;

    public Pod? Find(string key) => null;

    public double HeldCoreSeconds(DateTimeOffset now) => 0;

    public void Add(SimulatedJob job, SimulatedPod pod, DateTimeOffset now)
    {
        var key = (-pod.Info.Priority, pod.Info.Created.UtcTicks, _sequence++);
        _waiting[key] = pod.Info;
        _keys[pod.Key] = key;
    }

    public void Remove(string key, bool done, DateTimeOffset now)
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
        var pass = new TracePass();
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
                Remove(pod.Key, done: false, now);
                cluster.AddPod(pod, node);
                pass.Placed.Add((pod.Key, node));
            }
            else if (decision.Preempts is { } preempts)
            {
                cluster.Nominations.Set(pod, preempts.NodeName);
                pass.Evicted.AddRange(preempts.Victims.Select(v => v.Key));
                preempts.Victims.ToList().ForEach(v => cluster.AddPod(v.AsPreempted(), preempts.NodeName));
            }
            else if (alike >= 0)
            {
                refused.Add(alike);
            }
        }

        return pass;
    }
}
