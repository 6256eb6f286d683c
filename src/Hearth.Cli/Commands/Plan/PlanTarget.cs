using System.Globalization;
using Hearth.Cli.Commands.Lint.Placing;
using Hearth.Platform;
using Hearth.Scheduling.Fit;
using Hearth.Scheduling.Karpenter;
using Hearth.Scheduling.Planning;
using Hearth.Scheduling.Provisioning;

namespace Hearth.Cli.Commands.Plan;

/// <summary>The platform that a plan is for: its pools, and the nodes that it starts with.</summary>
/// <param name="Pools">Node pools, without any node yet.</param>
/// <param name="Nodes">Nodes of its node groups.</param>
internal sealed record PlanTarget(IReadOnlyList<PoolState> Pools, IReadOnlyList<PlanNode> Nodes)
{
    public static PlanTarget Of(PlatformDeclaration platform)
    {
        var nodes = PlatformNodes.Of(platform);
        var present = from @group in platform.NodeGroups.SelectMany(g => g.Expand(platform.Network.Zones))
                      let zones = nodes.Groups.Where(n => n.Group == @group.Name).ToArray()
                      where zones.Length > 0
                      from i in Enumerable.Range(0, @group.DesiredSize)
                      select Node(zones[i % zones.Length], i);
        return new PlanTarget(nodes.Pools, [.. present]);
    }

    private static PlanNode Node(GroupNode node, int number) => new(
        new NodeInfo(string.Create(CultureInfo.InvariantCulture, $"{node.Group}-{number}"), node.Labels, node.Taints, node.Free),
        node.Group, node.Labels[KarpenterLabels.InstanceType], node.Labels[KarpenterLabels.Zone],
        node.Labels[KarpenterLabels.NodeGroupCapacityType] == "SPOT" ? KarpenterLabels.Spot : KarpenterLabels.OnDemand, 0, null, IsNew: false);
}
