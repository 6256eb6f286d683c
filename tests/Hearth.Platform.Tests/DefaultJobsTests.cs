using Hearth.Platform.Jobs;

namespace Hearth.Platform.Tests;

public sealed class DefaultJobsTests
{
    [Fact]
    public void Configurations_are_there_for_the_kinds_of_nodes_that_are_declared()
    {
        DefaultJobs.Of(PlatformLoader.Load("analytics-platform")).ShouldBe(["critical", "notebook", "shared"]);
        DefaultJobs.Of(PlatformLoader.Load("emr-eks-karpenter")).ShouldBeEmpty();
        DefaultJobs.Of(new PlatformDeclaration { NodePools = [new NodePool { Labels = new Dictionary<string, string> { ["role"] = "shared" } }] }).ShouldBe(["shared"]);
    }

    [Fact]
    public void Every_pod_template_fits_the_nodes_of_its_configuration()
    {
        var groups = PlatformLoader.Load("analytics-platform").NodeGroups;
        foreach (var name in PodTemplates.Names)
        {
            var pod = PodTemplates.Text(name);
            var role = name.Split('-')[0];
            groups.ShouldContain(g => g.Labels["role"] == role && g.Labels.All(l => pod.Contains($"{l.Key}: {l.Value}", StringComparison.Ordinal)), name);
            groups.Where(g => g.Labels["role"] == role && g.Labels.All(l => pod.Contains($"{l.Key}: {l.Value}", StringComparison.Ordinal)))
                .SelectMany(g => g.Taints).ShouldAllBe(t => pod.Contains($"key: {t.Key}, operator: Equal, value: {t.Value}, effect: {t.Effect}", StringComparison.Ordinal), name);
        }
    }

    [Fact]
    public void A_configuration_is_a_valid_request()
    {
        var request = DefaultJobs.Embedded(PlatformLoader.Load("analytics-platform")).Critical.ToRequest();

        var defaults = request["applicationConfiguration"]![0]!;
        defaults["classification"]!.GetValue<string>().ShouldBe("spark-defaults");
        defaults["properties"]!["spark.kubernetes.driver.podTemplateFile"]!.GetValue<string>()
            .ShouldBe("s3://data-platform-emr-eks-assets-000000000000-us-west-2/data-platform/pod-template/critical-driver.yaml");
        request["monitoringConfiguration"]!["cloudWatchMonitoringConfiguration"]!["logGroupName"]!.GetValue<string>().ShouldBe("/aws/emr-containers/data-platform/critical");
    }

    [Fact]
    public void What_EMR_would_refuse_is_named_by_its_path()
    {
        var settings = new SparkSettings { SparkDefaults = Enumerable.Range(0, 101).ToDictionary(i => $"spark.x{i}", _ => "1"), LogUri = "bucket/logs" };

        settings.Faults("Settings").Select(f => f.ToString()).ShouldBe(
            ["Settings.SparkDefaults: 101 properties; EMR takes at most 100 in one classification", "Settings.LogUri: 'bucket/logs' does not begin with s3://"]);
    }

    [Fact]
    public void Buckets_have_names_that_S3_takes() =>
        DefaultJobs.AssetBucket(new PlatformDeclaration { Name = new string('p', 60), AccountId = "123456789012", Region = "ap-southeast-1" }).Length.ShouldBe(63);

    [Theory]
    [InlineData("p-teams", true)]
    [InlineData("p-teams-2", true)]
    [InlineData("p-teams-x", false)]
    [InlineData("p-teamsters", false)]
    [InlineData("p-network", false)]
    public void Stacks_of_teams_are_told_by_their_names(string stack, bool teams) => StackNames.IsTeams(new PlatformDeclaration { Name = "p" }, stack).ShouldBe(teams);

    [Fact]
    public void Outputs_are_named_after_what_they_tell()
    {
        StackNames.VirtualClusterOutput("data-team-a").ShouldBe("DataTeamAVirtualClusterId");
        StackNames.PodTemplateOutput("critical-driver.yaml").ShouldBe("CriticalDriverPodTemplate");
        StackNames.ConfigurationOutput("critical").ShouldBe("CriticalConfig");
        StackNames.Teams(new PlatformDeclaration { Name = "p" }, 3).ShouldBe("p-teams-3");
    }
}
