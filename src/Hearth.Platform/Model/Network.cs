namespace Hearth.Platform;

/// <summary>The VPC. Embedded, the zones place nodes and the data-plane blocks give pods and nodes their addresses.</summary>
public sealed record Network
{
    /// <summary>Primary block; prefix /16 to /28.</summary>
    public string VpcCidr { get; init; } = "10.1.0.0/16";

    /// <summary>Further blocks, usually of 100.64.0.0/10, for nodes and pods.</summary>
    public IReadOnlyList<string> SecondaryCidrs { get; init; } = [];

    /// <summary>Availability zones by name; empty takes the region's first two.</summary>
    public IReadOnlyList<string> Zones { get; init; } = [];

    public IReadOnlyList<Subnet> Subnets { get; init; } = [];

    /// <summary><c>single</c> (one for all zones), <c>perZone</c> or <c>none</c>.</summary>
    public string NatGateways { get; init; } = "single";

    /// <summary>Interface endpoints for the AWS services that nodes call; the S3 gateway endpoint is always there.</summary>
    public bool VpcEndpoints { get; init; }

    /// <summary>Whether the cluster's API is reachable from outside the VPC.</summary>
    public bool PublicApi { get; init; } = true;

    /// <summary>Who may reach the public API.</summary>
    public IReadOnlyList<string> PublicApiCidrs { get; init; } = ["0.0.0.0/0"];

    /// <summary>Whether traffic is logged (VPC flow logs).</summary>
    public bool FlowLogs { get; init; }
}

/// <summary>One subnet in one zone.</summary>
public sealed record Subnet
{
    public string Name { get; init; } = string.Empty;

    public string Cidr { get; init; } = string.Empty;

    /// <summary>One of the network's zones.</summary>
    public string Zone { get; init; } = string.Empty;

    /// <summary><c>public</c>, <c>private</c> (routable: NAT, load balancers) or <c>dataPlane</c> (nodes and pods).</summary>
    public string Kind { get; init; } = "private";
}
