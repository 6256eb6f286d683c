using Hearth.Kube.Core;
using Hearth.Scheduling.Fit;
using Hearth.Scheduling.Karpenter;
using Hearth.Scheduling.Requirements;
using Hearth.Scheduling.Resources;

namespace Hearth.Scheduling.Provisioning;

/// <summary>A node that this plan will launch and that still takes pods. It only fills and narrows, never the other way.</summary>
internal sealed class OpenClaim
{
    private readonly HashSet<HostPort> _ports = [];
    private readonly HashSet<int> _refused = [];

    private OpenClaim(PoolInfo pool, ResourceVector daemons, TypeSet types)
    {
        Pool = pool;
        Requirements = pool.Requirements;
        Daemons = daemons;
        Requests = daemons;
        Types = types;
    }

    public PoolInfo Pool { get; }
    public RequirementSet Requirements { get; private set; }
    public ResourceVector Daemons { get; }

    /// <summary>Of pods and daemons.</summary>
    public ResourceVector Requests { get; private set; }

    /// <summary>Types it may still become.</summary>
    public TypeSet Types { get; private set; }
    public List<PodInfo> Pods { get; } = [];

    public static OpenClaim Open(PoolInfo pool, ResourceVector daemons, TypeSet types) => new(pool, daemons, types);

    /// <summary>Takes a pod; null when it did, else why not. A refusal for one class of pods is final, since the claim only narrows.</summary>
    public string? TryAdd(PodWishes wishes, int podClass, bool explain)
    {
        if (_refused.Contains(podClass) && !explain)
        {
            return "refused before";
        }

        var error = Add(wishes, explain);
        if (error is not null)
        {
            _refused.Add(podClass);
        }

        return error;
    }

    private string? Add(PodWishes wishes, bool explain)
    {
        if (UntoleratedTaint(Pool.Taints, wishes.Tolerations) is { } taint)
        {
            return $"did not tolerate taint (taint={taint.Key}={taint.Value}:{taint.Effect})";
        }

        foreach (var port in wishes.Pod.HostPorts)
        {
            if (_ports.Contains(port))
            {
                return $"host port {port.Port}/{port.Protocol} is taken by another pod of the node";
            }
        }

        if (Requirements.Conflict(wishes.Requirements, KarpenterLabels.WellKnown.Contains) is { } conflict)
        {
            return conflict;
        }

        string? error = null;
        foreach (var volumes in VolumeAlternatives.Of(wishes.Pod))
        {
            error = Narrow(wishes, volumes, explain);
            if (error is null)
            {
                return null;
            }
        }

        return error;
    }

    private string? Narrow(PodWishes wishes, RequirementSet volumes, bool explain)
    {
        if (Requirements.Conflict(volumes, KarpenterLabels.WellKnown.Contains) is { } conflict)
        {
            return conflict;
        }

        var requirements = Requirements.Add(wishes.Requirements.Items).Add(volumes.Items);
        var requests = Requests + wishes.Pod.Requests;
        var matching = Types.And(Pool.Matching(requirements));
        var offered = matching.And(Pool.Offered(requirements));
        var types = Pool.Fitting(requests, offered);
        if (types.IsEmpty)
        {
            return explain ? Explanations.NoType(Pool, Types, requirements, requests) : "no instance type";
        }

        if (MinValues.Violated(Pool, types, requirements) is { } key)
        {
            return $"minValues requirement is not met for label {key}";
        }

        Requirements = requirements;
        Requests = requests;
        Types = types;
        Pods.Add(wishes.Pod);
        _ports.UnionWith(wishes.Pod.HostPorts);
        return null;
    }

    /// <summary>Every taint counts here, also PreferNoSchedule: relaxing a pod adds a toleration for those.</summary>
    private static Taint? UntoleratedTaint(IReadOnlyList<Taint> taints, IReadOnlyList<Toleration> tolerations) =>
        taints.FirstOrDefault(t => !Taints.Tolerated(t, tolerations));
}
