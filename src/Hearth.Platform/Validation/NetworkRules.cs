using System.Net;
using Hearth.Platform.Schema;

namespace Hearth.Platform.Validation;

/// <summary>Blocks lie inside each other or apart, and every zone is one of the region's.</summary>
internal static class NetworkRules
{
    private const string Path = "spec.network";

    // Limits of Amazon VPC for a block.
    private const int WidestPrefix = 16;
    private const int NarrowestPrefix = 28;

    public static void Check(PlatformDeclaration platform, Faults faults)
    {
        var network = platform.Network;
        CheckZones(platform, faults);
        var blocks = new List<(string Path, IPNetwork Network)>();
        Take(network.VpcCidr, $"{Path}.vpcCidr", blocks, faults, "VPC");
        for (var i = 0; i < network.SecondaryCidrs.Count; i++)
        {
            Take(network.SecondaryCidrs[i], $"{Path}.secondaryCidrs[{i}]", blocks, faults, "VPC");
        }

        var subnets = new List<(string Path, IPNetwork Network)>();
        for (var i = 0; i < network.Subnets.Count; i++)
        {
            CheckSubnet(network, i, blocks, subnets, faults);
        }

        Rules.Unique(network.Subnets, $"{Path}.subnets", faults, s => s.Name);
    }

    private static void CheckZones(PlatformDeclaration platform, Faults faults)
    {
        var zones = platform.Network.Zones;
        for (var i = 0; i < zones.Count; i++)
        {
            var path = FieldPath.Item($"{Path}.zones", i);
            if (!zones[i].StartsWith(platform.Region, StringComparison.Ordinal) || zones[i].Length != platform.Region.Length + 1)
            {
                faults.Add(path, $"zone '{zones[i]}' is not in region {platform.Region}");
            }
            else if (zones.Take(i).Contains(zones[i], StringComparer.Ordinal))
            {
                faults.Add(path, $"zone '{zones[i]}' is named twice");
            }
        }
    }

    private static void CheckSubnet(
        Network network, int index, List<(string Path, IPNetwork Network)> blocks, List<(string Path, IPNetwork Network)> subnets, Faults faults)
    {
        var subnet = network.Subnets[index];
        var path = FieldPath.Item($"{Path}.subnets", index);
        Rules.Declared(subnet.Zone, network.Zones, $"{path}.zone", faults, "zone");
        if (Take(subnet.Cidr, $"{path}.cidr", subnets, faults, "subnet") is { } cidr && !blocks.Exists(b => Contains(b.Network, cidr)))
        {
            faults.Add($"{path}.cidr", $"{cidr} lies in none of the VPC's blocks ({string.Join(", ", blocks.Select(b => b.Network))})");
        }
    }

    /// <summary>Parses the block, checks its size, and that it overlaps none of its kind; null when it is no block.</summary>
    private static IPNetwork? Take(string text, string path, List<(string Path, IPNetwork Network)> others, Faults faults, string what)
    {
        if (faults.Has(path) || !IPNetwork.TryParse(text, out var cidr))
        {
            return null;
        }

        if (cidr.PrefixLength is < WidestPrefix or > NarrowestPrefix)
        {
            faults.Add(path, $"{text}: the prefix of a {what} block must be /{WidestPrefix} to /{NarrowestPrefix}");
        }

        foreach (var other in others.Where(o => Contains(o.Network, cidr) || Contains(cidr, o.Network)))
        {
            faults.Add(path, $"{text} overlaps {other.Network} ({other.Path})");
        }

        others.Add((path, cidr));
        return cidr;
    }

    private static bool Contains(IPNetwork outer, IPNetwork inner) =>
        outer.PrefixLength <= inner.PrefixLength && outer.Contains(inner.BaseAddress);
}
