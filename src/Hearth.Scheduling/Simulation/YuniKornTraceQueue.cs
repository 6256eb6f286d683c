using Hearth.Kube.Core;
using Hearth.Kube.Objects;
using Hearth.Scheduling.Fit;
using Hearth.Scheduling.YuniKorn;
using Hearth.Scheduling.YuniKorn.Configuration;
using Hearth.Scheduling.YuniKorn.Core;
using Hearth.Scheduling.YuniKorn.Shim;

namespace Hearth.Scheduling.Simulation;

/// <summary>
/// YuniKorn as it runs live: the same shim over the same core, so that placeholders are made, bound, replaced and given up as there. What it wants done is done at once.
/// </summary>
internal sealed class YuniKornTraceQueue : ITraceQueue
{
    private const string Unschedulable = "Unschedulable";
    private readonly ClusterState _cluster;
    private readonly YuniKornShim _shim;
    private readonly Dictionary<string, Pod> _pods = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PodInfo> _calling = new(StringComparer.Ordinal);
    private readonly HashSet<string> _placeholders = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DateTimeOffset> _heldSince = new(StringComparer.Ordinal);
    private double _held;

    public YuniKornTraceQueue(ClusterState cluster, PartitionConfig config)
    {
        _cluster = cluster;
        _shim = new YuniKornShim(new Partition(cluster, config), new ShimSettings());
    }

    public IReadOnlyList<PodInfo> CallingForNodes => [.. _calling.Values];

    public DateTimeOffset? NextDeadline(DateTimeOffset now) => _shim.Partition.NextDeadline();

    public DateTimeOffset? NextRetry(DateTimeOffset now) => _shim.Partition.NextPreemption(now);

    public Pod? Find(string key) => _placeholders.Contains(key) ? _pods.GetValueOrDefault(key) : null;

    public double HeldCoreSeconds(DateTimeOffset now) => _held + _heldSince.Sum(h => Held(h.Key, h.Value, now));

    public void Add(SimulatedJob job, SimulatedPod pod, DateTimeOffset now) => Accept(GangAnnotations.Apply(job, pod.Object, pod.Key == job.DriverKey), now);

    public void Remove(string key, bool done, DateTimeOffset now)
    {
        if (!_pods.TryGetValue(key, out var pod))
        {
            _cluster.RemovePod(key); // a daemon
            return;
        }

        Forget(key, now);
        if (done)
        {
            _shim.OnPod(pod with { Status = new PodStatus { Phase = "Succeeded" } }, deleted: false, now);
            return;
        }

        _shim.OnPod(pod, deleted: true, now);
        foreach (var owned in _placeholders.Where(k => _pods[k].Metadata.OwnerReferences?.Any(o => o.Uid == pod.Metadata.Uid) == true).ToArray())
        {
            Remove(owned, done: false, now); // as the garbage collector does
        }
    }

    public TracePass Schedule(DateTimeOffset now)
    {
        var pass = new TracePass();
        for (var actions = _shim.Step(now); actions.Count > 0; actions = _shim.Step(now))
        {
            foreach (var action in actions)
            {
                Do(action, pass, now);
            }
        }

        return pass;
    }

    private void Do(ShimAction action, TracePass pass, DateTimeOffset now)
    {
        switch (action)
        {
            case CreatePod create:
                var made = KubeJson.Read<Pod>(create.Body);
                _placeholders.Add(create.Key);
                Accept(made with { Metadata = made.Metadata with { Uid = create.Key, CreationTimestamp = now } }, now);
                break;
            case BindPod { Pod: var pod, Node: var node } when _pods.TryGetValue(Key(pod), out var known):
                Bind(known, node, pass, now);
                break;
            case DeletePod { Pod: var pod } when _placeholders.Contains(Key(pod)):
                var place = _cluster.NodeOf(Key(pod));
                Remove(Key(pod), done: false, now);
                if (place is not null)
                {
                    pass.Touched.Add(place);
                }

                break;
            case DeletePod { Pod: var pod } when _pods.ContainsKey(Key(pod)):
                pass.Evicted.Add(Key(pod));
                break;
            case FailPod { Pod: var pod, Message: var why } when _pods.ContainsKey(Key(pod)):
                pass.Failed.Add((Key(pod), why));
                break;
            case MarkPod { Pod: var pod, Reason: Unschedulable } when _pods.TryGetValue(Key(pod), out var known):
                _calling[Key(pod)] = PodInfo.From(known);
                break;
            default:
                break;
        }
    }

    private void Bind(Pod pod, string node, TracePass pass, DateTimeOffset now)
    {
        var key = Key(pod);
        _calling.Remove(key);
        _pods[key] = pod with { Spec = pod.Spec! with { NodeName = node }, Status = new PodStatus { Phase = "Running", StartTime = now } };
        if (_placeholders.Contains(key))
        {
            _heldSince[key] = now;
            pass.Touched.Add(node);
        }
        else
        {
            pass.Placed.Add((key, node));
        }

        _shim.OnPod(_pods[key], deleted: false, now);
    }

    private void Accept(Pod pod, DateTimeOffset now)
    {
        _pods[Key(pod)] = pod;
        _shim.OnPod(pod, deleted: false, now);
    }

    private void Forget(string key, DateTimeOffset now)
    {
        if (_heldSince.Remove(key, out var since))
        {
            _held += Held(key, since, now);
        }

        _pods.Remove(key);
        _calling.Remove(key);
        _placeholders.Remove(key);
        _cluster.RemovePod(key);
    }

    private double Held(string key, DateTimeOffset since, DateTimeOffset now) =>
        (now - since).TotalSeconds * (_cluster.FindPod(key)?.Requests.MilliCpu ?? 0) / 1000;

    private static string Key(Pod pod) => $"{pod.Metadata.Namespace}/{pod.Metadata.Name}";
}
