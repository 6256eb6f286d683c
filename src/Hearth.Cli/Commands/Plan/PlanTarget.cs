using System.Globalization;
using Hearth.Cli.Commands.Lint.Placing;
using Hearth.Platform;
using Hearth.Scheduling.Catalog;
using Hearth.Scheduling.ClusterAutoscaler;
using Hearth.Scheduling.Fit;
using Hearth.Scheduling.Karpenter;
using Hearth.Scheduling.Planning;
using Hearth.Scheduling.Provisioning;
using Hearth.Scheduling.Simulation;

namespace Hearth.Cli.Commands.Plan;

/// <summary>The platform that a plan is for: its pools, and the nodes that it starts with.</summary>
/// <param name="Pools">Node pools, without any node yet.</param>
/// <param name="Nodes">Nodes of its node groups.</param>
/// <param name="Groups">Node groups that may grow: none without Cluster Autoscaler.</param>
internal sealed record PlanTarget(IReadOnlyList<PoolState> Pools, IReadOnlyList<PlanNode> Nodes, IReadOnlyList<SimulatedGroup> Groups)
{
    public static PlanTarget Of(PlatformDeclaration platform)
    {
        var nodes = PlatformNodes.Of(platform);
        var present = from @group in platform.NodeGroups.SelectMany(g => g.Expand(platform.Network.Zones))
                      let zones = nodes.Groups.Where(n => n.Group == @group.Name).ToArray()
                      where zones.Length > 0
                      from i in Enumerable.Range(0, @group.DesiredSize)
                      select Node(zones[i % zones.Length], i);
        return new PlanTarget(nodes.Pools, [.. present], platform.IsEnabled("cluster-autoscaler") ? [.. GroupsOf(platform, nodes)] : []);
    }

    private static IEnumerable<SimulatedGroup> GroupsOf(PlatformDeclaration platform, PlatformNodes all)
    {
        var catalog = RegionCatalog.For(platform.Region);
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

    private static PlanNode Node(GroupNode node, int number) => new(
        new NodeInfo(string.Create(CultureInfo.InvariantCulture, $"{node.Group}-{number}"), node.Labels, node.Taints, node.Free),
        node.Group, node.Labels[KarpenterLabels.InstanceType], node.Labels[KarpenterLabels.Zone],
        node.Labels[KarpenterLabels.NodeGroupCapacityType] == "SPOT" ? KarpenterLabels.Spot : KarpenterLabels.OnDemand, 0, null, IsNew: false);
}
