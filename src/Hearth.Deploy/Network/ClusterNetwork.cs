using Hearth.Platform;

namespace Hearth.Deploy.Network;

/// <summary>The network that a cluster lives in, made by <see cref="PlatformNetwork"/> or brought along.</summary>
public sealed record ClusterNetwork
{
    /// <summary>May be a CDK token.</summary>
    public required string VpcId { get; init; }

    /// <summary>Every address block of the VPC.</summary>
    public required IReadOnlyList<string> Cidrs { get; init; }

    /// <summary>Its subnets, each with zone and kind.</summary>
    public required IReadOnlyList<PlacedSubnet> Subnets { get; init; }

    /// <summary>Subnets of a kind in the given zones (none means all), falling back to <c>private</c> where a network has no data plane of its own.</summary>
    public IReadOnlyList<PlacedSubnet> Of(string kind, params IReadOnlyList<string> zones)
    {
        var known = Subnets.Any(s => s.Kind == kind) ? kind : SubnetKinds.Private;
        return [.. Subnets.Where(s => s.Kind == known && (zones.Count == 0 || zones.Contains(s.Zone, StringComparer.Ordinal)))];
    }

    /// <summary>One routable private subnet a zone: what interface endpoints, EMR Studio and file systems take.</summary>
    public IReadOnlyList<PlacedSubnet> OneAZone => [.. Of(SubnetKinds.Private).DistinctBy(s => s.Zone, StringComparer.Ordinal)];
}

/// <summary>A subnet as constructs need it.</summary>
/// <param name="Id">May be a CDK token.</param>
/// <param name="Zone">As <c>us-west-2a</c>.</param>
/// <param name="Kind">A value of <see cref="SubnetKinds"/>.</param>
public sealed record PlacedSubnet(string Id, string Zone, string Kind);

/// <summary>What a subnet is for, as in <see cref="Subnet.Kind"/>.</summary>
public static class SubnetKinds
{
    /// <summary>Load balancers that face the internet, NAT gateways.</summary>
    public const string Public = "public";

    /// <summary>Routable: internal load balancers, endpoints, file systems.</summary>
    public const string Private = "private";

    /// <summary>Nodes and pods.</summary>
    public const string DataPlane = "dataPlane";
}
