using System.Globalization;
using Hearth.Scheduling.ClusterAutoscaler;
using Hearth.Scheduling.Fit;
using Hearth.Scheduling.Planning;
using Hearth.Scheduling.Provisioning;

namespace Hearth.Scheduling.Simulation;

/// <summary>A node that was launched, while it is played.</summary>
internal sealed class SimulatedNode(NodeInfo info, string origin, string type, string capacityType, decimal price, TimeSpan launched)
{
    public NodeInfo Info => info;
    public string Origin => origin;
    public string CapacityType => capacityType;
    public bool Ready { get; set; }
    public TimeSpan? Ended { get; set; }
    public bool Interrupted { get; set; }

    /// <summary>Changes whenever a pod comes or goes: an end that was foreseen before is none.</summary>
    public int Version { get; set; }
    public Resources.ResourceVector Capacity { get; init; }

    public NodeOutcome Outcome(TimeSpan end) => new(info.Name, origin, type, capacityType, price, launched, Ended ?? end, Interrupted);

    /// <summary>Millicores times seconds that it offered.</summary>
    public double Offered(TimeSpan end) => info.Allocatable.MilliCpu * ((Ended ?? end) - launched).TotalSeconds;
}

/// <summary>The nodes of a simulation: launched by the cluster's own decisions for pods that wait.</summary>
internal sealed class SimulatedNodes(SimulationRequest request)
{
    private readonly Dictionary<string, PoolState> _pools = request.Pools.ToDictionary(p => p.Pool.Name, StringComparer.Ordinal);
    private readonly Dictionary<string, SimulatedGroup> _groups = request.Groups.ToDictionary(g => g.State.Name, StringComparer.Ordinal);
    private readonly List<SimulatedNode> _all = [];
    private int _names;

    public IReadOnlyList<SimulatedNode> All => _all;

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

    /// <summary>Plans for pods that wait and launches; what cannot be helped is explained.</summary>
    public IReadOnlyList<SimulatedNode> Launch(IReadOnlyList<PodInfo> waiting, ClusterState cluster, TimeSpan now, Action<PodInfo, string> explain)
    {
        var launched = new List<SimulatedNode>();
        if (_groups.Count > 0)
        {
            launched.AddRange(Grow(waiting, cluster, now, explain));
        }

        if (_pools.Count > 0 || _groups.Count == 0)
        {
            var coming = _all.Where(n => n is { Ready: false, Ended: null }).Select(n => ExistingNode.From(n.Info, initialized: false));
            var plan = ProvisioningPlanner.Plan(new ProvisioningRequest
            {
                Pods = waiting, Pools = [.. _pools.Values], Nodes = [.. cluster.Nodes.Select(n => ExistingNode.From(n)), .. coming],
                Namespaces = cluster.Namespaces,
            });
            launched.AddRange(plan.Claims.Select(c => Launch(c, now)).OfType<SimulatedNode>());
            foreach (var unplaced in plan.Unplaced)
            {
                explain(unplaced.Pod, unplaced.Message);
            }
        }

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

    /// <summary>How long an empty node stays, or null for ever.</summary>
    public TimeSpan? EmptyTime(SimulatedNode node) =>
        _groups.ContainsKey(node.Origin) ? request.GroupEmptyTime : request.EmptyTimes.TryGetValue(node.Origin, out var time) ? time : TimeSpan.Zero;

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
        return new SimulatedNode(group.State.NewNode(name), group.State.Name, group.Type, group.CapacityType, group.PricePerHour, now);
    }

    private SimulatedNode? Launch(PlannedClaim claim, TimeSpan now)
    {
        if (LaunchChooser.Choose(claim.Requirements, claim.Requests, claim.Types) is not { } choice)
        {
            return null;
        }

        var pool = _pools[claim.Pool.Name];
        _pools[claim.Pool.Name] = pool with { Used = pool.Used + choice.Offer.Capacity, Nodes = pool.Nodes + 1 };
        var name = string.Create(CultureInfo.InvariantCulture, $"{claim.Pool.Name}-{++_names:0000}");
        var info = new NodeInfo(name, PlacementPlanner.Labels(claim, choice, name), claim.Pool.Taints, choice.Offer.Allocatable);
        return new SimulatedNode(info, claim.Pool.Name, choice.Offer.Type.Name, choice.Offering.CapacityType, choice.Offering.PricePerHour, now) { Capacity = choice.Offer.Capacity };
    }
}
