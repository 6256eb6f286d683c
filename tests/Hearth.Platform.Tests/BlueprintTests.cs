namespace Hearth.Platform.Tests;

public sealed class BlueprintTests
{
    public static TheoryData<string> Names => [.. PlatformLoader.Blueprints];

    [Fact]
    public void The_default_blueprint_comes_first() =>
        PlatformLoader.Blueprints.ShouldBe([PlatformLoader.DefaultBlueprint, "analytics-platform"]);

    [Theory]
    [MemberData(nameof(Names))]
    public void A_blueprint_printed_and_read_again_is_the_same(string name)
    {
        var platform = PlatformLoader.Load(name);

        var printed = PlatformYaml.ToYaml(platform);

        PlatformYaml.ToYaml(PlatformYaml.Read(printed, name)).ShouldBe(printed);
    }

    [Fact]
    public void Emr_eks_karpenter_has_what_the_public_blueprint_has()
    {
        var platform = PlatformLoader.Load("emr-eks-karpenter");

        platform.NodeGroups.Single().ShouldSatisfyAllConditions(
            g => g.InstanceTypes.ShouldBe(["m5.xlarge"]),
            g => (g.MinSize, g.DesiredSize, g.MaxSize).ShouldBe((3, 3, 9)));
        platform.NodePools.Select(p => (p.Name, Family(p))).ShouldBe(
        [
            ("spark-compute-optimized", "c5d"),
            ("spark-memory-optimized", "r5d"),
            ("spark-graviton-memory-optimized", "r6gd"),
            ("spark-with-ebs", "c5"),
        ]);
        platform.Teams.Select(t => t.Namespace).ShouldBe(["emr-data-team-a", "emr-data-team-b"]);
        platform.StorageClasses.Single(c => c.Default).Name.ShouldBe("gp3");
        platform.Monitoring.WorkspaceAlias.ShouldBe("amp-ws-emr-eks-karpenter");

        static string Family(NodePool pool) => pool.Requirements.Single(r => r.Key == "karpenter.k8s.aws/instance-family").Values.Single();
    }

    [Fact]
    public void Analytics_platform_has_its_groups_in_every_zone()
    {
        var platform = PlatformLoader.Load("analytics-platform");

        platform.NodeGroups.SelectMany(g => g.Expand(platform.Network.Zones)).Count().ShouldBe(1 + (5 * 3));
        platform.Teams.Select(t => t.VirtualCluster).ShouldBe(["batchjob", "emrvcplatform"]);
    }

    [Theory]
    [InlineData("emr-eks-karpentr", "unknown blueprint 'emr-eks-karpentr'; did you mean 'emr-eks-karpenter'?")]
    [InlineData("mine", "unknown blueprint 'mine'")]
    [InlineData("./mine.yaml", "there is no file ./mine.yaml")]
    [InlineData("/", "/ is a directory")]
    public void What_cannot_be_found_says_so_and_names_what_there_is(string name, string message)
    {
        var error = Should.Throw<PlatformException>(() => PlatformLoader.Load(name));

        error.Faults.Single().Message.ShouldBe(message);
        error.Hint.ShouldNotBeNull();
    }

    [Fact]
    public void A_file_is_read_by_its_path()
    {
        var path = Path.Combine(Path.GetTempPath(), $"hearth-{Guid.NewGuid():n}.yaml");
        File.WriteAllText(path, PlatformLoader.BlueprintText("analytics-platform"));
        try
        {
            PlatformLoader.Load(path).Name.ShouldBe("data-platform");
        }
        finally
        {
            File.Delete(path);
        }
    }
}
