using Amazon.CDK;
using Hearth.Deploy.Cluster;
using Hearth.Deploy.Emr;
using Hearth.Deploy.Iam;
using Hearth.Deploy.Notebook;
using Hearth.Deploy.Tests.Synth;
using Hearth.Platform;

namespace Hearth.Deploy.Tests.Constructs;

public sealed class LibraryTests
{
    [Fact]
    public void A_cluster_with_all_that_hangs_on_it_in_a_stack_of_ones_own()
    {
        var t = Templates.Synthesise(app =>
        {
            var stack = new Stack(app, "S");
            var cluster = new EmrEksCluster(stack, "Eks", Library.Cluster);
            var team = cluster.AddEmrVirtualCluster(stack, "Team", new EmrVirtualClusterProps { Name = "batch", Namespace = "emr-data-team-a" });
            var role = cluster.CreateExecutionRole(stack, "Role", new EmrExecutionRoleProps { Name = "execRoleJob", Namespace = team.Namespace, Statements = [Read] });
            cluster.AddManagedEndpoint(stack, "Endpoint", new ManagedEndpointProps
            {
                Name = "e", VirtualClusterId = team.VirtualClusterId, ExecutionRoleArn = role.Arn, ReleaseLabel = "emr-7.9.0-latest", Settings = Library.Settings,
            });
            cluster.AddEmrEksNodegroup(new Platform.NodeGroup { Name = "core", InstanceTypes = ["m5.large"], MinSize = 1, MaxSize = 2, Subnets = "private", PerZone = true }).ShouldBe(["core-0", "core-1"]);
        });

        t.OfType("AWS::EKS::Cluster").Count().ShouldBe(1);
        t.OfType("AWS::EMRContainers::Endpoint").Single().Text("ConfigurationOverrides.ApplicationConfiguration.0.Properties").ShouldContain("8G");
        IamRules.IdentityStatements(t).Select(s => IamRules.Fault(s.Statement)).ShouldAllBe(f => f == null);
    }

    [Fact]
    public void Managed_Grafana_reads_the_workspace_and_writes_nothing()
    {
        var t = Templates.Synthesise(app =>
        {
            var stack = new Stack(app, "S");
            _ = new Monitoring.PlatformMonitoring(stack, "M", new Monitoring.PlatformMonitoringProps { WorkspaceAlias = "w", ManagedGrafana = true }, new EmrEksCluster(stack, "Eks", Library.Cluster));
        });

        t.OfType("AWS::Grafana::Workspace").Single().Text("AuthenticationProviders.0").ShouldBe("AWS_SSO");
        t.OfType("AWS::IAM::Role").Single(r => r.Text("Description").StartsWith("Amazon Managed Grafana", StringComparison.Ordinal)).Json.ShouldNotContain("RemoteWrite");
    }

    [Fact]
    public void A_person_gets_only_their_own_endpoints()
    {
        var t = Templates.Synthesise(app =>
        {
            var studio = Library.Studio(new Stack(app, "S"));
            studio.AddUser(new StudioUserProps { IdentityName = "ana", Endpoints = [Endpoint("one"), Endpoint("two")] }).Count.ShouldBe(2);
            studio.AddUser(new StudioUserProps { IdentityName = "bo", Endpoints = [Endpoint("two")] }).Count.ShouldBe(1);
        });

        t.OfType("AWS::EMRContainers::Endpoint").Count().ShouldBe(2);
        var policies = t.OfType("AWS::IAM::ManagedPolicy").ToDictionary(p => p.Text("Users.0"));
        policies["ana"].Json.ShouldContain("EndpointoneEndpoint");
        policies["bo"].Json.ShouldNotContain("EndpointoneEndpoint");

        static NotebookEndpointProps Endpoint(string name) => new() { Name = name, Settings = Library.Settings, Statements = [Read] };
    }

    [Fact]
    public void Identity_Center_groups_get_a_session_policy() =>
        Templates.Synthesise(app => Library.Studio(new Stack(app, "S"), StudioAuth.IdentityCenter).AddUser(new StudioUserProps
        {
            IdentityName = "team", IdentityType = StudioIdentity.Group, Endpoints = [new() { Name = "e", Settings = Library.Settings, ExecutionRoleArn = "arn:aws:iam::111122223333:role/r" }],
        })).OfType("AWS::EMR::StudioSessionMapping").Single().Text("IdentityType").ShouldBe("GROUP");

    [Fact]
    public void Federated_people_get_a_role_that_only_their_provider_can_take()
    {
        const string provider = "arn:aws:iam::111122223333:saml-provider/corp";
        var t = Templates.Synthesise(app =>
        {
            var props = new NotebookPlatformProps
            {
                StudioName = "platform", Where = Library.Where, Network = Library.Network, VirtualClusterId = "abc", Namespace = "notebooks", IdpAuthUrl = "https://idp.example/sso", IdpArn = provider,
            };
            new NotebookPlatform(new Stack(app, "S"), "N", props, Library.Identity)
                .AddUser(new StudioUserProps { IdentityName = "ana", Endpoints = [new() { Name = "e", Settings = Library.Settings, Statements = [Read] }] });
        });

        t.OfType("AWS::EMR::Studio").Single().Text("IdpAuthUrl").ShouldBe("https://idp.example/sso");
        var trust = t.OfType("AWS::IAM::Role").Single(r => r.Text("Description") == "ana in Studio platform")["AssumeRolePolicyDocument.Statement.0"]!;
        trust["Principal"]!["Federated"]!.ToString().ShouldBe(provider);
        trust["Condition"]!.ToJsonString().ShouldBe("""{"StringEquals":{"SAML:aud":"https://signin.aws.amazon.com/saml"}}""");
    }

    [Fact]
    public void Roles_and_virtual_clusters_of_a_cluster_that_was_made_elsewhere()
    {
        var t = Templates.Synthesise(app =>
        {
            var stack = new Stack(app, "S");
            var team = new EmrVirtualCluster(stack, "Team", new EmrVirtualClusterProps { Name = "batch", Namespace = "batchjob" }, Library.Identity);
            _ = new EmrExecutionRole(stack, "Role", new EmrExecutionRoleProps { Name = "execRoleJob", Namespace = team.Namespace, Statements = [Read] }, Library.Identity);
        });

        t.OfType("AWS::EMRContainers::VirtualCluster").Single().Text("ContainerProvider.Id").ShouldBe("c");
        t.OfType("AWS::IAM::Role").Single().Json.ShouldContain("oidc.example/id/X");
    }

    [Fact]
    public void A_job_template_keeps_its_parameters() =>
        Templates.Synthesise(app => new JobTemplate(new Stack(app, "S"), "T", new JobTemplateProps
        {
            Name = "t", ReleaseLabel = "emr-7.9.0-latest", ExecutionRoleArn = "arn:aws:iam::111122223333:role/r", EntryPoint = "${EntryPointLocation}", Settings = Library.Settings,
            Parameters = new Dictionary<string, string> { ["EntryPointLocation"] = "" },
        })).OfType("AWS::EMRContainers::JobTemplate").Single().Text("JobTemplateData.ParameterConfiguration.EntryPointLocation.Type").ShouldBe("STRING");

    [Fact]
    public void Pod_identity_can_be_chosen_for_jobs_too() =>
        Templates.Synthesise(app => new EmrExecutionRole(new Stack(app, "S"), "R", new EmrExecutionRoleProps
        {
            Name = "execRoleJob", Namespace = "batchjob", Identity = WorkloadIdentity.PodIdentity, Statements = [Read],
        }, Library.Identity)).OfType("AWS::EKS::PodIdentityAssociation").Select(a => a.Text("ServiceAccount")).ShouldBe(
        [
            "emr-containers-sa-spark-client-111122223333-fevrsm759n9n7uvs2", "emr-containers-sa-spark-driver-111122223333-fevrsm759n9n7uvs2",
            "emr-containers-sa-spark-executor-111122223333-fevrsm759n9n7uvs2",
        ], ignoreOrder: true);

    [Fact]
    public void The_default_nodes_come_as_groups_or_as_pools()
    {
        Templates.Synthesise(app => new EmrEksCluster(new Stack(app, "S"), "C", Library.Cluster with { Autoscaler = Autoscaler.ClusterAutoscaler, DefaultNodes = true }))
            .OfType("AWS::EKS::Nodegroup").Count().ShouldBe(11);
        Templates.Synthesise(app => new EmrEksCluster(new Stack(app, "S"), "C", Library.Cluster with { DefaultNodes = true }).NodePools.Count.ShouldBe(11))
            .OfType("AWS::EKS::Nodegroup").ShouldBeEmpty();
    }

    [Theory]
    [InlineData("tooling", "t3,t3a medium,large,xlarge on-demand 100/100Gi 50")]
    [InlineData("critical-us-west-2a", "m6gd not nano,micro,small,medium,large on-demand 3200/12800Gi 10")]
    [InlineData("shared-driver-us-west-2a", "m6g not nano,micro,small,medium on-demand 40/160Gi 10")]
    [InlineData("shared-executor-us-west-2a", "m6g,m6gd not nano,micro,small,medium,large spot 3200/12800Gi 10")]
    [InlineData("notebook-driver-us-west-2a", "t3,t3a not nano,micro,small on-demand 40/160Gi 20")]
    [InlineData("notebook-executor-us-west-2a", "t3,t3a not nano,micro,small,medium,large spot 800/3200Gi 20")]
    public void Default_pools_are_those_of_the_reference_library(string name, string row)
    {
        var pool = DefaultNodes.Pools(["us-west-2a", "us-west-2b"]).Single(p => p.Name == name);
        Platform.Requirement Of(string key) => pool.Requirements.Single(r => r.Key.EndsWith(key, StringComparison.Ordinal));
        var size = Of("instance-size");

        $"{string.Join(',', Of("instance-family").Values)} {(size.Operator == "NotIn" ? "not " : "")}{string.Join(',', size.Values)} {Of("capacity-type").Values.Single()} {pool.Limits.Cpu}/{pool.Limits.Memory} {pool.Weight}".ShouldBe(row);
    }

    [Theory]
    [InlineData("m6gd.8xlarge", true)]
    [InlineData("t4g.small", true)]
    [InlineData("a1.large", true)]
    [InlineData("c7gn.xlarge", true)]
    [InlineData("m5.xlarge", false)]
    [InlineData("g5.xlarge", false)]
    [InlineData("c5d.9xlarge", false)]
    [InlineData("u-6tb1.metal", false)]
    public void Types_tell_their_architecture(string type, bool arm) => (AmiTypes.ArchitectureOf(type) == Architecture.Arm64).ShouldBe(arm);

    [Theory]
    [InlineData("us-west-2", "aws")]
    [InlineData("cn-north-1", "aws-cn")]
    [InlineData("us-gov-west-1", "aws-us-gov")]
    public void Regions_tell_their_partition(string region, string partition) => new Arns(region, "111122223333").Cluster("c").ShouldBe($"arn:{partition}:eks:{region}:111122223333:cluster/c");

    private static Allow Read => new("Read", ["s3:GetObject"], ["arn:aws:s3:::b/*"]);
}
