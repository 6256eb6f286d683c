using Hearth.Cli.Hosting.Simulation;
using Hearth.Delivery.Manifests;
using Hearth.Kube.Quantities;
using Hearth.Kube.Objects;
using Hearth.Platform;
using Hearth.Scheduling.Catalog;
using Hearth.Scheduling.Fit;
using Hearth.Scheduling.Karpenter;
using Hearth.Scheduling.Provisioning;
using Hearth.Scheduling.Resources;
using KubeTaint = Hearth.Kube.Core.Taint;

namespace Hearth.Cli.Commands.Lint.Placing;

/// <summary>A node of a managed node group, empty but for daemons.</summary>
/// <param name="Group">The group.</param>
/// <param name="Labels">Its labels.</param>
/// <param name="Taints">Its taints.</param>
/// <param name="Free">What pods can have of it.</param>
internal sealed record GroupNode(string Group, IReadOnlyDictionary<string, string> Labels, IReadOnlyList<KubeTaint> Taints, ResourceVector Free);

/// <summary>The nodes that a declaration could come to have.</summary>
/// <param name="Pools">Its node pools, without any node yet.</param>
/// <param name="Groups">One node for each group and zone.</param>
/// <param name="Daemons">What runs on every node.</param>
internal sealed record PlatformNodes(IReadOnlyList<PoolState> Pools, IReadOnlyList<GroupNode> Groups, IReadOnlyList<PodInfo> Daemons)
{
    /// <param name="platform">The declaration.</param>
    /// <param name="withDaemons">As on AWS; the embedded platform runs none.</param>
    public static PlatformNodes Of(PlatformDeclaration platform, bool withDaemons = true)
    {
        var catalog = DeclaredSimulation.Catalog(platform);
        var daemons = withDaemons ? DaemonPods.Of(platform) : [];
        var used = daemons.Aggregate(ResourceVector.Zero, (sum, d) => sum + d.Requests);
        return new PlatformNodes(
            platform.IsEnabled("karpenter") ? [.. PoolsOf(platform, catalog)] : [],
            [.. platform.NodeGroups.Where(g => g.MaxSize > 0).SelectMany(g => g.Expand(platform.Network.Zones)).SelectMany(g => Nodes(g, catalog, used))],
            daemons);
    }

    private static IEnumerable<PoolState> PoolsOf(PlatformDeclaration platform, RegionCatalog catalog)
    {
        var objects = KarpenterObjects.Of(platform).Select(ManifestJson.Pruned).ToLookup(o => o["kind"]!.ToString());
        var classes = objects["EC2NodeClass"].Select(KubeJson.Read<Ec2NodeClass>).ToDictionary(c => c.Metadata.Name!, StringComparer.Ordinal);
        foreach (var pool in objects["NodePool"].Select(KubeJson.Read<Hearth.Scheduling.Karpenter.NodePool>))
        {
            var declared = platform.NodePools.First(p => p.Name == pool.Metadata.Name);
            var zones = declared.NodeClass.Zones.Count > 0 ? declared.NodeClass.Zones : platform.Network.Zones;
            var info = PoolInfo.From(pool, NodeClassInfo.From(classes[pool.Metadata.Name!], zones), catalog);
            yield return new PoolState(info, PoolState.LimitsOf(pool), ResourceVector.Zero, 0);
        }
    }

    private static IEnumerable<GroupNode> Nodes(NodeGroup group, RegionCatalog catalog, ResourceVector daemons)
    {
        if (group.InstanceTypes.Select(catalog.Find).FirstOrDefault(t => t is not null) is not { } type)
        {
            return [];
        }

        var overhead = new NodeOverhead
        {
            Family = Enum.TryParse<AmiFamily>(group.AmiFamily, ignoreCase: true, out var family) ? family : AmiFamily.Al2023,
            RootVolumeBytes = Quantity.Parse(group.Disk.Size).Value,
            InstanceStoreRaid0 = group.InstanceStorePolicy == "RAID0",
        };
        var free = (NodeCapacity.Allocatable(type, overhead) - daemons).Floor();
        KubeTaint[] taints = [.. group.Taints.Select(t => new KubeTaint { Key = t.Key, Value = t.Value, Effect = t.Effect })];
        return group.Zones.Select(zone => new GroupNode(group.Name, Labels(group, type, zone), taints, free));
    }

    private static Dictionary<string, string> Labels(NodeGroup group, InstanceType type, string zone) => new(group.Labels, StringComparer.Ordinal)
    {
        [KarpenterLabels.NodeGroup] = group.Name,
        [KarpenterLabels.NodeGroupCapacityType] = group.CapacityType == "spot" ? "SPOT" : "ON_DEMAND",
        [KarpenterLabels.InstanceType] = type.Name,
        [KarpenterLabels.Arch] = type.Arch,
        [KarpenterLabels.Os] = "linux",
        [KarpenterLabels.Zone] = zone,
        [KarpenterLabels.Region] = zone[..^1],
    };
}
