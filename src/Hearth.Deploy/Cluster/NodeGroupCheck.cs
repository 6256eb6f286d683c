using System.Text.RegularExpressions;
using Hearth.Platform;

namespace Hearth.Deploy.Cluster;

/// <summary>Rules of a node group before anything is made of it.</summary>
internal static partial class NodeGroupCheck
{
    /// <summary>Amazon Linux 2 images end with Kubernetes 1.32 (EKS user guide).</summary>
    private const int LastAl2Minor = 32;

    /// <summary>The architecture that all its types share.</summary>
    public static Architecture Check(NodeGroup group, EmrEksClusterProps props)
    {
        var architectures = group.InstanceTypes.Select(AmiTypes.ArchitectureOf).Distinct().ToArray();
        var minor = int.Parse(props.KubernetesVersion[2..], System.Globalization.CultureInfo.InvariantCulture);
        new PropsCheck($"{nameof(NodeGroup)} '{group.Name}'")
            .Require(group.Name.Length is > 0 and <= 63, nameof(group.Name), "a node group needs a name of at most 63 characters")
            .Require(group.InstanceTypes.Count is > 0 and <= 20, nameof(group.InstanceTypes), "give 1 to 20 instance types")
            .Require(group.InstanceTypes.All(t => TypeName().IsMatch(t)), nameof(group.InstanceTypes), "an instance type is a family and a size, as m5.xlarge")
            .Require(architectures.Length <= 1, nameof(group.InstanceTypes), "the types have different architectures; make a group for each")
            .Require(group.MinSize <= group.MaxSize && group.MaxSize >= 1, nameof(group.MaxSize), $"sizes {group.MinSize}..{group.MaxSize}: the maximum must be 1 or more, and not below the minimum")
            .Require(group.Labels.Count <= 50, nameof(group.Labels), $"{group.Labels.Count} labels; EKS takes at most 50 on a node group")
            .Require(group.Taints.Count <= 50, nameof(group.Taints), $"{group.Taints.Count} taints; EKS takes at most 50 on a node group")
            .Require(group.AmiFamily != "AL2" || minor <= LastAl2Minor, nameof(group.AmiFamily), $"Amazon Linux 2 ends with Kubernetes 1.{LastAl2Minor}; use AL2023")
            .Require(props.Network.Of(group.Subnets, group.Zones).Count > 0, nameof(group.Subnets), $"no subnet of kind {group.Subnets} in the zones asked for")
            .Throw();
        return architectures[0];
    }

    [GeneratedRegex(@"^[a-z0-9-]+\.[a-z0-9-]+$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex TypeName();
}
