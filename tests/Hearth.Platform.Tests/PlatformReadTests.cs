namespace Hearth.Platform.Tests;

public sealed class PlatformReadTests
{
    private const string Head = "apiVersion: hearth.dev/v1\nkind: Platform\nmetadata: {name: p}\n";

    [Fact]
    public void What_is_left_out_has_its_default_and_names_are_derived()
    {
        var platform = PlatformYaml.Read(Head + "spec: {teams: [{name: data-team-a}]}", "f");

        platform.Region.ShouldBe("us-west-2");
        platform.Network.Zones.ShouldBe(["us-west-2a", "us-west-2b"]);
        platform.Monitoring.WorkspaceAlias.ShouldBe("amp-ws-p");
        var team = platform.Teams.Single();
        team.Namespace.ShouldBe("emr-data-team-a");
        team.VirtualCluster.ShouldBe("p-emr-data-team-a");
        team.ExecutionRole.Name.ShouldBe("p-emr-data-team-a");
        team.Bucket.ShouldBe("emr-data-team-a-000000000000-us-west-2");
        team.LogGroup.ShouldBe("/emr-on-eks-logs/p/emr-data-team-a");
    }

    [Fact]
    public void A_document_without_a_spec_is_a_platform_of_defaults()
    {
        var platform = PlatformYaml.Read(Head, "f");

        platform.NodePools.ShouldBeEmpty();
        platform.IsEnabled("karpenter").ShouldBeTrue();
        platform.IsEnabled("yunikorn").ShouldBeFalse();
    }

    [Theory]
    [InlineData("accountId: 012345678901", "012345678901")]
    [InlineData("accountId: \"012345678901\"", "012345678901")]
    public void Text_is_taken_as_it_is_written(string line, string account) =>
        PlatformYaml.Read($"{Head}spec:\n  {line}\n", "f").AccountId.ShouldBe(account);

    [Fact]
    public void An_unquoted_version_keeps_its_last_zero() =>
        PlatformYaml.Read(Head + "spec: {kubernetesVersion: 1.30}", "f").KubernetesVersion.ShouldBe("1.30");

    [Fact]
    public void An_object_given_in_part_keeps_the_defaults_of_the_rest()
    {
        var pool = PlatformYaml.Read(Head + "spec: {nodePools: [{name: a, disruption: {consolidateAfter: 30s}}]}", "f").NodePools.Single();

        pool.Disruption.ConsolidateAfter.ShouldBe("30s");
        pool.Disruption.ExpireAfter.ShouldBe("720h");
        pool.Disruption.Budgets.Single().Nodes.ShouldBe("10%");
    }

    [Fact]
    public void An_empty_list_replaces_the_default_list()
    {
        var platform = PlatformYaml.Read(Head + "spec: {nodePools: [{name: a, disruption: {budgets: []}}]}", "f");

        platform.NodePools.Single().Disruption.Budgets.ShouldBeEmpty();
        PlatformYaml.Read(PlatformYaml.ToYaml(platform), "g").NodePools.Single().Disruption.Budgets.ShouldBeEmpty();
    }

    [Fact]
    public void Anchors_save_writing()
    {
        var platform = PlatformYaml.Read(Head + "spec:\n  nodePools:\n    - {name: a, labels: &l {x: y}}\n    - {name: b, labels: *l}\n", "f");

        platform.NodePools[1].Labels["x"].ShouldBe("y");
    }

    [Fact]
    public void A_node_group_a_zone_is_expanded_with_its_zone()
    {
        var group = new NodeGroup { Name = "critical", InstanceTypes = ["m6gd.8xlarge"], PerZone = true };

        var groups = group.Expand(["us-west-2a", "us-west-2b"]).ToArray();

        groups.Select(g => g.Name).ShouldBe(["critical-0", "critical-1"]);
        groups.Select(g => g.Zones.Single()).ShouldBe(["us-west-2a", "us-west-2b"]);
        groups.ShouldAllBe(g => !g.PerZone);
    }

    [Fact]
    public void A_node_group_over_all_zones_stays_one() =>
        new NodeGroup { Name = "core" }.Expand(["us-west-2a", "us-west-2b"]).Single().Zones.Count.ShouldBe(2);
}
