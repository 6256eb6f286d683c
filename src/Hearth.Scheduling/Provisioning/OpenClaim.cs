using Hearth.Kube.Core;
using Hearth.Scheduling.Fit;
using Hearth.Scheduling.Karpenter;
using Hearth.Scheduling.Provisioning.Topology;
using Hearth.Scheduling.Requirements;
using Hearth.Scheduling.Resources;

namespace Hearth.Scheduling.Provisioning;

/// <summary>A node that this plan will launch and that still takes pods. It only fills and narrows, never the other way.</summary>
internal sealed class OpenClaim
{
    private readonly HashSet<HostPort> _ports = [];
    private readonly HashSet<PodWishes> _refused = [];
    private readonly HashSet<PodWishes> _accepted = [];
    private Dictionary<TopologyGroup, int>? _floating;
    private readonly bool _lowersMinValues;
    private ResourceVector _pods;

    private OpenClaim(PoolInfo pool, DaemonLoad daemons, TypeSet types, int number, bool lowersMinValues)
    {
        Pool = pool;
        Requirements = pool.Requirements;
        Daemons = daemons;
        Types = types;
        _lowersMinValues = lowersMinValues;
        Host = $"hostname-placeholder-{number:0000}";
    }

    public PoolInfo Pool { get; }
    public RequirementSet Requirements { get; private set; }
    public DaemonLoad Daemons { get; }

    /// <summary>Of pods, and of daemons what every type has to bear.</summary>
    public ResourceVector Requests => _pods + Daemons.Least(Types);

    /// <summary>Types it may still become.</summary>
    public TypeSet Types { get; private set; }
    public List<PodInfo> Pods { get; } = [];

    /// <summary>It shows fewer values of some label than the pool asks for.</summary>
    public bool MinValuesRelaxed { get; private set; }

    /// <summary>Stands for the name that its node will have, wherever pods are kept apart by host.</summary>
    public string Host { get; }

    public static OpenClaim Open(PoolInfo pool, DaemonLoad daemons, TypeSet types, int number, bool lowersMinValues = false) => new(pool, daemons, types, number, lowersMinValues);

    /// <summary>Pods that a group counts and that are here while the group's label is open.</summary>
    public int Floating(TopologyGroup group) => _floating?.GetValueOrDefault(group) ?? 0;

    /// <summary>A pod that a group counts is here while the group's label is open.</summary>
    public void Float(TopologyGroup group)
    {
        _floating ??= [];
        _floating[group] = _floating.GetValueOrDefault(group) + 1;
        group.Float(1);
    }

    /// <summary>
    /// Takes a pod; null when it did, else why not. A refusal is final for all pods that wish the same, since the claim only narrows, unless it is for pods elsewhere.
    /// </summary>
    public string? TryAdd(PodInfo pod, PodWishes wishes, TopologyRules rules, bool explain)
    {
        if (_refused.Contains(wishes) && !explain)
        {
            return "refused before";
        }

        var (error, final) = Add(pod, wishes, rules, explain);
        if (error is not null && final)
        {
            _refused.Add(wishes);
        }
        else if (error is null && pod.Volumes.Alternatives.Count == 0)
        {
            _accepted.Add(wishes);
        }

        return error;
    }

    private (string? Error, bool Final) Add(PodInfo pod, PodWishes wishes, TopologyRules rules, bool explain)
    {
        if (_accepted.Contains(wishes) && rules.IsFree && pod.HostPorts.Count == 0)
        {
            return (AddAnother(pod, rules), true);
        }

        if (UntoleratedTaint(Pool.Taints, wishes.Tolerations) is { } taint)
        {
            return ($"did not tolerate taint (taint={taint.Key}={taint.Value}:{taint.Effect})", true);
        }

        foreach (var port in pod.HostPorts)
        {
            if (_ports.Contains(port))
            {
                return ($"host port {port.Port}/{port.Protocol} is taken by another pod of the node", true);
            }
        }

        if (Requirements.Conflict(wishes.Requirements, KarpenterLabels.WellKnown.Contains) is { } conflict)
        {
            return (conflict, true);
        }

        string? error = null;
        var final = true;
        foreach (var volumes in VolumeAlternatives.Of(pod))
        {
            (error, var finally_) = Narrow(pod, wishes, rules, volumes, explain);
            final &= finally_;
            if (error is null)
            {
                break;
            }
        }

        return (error, final);
    }

    /// <summary>A pod that wishes what one of the pods here wishes narrows nothing that is not narrowed: only the room counts.</summary>
    private string? AddAnother(PodInfo pod, TopologyRules rules)
    {
        var requests = _pods + pod.Requests;
        var types = Daemons.Fitting(Pool, requests, Types);
        return types.IsEmpty ? "no instance type" : Take(pod, rules, Requirements, requests, types);
    }

    private (string? Error, bool Final) Narrow(PodInfo pod, PodWishes wishes, TopologyRules rules, RequirementSet volumes, bool explain)
    {
        if (Requirements.Conflict(volumes, KarpenterLabels.WellKnown.Contains) is { } conflict)
        {
            return (conflict, true);
        }

        var requirements = Requirements.Add(wishes.Requirements.Items).Add(volumes.Items);
        var requests = _pods + pod.Requests;
        var types = TypesFor(requirements, requests, Types);
        if (types.IsEmpty)
        {
            return (explain ? Explanations.NoType(this, requirements, requests) : "no instance type", true);
        }

        if (rules.IsFree)
        {
            return (Take(pod, rules, requirements, requests, types), true);
        }

        if (rules.ForbiddenBy(this, requirements, wishes.Strict) is { } group)
        {
            return (explain ? group.Explain(wishes.Strict.Find(group.Key), requirements.Find(group.Key)) : "topology", group.RefusesForGood);
        }

        string? error = null;
        foreach (var narrowed in rules.Narrowings(this, requirements, wishes.Strict))
        {
            var left = TypesFor(narrowed, requests, types);
            error = left.IsEmpty ? explain ? Explanations.NoType(this, narrowed, requests) : "no instance type" : Take(pod, rules, narrowed, requests, left);
            if (error is null)
            {
                return (null, true);
            }
        }

        return (error ?? "the rules about other pods contradict each other", false);
    }

    private TypeSet TypesFor(RequirementSet requirements, ResourceVector requests, TypeSet among)
    {
        var matching = among.And(Pool.Matching(requirements));
        return Daemons.Fitting(Pool, requests, matching.And(Pool.Offered(requirements)));
    }

    private string? Take(PodInfo pod, TopologyRules rules, RequirementSet requirements, ResourceVector requests, TypeSet types)
    {
        if (MinValues.Violated(Pool, types, requirements) is { } key)
        {
            if (!_lowersMinValues || Pods.Count > 0)
            {
                return $"minValues requirement is not met for label {key}";
            }

            requirements = MinValues.Lowered(Pool, types, requirements); // only while a node is opened, as upstream
            MinValuesRelaxed = true;
        }

        Requirements = requirements;
        _pods = requests;
        Types = types;
        Pods.Add(pod);
        _ports.UnionWith(pod.HostPorts);
        Settle();
        rules.Record(this);
        return null;
    }

    /// <summary>Pods that are here count for a domain as soon as it is the only one left.</summary>
    private void Settle()
    {
        foreach (var (group, pods) in _floating?.ToArray() ?? [])
        {
            if (TopologyRules.Domain(this, group.Key, Requirements) is { } domain)
            {
                _floating!.Remove(group);
                group.Float(-pods);
                group.Record(domain, pods);
            }
        }
    }

    /// <summary>Every taint counts here, also PreferNoSchedule: relaxing a pod adds a toleration for those.</summary>
    private static Taint? UntoleratedTaint(IReadOnlyList<Taint> taints, IReadOnlyList<Toleration> tolerations) =>
        taints.FirstOrDefault(t => !Taints.Tolerated(t, tolerations));
}
