using System.Globalization;
using Hearth.Delivery.Install;
using Hearth.Kube.Quantities;
using Hearth.Platform;
using Hearth.Scheduling.Catalog;

namespace Hearth.Delivery.Plan;

/// <summary>One thing that costs by the month.</summary>
/// <param name="What">As <c>NAT gateway</c>.</param>
/// <param name="Count">How many.</param>
/// <param name="UsdEach">USD a month for one; null when no price of it is known.</param>
public sealed record CostItem(string What, int Count, decimal? UsdEach)
{
    /// <summary>USD a month for all; null when no price is known.</summary>
    public decimal? Usd => Count * UsdEach;
}

/// <summary>
/// What a platform costs a month before any job runs: what is there all the time, at list prices. Traffic, storage, metrics and jobs come on top. What has no
/// known price stays in the list without one, and the total then says that it is a least. Pure.
/// </summary>
/// <param name="Items">Dearest first; those without a price before them.</param>
/// <param name="Assumptions">What stands in for prices that are not packaged.</param>
public sealed record CostEstimate(IReadOnlyList<CostItem> Items, IReadOnlyList<string> Assumptions)
{
    private const decimal HoursAMonth = 730;
    private const int LustreGiB = 2400;

    /// <summary>USD a month of what has a known price.</summary>
    public decimal Total => Items.Sum(i => i.Usd ?? 0);

    /// <summary>Every thing has a known price.</summary>
    public bool IsComplete => Items.All(i => i.UsdEach is not null);

    /// <summary>As <c>about 560 USD a month</c>.</summary>
    public string Summary => Text($"{(IsComplete ? "about" : "at least")} {Total:0} USD a month");

    /// <param name="platform">Complete and valid.</param>
    /// <param name="today">Decides whether the Kubernetes version is in extended support.</param>
    public static CostEstimate Of(PlatformDeclaration platform, DateOnly today)
    {
        var (region, prices) = (RegionCatalog.For(platform.Region), ServicePrices.For(platform.Region));
        CostItem[] items = [ControlPlane(platform.KubernetesVersion, today, prices), .. Network(platform, prices), .. Nodes(platform, region, prices), .. Services(platform, prices)];
        CostItem[] there = [.. items.Where(i => i.Count > 0)];
        string[] unknown = there.Any(i => i.UsdEach is null) ? ["What has no price here is not in the total: there is none in the packaged tables."] : [];
        return new CostEstimate([.. there.OrderByDescending(i => i.Usd ?? decimal.MaxValue)], [.. region.Assumptions, .. prices.Assumptions, .. Spot(platform), .. unknown]);
    }

    /// <summary>For people.</summary>
    public IEnumerable<string> Lines()
    {
        yield return Text($"Base cost, before any job runs: {(IsComplete ? "" : "at least ")}{Total:0.00} USD a month");
        foreach (var item in Items)
        {
            yield return item.Usd is { } usd ? Text($"  {usd,9:0.00}  {item.Count} x {item.What}") : Text($"          ?  {item.Count} x {item.What}");
        }

        foreach (var assumption in Assumptions)
        {
            yield return $"  {assumption}";
        }
    }

    private static CostItem ControlPlane(string version, DateOnly today, ServicePrices prices) => KubernetesVersions.IsExtended(version, today)
        ? new($"EKS control plane, Kubernetes {version} in extended support", 1, prices.Month("eks-cluster-extended"))
        : new("EKS control plane", 1, prices.Month("eks-cluster"));

    private static IEnumerable<CostItem> Network(PlatformDeclaration platform, ServicePrices prices)
    {
        var network = platform.Network;
        var zones = Zones(network.Subnets);
        var gateways = network.NatGateways switch { "none" => 0, "single" => 1, _ => Zones(network.Subnets.Where(s => s.Kind == "public")) };
        yield return new CostItem("NAT gateway", gateways, prices.Month("nat-gateway"));
        yield return new CostItem("public IPv4 address of a NAT gateway", gateways, prices.Month("public-ipv4"));
        yield return new CostItem("interface endpoint in a zone", network.VpcEndpoints ? ServicePrices.InterfaceEndpoints * zones : 0, prices.Month("interface-endpoint"));
    }

    private static int Zones(IEnumerable<Subnet> subnets) => subnets.Select(s => s.Zone).Distinct(StringComparer.Ordinal).Count();

    private static IEnumerable<CostItem> Nodes(PlatformDeclaration platform, RegionCatalog region, ServicePrices prices)
    {
        foreach (var group in platform.NodeGroups.SelectMany(g => g.Expand(platform.Network.Zones)))
        {
            var nodes = Math.Max(group.MinSize, group.DesiredSize);
            yield return new CostItem($"{group.InstanceTypes[0]} of {group.Name}", nodes, region.OnDemandPrice(group.InstanceTypes[0]) * HoursAMonth);
            yield return new CostItem(
                $"{group.Disk.Size} root volume of {group.Name}", nodes, prices.Knows(group.Disk.Type) ? GiB(group.Disk.Size) * prices.Month(group.Disk.Type) : null);
        }
    }

    /// <summary>What spot nodes cost is not known beforehand.</summary>
    private static IEnumerable<string> Spot(PlatformDeclaration platform) => platform.NodeGroups.Any(g => g.CapacityType == "spot" && Math.Max(g.MinSize, g.DesiredSize) > 0)
        ? ["Spot nodes are counted at their on-demand price, which they never exceed."]
        : [];

    private static IEnumerable<CostItem> Services(PlatformDeclaration platform, ServicePrices prices)
    {
        // Secrets and logs; Fluent Bit's group; flow logs; workspaces of a Studio.
        var keys = 1 + (platform.IsEnabled("aws-for-fluent-bit") ? 1 : 0) + (platform.Network.FlowLogs ? 1 : 0) + (platform.Studio.IsDeclared ? 1 : 0);
        yield return new CostItem("KMS key", keys, prices.Month("kms-key"));
        yield return new CostItem($"{LustreGiB} GiB Lustre file system", platform.IsEnabled("aws-fsx-csi-driver") ? 1 : 0, LustreGiB * prices.Month("lustre-persistent2-500"));
        yield return new CostItem("load balancer of a managed endpoint", platform.Studio.Endpoints.Count, prices.Month("load-balancer"));
    }

    private static decimal GiB(string quantity) => Quantity.Parse(quantity).Exact / (1L << 30);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
