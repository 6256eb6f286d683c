using Hearth.Cluster.Controllers.Simulation;
using Hearth.Kube.Quantities;
using Hearth.Platform;
using Hearth.Scheduling.Catalog;
using Hearth.Scheduling.Fit;
using Hearth.Scheduling.Karpenter;
using Hearth.Scheduling.Provisioning;
using Hearth.Scheduling.Requirements;

namespace Hearth.Cluster.Controllers.NodeGroups;

/// <summary>What a node of a managed node group is, before there is one.</summary>
internal static class NodeGroupTemplates
{
    /// <summary>The first of the group's types that the zone offers.</summary>
    /// <exception cref="FormatException">None of them is offered there.</exception>
    public static LaunchChoice Choose(SimulatedCloud cloud, NodeGroup group, string zone) => Offered(cloud, group, zone).FirstOrDefault()
        ?? throw new FormatException($"node group {group.Name}: {zone} offers none of {string.Join(", ", group.InstanceTypes)} as {group.CapacityType}");

    /// <summary>What an auto-scaling group would try, in turn: its types in their order, in this zone and then in its others.</summary>
    public static IEnumerable<LaunchChoice> Attempts(SimulatedCloud cloud, NodeGroup group, string zone) =>
        group.Zones.OrderByDescending(z => z == zone).SelectMany(z => Offered(cloud, group, z));

    /// <summary>What a node of the group is, by its labels; null when its type or zone is not offered any more.</summary>
    public static LaunchChoice? Recall(SimulatedCloud cloud, NodeGroup group, Kube.Objects.ObjectMeta node) =>
        Offered(cloud, group, node.Labels?.GetValueOrDefault(KarpenterLabels.Zone) ?? group.Zones[0])
            .FirstOrDefault(c => c.Offer.Type.Name == node.Labels?.GetValueOrDefault(KarpenterLabels.InstanceType));

    private static IEnumerable<LaunchChoice> Offered(SimulatedCloud cloud, NodeGroup group, string zone)
    {
        var overhead = new NodeOverhead
        {
            Family = Enum.TryParse<AmiFamily>(group.AmiFamily, ignoreCase: true, out var family) ? family : AmiFamily.Al2023,
            RootVolumeBytes = Quantity.Parse(group.Disk.Size).Value,
            InstanceStoreRaid0 = group.InstanceStorePolicy == "RAID0",
        };
        var nodeClass = new NodeClassInfo(group.Name, overhead, [zone]);
        foreach (var type in group.InstanceTypes)
        {
            var wanted = RequirementSet.Of(
                Hearth.Scheduling.Requirements.Requirement.In(KarpenterLabels.InstanceType, type), Hearth.Scheduling.Requirements.Requirement.In(KarpenterLabels.CapacityType, group.CapacityType));
            if (nodeClass.Offers(cloud.Catalog, wanted).FirstOrDefault() is { } offer)
            {
                yield return new LaunchChoice(offer, offer.Compatible(wanted).First());
            }
        }
    }

    /// <summary>Labels of such an instance in the group.</summary>
    public static Dictionary<string, string> Labels(SimulatedCloud cloud, NodeGroup group, SimulatedInstance instance)
    {
        var labels = instance.Labels(cloud.Options.Region);
        foreach (var (key, value) in group.Labels)
        {
            labels[key] = value;
        }

        labels[KarpenterLabels.NodeGroup] = group.Name;
        labels[KarpenterLabels.NodeGroupCapacityType] = group.CapacityType == KarpenterLabels.Spot ? "SPOT" : "ON_DEMAND";
        return labels;
    }

    /// <summary>Taints of the group's nodes.</summary>
    public static Kube.Core.Taint[] Taints(NodeGroup group) => [.. group.Taints.Select(t => new Kube.Core.Taint { Key = t.Key, Value = t.Value, Effect = t.Effect })];

    /// <summary>The node that Cluster Autoscaler expects of a group: of its first zone, as upstream takes the first of an auto-scaling group.</summary>
    /// <exception cref="FormatException">The zone offers none of the group's types.</exception>
    public static NodeInfo Expected(SimulatedCloud cloud, NodeGroup group)
    {
        var choice = Choose(cloud, group, group.Zones[0]);
        return new NodeInfo($"template-of-{group.Name}", Labels(cloud, group, new SimulatedInstance(group.Name, choice)), Taints(group), choice.Offer.Allocatable);
    }
}
