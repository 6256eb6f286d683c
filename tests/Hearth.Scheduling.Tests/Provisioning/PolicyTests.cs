using Hearth.Kube.Core;
using Hearth.Scheduling.Fit;
using Hearth.Scheduling.Karpenter;
using Hearth.Scheduling.Provisioning;

namespace Hearth.Scheduling.Tests.Provisioning;

/// <summary>Karpenter's options PREFERENCE_POLICY and MIN_VALUES_POLICY, and daemons that only some types run.</summary>
public sealed class PolicyTests
{
    private static readonly SolvePolicy Ignore = SolvePolicy.Parse("Ignore", null);
    private static readonly SolvePolicy BestEffort = SolvePolicy.Parse(null, "BestEffort");

    private static ProvisioningPlan Plan(PoolState pool, SolvePolicy policy, params PodInfo[] pods) => ProvisioningPlanner.Plan(new ProvisioningRequest { Pods = pods, Pools = [pool], Policy = policy });

    private static PoolState Families(int least) => Build.State(Least(Build.Pool("p", "node.kubernetes.io/instance-type In m5.large,m5.xlarge,c5.large; karpenter.sh/capacity-type In on-demand"), least));

    private static NodePool Least(NodePool pool, int least) => pool with
    {
        Spec = pool.Spec! with { Template = pool.Spec.Template! with { Spec = pool.Spec.Template.Spec! with { Requirements = [.. pool.Spec.Template.Spec.Requirements!.Select((r, i) => i == 0 ? r with { MinValues = least } : r)] } } },
    };

    [Fact]
    public void Wishes_count_as_demands_until_they_are_given_up_and_not_at_all_when_they_are_ignored()
    {
        var pool = Build.State(Build.Pool("p", "@family In m5; karpenter.sh/capacity-type In on-demand"));
        PodInfo[] pods = [.. Enumerable.Range(0, 3).Select(i => Build.Info($"w{i}", "cpu=100m", labels: "app=x", affinity: Rules.Apart(Rules.Host, "app=x", required: false), spread: [Rules.Spread(Rules.Zone, "app=x", required: false)]))];
        Plan(pool, SolvePolicy.Default, pods).Claims.Count.ShouldBe(3);
        Plan(pool, Ignore, pods).Claims.Count.ShouldBe(1);
    }

    [Fact]
    public void Demands_are_kept_when_wishes_are_ignored()
    {
        var pool = Build.State(Build.Pool("p", "@family In m5; karpenter.sh/capacity-type In on-demand"));
        PodInfo[] pods = [.. Enumerable.Range(0, 3).Select(i => Build.Info($"w{i}", "cpu=100m", labels: "app=x", affinity: Rules.Apart(Rules.Host, "app=x")))];
        Plan(pool, Ignore, pods).Claims.Count.ShouldBe(3);
    }

    [Fact]
    public void Too_few_values_launch_nothing_or_with_the_best_effort_what_there_is_and_the_claim_says_so()
    {
        Plan(Families(3), SolvePolicy.Default, Build.Info("small", "cpu=1")).Claims.Single().Types.Count.ShouldBe(3);
        var pod = Build.Info("large", "cpu=3");
        Plan(Families(2), SolvePolicy.Default, pod).Unplaced.ShouldHaveSingleItem().Message.ShouldContain("minValues requirement is not met for label node.kubernetes.io/instance-type");

        var claim = Plan(Families(2), BestEffort, pod).Claims.ShouldHaveSingleItem();
        (claim.MinValuesRelaxed, claim.Types.Single().Type.Name).ShouldBe((true, "m5.xlarge"));
        NodeClaimBuilder.Build(claim).Metadata.Annotations!["karpenter.sh/nodeclaim-min-values-relaxed"].ShouldBe("true");
        NodeClaimBuilder.Build(Plan(Families(2), BestEffort, Build.Info("small", "cpu=1")).Claims.Single()).Metadata.Annotations!["karpenter.sh/nodeclaim-min-values-relaxed"].ShouldBe("false");
    }

    [Fact]
    public void A_claim_that_is_open_takes_no_pod_that_would_leave_it_fewer_values()
    {
        var plan = Plan(Families(3), BestEffort, Build.Info("a", "cpu=1"), Build.Info("b", "cpu=1"));
        plan.Claims.Count.ShouldBe(2, "both together fit on one type only");
        plan.Claims.ShouldAllBe(c => !c.MinValuesRelaxed);
    }

    [Fact]
    public void A_list_that_is_cut_to_what_may_be_asked_for_must_still_have_the_values()
    {
        var many = Build.State(Least(Build.Pool("p", "node.kubernetes.io/instance-type Exists; karpenter.sh/capacity-type In on-demand"), 61));
        Plan(many, SolvePolicy.Default, Build.Info("w", "cpu=1")).Unplaced.ShouldHaveSingleItem().Message.ShouldContain("with 60 instance types");
        var requirement = NodeClaimBuilder.Build(Plan(Families(3), SolvePolicy.Default, Build.Info("w", "cpu=1")).Claims.Single()).Spec!.Requirements!.Single(r => r.Key == "node.kubernetes.io/instance-type");
        (requirement.Operator, requirement.Values!.Count, requirement.MinValues).ShouldBe(("In", 3, 3), "the cloud must know it, too");
        Plan(many, BestEffort, Build.Info("w", "cpu=1")).Claims.Single().Types.Count.ShouldBe(60);
    }

    [Fact]
    public void Other_words_are_refused() => Should.Throw<FormatException>(() => SolvePolicy.Parse("Sometimes", null)).Message.ShouldBe("PREFERENCE_POLICY is Respect or Ignore, not 'Sometimes'");

    [Fact]
    public void A_daemon_loads_only_the_types_that_it_runs_on_and_a_claim_asks_for_what_all_of_its_types_bear()
    {
        var pool = Build.State(Build.Pool("p", "node.kubernetes.io/instance-type In m5.large,m6g.large; karpenter.sh/capacity-type In on-demand"));
        var plan = ProvisioningPlanner.Plan(new ProvisioningRequest
        {
            Pods = [Build.Info("w", "cpu=1500m")], Pools = [pool], Daemons = [Build.Info("every", "cpu=100m"), Build.Info("arm", "cpu=1", "kubernetes.io/arch=arm64")],
        });
        plan.Claims.Single().Types.Select(t => t.Type.Name).ShouldBe(["m5.large"]);
        plan.Claims.Single().Requests.MilliCpu.ShouldBe(1600);
        ProvisioningPlanner.Plan(new ProvisioningRequest { Pods = [Build.Info("w", "cpu=100m")], Pools = [pool], Daemons = [Build.Info("arm", "cpu=1", "kubernetes.io/arch=arm64")] })
            .Claims.Single().Requests.MilliCpu.ShouldBe(100, "one of its types has no daemon");
    }
}
