using System.Text.Json.Nodes;
using Hearth.Delivery.Plan;
using Hearth.Platform;

namespace Hearth.Delivery.Tests;

public sealed class PlanTests
{
    [Fact]
    public void A_template_against_itself_changes_nothing() => TemplateDiff.Of(Template("""{"A":{"Type":"T","Properties":{"x":1}}}"""), Template("""{"A":{"Type":"T","Properties":{"x":1}}}""")).ShouldBeEmpty();

    [Fact]
    public void Changes_name_the_resource_and_its_properties()
    {
        var changes = TemplateDiff.Of(
            Template("""{"Keep":{"Type":"T"},"Goes":{"Type":"G"},"Turns":{"Type":"T","Properties":{"a":1,"b":2,"c":3}}}"""),
            Template("""{"Keep":{"Type":"T","Metadata":{"m":1}},"Comes":{"Type":"C"},"Turns":{"Type":"T","Properties":{"a":1,"b":3,"d":4}}}"""));

        changes.Select(c => $"{c.Kind} {c.Type} {c.Id} {string.Join(',', c.Properties)}").ShouldBe(["Add C Comes ", "Remove G Goes ", "Change T Turns b,c,d"]);
    }

    [Fact]
    public void A_stack_that_is_not_there_is_all_new() => TemplateDiff.Of(null, Template("""{"A":{"Type":"T"},"B":{"Type":"T"}}""")).ShouldAllBe(c => c.Kind == ChangeKind.Add);

    [Fact]
    public void A_plan_reads_as_a_tree_with_totals()
    {
        StackPlan[] stacks =
        [
            new("p-network", true, []),
            new("p-cluster", true, [new(ChangeKind.Change, "Eks", "AWS::EKS::Cluster", ["Version"]), new(ChangeKind.Remove, "Old", "AWS::IAM::Role", [])]),
            new("p-teams", false, [.. Enumerable.Range(0, 6).Select(i => new ResourceChange(ChangeKind.Add, $"R{i}", "AWS::IAM::Role", []))]),
        ];

        string.Join('\n', PlanText.Lines(stacks, new CostEstimate([new CostItem("NAT gateway", 2, 32.85m)], ["an assumption"]))).ShouldBe(
            """
              p-network  no change
            ~ p-cluster
                ~ AWS::EKS::Cluster Eks: Version
                - AWS::IAM::Role x1: Old
            + p-teams
                + AWS::IAM::Role x6: R0, R1, R2, R3 and 2 more

            6 to add, 1 to change, 1 to remove.

            Base cost, before any job runs: 65.70 USD a month
                  65.70  2 x NAT gateway
              an assumption
            """.ReplaceLineEndings("\n"));
    }

    [Fact]
    public void The_base_cost_is_what_is_there_all_the_time()
    {
        var cost = CostEstimate.Of(PlatformLoader.Load("emr-eks-karpenter"), new DateOnly(2026, 7, 28));

        Usd(cost, "EKS control plane").ShouldBe(73.00m);
        Usd(cost, "NAT gateway").ShouldBe(32.85m);
        // Three m5.xlarge at 0.192 USD an hour, and their 100 GiB volumes.
        Usd(cost, "m5.xlarge of core-node-group").ShouldBe(3 * 0.192m * 730);
        Usd(cost, "100Gi root volume of core-node-group").ShouldBe(24.00m);
        cost.Total.ShouldBe(cost.Items.Sum(i => i.Usd ?? 0));
        cost.Items.ShouldNotContain(i => i.What.Contains("Lustre", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_price_names_its_source_and_is_more_than_nothing()
    {
        var file = JsonNode.Parse(typeof(CostEstimate).Assembly.GetManifestResourceStream("service-prices.json")!)!;

        file["prices"]!.AsObject().ShouldAllBe(p => p.Value!["usd"]!.GetValue<decimal>() > 0 && p.Value["source"]!.GetValue<string>().EndsWith("pricing", StringComparison.Ordinal));
        file["prices"]!.AsObject().ShouldAllBe(p => new[] { "hour", "month", "GiB-month" }.Contains(p.Value!["per"]!.GetValue<string>()));
        file["regions"]!.AsObject().ShouldAllBe(r => r.Value!.GetValue<decimal>() >= 1);
        Should.Throw<InvalidOperationException>(() => ServicePrices.For("us-east-1").Month("unheard-of")).Message.ShouldBe("service-prices.json has no price of unheard-of");
    }

    [Theory]
    [InlineData("us-west-2", 32.85, "us-west-2 has the same")]
    [InlineData("eu-central-1", 38.106, "for eu-central-1 times 1.16, which is the factor of NAT gateways there")]
    [InlineData("mars-north-1", 32.85, "No factor is packaged for mars-north-1")]
    public void A_regions_factor_is_said_and_used(string region, double gateway, string said)
    {
        var prices = ServicePrices.For(region);

        prices.Month("nat-gateway").ShouldBe((decimal)gateway);
        prices.Month("eks-cluster").ShouldBe(73.00m);
        prices.Assumptions.Single().ShouldStartWith("Prices of services other than EC2: list prices of us-east-1 as of 2026; ");
        prices.Assumptions.Single().ShouldContain(said);
    }

    [Fact]
    public void What_has_no_price_is_in_the_list_and_the_total_is_a_least()
    {
        var platform = PlatformLoader.Load("emr-eks-karpenter");
        var cost = CostEstimate.Of(platform with { NodeGroups = [platform.NodeGroups[0] with { InstanceTypes = ["zz9.huge"] }] }, new DateOnly(2026, 7, 28));

        cost.IsComplete.ShouldBeFalse();
        cost.Summary.ShouldStartWith("at least ");
        cost.Lines().ShouldContain("          ?  3 x zz9.huge of core-node-group");
        cost.Assumptions.ShouldContain(a => a.StartsWith("What has no price here", StringComparison.Ordinal));
        CostEstimate.Of(platform, new DateOnly(2026, 7, 28)).Summary.ShouldStartWith("about ");
    }

    [Fact]
    public void Node_groups_that_start_empty_cost_nothing() =>
        CostEstimate.Of(PlatformLoader.Load("analytics-platform"), new DateOnly(2026, 7, 28)).Items.ShouldNotContain(i => i.What.Contains("critical", StringComparison.Ordinal));

    [Fact]
    public void A_Kubernetes_version_past_standard_support_costs_more() =>
        Usd(CostEstimate.Of(PlatformLoader.Load("emr-eks-karpenter"), new DateOnly(2026, 7, 29)), "EKS control plane, Kubernetes 1.33 in extended support").ShouldBe(438.00m);

    private static decimal Usd(CostEstimate cost, string what) => cost.Items.Single(i => i.What == what).Usd ?? throw new InvalidOperationException($"no price of {what}");

    private static JsonObject Template(string resources) => new() { ["Resources"] = JsonNode.Parse(resources) };
}
