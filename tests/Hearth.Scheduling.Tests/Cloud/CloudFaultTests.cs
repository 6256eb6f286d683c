using Hearth.Kube.Core;
using Hearth.Scheduling.Cloud;
using Hearth.Scheduling.Provisioning;

namespace Hearth.Scheduling.Tests.Cloud;

public sealed class CloudFaultTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static CloudFault Fault(string type, Func<CloudFaultSpec, CloudFaultSpec>? change = null, int rounds = 0)
    {
        var spec = new CloudFaultSpec { Type = type };
        return new() { Metadata = new() { Name = "f", CreationTimestamp = Noon }, Spec = change?.Invoke(spec) ?? spec, Status = new() { Rounds = rounds } };
    }

    private static bool Refuses(CloudFault fault, string type = "c5d.xlarge", string zone = "us-west-2a", string capacity = "spot", long draw = 0, int minutes = 1) =>
        CloudFaultRules.Refuses(fault, new OfferingKey(capacity, type, zone), draw, Noon.AddMinutes(minutes));

    private static Node Node(string name, string capacity = "spot", string type = "c5d.xlarge", string pool = "spark") => new()
    {
        Metadata = new()
        {
            Name = name, CreationTimestamp = Noon,
            Labels = Build.Map($"karpenter.sh/capacity-type={capacity},node.kubernetes.io/instance-type={type},karpenter.sh/nodepool={pool},topology.kubernetes.io/zone=us-west-2a"),
        },
    };

    [Fact]
    public void Capacity_is_wanting_where_the_fault_says()
    {
        var fault = Fault("InsufficientCapacity", s => s with { InstanceTypes = ["c5d.*"], Zones = ["us-west-2a"], CapacityTypes = ["spot"] });
        Refuses(fault).ShouldBeTrue();
        Refuses(fault, type: "c5.xlarge").ShouldBeFalse();
        Refuses(fault, zone: "us-west-2b").ShouldBeFalse();
        Refuses(fault, capacity: "on-demand").ShouldBeFalse();
        Refuses(Fault("InsufficientCapacity")).ShouldBeTrue("absent lists mean everything");
        Refuses(Fault("SpotInterruption")).ShouldBeFalse();
    }

    [Fact]
    public void It_ends_with_its_duration()
    {
        var fault = Fault("InsufficientCapacity", s => s with { Duration = "10m" });
        Refuses(fault, minutes: 9).ShouldBeTrue();
        Refuses(fault, minutes: 10).ShouldBeFalse();
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.25)]
    [InlineData(0.9)]
    [InlineData(1.0)]
    public void A_share_of_launches_is_hit_and_the_same_ones_with_the_same_seed(double share)
    {
        static string Luck(double share, int seed) => string.Concat(Enumerable.Range(0, 2000).Select(i => Refuses(Fault("InsufficientCapacity", s => s with { Probability = share, Seed = seed }), draw: i) ? 'x' : '.'));
        Luck(share, 1).Count(c => c == 'x').ShouldBeInRange((int)(2000 * share) - 80, (int)(2000 * share) + 80);
        Luck(share, 1).ShouldBe(Luck(share, 1));
        (Luck(share, 1) == Luck(share, 2)).ShouldBe(share is 0 or 1);
    }

    [Fact]
    public void Interruptions_hit_spot_nodes_of_pools_only()
    {
        var fault = Fault("SpotInterruption", s => s with { NodePools = ["spark"], InstanceTypes = ["c5d.*"] });
        CloudFaultRules.Interrupted(fault, [Node("b"), Node("a"), Node("od", "on-demand"), Node("other", pool: "web"), Node("m", type: "m5.large")], 0)
            .Select(n => n.Metadata.Name).ShouldBe(["a", "b"]);
    }

    [Fact]
    public void An_interruption_happens_once_or_again_and_again_within_its_duration()
    {
        CloudFaultRules.NextRound(Fault("SpotInterruption"), Noon).ShouldBe(Noon);
        CloudFaultRules.NextRound(Fault("SpotInterruption", rounds: 1), Noon).ShouldBeNull();
        var repeated = Fault("SpotInterruption", s => s with { Every = "5m", Duration = "12m" }, rounds: 2);
        CloudFaultRules.NextRound(repeated, Noon.AddMinutes(6)).ShouldBe(Noon.AddMinutes(10));
        CloudFaultRules.NextRound(repeated with { Status = new() { Rounds = 3 } }, Noon.AddMinutes(11)).ShouldBeNull();
    }

    [Fact]
    public void The_notice_is_two_minutes_as_on_EC2_unless_it_says_otherwise()
    {
        CloudFaultRules.Notice(Fault("SpotInterruption")).ShouldBe(TimeSpan.FromMinutes(2));
        CloudFaultRules.Notice(Fault("SpotInterruption", s => s with { Notice = "5s" })).ShouldBe(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public void Interruptions_reach_managed_node_groups_and_a_list_of_one_kind_leaves_the_other_alone()
    {
        Node group = new()
        {
            Metadata = new()
            {
                Name = "group", CreationTimestamp = Noon, Labels = Build.Map("eks.amazonaws.com/nodegroup=work,eks.amazonaws.com/capacityType=SPOT,node.kubernetes.io/instance-type=m5.xlarge"),
            },
        };
        var dear = group with { Metadata = group.Metadata with { Name = "dear", Labels = Build.Map("eks.amazonaws.com/nodegroup=work,eks.amazonaws.com/capacityType=ON_DEMAND") } };
        string Hit(Func<CloudFaultSpec, CloudFaultSpec>? change = null) => string.Join(' ', CloudFaultRules.Interrupted(Fault("SpotInterruption", change), [Node("pool"), group, dear], 0).Select(n => n.Metadata.Name));
        Hit().ShouldBe("group pool");
        Hit(s => s with { NodeGroups = ["w*"] }).ShouldBe("group");
        Hit(s => s with { NodePools = ["spark"] }).ShouldBe("pool");
        Hit(s => s with { NodeGroups = ["other"] }).ShouldBe("");
        Hit(s => s with { NodeGroups = ["work"], NodePools = ["spark"] }).ShouldBe("group pool");
    }
}
