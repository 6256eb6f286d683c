using Hearth.Deploy.Iam;
using DeclaredNetwork = Hearth.Platform.Network;

namespace Hearth.Deploy.Network;

/// <summary>What <see cref="PlatformNetwork"/> makes.</summary>
public sealed record PlatformNetworkProps
{
    /// <summary>The platform's name: prefix of names, value of discovery tags.</summary>
    public required string Name { get; init; }

    /// <summary>Where it is.</summary>
    public required Arns Where { get; init; }

    /// <summary>Blocks, zones, subnets, gateways; as a declaration has them.</summary>
    public required DeclaredNetwork Network { get; init; }

    /// <summary>Services that get an interface endpoint when the declaration asks for them, as <c>ecr.api</c>.</summary>
    public IReadOnlyList<string> EndpointServices { get; init; } = PlatformNetwork.NodeServices;

    /// <summary>Tags VPC and subnets so that EMR Studio may use them (<c>for-use-with-amazon-emr-managed-policies</c>).</summary>
    public bool ForEmrStudio { get; init; }

    internal void Check() => new PropsCheck(nameof(PlatformNetworkProps))
        .Require(Name.Length > 0, nameof(Name), "give the platform's name")
        .Require(Network.Subnets.Count > 0, "Network.Subnets", "declare at least one subnet a zone (spec.network.subnets)")
        .Require(Network.Subnets.Select(s => s.Zone).Distinct(StringComparer.Ordinal).Count() >= 2, "Network.Subnets",
            "EKS needs subnets in two zones or more; declare a subnet in a second zone")
        .Require(Network.Subnets.All(s => s.Zone.StartsWith(Where.Region, StringComparison.Ordinal)), "Network.Subnets",
            $"every zone must be of the region {Where.Region}")
        .Require(Network.NatGateways == "none" || Network.Subnets.Any(s => s.Kind == SubnetKinds.Public), "Network.NatGateways",
            "a NAT gateway lives in a public subnet; declare one or set natGateways: none")
        .Require(Network.NatGateways != "none" || Network.VpcEndpoints, "Network.VpcEndpoints",
            "without NAT gateways nodes reach AWS only through endpoints; set vpcEndpoints: true")
        .Throw();
}
