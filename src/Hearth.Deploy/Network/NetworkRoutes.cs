using Amazon.CDK;
using Amazon.CDK.AWS.EC2;
using Constructs;
using Subnet = Hearth.Platform.Subnet;

namespace Hearth.Deploy.Network;

/// <summary>Internet and NAT gateways and the route tables: one for all public subnets, one a zone for the others.</summary>
internal sealed class NetworkRoutes
{
    private readonly Construct _scope;
    private readonly PlatformNetworkProps _props;
    private readonly string _vpcId;
    private readonly Dictionary<string, CfnSubnet> _subnets;
    private readonly List<string> _tables = [];

    public NetworkRoutes(Construct scope, PlatformNetworkProps props, string vpcId, Dictionary<string, CfnSubnet> subnets)
    {
        (_scope, _props, _vpcId, _subnets) = (scope, props, vpcId, subnets);
        var publicSubnets = Declared(SubnetKinds.Public);
        var attachment = publicSubnets.Length > 0 ? AddInternet(publicSubnets) : null;
        var gateways = attachment is null ? [] : AddNat(publicSubnets, attachment);
        foreach (var zone in props.Network.Subnets.Select(s => s.Zone).Distinct(StringComparer.Ordinal))
        {
            AddPrivate(zone, gateways);
        }
    }

    /// <summary>All route tables, for gateway endpoints.</summary>
    public IReadOnlyList<string> TableIds => _tables;

    private Subnet[] Declared(string kind) => [.. _props.Network.Subnets.Where(s => s.Kind == kind)];

    private CfnVPCGatewayAttachment AddInternet(Subnet[] publicSubnets)
    {
        var gateway = new CfnInternetGateway(_scope, "InternetGateway");
        Tags.Of(gateway).Add("Name", _props.Name);
        var attachment = new CfnVPCGatewayAttachment(_scope, "InternetAttachment", new CfnVPCGatewayAttachmentProps { VpcId = _vpcId, InternetGatewayId = gateway.Ref });
        var table = Table("Public", $"{_props.Name}-public", publicSubnets);
        new CfnRoute(_scope, "PublicDefault", new CfnRouteProps { RouteTableId = table, DestinationCidrBlock = "0.0.0.0/0", GatewayId = gateway.Ref })
            .AddDependency(attachment);
        return attachment;
    }

    /// <summary>NAT gateways by zone.</summary>
    private Dictionary<string, string> AddNat(Subnet[] publicSubnets, CfnVPCGatewayAttachment attachment)
    {
        var count = _props.Network.NatGateways switch { "none" => 0, "single" => 1, _ => publicSubnets.Length };
        var gateways = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var subnet in publicSubnets.DistinctBy(s => s.Zone, StringComparer.Ordinal).Take(count))
        {
            var address = new CfnEIP(_scope, $"NatAddress-{subnet.Zone}", new CfnEIPProps { Domain = "vpc" });
            address.AddDependency(attachment);
            var gateway = new CfnNatGateway(_scope, $"Nat-{subnet.Zone}", new CfnNatGatewayProps { SubnetId = _subnets[subnet.Name].Ref, AllocationId = address.AttrAllocationId });
            Tags.Of(address).Add("Name", $"{_props.Name}-nat-{subnet.Zone}");
            Tags.Of(gateway).Add("Name", $"{_props.Name}-{subnet.Zone}");
            gateways.Add(subnet.Zone, gateway.Ref);
        }

        return gateways;
    }

    private void AddPrivate(string zone, Dictionary<string, string> gateways)
    {
        var subnets = _props.Network.Subnets.Where(s => s.Zone == zone && s.Kind != SubnetKinds.Public).ToArray();
        if (subnets.Length == 0)
        {
            return;
        }

        var table = Table($"Private-{zone}", $"{_props.Name}-private-{zone}", subnets);
        if (gateways.Count > 0)
        {
            var gateway = gateways.GetValueOrDefault(zone) ?? gateways.Values.First();
            new CfnRoute(_scope, $"PrivateDefault-{zone}", new CfnRouteProps { RouteTableId = table, DestinationCidrBlock = "0.0.0.0/0", NatGatewayId = gateway });
        }
    }

    private string Table(string id, string name, IEnumerable<Subnet> subnets)
    {
        var table = new CfnRouteTable(_scope, $"Routes-{id}", new CfnRouteTableProps { VpcId = _vpcId });
        Tags.Of(table).Add("Name", name);
        foreach (var subnet in subnets)
        {
            new CfnSubnetRouteTableAssociation(_scope, $"RoutesOf-{subnet.Name}", new CfnSubnetRouteTableAssociationProps
            {
                RouteTableId = table.Ref, SubnetId = _subnets[subnet.Name].Ref,
            });
        }

        _tables.Add(table.Ref);
        return table.Ref;
    }
}
