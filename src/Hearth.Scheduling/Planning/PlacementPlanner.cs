using System.Globalization;
using Hearth.Kube.Core;
using Hearth.Scheduling.Catalog;
using Hearth.Scheduling.ClusterAutoscaler;
using Hearth.Scheduling.Fit;
using Hearth.Scheduling.Karpenter;
using Hearth.Scheduling.Provisioning;
using Hearth.Scheduling.Resources;
using Hearth.Scheduling.Simulation;

namespace Hearth.Scheduling.Planning;

/// <summary>What a plan depends on.</summary>
public sealed record PlanRequest
{
    /// <summary>Pods in the order in which they come; those of one wave come together, and each wave when the one before it has its places.</summary>
    public required IReadOnlyList<IReadOnlyList<PodInfo>> Waves { get; init; }

    /// <summary>Pools that may launch nodes.</summary>
    public required IReadOnlyList<PoolState> Pools { get; init; }

    /// <summary>Node groups that Cluster Autoscaler may grow; their present nodes are among <see cref="Nodes"/>.</summary>
    public IReadOnlyList<SimulatedGroup> Groups { get; init; } = [];

    /// <summary>Nodes that are there; they are copied, not changed.</summary>
    public IReadOnlyList<PlanNode> Nodes { get; init; } = [];

    /// <summary>How strictly wishes are taken.</summary>
    public SolvePolicy Policy { get; init; } = SolvePolicy.Default;

    /// <summary>One pod of each DaemonSet, which every node of a pool runs.</summary>
    public IReadOnlyList<Pod> Daemons { get; init; } = [];
}

/// <summary>
/// Plays what the cluster would do with pods, with the cluster's own decisions: the scheduler places what it can, the provisioner launches nodes for the rest, the
/// cloud chooses their types, the scheduler places again. Pure: the same request gives the same plan.
/// </summary>
public sealed class PlacementPlanner
{
    private readonly ClusterState _cluster = new();
    private readonly List<PlanNode> _nodes = [];
    private readonly Dictionary<string, PoolState> _pools;
    private readonly Dictionary<string, SimulatedGroup> _groups;
    private readonly List<PlanFailure> _unplaced = [];
    private readonly HashSet<string> _placed = new(StringComparer.Ordinal);
    private readonly IReadOnlyList<Pod> _daemons;
    private readonly SolvePolicy _policy;
    private int _names;
    private int _wave;

    private PlacementPlanner(PlanRequest request)
    {
        (_daemons, _policy) = (request.Daemons, request.Policy);
        _pools = request.Pools.ToDictionary(p => p.Pool.Name, StringComparer.Ordinal);
        _groups = request.Groups.ToDictionary(g => g.State.Name, StringComparer.Ordinal);
        foreach (var node in request.Nodes)
        {
            Add(node with { Node = new NodeInfo(node.Node.Name, node.Node.Labels, node.Node.Taints, node.Node.Allocatable, node.Node.Unschedulable) });
            foreach (var pod in node.Node.Pods)
            {
                _cluster.AddPod(pod, node.Node.Name);
            }
        }
    }

    /// <summary>Plans.</summary>
    public static PlacementPlan Plan(PlanRequest request)
    {
        var planner = new PlacementPlanner(request);
        foreach (var wave in request.Waves)
        {
            planner._wave++;
            planner.Place(wave);
        }

        return new PlacementPlan(planner._nodes, planner._unplaced) { Placed = planner._placed };
    }

    private void Place(IReadOnlyList<PodInfo> wave)
    {
        var waiting = Schedule(wave);
        while (waiting.Count > 0)
        {
            if (Grow(waiting).Count > 0)
            {
                waiting = Schedule(waiting);
                continue;
            }

            var plan = ProvisioningPlanner.Plan(new ProvisioningRequest
            {
                Pods = waiting, Pools = [.. _pools.Values], Nodes = [.. _cluster.Nodes.Select(n => ExistingNode.From(n))], Daemons = [.. _daemons.Select(d => PodInfo.From(d))],
                Namespaces = _cluster.Namespaces, Policy = _policy,
            });
            var launched = plan.Claims.Count(Launch);
            var left = launched > 0 || plan.OnExisting.Count > 0 ? Schedule(waiting) : waiting; // a pod may have waited for one that was placed after it
            if (left.Count == waiting.Count)
            {
                Refuse(left, plan);
                return;
            }

            waiting = left;
        }
    }

    /// <summary>Has groups grow as Cluster Autoscaler would; the groups that did.</summary>
    private IReadOnlyList<GroupIncrease> Grow(List<PodInfo> waiting)
    {
        if (_groups.Count == 0)
        {
            return [];
        }

        var increases = ScaleUpPlanner.Decide(new ScaleUpRequest { Pods = waiting, Cluster = _cluster, Groups = [.. _groups.Values.Select(g => g.State)] }).Increases;
        foreach (var (state, by) in increases)
        {
            var group = _groups[state.Name];
            _groups[state.Name] = group with { State = state with { Target = state.Target + by, Present = state.Target + by } };
            for (var i = 0; i < by; i++)
            {
                var node = state.NewNode(string.Create(CultureInfo.InvariantCulture, $"{state.Name}-new-{++_names:0000}"));
                Add(new PlanNode(node, state.Name, group.Type, node.Labels.GetValueOrDefault(KarpenterLabels.Zone, ""), group.CapacityType, group.PricePerHour, group.PriceBasis, IsNew: true));
            }
        }

        return increases;
    }

    /// <summary>What the scheduler finds no node for, in the order of its queue.</summary>
    private List<PodInfo> Schedule(IReadOnlyList<PodInfo> pods)
    {
        var left = new List<PodInfo>();
        foreach (var pod in pods.OrderByDescending(p => p.Priority).ThenBy(p => p.Created))
        {
            if (PodPlacer.Place(pod, _cluster).NodeName is { } node)
            {
                _cluster.AddPod(pod, node);
                _placed.Add(pod.Key);
            }
            else
            {
                left.Add(pod);
            }
        }

        return left;
    }

    private bool Launch(PlannedClaim claim)
    {
        if (LaunchChooser.Choose(claim.Requirements, claim.Requests, claim.Types) is not { } choice)
        {
            return false;
        }

        var name = string.Create(CultureInfo.InvariantCulture, $"{claim.Pool.Name}-{++_names:0000}");
        Add(new PlanNode(
            new NodeInfo(name, Labels(claim, choice, name), claim.Pool.Taints, choice.Offer.Allocatable),
            claim.Pool.Name, choice.Offer.Type.Name, choice.Offering.Zone, choice.Offering.CapacityType, choice.Offering.PricePerHour, choice.Offering.Basis, IsNew: true));
        foreach (var daemon in DaemonsOf(_nodes[^1].Node, _daemons))
        {
            _cluster.AddPod(daemon, name);
        }

        var pool = _pools[claim.Pool.Name];
        _pools[claim.Pool.Name] = pool with { Used = pool.Used + choice.Offer.Capacity, Nodes = pool.Nodes + 1 };
        return true;
    }

    /// <summary>What of the DaemonSets a node runs.</summary>
    internal static IEnumerable<PodInfo> DaemonsOf(NodeInfo node, IReadOnlyList<Pod> daemons) =>
        from daemon in daemons
        let name = $"{daemon.Metadata.Name}-{node.Name}"
        let pod = PodInfo.From(daemon with { Metadata = daemon.Metadata with { Name = name, Uid = name } })
        where NodeFilters.Check(pod, node) is null
        select pod;

    /// <summary>The labels that the node of such a claim gets: of the pool, of what was decided, of the type.</summary>
    internal static Dictionary<string, string> Labels(PlannedClaim claim, LaunchChoice choice, string name)
    {
        var labels = new Dictionary<string, string>(NodeClaimBuilder.Labels(claim), StringComparer.Ordinal);
        foreach (var (key, value) in InstanceTypeLabels.All(choice.Offer.Type))
        {
            labels[key] = value;
        }

        labels[KarpenterLabels.Zone] = choice.Offering.Zone;
        labels[KarpenterLabels.Region] = choice.Offering.Zone[..^1];
        labels[KarpenterLabels.CapacityType] = choice.Offering.CapacityType;
        labels[KarpenterLabels.Hostname] = name;
        labels[KarpenterLabels.Registered] = "true";
        labels[KarpenterLabels.Initialized] = "true";
        return labels;
    }

    private void Add(PlanNode node)
    {
        _nodes.Add(node.IsNew ? node with { Wave = _wave } : node);
        _cluster.SetNode(node.Node);
    }

    private void Refuse(List<PodInfo> pods, ProvisioningPlan plan)
    {
        var reasons = plan.Unplaced.ToDictionary(u => u.Pod.Key, StringComparer.Ordinal);
        foreach (var pod in pods)
        {
            var scheduler = PodPlacer.Place(pod, _cluster).Failure?.Message() ?? "";
            var known = reasons.GetValueOrDefault(pod.Key);
            _unplaced.Add(new PlanFailure(pod, scheduler, known?.Message ?? "no instance could be launched that takes it", known?.Reasons ?? []));
        }
    }
}
