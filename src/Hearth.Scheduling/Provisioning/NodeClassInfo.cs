using Hearth.Kube.Quantities;
using Hearth.Scheduling.Catalog;
using Hearth.Scheduling.Karpenter;
using Hearth.Scheduling.Requirements;

namespace Hearth.Scheduling.Provisioning;

/// <summary>A node class as decisions need it: how nodes are cut, and where they may be.</summary>
/// <param name="Name">Name of the EC2NodeClass.</param>
/// <param name="Overhead">What changes capacity and allocatable.</param>
/// <param name="Zones">Zones with a subnet.</param>
public sealed record NodeClassInfo(string Name, NodeOverhead Overhead, IReadOnlyList<string> Zones)
{
    private const string DefaultRoot = "20Gi";

    /// <summary>Reads an EC2NodeClass.</summary>
    /// <param name="nodeClass">The object.</param>
    /// <param name="zones">Zones with subnets when its status names none.</param>
    /// <exception cref="FormatException">A quantity in it cannot be read.</exception>
    public static NodeClassInfo From(Ec2NodeClass nodeClass, IReadOnlyList<string> zones)
    {
        var spec = nodeClass.Spec ?? new Ec2NodeClassSpec();
        var family = Family(spec);
        var found = (nodeClass.Status?.Subnets ?? []).Select(s => s.Zone).OfType<string>().Distinct(StringComparer.Ordinal).ToArray();
        return new NodeClassInfo(nodeClass.Metadata.Name ?? "", new NodeOverhead
        {
            Family = family,
            RootVolumeBytes = Quantity.Parse(RootSize(spec, family)).Value,
            InstanceStoreRaid0 = string.Equals(spec.InstanceStorePolicy, "RAID0", StringComparison.Ordinal),
            MaxPods = spec.Kubelet?.MaxPods,
            PodsPerCore = spec.Kubelet?.PodsPerCore,
            KubeReserved = spec.Kubelet?.KubeReserved,
            SystemReserved = spec.Kubelet?.SystemReserved,
            EvictionHard = spec.Kubelet?.EvictionHard,
        }, found.Length > 0 ? found : zones);
    }

    /// <summary>The types that satisfy requirements, as this class would make them and as the region sells them, in name order.</summary>
    /// <param name="catalog">What the region sells.</param>
    /// <param name="requirements">What is wanted.</param>
    /// <param name="unavailable">Offerings to leave out.</param>
    public IReadOnlyList<TypeOffer> Offers(RegionCatalog catalog, RequirementSet requirements, IReadOnlySet<OfferingKey>? unavailable = null)
    {
        if (!requirements.Allows(KarpenterLabels.Region, catalog.Region))
        {
            return [];
        }

        var offers = new List<TypeOffer>();
        foreach (var type in catalog.Types)
        {
            if (!type.RunsLinux || (Overhead.Family == AmiFamily.Al2023 && type.Family == "a1") || !TypeOffer.LabelsMatch(type, requirements))
            {
                continue;
            }

            var offer = new TypeOffer(type, NodeCapacity.Capacity(type, Overhead), NodeCapacity.Allocatable(type, Overhead), Available(type.Name, catalog.Offerings(type, Zones), unavailable));
            if (offer.CheapestPrice(requirements) is not null)
            {
                offers.Add(offer);
            }
        }

        return offers;
    }

    private static IReadOnlyList<Offering> Available(string type, IReadOnlyList<Offering> offerings, IReadOnlySet<OfferingKey>? unavailable) =>
        unavailable is null or { Count: 0 } ? offerings : [.. offerings.Where(o => !unavailable.Contains(new(o.CapacityType, type, o.Zone)))];

    private static AmiFamily Family(Ec2NodeClassSpec spec)
    {
        var alias = spec.AmiSelectorTerms?.Select(t => t.Alias).FirstOrDefault(a => a is not null)?.Split('@')[0];
        return (spec.AmiFamily ?? alias ?? "Custom").ToLowerInvariant() switch
        {
            "al2023" => AmiFamily.Al2023,
            "al2" => AmiFamily.Al2,
            "bottlerocket" => AmiFamily.Bottlerocket,
            "custom" => AmiFamily.Custom,
            var other => throw new FormatException($"amiFamily {other} is not supported: nodes here run Linux (AL2023, AL2, Bottlerocket or Custom)"),
        };
    }

    private static string RootSize(Ec2NodeClassSpec spec, AmiFamily family)
    {
        var mappings = spec.BlockDeviceMappings ?? [];
        var device = family == AmiFamily.Bottlerocket ? "/dev/xvdb" : "/dev/xvda";
        var mapping = mappings.FirstOrDefault(m => m.RootVolume == true)
            ?? (family == AmiFamily.Custom
                ? mappings.LastOrDefault()
                : mappings.FirstOrDefault(m => string.Equals(m.DeviceName, device, StringComparison.Ordinal)));
        return mapping?.Ebs?.VolumeSize ?? DefaultRoot;
    }
}
