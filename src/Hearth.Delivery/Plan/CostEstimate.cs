using System.Globalization;
using Hearth.Delivery.Install;
using Hearth.Kube.Quantities;
using Hearth.Platform;
using Hearth.Scheduling.Catalog;

namespace Hearth.Delivery.Plan;

/// <summary>One thing that costs by the month.</summary>
/// <param name="What">As <c>NAT gateway</c>.</param>
/// <param name="Count">How many.</param>
/// <param name="UsdEach">USD a month for one.</param>
public sealed record CostItem(string What, int Count, decimal UsdEach)
{
    /// <summary>USD a month for all.</summary>
    public decimal Usd => Count * UsdEach;
}

/// <summary>
/// What a platform costs a month before any job runs: what is there all the time, at list prices. Traffic, storage, metrics and jobs come on top. Pure.
/// </summary>
/// <param name="Items">Dearest first.</param>
/// <param name="Assumptions">What stands in for prices that are not packaged.</param>
public sealed record CostEstimate(IReadOnlyList<CostItem> Items, IReadOnlyList<string> Assumptions)
{
    private const decimal HoursAMonth = 730;

    /// <summary>USD a month.</summary>
    public decimal Total => Items.Sum(i => i.Usd);

    /// <param name="platform">Complete and valid.</param>
    /// <param name="today">Decides whether the Kubernetes version is in extended support.</param>
    public static CostEstimate Of(PlatformDeclaration platform, DateOnly today)
    {
        var region = RegionCatalog.For(platform.Region);
        List<CostItem> items = [ControlPlane(platform.KubernetesVersion, today), .. Network(platform), .. Nodes(platform, region), .. Services(platform)];
        return new CostEstimate([.. items.Where(i => i.Usd > 0).OrderByDescending(i => i.Usd)], [.. region.Assumptions, ServicePrices.Basis]);
    }

    /// <summary>For people.</summary>
    public IEnumerable<string> Lines()
    {
        yield return Text($"Base cost, before any job runs: {Total:0.00} USD a month");
        foreach (var item in Items)
        {
            yield return Text($"  {item.Usd,9:0.00}  {item.Count} x {item.What}");
        }

        foreach (var assumption in Assumptions)
        {
            yield return $"  {assumption}";
        }
    }

    private static CostItem ControlPlane(string version, DateOnly today) => KubernetesVersions.IsExtended(version, today)
        ? new($"EKS control plane, Kubernetes {version} in extended support", 1, ServicePrices.EksExtendedHour * HoursAMonth)
        : new("EKS control plane", 1, ServicePrices.EksClusterHour * HoursAMonth);

    private static IEnumerable<CostItem> Network(PlatformDeclaration platform)
    {
        var network = platform.Network;
        var zones = Zones(network.Subnets);
        var gateways = network.NatGateways switch { "none" => 0, "single" => 1, _ => Zones(network.Subnets.Where(s => s.Kind == "public")) };
        yield return new CostItem("NAT gateway", gateways, ServicePrices.NatGatewayHour * HoursAMonth);
        yield return new CostItem("public IPv4 address of a NAT gateway", gateways, ServicePrices.PublicIpv4Hour * HoursAMonth);
        yield return new CostItem("interface endpoint in a zone", network.VpcEndpoints ? ServicePrices.InterfaceEndpoints * zones : 0, ServicePrices.InterfaceEndpointHour * HoursAMonth);
    }

    private static int Zones(IEnumerable<Subnet> subnets) => subnets.Select(s => s.Zone).Distinct(StringComparer.Ordinal).Count();

    private static IEnumerable<CostItem> Nodes(PlatformDeclaration platform, RegionCatalog region)
    {
        foreach (var group in platform.NodeGroups.SelectMany(g => g.Expand(platform.Network.Zones)))
        {
            var nodes = Math.Max(group.MinSize, group.DesiredSize);
            var price = region.OnDemandPrice(group.InstanceTypes[0]) ?? 0;
            yield return new CostItem($"{group.InstanceTypes[0]} of {group.Name}", nodes, price * HoursAMonth);
            yield return new CostItem($"{group.Disk.Size} root volume of {group.Name}", nodes, GiB(group.Disk.Size) * ServicePrices.Gp3GiBMonth);
        }
    }

    private static IEnumerable<CostItem> Services(PlatformDeclaration platform)
    {
        // Secrets and logs; Fluent Bit's group; flow logs; workspaces of a Studio.
        var keys = 1 + (platform.IsEnabled("aws-for-fluent-bit") ? 1 : 0) + (platform.Network.FlowLogs ? 1 : 0) + (platform.Studio.IsDeclared ? 1 : 0);
        yield return new CostItem("KMS key", keys, ServicePrices.KmsKeyMonth);
        yield return new CostItem("2400 GiB Lustre file system", platform.IsEnabled("aws-fsx-csi-driver") ? 1 : 0, 2400 * ServicePrices.Lustre500GiBMonth);
        yield return new CostItem("load balancer of a managed endpoint", platform.Studio.Endpoints.Count, ServicePrices.LoadBalancerHour * HoursAMonth);
    }

    private static decimal GiB(string quantity) => Quantity.Parse(quantity).Exact / (1L << 30);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
