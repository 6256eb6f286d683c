using Hearth.Cli.Commands.Plan;
using Hearth.Kube.Core;
using Hearth.Kube.Objects;
using Hearth.Kube.Quantities;
using Hearth.Platform;
using Hearth.Scheduling.YuniKorn.Gangs;

namespace Hearth.Cli.Tests.Plan;

/// <summary>What else a job could ask for: in which order, for how much, and why not.</summary>
public sealed class PlanOfferTests
{
    private static readonly PlanTarget Target = PlanTarget.Of(PlatformLoader.Load(PlatformLoader.DefaultBlueprint), withDaemons: false);

    private static Pod Pod(string name, string cpu, string memory, string? selector) => new()
    {
        Metadata = new ObjectMeta { Name = name, Namespace = "ns", Uid = name },
        Spec = new PodSpec
        {
            NodeSelector = selector is null ? null : new Dictionary<string, string> { [selector.Split('=')[0]] = selector.Split('=')[1] },
            Containers = [new Container { Name = "c", Resources = new ResourceRequirements { Requests = new Dictionary<string, Quantity> { ["cpu"] = Quantity.Parse(cpu), ["memory"] = Quantity.Parse(memory) } } }],
        },
    };

    private static IReadOnlyList<PlanOffer> Offers(string cpu, string memory, string? selector = null, int executors = 4) => PlanOffers.Of(Job(cpu, memory, selector, executors), Target);

    private static PlanJob Job(string cpu, string memory, string? selector, int executors) =>
        new("job", Pod("driver", "1", "2Gi", selector), Pod("executor", cpu, memory, selector), executors, [], PolicyParameters.Parse(null));

    [Fact]
    public void A_pool_that_does_not_take_the_job_says_so_itself_whatever_others_say()
    {
        var offers = Offers("4", "100Gi", "NodeGroupType=SparkMemoryOptimized");
        var compute = offers.Single(o => o.Name == "pool spark-compute-optimized");
        (compute.Fits, compute.Refusal).ShouldBe((false, "executor-1: no instance type has enough resources"));
    }

    [Fact]
    public void What_no_pool_takes_names_each_criterion_with_its_pools()
    {
        var refusal = Offers("4", "8Gi", "team=nobody")[0].Refusal.ShouldNotBeNull();
        refusal.ShouldStartWith("driver: label \"team\" does not have known values (");
        refusal.ShouldContain("spark-compute-optimized");
        refusal.Split("does not have known values").Length.ShouldBe(2, "one criterion is said once");
    }

    [Fact]
    public void What_happens_comes_first_then_what_costs_least_and_last_what_does_not_fit()
    {
        var offers = Offers("4", "30Gi", "NodeGroupType=SparkMemoryOptimized");
        offers[0].Chosen.ShouldBeTrue();
        var rest = offers.Skip(1).ToArray();
        rest.TakeWhile(o => o.Fits).Select(o => o.Plan.PricePerHour).ShouldBeInOrder();
        rest.SkipWhile(o => o.Fits).ShouldAllBe(o => !o.Fits);
    }

    [Fact]
    public void Places_on_nodes_that_are_there_add_nothing_to_the_bill_and_are_worth_their_share()
    {
        var offers = Offers("500m", "1Gi");
        offers[0].Plan.Launches.ShouldBeEmpty("the node group has room for it");
        offers[0].Plan.PricePerHour.ShouldBe(0);
        offers[0].Plan.UsedPerHour.ShouldBeGreaterThan(0);
        offers[0].Plan.UsedPerHour.ShouldBeLessThan(offers[0].Plan.PresentInUse.Sum(n => n.PricePerHour));

        var report = new PlanReport(Job("500m", "1Gi", null, 4), Target, offers, null, TimeSpan.FromHours(1));
        report.Listing().Columns.ShouldContain("$/H WITH SHARES");
        report.Notes().ShouldContain(n => n.StartsWith("Price: the bill grows by 0.0000 $/h;", StringComparison.Ordinal) && n.Contains("m5.xlarge"));
        new PlanReport(Job("4", "30Gi", "NodeGroupType=SparkMemoryOptimized", 4), Target, Offers("4", "30Gi", "NodeGroupType=SparkMemoryOptimized"), null, TimeSpan.FromHours(1))
            .Listing().Columns.ShouldNotContain("$/H WITH SHARES", "a column that repeats the price is none");
    }
}
