using Hearth.Kube.Core;
using Hearth.Scheduling.Disruption;

namespace Hearth.Scheduling.Tests.Disruption;

public sealed class PodBlockTests
{
    private static Pod Pod(string? wish = null, string labels = "app=web", int priority = 0, string? deletionCost = null)
    {
        var pod = Build.Pod("p", labels: labels, priority: priority);
        var annotations = new Dictionary<string, string>(StringComparer.Ordinal);
        if (wish is not null)
        {
            annotations["karpenter.sh/do-not-disrupt"] = wish;
        }

        if (deletionCost is not null)
        {
            annotations["controller.kubernetes.io/pod-deletion-cost"] = deletionCost;
        }

        return pod with { Metadata = pod.Metadata with { Annotations = annotations }, Status = new() { StartTime = World.Noon.AddMinutes(-30) } };
    }

    private static PodDisruptionBudget Budget(string name, int allowed, string ns = "ns") => new()
    {
        Metadata = new() { Name = name, Namespace = ns }, Spec = new() { Selector = new() { MatchLabels = Build.Map("app=web") } }, Status = new() { DisruptionsAllowed = allowed },
    };

    private static string? Block(Pod pod, params PodDisruptionBudget[] budgets) => new PodBlocks(budgets, World.Noon).First([pod]);

    [Theory]
    [InlineData(null, false)]
    [InlineData("true", true)]
    [InlineData("false", false)]
    [InlineData("1h", true)]
    [InlineData("30m", false)]
    [InlineData("29m", false)]
    [InlineData("soon", false)]
    public void A_pod_may_forbid_it_for_good_or_for_a_time_from_its_start(string? wish, bool blocks) => (Block(Pod(wish)) is not null).ShouldBe(blocks);

    [Fact]
    public void A_budget_with_nothing_left_forbids_it() => Block(Pod(), Budget("web", 0)).ShouldBe("PDB prevents pod evictions (PDB=ns/web)");

    [Fact]
    public void A_budget_with_something_left_or_for_others_does_not()
    {
        Block(Pod(), Budget("web", 1)).ShouldBeNull();
        Block(Pod(), Budget("web", 0, "elsewhere")).ShouldBeNull();
        Block(Pod(labels: "app=db"), Budget("web", 0)).ShouldBeNull();
    }

    [Fact]
    public void Two_budgets_for_one_pod_forbid_it() => Block(Pod(), Budget("a", 5), Budget("b", 5)).ShouldBe("Eviction does not support multiple PDBs (PDBs=ns/a,ns/b)");

    [Theory]
    [InlineData(0, null, 1)]
    [InlineData(1 << 25, null, 2)]
    [InlineData(0, "134217728", 2)]
    [InlineData(0, "-2147483648", -10)]
    [InlineData(2000001000, null, 10)]
    [InlineData(0, "much", 1)]
    public void Moving_a_pod_costs_more_with_its_priority_and_deletion_cost(int priority, string? deletion, double cost) =>
        EvictionCost.Of(Pod(priority: priority, deletionCost: deletion)).ShouldBe(cost, 0.01);

    [Fact]
    public void A_pod_that_is_glad_to_go_does_not_make_up_for_another() => EvictionCost.OfNode([Pod(deletionCost: "-2147483648"), Pod()]).ShouldBe(2);
}
