namespace Hearth.Delivery.Plan;

/// <summary>List prices in USD of what is not an EC2 instance, as published for us-east-1 and us-west-2. Other regions differ by up to a third.</summary>
internal static class ServicePrices
{
    public const string Basis = "Prices of services other than EC2: list prices of us-east-1 as of 2026; other regions differ by up to a third. Data transfer and use are not included.";

    public const decimal EksClusterHour = 0.10m;

    /// <summary>Of a Kubernetes version that is past standard support.</summary>
    public const decimal EksExtendedHour = 0.60m;

    public const decimal NatGatewayHour = 0.045m;
    public const decimal PublicIpv4Hour = 0.005m;
    public const decimal InterfaceEndpointHour = 0.01m;
    public const decimal LoadBalancerHour = 0.0225m;
    public const decimal KmsKeyMonth = 1m;
    public const decimal Gp3GiBMonth = 0.08m;

    /// <summary>PERSISTENT_2, SSD, 500 MB/s/TiB.</summary>
    public const decimal Lustre500GiBMonth = 0.34m;

    /// <summary>Interface endpoints of a private platform, each in every zone.</summary>
    public const int InterfaceEndpoints = 19;
}
