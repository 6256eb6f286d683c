using System.Globalization;
using Hearth.Kube.Quantities;
using Hearth.Scheduling.Catalog;
using Hearth.Scheduling.Karpenter;

namespace Hearth.Scheduling.Tests.Catalog;

public sealed class CatalogTests
{
    private static readonly string[] Zones = ["us-west-2a", "us-west-2b", "us-west-2c", "us-west-2d"];

    [Fact]
    public void Allocatable_of_every_published_type_is_what_Karpenter_publishes()
    {
        var wrong = new List<string>();
        var rows = 0;
        foreach (var line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "cases", "karpenter-allocatable-al2023.csv")).Skip(1))
        {
            var cells = line.Split(',');
            var type = Ec2Catalog.Default.Find(cells[0]).ShouldNotBeNull(cells[0]);
            var allocatable = NodeCapacity.Allocatable(type, NodeOverhead.Default);
            var expected = (long.Parse(cells[1], CultureInfo.InvariantCulture), long.Parse(cells[2], CultureInfo.InvariantCulture), Quantity.Parse(cells[3]).Value, long.Parse(cells[4], CultureInfo.InvariantCulture));
            var actual = (allocatable.MilliCpu, allocatable.Memory / (1024 * 1024), allocatable.EphemeralStorage, allocatable.Pods);
            if (actual != expected)
            {
                wrong.Add($"{cells[0]}: {actual}; published {expected}");
            }

            rows++;
        }

        rows.ShouldBe(1363);
        wrong.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("c5d.9xlarge", 36, 73728, "amd64", 900, 1)]
    [InlineData("r5d.4xlarge", 16, 131072, "amd64", 600, 2)]
    [InlineData("r6gd.4xlarge", 16, 131072, "arm64", 950, 1)]
    [InlineData("m5.xlarge", 4, 16384, "amd64", 0, 0)]
    public void A_type_has_the_facts_of_EC2(string name, int vcpu, long memoryMiB, string arch, int nvmeGb, int disks)
    {
        var type = Ec2Catalog.Default.Find(name)!;
        (type.Vcpu, type.MemoryMiB, type.Arch, type.LocalNvmeGb, type.LocalNvmeDisks).ShouldBe((vcpu, memoryMiB, arch, nvmeGb, disks));
    }

    [Fact]
    public void A_type_carries_the_labels_that_Karpenter_gives_it()
    {
        var labels = InstanceTypeLabels.All(Ec2Catalog.Default.Find("c5d.9xlarge")!).ToDictionary();
        labels["karpenter.k8s.aws/instance-family"].ShouldBe("c5d");
        labels["karpenter.k8s.aws/instance-category"].ShouldBe("c");
        labels["karpenter.k8s.aws/instance-generation"].ShouldBe("5");
        labels["karpenter.k8s.aws/instance-size"].ShouldBe("9xlarge");
        labels["karpenter.k8s.aws/instance-cpu"].ShouldBe("36");
        labels["karpenter.k8s.aws/instance-memory"].ShouldBe("73728");
        labels["karpenter.k8s.aws/instance-local-nvme"].ShouldBe("900");
        labels["karpenter.k8s.aws/instance-hypervisor"].ShouldBe("nitro");
        labels["kubernetes.io/arch"].ShouldBe("amd64");
        labels.ShouldNotContainKey("karpenter.k8s.aws/instance-gpu-count");
        InstanceTypeLabels.All(Ec2Catalog.Default.Find("m5.xlarge")!).ToDictionary().ShouldNotContainKey("karpenter.k8s.aws/instance-local-nvme");
        InstanceTypeLabels.All(Ec2Catalog.Default.Find("c5.metal")!).ToDictionary()["karpenter.k8s.aws/instance-hypervisor"].ShouldBe("");
    }

    [Theory]
    [InlineData("m5.xlarge", "0.192")]
    [InlineData("c5d.9xlarge", "1.728")]
    [InlineData("r5d.4xlarge", "1.152")]
    [InlineData("r6gd.4xlarge", "0.9216")]
    public void On_demand_prices_are_those_of_the_price_list(string type, string usdPerHour) =>
        RegionCatalog.For("us-east-1").OnDemandPrice(type).ShouldBe(decimal.Parse(usdPerHour, CultureInfo.InvariantCulture));

    [Fact]
    public void A_region_with_a_price_list_assumes_nothing_about_on_demand_prices()
    {
        var offering = RegionCatalog.For("us-east-1").Offerings(Ec2Catalog.Default.Find("m5.xlarge")!, ["us-east-1a"]).First(o => o.CapacityType == KarpenterLabels.OnDemand);
        offering.Basis.IsAssumption.ShouldBeFalse();
        offering.Basis.Text.ShouldBe("on-demand price list of us-east-1, 2026-07-20");
    }

    [Theory]
    [InlineData("us-west-2")]
    [InlineData("eu-central-1")]
    public void A_region_without_a_price_list_says_whose_prices_it_takes(string region)
    {
        var catalog = RegionCatalog.For(region);
        catalog.Assumptions.ShouldContain(a => a.StartsWith($"There is no price list of {region}", StringComparison.Ordinal));
        var offering = catalog.Offerings(Ec2Catalog.Default.Find("m5.xlarge")!, [region + "a"]).First(o => o.CapacityType == KarpenterLabels.OnDemand);
        offering.PricePerHour.ShouldBe(0.192m);
        offering.Basis.IsAssumption.ShouldBeTrue();
        offering.Basis.Text.ShouldBe($"assumed: on-demand price list of us-east-1, 2026-07-20, taken for {region}");
    }

    [Fact]
    public void No_offering_is_free_and_a_type_without_a_price_has_none()
    {
        var catalog = RegionCatalog.For("us-west-2");
        catalog.Types.SelectMany(t => catalog.Offerings(t, Zones)).ShouldAllBe(o => o.PricePerHour > 0);
        catalog.Offerings(Ec2Catalog.Default.Find("p5e.48xlarge")!, Zones).ShouldBeEmpty();
    }

    [Fact]
    public void Spot_prices_are_a_labelled_assumption_that_is_the_same_every_time()
    {
        var type = Ec2Catalog.Default.Find("c5d.4xlarge")!;
        var spot = RegionCatalog.For("us-west-2").Offerings(type, Zones).Where(o => o.CapacityType == KarpenterLabels.Spot).ToArray();
        spot.Length.ShouldBe(4);
        spot.ShouldAllBe(o => o.Basis.IsAssumption && o.PricePerHour > 0.768m * 0.45m * 0.85m - 0.001m && o.PricePerHour < 0.768m * 0.45m * 1.15m + 0.001m);
        spot.Select(o => o.PricePerHour).ShouldBe(RegionCatalog.For("us-west-2").Offerings(type, Zones).Where(o => o.CapacityType == KarpenterLabels.Spot).Select(o => o.PricePerHour));
        SpotPricing.ColdStart.PricePerHour("c5d.4xlarge", "us-west-2a", 0.768m).ShouldBe(0.768m);
        SpotPricing.Kwok.PricePerHour("c5d.4xlarge", "us-west-2a", 1m).ShouldBe(0.7m);
    }

    [Fact]
    public void Joined_instance_stores_back_ephemeral_storage()
    {
        var type = Ec2Catalog.Default.Find("c5d.9xlarge")!;
        NodeCapacity.Capacity(type, new NodeOverhead { InstanceStoreRaid0 = true }).EphemeralStorage.ShouldBe(900_000_000_000);
        NodeCapacity.Capacity(type, new NodeOverhead { RootVolumeBytes = 100L << 30 }).EphemeralStorage.ShouldBe(100L << 30);
    }

    [Fact]
    public void Kubelet_settings_override_what_is_computed()
    {
        var type = Ec2Catalog.Default.Find("m5.xlarge")!;
        var overhead = new NodeOverhead
        {
            MaxPods = 110,
            KubeReserved = Build.Map("cpu=1,memory=2Gi"),
            SystemReserved = Build.Map("cpu=500m"),
            EvictionHard = Build.Map("memory.available=5%"),
        };
        var capacity = NodeCapacity.Capacity(type, overhead);
        var allocatable = NodeCapacity.Allocatable(type, overhead);
        allocatable.Pods.ShouldBe(110);
        allocatable.MilliCpu.ShouldBe(2500);
        allocatable.Memory.ShouldBe(capacity.Memory - (2L << 30) - (long)Math.Ceiling(capacity.Memory * 0.05m));
    }
}
