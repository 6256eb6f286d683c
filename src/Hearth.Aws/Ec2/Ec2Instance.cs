using System.Globalization;
using Hearth.Kube.Core;
using Hearth.Scheduling.Catalog;

namespace Hearth.Aws.Ec2;

/// <summary>Instances behind nodes, and instance types, as EC2 describes them.</summary>
internal static class Ec2Instance
{
    private const string TypeLabel = "node.kubernetes.io/instance-type";
    private const string ZoneLabel = "topology.kubernetes.io/zone";
    private static readonly string[] CapacityLabels = ["karpenter.sh/capacity-type", "eks.amazonaws.com/capacityType"];

    /// <summary>The instance of a node, alone in its reservation.</summary>
    public static Ec2Item Of(Node node, Estate estate)
    {
        var id = node.Spec!.ProviderID!.Split('/')[^1];
        var (type, zone) = (node.Metadata.Label(TypeLabel) ?? "", node.Metadata.Label(ZoneLabel) ?? "");
        var address = node.Status?.Addresses?.FirstOrDefault(a => a.Type is "InternalIP")?.Address;
        var spot = CapacityLabels.Select(l => node.Metadata.Label(l)).Any(v => string.Equals(v, "spot", StringComparison.OrdinalIgnoreCase));
        var tags = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [$"kubernetes.io/cluster/{estate.Platform.Name}"] = "owned", ["Name"] = node.Metadata.Label("karpenter.sh/nodepool") ?? node.Metadata.Label("eks.amazonaws.com/nodegroup") ?? node.Metadata.Name!,
            ["hearth.dev/simulated"] = "true",
        };
        var subnet = estate.Subnets.FirstOrDefault(s => s.Declared.Zone == zone && s.Declared.Kind is "dataPlane") ?? estate.Subnets.FirstOrDefault(s => s.Declared.Zone == zone);
        return new Ec2Item(id, new Dictionary<string, string>(StringComparer.Ordinal), xml =>
        {
            xml.Add("reservationId", estate.Id("r", id)).Add("ownerId", estate.Platform.AccountId).Open("instancesSet").Open("item")
                .Add("instanceId", id).Add("imageId", estate.Id("ami", "node")).Open("instanceState").Add("code", 16).Add("name", "running").Close("instanceState")
                .Add("privateDnsName", node.Metadata.Name).Add("instanceType", type)
                .Add("launchTime", node.Metadata.CreationTimestamp?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.000'Z'", CultureInfo.InvariantCulture))
                .Open("placement").Add("availabilityZone", zone).Add("tenancy", "default").Close("placement")
                .Add("subnetId", subnet?.Id).Add("vpcId", estate.VpcId).Add("privateIpAddress", address)
                .Add("architecture", node.Metadata.Label("kubernetes.io/arch") is "arm64" ? "arm64" : "x86_64").Add("instanceLifecycle", spot ? "spot" : null);
            Ec2Item.WriteTags(xml, tags);
            xml.Close("item").Close("instancesSet");
        })
        {
            Filters =
            {
                ["instance-id"] = id, ["instance-type"] = type, ["availability-zone"] = zone, ["instance-state-name"] = "running", ["vpc-id"] = estate.VpcId,
                ["private-dns-name"] = node.Metadata.Name!, ["private-ip-address"] = address ?? "", ["subnet-id"] = subnet?.Id ?? "",
            },
        }.WithTagFilters(tags);
    }

    /// <summary>An instance type.</summary>
    public static Ec2Item Describe(InstanceType type) => new(type.Name, new Dictionary<string, string>(StringComparer.Ordinal), xml =>
    {
        var architecture = type.Arch is "arm64" ? "arm64" : "x86_64";
        xml.Add("instanceType", type.Name).Add("currentGeneration", type.CurrentGeneration).Add("bareMetal", type.BareMetal).Add("hypervisor", type.BareMetal ? null : type.Hypervisor)
            .Open("processorInfo").Open("supportedArchitectures").Open("item").Text(architecture).Close("item").Close("supportedArchitectures")
            .Add("sustainedClockSpeedInGhz", (type.ClockMhz / 1000.0).ToString("0.0", CultureInfo.InvariantCulture)).Add("manufacturer", type.CpuManufacturer).Close("processorInfo")
            .Open("vCpuInfo").Add("defaultVCpus", type.Vcpu).Close("vCpuInfo")
            .Open("memoryInfo").Add("sizeInMiB", type.MemoryMiB).Close("memoryInfo")
            .Add("instanceStorageSupported", type.InstanceStoreGb > 0);
        if (type.InstanceStoreGb > 0)
        {
            xml.Open("instanceStorageInfo").Add("totalSizeInGB", type.InstanceStoreGb).Add("nvmeSupport", type.LocalNvmeGb > 0 ? "required" : "unsupported").Close("instanceStorageInfo");
        }

        xml.Open("networkInfo").Add("maximumNetworkInterfaces", type.MaxEnis).Add("ipv4AddressesPerInterface", type.Ipv4PerEni).Close("networkInfo");
    })
    { Filters = { ["instance-type"] = type.Name, ["vcpu-info.default-vcpus"] = type.Vcpu.ToString(CultureInfo.InvariantCulture), ["current-generation"] = type.CurrentGeneration ? "true" : "false", ["bare-metal"] = type.BareMetal ? "true" : "false", ["processor-info.supported-architecture"] = type.Arch is "arm64" ? "arm64" : "x86_64" } };

    // Reservations have no tags; filters by tag look at their instances.
    private static Ec2Item WithTagFilters(this Ec2Item item, IReadOnlyDictionary<string, string> tags)
    {
        foreach (var (key, value) in tags)
        {
            item.Filters[$"tag:{key}"] = value;
        }

        return item;
    }
}
