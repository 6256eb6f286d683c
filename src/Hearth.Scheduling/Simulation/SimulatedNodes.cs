using System.Globalization;
using Hearth.Scheduling.ClusterAutoscaler;
using Hearth.Scheduling.Fit;
using Hearth.Scheduling.Planning;
using Hearth.Scheduling.Provisioning;
using Hearth.Scheduling.Resources;

namespace Hearth.Scheduling.Simulation;

/// <summary>The nodes of a simulation: launched by the cluster's own decisions for pods that wait.</summary>
internal sealed class SimulatedNodes(SimulationRequest request)
{
    private readonly Dictionary<string, PoolState> _pools = request.Pools.ToDictionary(p => p.Pool.Name, StringComparer.Ordinal);
    private readonly Dictionary<string, SimulatedGroup> _groups = request.Groups.ToDictionary(g => g.State.Name, StringComparer.Ordinal);
    private readonly List<SimulatedNode> _all = [];
    private int _names;

    /// <summary>One pod of each DaemonSet.</summary>
    public IReadOnlyList<PodInfo> Daemons { get; } = [.. request.Daemons.Select(d => PodInfo.From(d))];

    public IReadOnlyList<SimulatedNode> All => _all;

    /// <summary>What the cloud has capacity for.</summary>
    public SimulatedCapacity Capacity { get; } = new(request.Faults);

    /// <summary>Pools as they are now, without offerings that were refused a short while ago.</summary>
    public IReadOnlyList<PoolState> Pools(TimeSpan now) => [.. _pools.Values.Select(p => Capacity.At(p, now))];

    /// <summary>The nodes that the groups have from the start.</summary>
    public IReadOnlyList<SimulatedNode> Begin()
    {
        foreach (var group in _groups.Values)
        {
            for (var i = 0; i < group.State.Target; i++)
            {
                _all.Add(NewNode(group, TimeSpan.Zero));
            }
        }

        return [.. _all];
    }

    /// <summary>Nodes that pods can go to: those that take pods, and those on their way.</summary>
    public IReadOnlyList<ExistingNode> Existing(ClusterState cluster)
    {
        var leaving = _all.Where(n => n is { Ended: null, Leaving: true }).Select(n => n.Info.Name).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. cluster.Nodes.Where(n => !leaving.Contains(n.Name)).Select(n => ExistingNode.From(n)),
            .. _all.Where(n => n is { Ready: false, Ended: null }).Select(n => ExistingNode.From(n.Info, initialized: false) with { Free = (n.Info.Free - Total(n.Daemons)).Floor() }),
        ];
    }

    /// <summary>Plans for pods that wait and launches; what cannot be helped is explained.</summary>
    public IReadOnlyList<SimulatedNode> Launch(IReadOnlyList<PodInfo> waiting, ClusterState cluster, TimeSpan now, Action<PodInfo, string> explain)
    {
        var launched = new List<SimulatedNode>();
        if (_groups.Count > 0)
        {
            launched.AddRange(Grow(waiting, cluster, now, explain));
            _all.AddRange(launched);
        }

        if (_pools.Count > 0 || _groups.Count == 0)
        {
            var plan = ProvisioningPlanner.Plan(new ProvisioningRequest { Pods = waiting, Pools = Pools(now), Nodes = Existing(cluster), Daemons = Daemons, Namespaces = cluster.Namespaces });
            launched.AddRange(Launch(plan.Claims, now));
            foreach (var unplaced in plan.Unplaced)
            {
                explain(unplaced.Pod, unplaced.Message);
            }
        }

        return launched;
    }

    /// <summary>Launches claims; those that there is no capacity for are left out.</summary>
    public IReadOnlyList<SimulatedNode> Launch(IReadOnlyList<PlannedClaim> claims, TimeSpan now)
    {
        SimulatedNode[] launched = [.. claims.Select(c => Launch(c, now)).OfType<SimulatedNode>()];
        _all.AddRange(launched);
        return launched;
    }

    /// <summary>A node is no more: its pool or group has room for another.</summary>
    public void End(SimulatedNode node, TimeSpan now)
    {
        node.Ended = now;
        if (_groups.TryGetValue(node.Origin, out var group))
        {
            _groups[node.Origin] = group with { State = group.State with { Target = group.State.Target - 1 } };
        }
        else if (_pools.TryGetValue(node.Origin, out var pool))
        {
            _pools[node.Origin] = pool with { Used = pool.Used - node.Capacity, Nodes = pool.Nodes - 1 };
        }
    }

    /// <summary>It belongs to a managed node group.</summary>
    public bool IsOfGroup(SimulatedNode node) => _groups.ContainsKey(node.Origin);

    /// <summary>Whether the node's group has as few nodes as it may.</summary>
    public bool IsLast(SimulatedNode node) => _groups.TryGetValue(node.Origin, out var group) && group.State.Target <= group.State.Min;

    private IEnumerable<SimulatedNode> Grow(IReadOnlyList<PodInfo> waiting, ClusterState cluster, TimeSpan now, Action<PodInfo, string> explain)
    {
        var ready = _all.Where(n => n is { Ready: true, Ended: null }).CountBy(n => n.Origin).ToDictionary(StringComparer.Ordinal);
        var groups = _groups.Values.Select(g => g.State with { Present = ready.GetValueOrDefault(g.State.Name) }).ToArray();
        var decision = ScaleUpPlanner.Decide(new ScaleUpRequest { Pods = waiting, Cluster = cluster, Groups = groups });
        foreach (var unhelped in decision.Unhelped)
        {
            explain(unhelped.Pod, unhelped.Message());
        }

        foreach (var (state, by) in decision.Increases)
        {
            var group = _groups[state.Name];
            _groups[state.Name] = group with { State = group.State with { Target = state.Target + by } };
            for (var i = 0; i < by; i++)
            {
                yield return NewNode(group, now);
            }
        }
    }

    private SimulatedNode NewNode(SimulatedGroup group, TimeSpan now)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{group.State.Name}-{++_names:0000}");
        return new SimulatedNode(group.State.NewNode(name), group.State.Name, group.Type, "", group.CapacityType, group.PricePerHour, now);
    }

    private SimulatedNode? Launch(PlannedClaim claim, TimeSpan now)
    {
        if (Capacity.Launch(claim, now) is not { } choice)
        {
            return null;
        }

        var pool = _pools[claim.Pool.Name];
        _pools[claim.Pool.Name] = pool with { Used = pool.Used + choice.Offer.Capacity, Nodes = pool.Nodes + 1 };
        var name = string.Create(CultureInfo.InvariantCulture, $"{claim.Pool.Name}-{++_names:0000}");
        var info = new NodeInfo(name, PlacementPlanner.Labels(claim, choice, name), claim.Pool.Taints, choice.Offer.Allocatable);
        return new SimulatedNode(info, claim.Pool.Name, choice.Offer.Type.Name, choice.Offering.Zone, choice.Offering.CapacityType, choice.Offering.PricePerHour, now)
        {
            Capacity = choice.Offer.Capacity, Daemons = [.. PlacementPlanner.DaemonsOf(info, request.Daemons)],
        };
    }

    private static ResourceVector Total(IReadOnlyList<PodInfo> pods) => pods.Aggregate(ResourceVector.Zero, static (sum, p) => sum + p.Requests);
}
