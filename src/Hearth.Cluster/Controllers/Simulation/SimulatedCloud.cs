using System.Net;
using Hearth.Scheduling.Catalog;
using Hearth.Scheduling.Karpenter;
using Hearth.Scheduling.Karpenter.Versions;
using Hearth.Scheduling.Provisioning;
using Hearth.Scheduling.Requirements;
using Hearth.Scheduling.Resources;

namespace Hearth.Cluster.Controllers.Simulation;

/// <summary>
/// Stands in for EC2: knows what a region sells, chooses what a claim becomes, and how long that takes. Nodes and claims are in the cluster; what it remembers itself is
/// only which offerings were refused (<see cref="Capacity"/>).
/// </summary>
public sealed class SimulatedCloud(SimulatedCloudOptions options, TimeProvider? time = null)
{
    private readonly Lazy<RegionCatalog> _catalog = new(() => RegionCatalog.For(options.Region, options.Spot));

    private readonly Lazy<HashSet<string>> _names = new(() => RegionCatalog.For(options.Region, options.Spot).Types.Select(t => t.Name).ToHashSet(StringComparer.Ordinal));

    /// <summary>How it was set up.</summary>
    public SimulatedCloudOptions Options { get; } = options;

    /// <summary>What there is capacity for.</summary>
    public CapacityState Capacity { get; } = new(time ?? TimeProvider.System);

    /// <summary>Types, zones and prices of the region; read on first use.</summary>
    public RegionCatalog Catalog => _catalog.Value;

    /// <summary>Whether the region has an instance type.</summary>
    public bool Sells(string instanceType) => _names.Value.Contains(instanceType);

    /// <summary>Reads a node class.</summary>
    /// <exception cref="FormatException">Something in it cannot be read.</exception>
    public NodeClassInfo Describe(Ec2NodeClass nodeClass) => NodeClassInfo.From(nodeClass, Options.Zones);

    /// <summary>
    /// Launches what a claim asks for, or answers null: no capacity that satisfies it. An offering that is refused is avoided from then on and the next best of the same
    /// capacity type is tried, as one fleet request does.
    /// </summary>
    /// <exception cref="FormatException">Something in claim or class cannot be read.</exception>
    public SimulatedInstance? Launch(NodeClaim claim, Ec2NodeClass nodeClass)
    {
        var requirements = RequirementSet.From(claim.Spec?.Requirements);
        var requests = ResourceVector.From(claim.Spec?.Resources?.Requests);
        var offers = Describe(KubeletCompatibility.For(nodeClass, claim.Metadata)).Offers(Catalog, requirements);
        var refused = Capacity.Unavailable().Offerings.ToHashSet();
        string? capacityType = null;
        while (LaunchChooser.Choose(requirements, requests, offers, refused) is { } choice && (capacityType ??= choice.Offering.CapacityType) == choice.Offering.CapacityType)
        {
            var offering = new OfferingKey(choice.Offering.CapacityType, choice.Offer.Type.Name, choice.Offering.Zone);
            if (!Capacity.Refuses(offering))
            {
                return new SimulatedInstance(claim.Metadata.Uid!, choice);
            }

            refused.Add(offering);
        }

        return null;
    }

    /// <summary>The instance behind a launched claim, from what the claim says of it; null when its type, zone or price are no longer known.</summary>
    /// <exception cref="FormatException">Something in claim or class cannot be read.</exception>
    public SimulatedInstance? Recall(NodeClaim claim, Ec2NodeClass nodeClass)
    {
        var labels = claim.Metadata.Labels ?? new Dictionary<string, string>();
        var wanted = RequirementSet.OfLabels(labels.Where(l => l.Key is KarpenterLabels.InstanceType or KarpenterLabels.Zone or KarpenterLabels.CapacityType));
        if (!wanted.Has(KarpenterLabels.InstanceType))
        {
            return null;
        }

        var offer = Describe(KubeletCompatibility.For(nodeClass, claim.Metadata)).Offers(Catalog, wanted).FirstOrDefault();
        return offer?.Compatible(wanted).FirstOrDefault() is { } offering ? new SimulatedInstance(claim.Metadata.Uid!, new LaunchChoice(offer, offering)) : null;
    }

    /// <summary>A free private address and the node name that goes with it.</summary>
    public (IPAddress Address, string NodeName) Address(string uid, Func<string, bool> isTaken)
    {
        var address = NodeAddresses.Free(Options.NodeCidr, uid, a => isTaken(NodeAddresses.NodeName(a, Options.Region)));
        return (address, NodeAddresses.NodeName(address, Options.Region));
    }

    /// <summary>How long this instance takes from its launch until its kubelet registers.</summary>
    public TimeSpan BootTime(string uid)
    {
        var (shortest, longest) = Options.BootTime;
        return shortest + ((longest - shortest) * (ObjectHash.Fnv(uid) % 1000 / 1000.0));
    }
}
