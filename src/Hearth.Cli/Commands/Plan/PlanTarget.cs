using System.Globalization;
using Hearth.Cli.Commands.Lint.Placing;
using Hearth.Cli.Hosting.Simulation;
using Hearth.Kube.Core;
using Hearth.Platform;
using Hearth.Scheduling.Catalog;
using Hearth.Scheduling.ClusterAutoscaler;
using Hearth.Scheduling.Fit;
using Hearth.Scheduling.Karpenter;
using Hearth.Scheduling.Planning;
using Hearth.Scheduling.Provisioning;
using Hearth.Scheduling.Resources;
using Hearth.Scheduling.Simulation;

namespace Hearth.Cli.Commands.Plan;

/// <summary>The platform that a plan is for: its pools, and the nodes that it starts with.</summary>
/// <param name="Pools">Node pools, without any node yet.</param>
/// <param name="Nodes">Nodes of its node groups.</param>
/// <param name="Groups">Node groups that may grow: none without Cluster Autoscaler.</param>
/// <param name="Daemons">One pod of what every node runs: none embedded.</param>
internal sealed record PlanTarget(IReadOnlyList<PoolState> Pools, IReadOnlyList<PlanNode> Nodes, IReadOnlyList<SimulatedGroup> Groups, IReadOnlyList<Pod> Daemons)
{
    /// <param name="platform">The declaration.</param>
    /// <param name="withDaemons">Count what the add-ons' DaemonSets request, as on AWS.</param>
    public static PlanTarget Of(PlatformDeclaration platform, bool withDaemons)
    {
        var nodes = PlatformNodes.Of(platform, withDaemons);
        var catalog = DeclaredSimulation.Catalog(platform);
        var present = from @group in platform.NodeGroups.SelectMany(g => g.Expand(platform.Network.Zones))
                      let zones = nodes.Groups.Where(n => n.Group == @group.Name).ToArray()
                      where zones.Length > 0
                      from i in Enumerable.Range(0, @group.DesiredSize)
                      select Node(zones[i % zones.Length], i, catalog);
        return new PlanTarget(nodes.Pools, [.. present], platform.IsEnabled("cluster-autoscaler") ? [.. GroupsOf(platform, nodes)] : [], withDaemons ? DaemonPods.Objects(platform) : [])
        {
            LaunchDelay = DeclaredSimulation.LaunchDelay(platform) ?? (TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(60)),
        };
    }

    /// <summary>From a launch until the node takes pods.</summary>
    public (TimeSpan Shortest, TimeSpan Longest) LaunchDelay { get; init; } = (TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(60));

    /// <summary>
    /// How many times as much as the least that nodes of the same pools could cost for the same pods the launched nodes of a plan cost; null without nodes of pools. The least may buy parts of nodes.
    /// </summary>
    public double? TimesTheLeast(PlacementPlan plan)
    {
        var (cost, least) = (0.0, 0.0);
        foreach (var nodes in plan.Launches.GroupBy(n => (n.Origin, n.CapacityType)))
        {
            if (Pools.FirstOrDefault(p => p.Pool.Name == nodes.Key.Origin) is { } pool)
            {
                cost += (double)nodes.Sum(n => n.PricePerHour);
                least += CostBounds.Linear(nodes.Aggregate(ResourceVector.Zero, (sum, n) => sum + n.Node.Requested), [.. NodePrice.Of(pool.Pool, nodes.Key.CapacityType)]);
            }
        }

        return least > 0 ? cost / least : null;
    }

    /// <summary>Plays pods on it.</summary>
    public PlacementPlan Plan(IReadOnlyList<IReadOnlyList<PodInfo>> waves) =>
        PlacementPlanner.Plan(new PlanRequest { Waves = waves, Pools = Pools, Nodes = Nodes, Groups = Groups, Daemons = Daemons, Policy = KarpenterOptions.FromEnvironment().Policy });

    private static IEnumerable<SimulatedGroup> GroupsOf(PlatformDeclaration platform, PlatformNodes all)
    {
        var catalog = DeclaredSimulation.Catalog(platform);
        var nodes = all.Groups.DistinctBy(g => g.Group).ToDictionary(g => g.Group, StringComparer.Ordinal);
        foreach (var group in platform.NodeGroups.SelectMany(g => g.Expand(platform.Network.Zones)))
        {
            if (nodes.TryGetValue(group.Name, out var node) && catalog.Find(node.Labels[KarpenterLabels.InstanceType]) is { } type
                && catalog.Offerings(type, group.Zones).FirstOrDefault(o => o.CapacityType == group.CapacityType) is { } offering)
            {
                var template = new NodeInfo($"template-of-{group.Name}", node.Labels, node.Taints, node.Free);
                yield return new SimulatedGroup(new GroupState(group.Name, group.MinSize, group.MaxSize, group.DesiredSize, group.DesiredSize, template), type.Name, group.CapacityType, offering.PricePerHour) { PriceBasis = offering.Basis };
            }
        }
    }

    /// <summary>A node that is there anyway, with what it costs.</summary>
    private static PlanNode Node(GroupNode node, int number, RegionCatalog catalog)
    {
        var (type, zone) = (node.Labels[KarpenterLabels.InstanceType], node.Labels[KarpenterLabels.Zone]);
        var capacityType = node.Labels[KarpenterLabels.NodeGroupCapacityType] == "SPOT" ? KarpenterLabels.Spot : KarpenterLabels.OnDemand;
        var offering = catalog.Find(type) is { } known ? catalog.Offerings(known, [zone]).FirstOrDefault(o => o.CapacityType == capacityType) : null;
        return new PlanNode(
            new NodeInfo(string.Create(CultureInfo.InvariantCulture, $"{node.Group}-{number}"), node.Labels, node.Taints, node.Free),
            node.Group, type, zone, capacityType, offering?.PricePerHour ?? 0, offering?.Basis, IsNew: false);
    }
}
