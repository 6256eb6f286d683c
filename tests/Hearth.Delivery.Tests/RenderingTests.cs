using Hearth.Delivery.Charts;
using Hearth.Delivery.Manifests;
using Hearth.Platform;

namespace Hearth.Delivery.Tests;

public sealed class RenderingTests
{
    private static PlatformDeclaration Karpenter => PlatformLoader.Load("emr-eks-karpenter");

    [Fact]
    public void A_blueprint_is_a_folder_of_numbered_files() =>
        Paths(Karpenter).ShouldBe(
        [
            "10-namespaces.yaml", "20-rbac.yaml", "30-storage-classes.yaml", "40-priority-classes.yaml", "60-node-pools.yaml",
            "charts.yaml", "values/karpenter.yaml", "values/kube-prometheus-stack.yaml", "values/aws-for-fluent-bit.yaml",
        ]);

    [Fact]
    public void Every_add_on_that_a_chart_installs_has_one() =>
        AddonCatalog.All.Where(a => a.Source == "helm").Select(a => a.Name).ShouldBe(ChartCatalog.All.Select(c => c.Addon), ignoreOrder: true);

    [Fact]
    public void Charts_are_pinned_in_one_file()
    {
        Text(Karpenter, "charts.yaml").ShouldContain("1.2.1");
        ChartCatalog.All.ShouldAllBe(c => c.Version(Karpenter).Length > 0);
    }

    [Fact]
    public void A_switched_off_add_on_leaves_nothing_behind() =>
        Paths(With("karpenter", enabled: false)).ShouldNotContain(p => p.Contains("karpenter", StringComparison.Ordinal) || p.StartsWith("60", StringComparison.Ordinal));

    [Fact]
    public void EMR_gets_real_verbs_in_each_teams_namespace()
    {
        var rbac = Text(Karpenter, "20-rbac.yaml");

        rbac.ShouldContain("name: emr-containers");
        rbac.ShouldContain("namespace: emr-data-team-b");
        foreach (var unreal in (string[])["describe", "edit", "annotate", "label"])
        {
            rbac.Split('\n').ShouldNotContain(l => l.Trim().Trim('-', ' ', '[', ']').Split(", ", StringSplitOptions.None).Contains(unreal));
        }
    }

    [Fact]
    public void YuniKorn_gets_the_declared_queues_as_a_tree()
    {
        var values = Text(With("yunikorn", enabled: true), "values/yunikorn.yaml");

        values.ShouldContain("queues.yaml");
        values.ShouldContain("name: prod");
        values.ShouldContain("memory: 500G");
        values.ShouldContain("binpacking");
    }

    [Fact]
    public void Values_know_the_role_of_each_service_account_without_the_agent()
    {
        Text(With("eks-pod-identity-agent", enabled: false), "values/karpenter.yaml").ShouldContain("eks.amazonaws.com/role-arn: arn:aws:iam::000000000000:role/emr-eks-karpenter-karpenter-controller");
        Text(Karpenter, "values/karpenter.yaml").ShouldNotContain("role-arn");
    }

    [Fact]
    public void What_only_AWS_knows_stays_a_placeholder_until_it_is_given()
    {
        Text(Karpenter, "values/karpenter.yaml").ShouldContain("${ClusterEndpoint}");
        var outputs = StackOutputs.Of(new Dictionary<string, string> { ["ClusterEndpoint"] = "https://eks.example" });
        Rendering.Of(Karpenter, outputs).Single(f => f.Path == "values/karpenter.yaml").Text.ShouldContain("https://eks.example");
    }

    [Fact]
    public void No_password_is_rendered() =>
        Rendering.Of(Karpenter, StackOutputs.None).ShouldAllBe(f => !f.Text.Contains("adminPassword", StringComparison.Ordinal));

    [Fact]
    public void Fluent_Bit_reads_the_logs_of_every_team() =>
        Text(Karpenter, "values/aws-for-fluent-bit.yaml").ShouldContain("/var/log/containers/*_emr-data-team-a_*.log,/var/log/containers/*_emr-data-team-b_*.log");

    [Fact]
    public void Rendering_is_the_same_every_time() => Rendering.Of(Karpenter, StackOutputs.None).ShouldBe(Rendering.Of(Karpenter, StackOutputs.None));

    private static PlatformDeclaration With(string addon, bool enabled) =>
        Karpenter with { Addons = new Dictionary<string, AddonSwitch>(Karpenter.Addons) { [addon] = new AddonSwitch { Enabled = enabled } } };

    private static IEnumerable<string> Paths(PlatformDeclaration platform) => Rendering.Of(platform, StackOutputs.None).Select(f => f.Path);

    private static string Text(PlatformDeclaration platform, string path) => Rendering.Of(platform, StackOutputs.None).Single(f => f.Path == path).Text;
}
