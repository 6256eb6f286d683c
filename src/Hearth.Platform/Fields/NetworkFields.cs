using Hearth.Platform.Schema;
using Of = Hearth.Platform.Schema.Table<Hearth.Platform.Network>;

namespace Hearth.Platform.Fields;

/// <summary><c>spec.network</c>.</summary>
internal static class NetworkFields
{
    private static readonly ObjectShape<Subnet> Subnet = new("Subnet", "One subnet in one zone.", new(),
    [
        Table<Subnet>.Field("name", Texts.Name, s => s.Name, (s, v) => s with { Name = v }, "A name of your own.", required: true),
        Table<Subnet>.Field("cidr", Texts.Cidr, s => s.Cidr, (s, v) => s with { Cidr = v }, "Its block, inside the VPC's.", required: true),
        Table<Subnet>.Field("zone", Texts.Zone, s => s.Zone, (s, v) => s with { Zone = v }, "One of the network's zones.", required: true),
        Table<Subnet>.Field("kind", Shapes.SubnetKind, s => s.Kind, (s, v) => s with { Kind = v },
            "`public`, `private` (routable: NAT, load balancers) or `dataPlane` (nodes and pods)."),
    ]);

    public static ObjectShape<Network> Network { get; } = new("Network", "The VPC.", new(),
    [
        Of.Field("vpcCidr", Texts.Cidr, n => n.VpcCidr, (n, v) => n with { VpcCidr = v }, "Primary block, /16 to /28."),
        Of.Field("secondaryCidrs", Shapes.ListOf(Texts.Cidr), n => n.SecondaryCidrs, (n, v) => n with { SecondaryCidrs = v }, "Further blocks, usually of 100.64.0.0/10, for nodes and pods."),
        Of.Field("zones", Shapes.ListOf(Texts.Zone), n => n.Zones, (n, v) => n with { Zones = v }, "Availability zones; left out, the region's first two."),
        Of.Field("subnets", new ListShape<Subnet>(Subnet, new()), n => n.Subnets, (n, v) => n with { Subnets = v }, "Subnets of every kind."),
        Of.Field("natGateways", TextShape.OneOf("single", "perZone", "none"), n => n.NatGateways, (n, v) => n with { NatGateways = v }, "One NAT gateway for all zones, one a zone, or none."),
        Of.Field("vpcEndpoints", Shapes.Bool, n => n.VpcEndpoints, (n, v) => n with { VpcEndpoints = v }, "Interface endpoints for the AWS services that nodes call. S3 always has its gateway endpoint."),
        Of.Field("publicApi", Shapes.Bool, n => n.PublicApi, (n, v) => n with { PublicApi = v }, "Whether the cluster's API is reachable from outside the VPC."),
        Of.Field("publicApiCidrs", Shapes.ListOf(Texts.Cidr), n => n.PublicApiCidrs, (n, v) => n with { PublicApiCidrs = v }, "Who may reach the public API."),
        Of.Field("flowLogs", Shapes.Bool, n => n.FlowLogs, (n, v) => n with { FlowLogs = v }, "Whether the VPC's traffic is logged."),
    ]);
}
