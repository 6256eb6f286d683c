using Hearth.Scheduling.Fit;

namespace Hearth.Scheduling.Simulation;

/// <summary>
/// Plays a trace of submissions against the cluster's own decisions, event by event: the scheduler or YuniKorn places, the provisioner or the autoscaler launches,
/// nodes are taken away as they are live, spot nodes are taken back. Pure and seeded. What it leaves out: times of the scheduler itself, drift and expiry of nodes.
/// </summary>
public sealed partial class TraceSimulator
{
    /// <summary>So often capacity that was refused is asked for again, an hour long: a want that lasts for ever must not keep a trace from its end.</summary>
    private const int MostReturns = 20;

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
    private readonly HashSet<DateTimeOffset> _awaited = [];
    private long _retried = -1;
    private int _returns;

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

    private DateTimeOffset Clock => At(_now);

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

    private static DateTimeOffset At(TimeSpan time) => DateTimeOffset.UnixEpoch + time;

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
            LookLater();
        }
    }

    private void Arrive(SimulatedJob job) => Want(job, job.NewDriver(Clock));

    private void Want(SimulatedJob job, SimulatedPod pod)
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
        TracePass pass;
        do
        {
            pass = _queue.Schedule(Clock);
            pass.Placed.ForEach(p => Place(p.Key, p.Node));
            pass.Touched.ForEach(Touch);
            pass.Failed.ForEach(f => Fail(f.Key, f.Why));
            pass.Evicted.ForEach(Lose);
        }
        while (!pass.IsEmpty);

        Await(_queue.NextDeadline(Clock));
        if (_events.Count > 0 || _retried != _changes)
        {
            _retried = _changes; // with nothing else to come, the same state is tried once
            Await(_queue.NextRetry(Clock));
        }

        if (!_planning && _planned != _changes && _queue.CallingForNodes.Count > 0)
        {
            _planning = true;
            At(_now + _request.Gather, Launch);
        }
    }

    /// <summary>Looks again at a time: that is enough for what time alone brings about.</summary>
    private void Await(DateTimeOffset? time)
    {
        if (time > Clock && _awaited.Add(time.Value))
        {
            At(time.Value - DateTimeOffset.UnixEpoch, () => _awaited.Remove(time.Value));
        }
    }

    private void Place(string key, string node)
    {
        if (!_owners.TryGetValue(key, out var job))
        {
            return;
        }

        _since[key] = _now;
        Touch(node);
        if (job.Placed(key, _now))
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
            Release(job, key, done: key == job.DriverKey);
        }
    }

    /// <summary>The scheduler has ended a pod that never ran: its job cannot go on.</summary>
    private void Fail(string key, string why)
    {
        if (_owners.TryGetValue(key, out var job))
        {
            job.Problem = why;
            foreach (var each in job.Pods.Keys.ToArray())
            {
                Release(job, each);
            }
        }
    }

    /// <summary>A pod leaves its place, or its queue.</summary>
    private void Release(SimulatedJob job, string key, bool done = false)
    {
        if (_since.Remove(key, out var since) && _cluster.NodeOf(key) is { } node)
        {
            var used = job.Pods[key].Info.Requests.MilliCpu * (_now - since).TotalSeconds;
            job.CoreSeconds += used / 1000;
            _used += _byName.ContainsKey(node) ? used : 0;
        }

        var place = _cluster.NodeOf(key);
        _changes++;
        _queue.Remove(key, done, Clock);
        _owners.Remove(key);
        job.Gone(key, _now);
        if (place is not null)
        {
            Touch(place);
        }
    }

    /// <summary>A pod was taken away: an executor is asked for again, without its driver a job begins anew.</summary>
    private void Lose(string key)
    {
        if (!_owners.TryGetValue(key, out var job))
        {
            _queue.Remove(key, done: false, Clock); // a placeholder, or what every node runs
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

        var refusals = _nodes.Capacity.Refusals;
        foreach (var node in _nodes.Launch(waiting, _cluster, _now, (pod, why) => Explain(pod.Key, why)))
        {
            Boot(node);
            _returns = 0;
        }

        if (_nodes.Capacity.Refusals > refusals)
        {
            _planned = -1; // what was refused is avoided: pods are planned for anew at once, and once more when it is tried again
            At(_now + _request.Gather, static () => { });
        }

        if (_nodes.Capacity.NextReturn is { } back && _returns++ < MostReturns)
        {
            At(back, () => _changes++);
        }
    }

    private void Explain(string key, string why)
    {
        if (_owners.TryGetValue(key, out var job))
        {
            job.Problem ??= why;
        }
    }

    private void Boot(SimulatedNode node)
    {
        var (shortest, longest) = _request.BootTime;
        At(_now + shortest + ((longest - shortest) * _random.NextDouble()), () => Join(node));
    }

    private void Join(SimulatedNode node)
    {
        _changes++;
        node.Ready = true;
        node.LastPodEvent = _now;
        _byName[node.Info.Name] = node;
        _cluster.SetNode(node.Info);
        foreach (var daemon in node.Daemons)
        {
            _cluster.AddPod(daemon, node.Info.Name);
        }

        WatchGroup(node);
        ForeseeInterruption(node);
    }

    /// <summary>A node ends, and what is on it has to go elsewhere.</summary>
    private void Remove(SimulatedNode node)
    {
        _changes++;
        var pods = node.Info.Pods.Select(p => p.Key).Order(StringComparer.Ordinal).ToArray();
        _nodes.End(node, _now);
        _cluster.SetNode(new NodeInfo(node.Info.Name, node.Info.Labels, node.Info.Taints, node.Info.Allocatable, unschedulable: true));
        Array.ForEach(pods, Lose);
        _cluster.RemoveNode(node.Info.Name);
        _byName.Remove(node.Info.Name);
    }

    private void Touch(string name)
    {
        if (_byName.TryGetValue(name, out var node))
        {
            node.Version++;
            node.LastPodEvent = _now;
            WatchGroup(node);
            WatchDrain(node);
        }
    }

    /// <summary>A node of a group goes when it has been empty long enough, as Cluster Autoscaler has it.</summary>
    private void WatchGroup(SimulatedNode node)
    {
        if (node.Ended is not null || !node.IsEmpty || !_nodes.IsOfGroup(node))
        {
            return;
        }

        var version = node.Version;
        At(_now + _request.GroupEmptyTime, () =>
        {
            if (node.Version == version && node.Ended is null && node.IsEmpty && !_nodes.IsLast(node))
            {
                Remove(node);
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
            [.. _nodes.All.Select(n => n.Outcome(n.Ended is null && n.Outcome(end).Launched > end ? n.Outcome(end).Launched : end))], end, offered > 0 ? _used / offered : null)
        {
            PlaceholderCoreHours = _queue.HeldCoreSeconds(Clock) / 3600, Refusals = _nodes.Capacity.Refusals, Consolidations = _consolidations,
        };
    }
}
