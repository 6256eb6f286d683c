using FsCheck;
using FsCheck.Fluent;
using Hearth.Delivery.Install;
using Hearth.Delivery.Teardown;
using Hearth.Platform;

namespace Hearth.Delivery.Tests;

public sealed class OrderTests
{
    private static readonly string[] Stacks = ["emr-eks-karpenter-network", "emr-eks-karpenter-cluster", "emr-eks-karpenter-storage", "emr-eks-karpenter-monitoring", "emr-eks-karpenter-teams"];
    private static readonly string[] AnalyticsStacks = ["data-platform-network", "data-platform-cluster", "data-platform-storage", "data-platform-teams", "data-platform-studio"];

    private static PlatformDeclaration Karpenter => PlatformLoader.Load("emr-eks-karpenter");

    [Fact]
    public void The_blueprint_is_installed_in_this_order() =>
        InstallPlan.Of(Karpenter, Stacks).Select(s => s.Id).ShouldBe(
        [
            "action:service-linked-role",
            "stack:emr-eks-karpenter-network", "stack:emr-eks-karpenter-cluster", "stack:emr-eks-karpenter-storage", "stack:emr-eks-karpenter-monitoring",
            "action:kubeconfig",
            "manifest:10-namespaces.yaml", "manifest:20-rbac.yaml", "manifest:30-storage-classes.yaml", "manifest:40-priority-classes.yaml",
            "action:grafana-secret",
            "chart:karpenter", "chart:kube-prometheus-stack", "chart:aws-for-fluent-bit",
            "manifest:60-node-pools.yaml", "manifest:80-monitors.yaml",
            "stack:emr-eks-karpenter-teams",
            "action:verify",
        ]);

    [Fact]
    public void Virtual_clusters_come_after_everything_in_the_cluster()
    {
        var steps = InstallPlan.Of(PlatformLoader.Load("analytics-platform"), AnalyticsStacks).ToList();

        steps.FindIndex(s => s.Id == "stack:data-platform-teams").ShouldBeGreaterThan(steps.FindLastIndex(s => s.Kind is StepKind.Chart or StepKind.Manifest));
        steps.FindIndex(s => s.Id == "stack:data-platform-studio").ShouldBe(steps.FindIndex(s => s.Id == "stack:data-platform-teams") + 1);
        steps.FindIndex(s => s.Id == "chart:aws-load-balancer-controller").ShouldBeGreaterThan(steps.FindIndex(s => s.Id == "chart:cert-manager"));
    }

    [Fact]
    public void Without_charts_everything_else_is_made_in_the_same_order() =>
        InstallPlan.Of(Karpenter, Stacks, charts: false).Select(s => s.Id).ShouldBe(
            InstallPlan.Of(Karpenter, Stacks).Select(s => s.Id).Where(id => !id.StartsWith("chart:", StringComparison.Ordinal) && id is not ("manifest:60-node-pools.yaml" or "manifest:80-monitors.yaml")));

    [Fact]
    public void Without_charts_the_Studio_waits_for_its_load_balancers_controller() =>
        InstallPlan.Of(PlatformLoader.Load("analytics-platform"), AnalyticsStacks, charts: false).Select(s => s.Id).ShouldNotContain("stack:data-platform-studio");

    [Fact]
    public void The_blueprint_goes_in_this_order() =>
        TeardownPlan.Of(Karpenter, Stacks).Select(s => s.Id).ShouldBe(
        [
            "action:cancel-jobs", "action:delete-endpoints",
            "stack:emr-eks-karpenter-teams",
            "action:kubeconfig", "action:delete-load-balancers", "action:delete-team-volumes", "action:delete-node-pools",
            "chart:aws-for-fluent-bit", "chart:kube-prometheus-stack", "chart:karpenter", "action:delete-volumes",
            "stack:emr-eks-karpenter-monitoring", "stack:emr-eks-karpenter-storage", "stack:emr-eks-karpenter-cluster", "stack:emr-eks-karpenter-network",
            "action:leftovers",
        ]);

    [Fact]
    public void What_is_gone_needs_no_step() =>
        TeardownPlan.Of(Karpenter, ["emr-eks-karpenter-network"]).Select(s => s.Id).ShouldBe(["stack:emr-eks-karpenter-network", "action:leftovers"]);

    [Fact]
    public void No_step_comes_before_one_that_it_needs() => Prop.ForAll(Gen.Choose(0, 12).SelectMany(n => Graph(n)).ToArbitrary(), steps =>
    {
        var ordered = StepOrder.Of(steps).Select(s => s.Id).ToList();
        return ordered.Count == steps.Length && steps.All(s => s.After.All(a => ordered.IndexOf(a) < ordered.IndexOf(s.Id)));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Steps_that_wait_for_each_other_are_named() =>
        Should.Throw<InvalidOperationException>(() => StepOrder.Of([Step.Action("a", "", "action:b"), Step.Action("b", "", "action:a")])).Message.ShouldBe("steps wait for each other: action:a, action:b");

    [Fact]
    public void A_step_that_is_not_there_is_named() =>
        Should.Throw<InvalidOperationException>(() => StepOrder.Of([Step.Action("a", "", "action:x")])).Message.ShouldContain("action:x");

    /// <summary>Steps in any order, each after some of a hidden one.</summary>
    private static Gen<Step[]> Graph(int n) =>
        from edges in Gen.ArrayOf(Gen.Choose(0, 3), n * n)
        from order in Gen.Shuffle(Enumerable.Range(0, n).ToArray())
        select order.Select(i => Step.Action($"{i}", "", [.. Enumerable.Range(0, i).Where(j => edges[(i * n) + j] == 0).Select(j => $"action:{j}")])).ToArray();
}
