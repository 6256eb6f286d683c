using Hearth.Scheduling.Fit;
using Hearth.Scheduling.Karpenter;

namespace Hearth.Scheduling.Simulation;

/// <summary>
/// Plays a trace of submissions against the cluster's own decisions, event by event: the scheduler or YuniKorn places, the provisioner or the autoscaler launches,
/// empty nodes go, spot nodes are taken back. Pure and seeded. What it leaves out: consolidation of nodes that have pods, times of the scheduler itself, daemons.
/// </summary>
public sealed class TraceSimulator
{
    private readonly SimulationRequest _request;
    private readonly Random _random;
    private readonly ClusterState _cluster = new();
    private readonly PriorityQueue<Action, (TimeSpan At, long Sequence)> _events = new();
    private readonly Dictionary<string, SimulatedJob> _owners = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TimeSpan> _since = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SimulatedNode> _byName = new(StringComparer.Ordinal);
    private readonly SimulatedNodes _nodes;
    private readonly ITraceQueue _queue;
    private readonly SimulatedJob[] _jobs;
    private TimeSpan _now;
    private TimeSpan _end;
    private long _sequence;
    private bool _planning;
    private DateTimeOffset _awaited;

    /// <summary>Counts what may make another plan come out differently: one that helped nobody is not made again before.</summary>
    private long _changes;
    private long _planned = -1;
    private double _used;

    private TraceSimulator(SimulationRequest request)
    {
        _request = request;
        _random = new Random(request.Seed);
        _nodes = new SimulatedNodes(request);
        _queue = request.Queues is { } queues ? new YuniKornTraceQueue(_cluster, queues) : new DefaultTraceQueue(_cluster);
        _jobs = [.. request.Submissions.Select((s, i) => new SimulatedJob(s, i))];
        foreach (var node in request.Nodes)
        {
            _cluster.SetNode(new NodeInfo(node.Node.Name, node.Node.Labels, node.Node.Taints, node.Node.Allocatable, node.Node.Unschedulable));
        }
    }

    private DateTimeOffset Clock => DateTimeOffset.UnixEpoch + _now;

    /// <summary>Plays.</summary>
    public static SimulationResult Run(SimulationRequest request)
    {
        var simulator = new TraceSimulator(request);
        foreach (var node in simulator._nodes.Begin())
        {
            simulator.Join(node);
        }

        foreach (var job in simulator._jobs)
        {
            simulator.At(job.Source.Arrival, () => simulator.Arrive(job));
        }

        simulator.Play();
        return simulator.Result();
    }

    private void At(TimeSpan time, Action action) => _events.Enqueue(action, (time, _sequence++));

    private void Play()
    {
        while (_events.TryPeek(out _, out var next))
        {
            _now = next.At;
            while (_events.TryPeek(out _, out var same) && same.At == _now)
            {
                _events.Dequeue()();
            }

            Schedule();
        }
    }

    private void Arrive(SimulatedJob job)
    {
        if (_queue.Submit(job, Clock) is { } refusal)
        {
            job.Problem = refusal;
            return;
        }

        Want(job, job.NewDriver(Clock));
        if (job.Source.Gang)
        {
            WantExecutors(job);
        }
    }

    private void Want(SimulatedJob job, PodInfo pod)
    {
        _changes++;
        _owners[pod.Key] = job;
        _queue.Add(job, pod, Clock);
    }

    private void WantExecutors(SimulatedJob job)
    {
        for (var have = job.Pods.Count - 1; have < job.Source.Executors; have++)
        {
            Want(job, job.NewExecutor(Clock));
        }
    }

    /// <summary>Until nothing moves any more; then nodes are planned for what waits.</summary>
    private void Schedule()
    {
        while (true)
        {
            var pass = _queue.Schedule(Clock);
            foreach (var (pod, node) in pass.Placed)
            {
                Place(pod, node);
            }

            foreach (var key in pass.Evicted)
            {
                Lose(key);
            }

            if (pass.Placed.Count + pass.Evicted.Count == 0)
            {
                break;
            }
        }

        if (_queue.NextDeadline is { } deadline && deadline > Clock && deadline != _awaited)
        {
            _awaited = deadline;
            At(deadline - DateTimeOffset.UnixEpoch, static () => { }); // looking is enough
        }

        if (!_planning && _planned != _changes && _queue.CallingForNodes.Count > 0)
        {
            _planning = true;
            At(_now + _request.Gather, Launch);
        }
    }

    private void Place(PodInfo pod, string node)
    {
        var job = _owners[pod.Key];
        _since[pod.Key] = _now;
        Touch(node);
        if (job.Placed(pod.Key, _now))
        {
            job.Problem = null;
            WantExecutors(job);
        }

        ForeseeEnd(job);
    }

    private void ForeseeEnd(SimulatedJob job)
    {
        var version = job.Version;
        if (job.EndsAt(_now) is { } end)
        {
            At(end, () =>
            {
                if (job.Version == version && job.Finished is null)
                {
                    Finish(job);
                }
            });
        }
    }

    private void Finish(SimulatedJob job)
    {
        job.Finished = _end = _now;
        foreach (var key in job.Pods.Keys.ToArray())
        {
            Release(job, key);
        }
    }

    /// <summary>A pod leaves its place, or its queue.</summary>
    private void Release(SimulatedJob job, string key)
    {
        if (_since.Remove(key, out var since) && _cluster.NodeOf(key) is { } node)
        {
            var used = job.Pods[key].Requests.MilliCpu * (_now - since).TotalSeconds;
            job.CoreSeconds += used / 1000;
            _used += _byName.ContainsKey(node) ? used : 0;
            Touch(node);
        }

        _changes++;
        var place = _cluster.NodeOf(key);
        _queue.Remove(key, Clock);
        _owners.Remove(key);
        job.Gone(key, _now);
        if (place is not null)
        {
            WatchEmptiness(place);
        }
    }

    /// <summary>A pod was taken away: an executor is asked for again, without its driver a job begins anew.</summary>
    private void Lose(string key)
    {
        if (!_owners.TryGetValue(key, out var job))
        {
            return;
        }

        if (key == job.DriverKey)
        {
            foreach (var each in job.Pods.Keys.ToArray())
            {
                Release(job, each);
            }

            job.Restart();
            Arrive(job);
            return;
        }

        Release(job, key);
        job.Lost++;
        WantExecutors(job);
        ForeseeEnd(job);
    }

    private void Launch()
    {
        (_planning, _planned) = (false, _changes);
        var waiting = _queue.CallingForNodes;
        if (waiting.Count == 0)
        {
            return;
        }

        foreach (var node in _nodes.Launch(waiting, _cluster, _now, (pod, why) => _owners[pod.Key].Problem ??= why))
        {
            var (shortest, longest) = _request.BootTime;
            At(_now + shortest + ((longest - shortest) * _random.NextDouble()), () => Join(node));
        }
    }

    private void Join(SimulatedNode node)
    {
        _changes++;
        node.Ready = true;
        _byName[node.Info.Name] = node;
        _cluster.SetNode(node.Info);
        WatchEmptiness(node.Info.Name);
        if (node.CapacityType == KarpenterLabels.Spot && _request.SpotInterruptionsPerHour > 0)
        {
            At(_now + TimeSpan.FromHours(-Math.Log(1 - _random.NextDouble()) / _request.SpotInterruptionsPerHour), () => Interrupt(node));
        }
    }

    private void Interrupt(SimulatedNode node)
    {
        if (node.Ended is not null)
        {
            return;
        }

        node.Interrupted = true;
        var pods = node.Info.Pods.Select(p => p.Key).Order(StringComparer.Ordinal).ToArray();
        End(node);
        _cluster.SetNode(new NodeInfo(node.Info.Name, node.Info.Labels, node.Info.Taints, node.Info.Allocatable, unschedulable: true));
        Array.ForEach(pods, Lose);
        _cluster.RemoveNode(node.Info.Name);
    }

    private void End(SimulatedNode node)
    {
        _changes++;
        _nodes.End(node, _now);
    }

    private void Touch(string node)
    {
        if (_byName.TryGetValue(node, out var known))
        {
            known.Version++;
        }
    }

    private void WatchEmptiness(string name)
    {
        if (!_byName.TryGetValue(name, out var node) || node.Ended is not null || node.Info.Pods.Count > 0 || _nodes.EmptyTime(node) is not { } stays)
        {
            return;
        }

        var version = node.Version;
        At(_now + (stays == TimeSpan.Zero ? TimeSpan.FromTicks(1) : stays), () =>
        {
            if (node.Version == version && node.Ended is null && _cluster.Find(name)?.Pods.Count == 0 && !_nodes.IsLast(node))
            {
                End(node);
                _cluster.RemoveNode(name);
            }
        });
    }

    private SimulationResult Result()
    {
        foreach (var job in _jobs.Where(j => j.Finished is null))
        {
            job.Problem ??= "it was still waiting for places when nothing more happened";
        }

        var end = _jobs.Any(j => j.Finished is null) || _end == TimeSpan.Zero ? _now : _end;
        var offered = _nodes.All.Sum(n => n.Offered(end));
        return new SimulationResult(
            [.. _jobs.Select(j => new JobOutcome(j.Source, j.Started, j.Complete, j.Finished, j.Lost, j.Restarts, j.CoreSeconds / 3600, j.Finished is null ? j.Problem : null))],
            [.. _nodes.All.Select(n => n.Outcome(n.Ended is null && n.Outcome(end).Launched > end ? n.Outcome(end).Launched : end))], end, offered > 0 ? _used / offered : null);
    }
}
