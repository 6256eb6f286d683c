using Hearth.Kube.Core;
using Hearth.Kube.Objects;
using Hearth.Scheduling.Disruption;
using Hearth.Scheduling.Karpenter;

namespace Hearth.Scheduling.Tests.Disruption;

public sealed class DriftTests
{
    private static readonly Ec2NodeClass Class = new()
    {
        Metadata = new() { Name = "default" },
        Spec = new()
        {
            AmiSelectorTerms = [new() { Alias = "al2023@latest" }], Role = "node", InstanceStorePolicy = "RAID0",
            SubnetSelectorTerms = [new() { Tags = Build.Map("a=1,b=2") }], SecurityGroupSelectorTerms = [new() { Id = "sg-1" }, new() { Id = "sg-2" }],
        },
    };

    private static NodePool Pool(Func<NodeClaimSpec, NodeClaimSpec>? change = null, string requirements = "@family In c5,m5; karpenter.sh/capacity-type In spot,on-demand")
    {
        var pool = Build.Pool("spark", requirements, labels: "team=a", taints: [Build.Taint("x"), Build.Taint("y")]);
        var template = pool.Spec!.Template!;
        return change is null ? pool : pool with { Spec = pool.Spec with { Template = template with { Spec = change(template.Spec!) } } };
    }

    private static NodeClaim Claim(string labels = "karpenter.k8s.aws/instance-family=c5,karpenter.sh/capacity-type=spot,node.kubernetes.io/instance-type=c5.large")
    {
        var annotations = new Dictionary<string, string>(DriftDetection.Marks(Class))
        {
            [KarpenterLabels.NodePoolHash] = ObjectHash.OfTemplate(Pool()), [KarpenterLabels.NodePoolHashVersion] = ObjectHash.NodePoolVersion,
        };
        return new NodeClaim
        {
            Metadata = new() { Name = "spark-1", Labels = Build.Map(labels), Annotations = annotations },
            Status = new() { ImageID = ObjectHash.Images(Class)[0] },
        };
    }

    private static string? Reason(NodePool? pool = null, Ec2NodeClass? nodeClass = null, NodeClaim? claim = null) =>
        DriftDetection.Reason(claim ?? Claim(), pool ?? Pool(), nodeClass ?? Class, type => type == "c5.large");

    [Fact]
    public void Nothing_drifts_while_nothing_changes() => Reason().ShouldBeNull();

    [Fact]
    public void A_changed_template_drifts_and_its_lists_are_sets()
    {
        Reason(Pool(s => s with { Taints = [Build.Taint("y"), Build.Taint("x")] })).ShouldBeNull();
        Reason(Pool(s => s with { StartupTaints = [] })).ShouldBeNull("empty is the same as absent");
        Reason(Pool(s => s with { Taints = [Build.Taint("x")] })).ShouldBe("NodePoolDrifted");
        Reason(Pool(s => s with { ExpireAfter = "1h" })).ShouldBe("NodePoolDrifted");
    }

    [Fact]
    public void Disruption_limits_and_weight_drift_nothing()
    {
        var pool = Pool();
        Reason(pool with { Spec = pool.Spec! with { Weight = 7, Limits = Build.Resources("cpu=1"), Disruption = new() { ConsolidateAfter = "1h" } } }).ShouldBeNull();
    }

    [Fact]
    public void Requirements_drift_only_nodes_that_no_longer_meet_them()
    {
        Reason(Pool(requirements: "@family In c5; karpenter.sh/capacity-type In spot")).ShouldBeNull();
        Reason(Pool(requirements: "@family In m5; karpenter.sh/capacity-type In spot")).ShouldBe("RequirementsDrifted");
        Reason(Pool(requirements: "team In a")).ShouldBe("RequirementsDrifted", "the node lacks the label");
    }

    [Fact]
    public void A_type_that_is_no_longer_sold_drifts() => Reason(claim: Claim("karpenter.k8s.aws/instance-family=c5,karpenter.sh/capacity-type=spot,node.kubernetes.io/instance-type=c5.tiny")).ShouldBe("InstanceTypeNotFound");

    [Fact]
    public void What_the_class_declares_drifts_by_what_has_changed()
    {
        Ec2NodeClass With(Func<Ec2NodeClassSpec, Ec2NodeClassSpec> change) => Class with { Spec = change(Class.Spec!) };
        Reason(nodeClass: With(s => s with { InstanceStorePolicy = null })).ShouldBe("NodeClassDrift");
        Reason(nodeClass: With(s => s with { Kubelet = new() { MaxPods = 20 } })).ShouldBe("NodeClassDrift");
        Reason(nodeClass: With(s => s with { Role = "other" })).ShouldBeNull();
        Reason(nodeClass: With(s => s with { AmiSelectorTerms = [new() { Alias = "al2023@v20260801" }] })).ShouldBe("AMIDrift");
        Reason(nodeClass: With(s => s with { SubnetSelectorTerms = [new() { Tags = Build.Map("b=2,a=1") }] })).ShouldBeNull();
        Reason(nodeClass: With(s => s with { SubnetSelectorTerms = [new() { Tags = Build.Map("a=1") }] })).ShouldBe("SubnetDrift");
        Reason(nodeClass: With(s => s with { SecurityGroupSelectorTerms = [new() { Id = "sg-2" }, new() { Id = "sg-1" }] })).ShouldBeNull();
        Reason(nodeClass: With(s => s with { SecurityGroupSelectorTerms = [new() { Id = "sg-3" }] })).ShouldBe("SecurityGroupDrift");
    }

    [Fact]
    public void Fields_that_no_decision_reads_count_too()
    {
        var json = KubeJson.Write(Class);
        json["spec"]!["userData"] = "#!/bin/sh";
        var changed = KubeJson.Read<Ec2NodeClass>(json);
        KubeJson.Write(changed)["spec"]!["userData"]!.GetValue<string>().ShouldBe("#!/bin/sh");
        Reason(nodeClass: changed).ShouldBe("NodeClassDrift");
    }

    [Fact]
    public void Claims_without_marks_or_with_those_of_another_version_are_left_alone()
    {
        var claim = Claim();
        Reason(Pool(s => s with { ExpireAfter = "1h" }), claim: claim with { Metadata = claim.Metadata with { Annotations = null } }).ShouldBeNull();
        var old = new Dictionary<string, string>(claim.Metadata.Annotations!) { [KarpenterLabels.NodePoolHashVersion] = "v2" };
        Reason(Pool(s => s with { ExpireAfter = "1h" }), claim: claim with { Metadata = claim.Metadata with { Annotations = old } }).ShouldBeNull();
    }

    [Fact]
    public void Drifted_nodes_go_one_by_one_empty_ones_first_then_the_longest_drifted()
    {
        static Func<DisruptionCandidate, DisruptionCandidate> Since(int minutes) => c => c with { Drift = "AMIDrift", DriftedSince = World.Noon.AddMinutes(-minutes), LastPodEvent = World.Noon };
        World.Show(DriftReplacement.Decide(new World().Pool().Node("old", "c5.large", "cpu=1", change: Since(30)).Node("empty", "c5.large", change: Since(1)).Now()).Command).ShouldBe("delete empty");
        World.Show(DriftReplacement.Decide(new World().Pool(after: "Never").Node("old", "c5.4xlarge", "cpu=15", change: Since(30)).Node("new", "c5.large", "cpu=1", change: Since(1)).Now()).Command).ShouldStartWith("replace old by on-demand/spot c5.4xlarge");
    }

    [Fact]
    public void Drift_may_cost_more_and_may_need_several_nodes()
    {
        var world = new World().Pool(requirements: "@family In c5; @cpu Lt 9; karpenter.sh/capacity-type In on-demand").Node("a", "c5.4xlarge", "cpu=7;cpu=7", "spot", change: c => c with { Drift = "NodePoolDrifted" });
        DriftReplacement.Decide(world.Now()).Command!.Replacements.Count.ShouldBe(2);
    }

    [Fact]
    public void A_drifted_node_whose_pods_have_no_other_place_stays_and_says_so()
    {
        var outcome = DriftReplacement.Decide(new World().Pool(requirements: "@family In c5; @cpu Lt 5; karpenter.sh/capacity-type In on-demand").Node("a", "c5.4xlarge", "cpu=7", change: c => c with { Drift = "NodePoolDrifted" }).Now());
        outcome.Command.ShouldBeNull();
        outcome.Blocked.ShouldHaveSingleItem().Why.ShouldContain("not all pods would schedule");
    }

    [Fact]
    public void A_pod_that_must_not_be_disturbed_holds_up_drift_unless_draining_has_an_end()
    {
        World Drifted(bool ends) => new World().Pool().Node("a", "c5.large", "cpu=1", change: c => c with { Drift = "AMIDrift", PodBlock = "blocked", HasTerminationGracePeriod = ends });
        DriftReplacement.Decide(Drifted(false).Now()).Command.ShouldBeNull();
        DriftReplacement.Decide(Drifted(true).Now()).Command.ShouldNotBeNull();
    }
}
