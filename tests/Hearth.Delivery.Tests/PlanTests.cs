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
        cost.Total.ShouldBe(cost.Items.Sum(i => i.Usd));
        cost.Items.ShouldNotContain(i => i.What.Contains("Lustre", StringComparison.Ordinal));
    }

    [Fact]
    public void Node_groups_that_start_empty_cost_nothing() =>
        CostEstimate.Of(PlatformLoader.Load("analytics-platform"), new DateOnly(2026, 7, 28)).Items.ShouldNotContain(i => i.What.Contains("critical", StringComparison.Ordinal));

    [Fact]
    public void A_Kubernetes_version_past_standard_support_costs_more() =>
        Usd(CostEstimate.Of(PlatformLoader.Load("emr-eks-karpenter"), new DateOnly(2026, 7, 29)), "EKS control plane, Kubernetes 1.33 in extended support").ShouldBe(438.00m);

    private static decimal Usd(CostEstimate cost, string what) => cost.Items.Single(i => i.What == what).Usd;

    private static JsonObject Template(string resources) => new() { ["Resources"] = JsonNode.Parse(resources) };
}
