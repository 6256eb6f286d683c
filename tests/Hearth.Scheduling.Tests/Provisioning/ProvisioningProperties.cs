using FsCheck;
using FsCheck.Fluent;
using Hearth.Scheduling.Catalog;
using Hearth.Scheduling.Fit;
using Hearth.Scheduling.Karpenter;
using Hearth.Scheduling.Provisioning;
using Hearth.Scheduling.Requirements;
using Hearth.Scheduling.Resources;

namespace Hearth.Scheduling.Tests.Provisioning;

public sealed class ProvisioningProperties
{
    private static readonly string[] Requests = ["cpu=100m,memory=128Mi", "cpu=1,memory=2Gi", "cpu=3,memory=4Gi", "cpu=7,memory=50Gi", "cpu=500m,memory=30Gi", "cpu=40,memory=8Gi", "cpu=16,memory=100Gi"];
    private static readonly string?[] Selectors = [null, null, "team=a", "karpenter.sh/capacity-type=on-demand", "topology.kubernetes.io/zone=us-west-2b", "kubernetes.io/arch=arm64", "nowhere=x"];

    private static readonly PoolInfo[] Pools =
    [
        Build.PoolInfo(Build.Pool("compute", "@family In c5d; @cpu In 4,8,16,36; karpenter.sh/capacity-type In spot,on-demand", labels: "team=a", weight: 10)),
        Build.PoolInfo(Build.Pool("memory", "@family In r5d; @cpu In 4,8,16,32; karpenter.sh/capacity-type In on-demand", labels: "team=b", weight: 20)),
        Build.PoolInfo(Build.Pool("graviton", "@family In r6gd; karpenter.sh/capacity-type In spot,on-demand; kubernetes.io/arch In arm64")),
    ];

    [Fact]
    public void Every_pod_is_placed_where_its_demands_hold_once_or_explained_and_no_limit_is_passed()
    {
        var pods = Gen.ListOf(Gen.Elements(Requests).SelectMany(r => Gen.Elements(Selectors).Select(s => (r, s))));
        var limits = Gen.Elements<long?>(null, 4L, 36L, 100L, 1000L);
        Prop.ForAll(pods.SelectMany(p => limits.Select(l => (p, l))).ToArbitrary(), s => Check([.. s.p], s.l)).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void The_chosen_launch_is_the_cheapest_that_fits_by_looking_at_every_offering()
    {
        var offers = new NodeClassInfo("c", NodeOverhead.Default, ["us-west-2a", "us-west-2b"])
            .Offers(RegionCatalog.For("us-west-2"), RequirementSet.From(Build.Require("@category In c,m,r,t; @generation Gt 4; @cpu Lt 33")));
        var small = Gen.NonEmptyListOf(Gen.Choose(0, offers.Count - 1)).Select(i => i.Distinct().Select(x => offers[x]).ToArray());
        var requests = Gen.Choose(100, 8000).SelectMany(cpu => Gen.Choose(64, 32768).Select(mi => new ResourceVector(cpu, mi * 1024L * 1024, 0, 1)));
        var capacity = Gen.Elements("karpenter.sh/capacity-type In on-demand", "karpenter.sh/capacity-type In spot", "topology.kubernetes.io/zone In us-west-2b; karpenter.sh/capacity-type In on-demand");
        Prop.ForAll(small.SelectMany(o => requests.SelectMany(r => capacity.Select(c => (o, r, c)))).ToArbitrary(), s =>
        {
            var requirements = RequirementSet.From(Build.Require(s.c));
            decimal? best = null;
            foreach (var offer in s.o)
            {
                foreach (var offering in offer.Offerings)
                {
                    if (s.r.MilliCpu <= offer.Allocatable.MilliCpu && s.r.Memory <= offer.Allocatable.Memory && s.r.Pods <= offer.Allocatable.Pods && !offer.Type.BareMetal
                        && requirements.Allows(KarpenterLabels.Zone, offering.Zone) && requirements.Allows(KarpenterLabels.CapacityType, offering.CapacityType)
                        && (best is null || offering.PricePerHour < best))
                    {
                        best = offering.PricePerHour;
                    }
                }
            }

            LaunchChooser.Choose(requirements, s.r, s.o)?.Offering.PricePerHour.ShouldBe(best!.Value);
            (LaunchChooser.Choose(requirements, s.r, s.o) is null).ShouldBe(best is null);
        }).QuickCheckThrowOnFailure();
    }

    private static void Check(IList<(string Requests, string? Selector)> specs, long? cpuLimit)
    {
        var pods = specs.Select((s, i) => Build.Info($"p{i:000}", s.Requests, s.Selector)).ToArray();
        var limits = cpuLimit is null ? null : new Dictionary<string, long>(StringComparer.Ordinal) { ["cpu"] = cpuLimit.Value * 1000 };
        var request = new ProvisioningRequest { Pods = pods, Pools = [.. Pools.Select(p => new PoolState(p, limits, default, 0))] };
        var plan = ProvisioningPlanner.Plan(request);

        plan.Claims.SelectMany(c => c.Pods).Concat(plan.Unplaced.Select(u => u.Pod)).Select(p => p.Key).Order(StringComparer.Ordinal)
            .ShouldBe(pods.Select(p => p.Key).Order(StringComparer.Ordinal));
        plan.Unplaced.ShouldAllBe(u => u.Reasons.Count > 0);
        foreach (var claim in plan.Claims)
        {
            var launch = LaunchChooser.Choose(claim.Requirements, claim.Requests, claim.Types).ShouldNotBeNull("what is planned can be launched");
            var labels = NodeClaimBuilder.Build(claim).Metadata.Labels!.Concat(InstanceTypeLabels.All(launch.Offer.Type)).Concat(
                [new(KarpenterLabels.Zone, launch.Offering.Zone), new(KarpenterLabels.CapacityType, launch.Offering.CapacityType)])
                .DistinctBy(l => l.Key, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
            labels[KarpenterLabels.CapacityType] = launch.Offering.CapacityType;
            var node = new NodeInfo("n", labels, claim.Pool.Taints, launch.Offer.Allocatable);
            var cluster = Build.Cluster(node);
            foreach (var pod in claim.Pods)
            {
                NodeFilters.Check(pod, node).ShouldBeNull($"{pod} fits on the {launch.Offer.Type.Name} launched for it");
                cluster.AddPod(pod, "n");
            }
        }

        foreach (var pool in plan.Claims.GroupBy(c => c.Pool.Name))
        {
            (cpuLimit is null || pool.Sum(c => c.Types.Max(t => t.Type.Vcpu)) <= cpuLimit).ShouldBeTrue("limits hold even if every claim becomes its largest type");
        }

        var again = ProvisioningPlanner.Plan(request with { Pods = [.. pods.Reverse()] });
        again.Claims.Select(c => string.Join(' ', c.Pods)).ShouldBe(plan.Claims.Select(c => string.Join(' ', c.Pods)), "the order in which pods are given does not matter");
    }
}
