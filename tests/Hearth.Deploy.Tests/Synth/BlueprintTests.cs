using System.Text.Json.Nodes;
using Hearth.Platform;

namespace Hearth.Deploy.Tests.Synth;

/// <summary>Every row of the public blueprint's inventory that AWS itself realises.</summary>
public sealed class BlueprintTests
{
    private static Templates T => Templates.Karpenter;

    [Fact]
    public void Stacks_come_in_the_order_they_are_deployed() =>
        T.Files.Select(f => Path.GetFileName(f)["emr-eks-karpenter-".Length..^".template.json".Length]).ShouldBe(["cluster", "monitoring", "network", "storage", "teams"], ignoreOrder: true);

    [Fact]
    public void The_network_is_as_declared()
    {
        T.OfType("AWS::EC2::VPC").Single().Text("CidrBlock").ShouldBe("10.1.0.0/16");
        T.OfType("AWS::EC2::VPCCidrBlock").Single().Text("CidrBlock").ShouldBe("100.64.0.0/16");
        T.OfType("AWS::EC2::Subnet").Select(s => $"{s.Tag("Name")} {s.Text("CidrBlock")} {s.Text("AvailabilityZone")}").ShouldBe(
        [
            "emr-eks-karpenter-private-a 10.1.1.0/24 us-west-2a", "emr-eks-karpenter-private-b 10.1.2.0/24 us-west-2b",
            "emr-eks-karpenter-data-plane-a 100.64.0.0/17 us-west-2a", "emr-eks-karpenter-data-plane-b 100.64.128.0/17 us-west-2b",
            "emr-eks-karpenter-public-a 10.1.0.0/26 us-west-2a", "emr-eks-karpenter-public-b 10.1.0.64/26 us-west-2b",
        ], ignoreOrder: true);
        T.OfType("AWS::EC2::NatGateway").Count().ShouldBe(1);
        T.OfType("AWS::EC2::VPCEndpoint").Single().Text("VpcEndpointType").ShouldBe("Gateway");
    }

    [Fact]
    public void Only_data_plane_subnets_are_discovered_by_Karpenter() =>
        T.OfType("AWS::EC2::Subnet").Where(s => s.Tag("karpenter.sh/discovery") == "emr-eks-karpenter").Select(s => s.Text("CidrBlock")).ShouldBe(["100.64.0.0/17", "100.64.128.0/17"], ignoreOrder: true);

    [Fact]
    public void Load_balancers_find_public_and_routable_subnets()
    {
        T.OfType("AWS::EC2::Subnet").Count(s => s.Tag("kubernetes.io/role/elb") == "1").ShouldBe(2);
        T.OfType("AWS::EC2::Subnet").Count(s => s.Tag("kubernetes.io/role/internal-elb") == "1").ShouldBe(2);
    }

    [Fact]
    public void The_cluster_has_encrypted_secrets_logs_and_access_entries()
    {
        var cluster = T.OfType("AWS::EKS::Cluster").Single();
        cluster.Text("Name").ShouldBe("emr-eks-karpenter");
        cluster.Text("Version").ShouldBe("1.33");
        cluster.Text("AccessConfig.AuthenticationMode").ShouldBe("API_AND_CONFIG_MAP");
        cluster.Text("AccessConfig.BootstrapClusterCreatorAdminPermissions").ShouldBe("false");
        cluster.Text("ResourcesVpcConfig.EndpointPrivateAccess").ShouldBe("true");
        cluster.Text("EncryptionConfig.0.Resources.0").ShouldBe("secrets");
        cluster["ResourcesVpcConfig.SubnetIds"]!.AsArray().Count.ShouldBe(2);
        cluster["Logging.ClusterLogging.EnabledTypes"]!.AsArray().Select(t => t!["Type"]!.ToString()).ShouldBe(["api", "audit", "authenticator"]);
        var logs = T.OfType("AWS::Logs::LogGroup").Single(g => g.Text("LogGroupName") == "/aws/eks/emr-eks-karpenter/cluster");
        logs.Text("RetentionInDays").ShouldBe("90");
        logs["KmsKeyId"].ShouldNotBeNull();
        T.OfType("AWS::EKS::AccessEntry").Select(e => e.Text("Type")).ShouldBe(["EC2_LINUX", "STANDARD"], ignoreOrder: true);
        T.OfType("AWS::KMS::Key").ShouldAllBe(k => k.Text("EnableKeyRotation") == "true");
    }

    [Fact]
    public void Security_groups_open_only_named_ports()
    {
        T.OfType("AWS::EC2::SecurityGroupIngress").ShouldAllBe(r => r.Text("IpProtocol") != "-1" && r.Text("FromPort").Length > 0);
        T.OfType("AWS::EC2::SecurityGroupIngress").Select(r => r.Text("FromPort")).Distinct().ShouldBe(["443", "10250", "4443", "6443", "8443", "9443", "53", "1025"], ignoreOrder: true);
        T.OfType("AWS::EC2::SecurityGroup").Single(g => g.Tag("karpenter.sh/discovery") == "emr-eks-karpenter").Tag("Name").ShouldBe("emr-eks-karpenter-node");
    }

    [Fact]
    public void The_core_group_is_as_declared()
    {
        var group = T.OfType("AWS::EKS::Nodegroup").Single();
        group.Text("NodegroupName").ShouldBe("core-node-group");
        group.Text("InstanceTypes.0").ShouldBe("m5.xlarge");
        (group.Text("ScalingConfig.MinSize"), group.Text("ScalingConfig.DesiredSize"), group.Text("ScalingConfig.MaxSize")).ShouldBe(("3", "3", "9"));
        group.Text("AmiType").ShouldBe("AL2023_x86_64_STANDARD");
        group.Text("CapacityType").ShouldBe("ON_DEMAND");
        group.Text("Labels.NodeGroupType").ShouldBe("core");
        group.Text("UpdateConfig.MaxUnavailablePercentage").ShouldBe("33");
        var data = T.OfType("AWS::EC2::LaunchTemplate").Single()["LaunchTemplateData"]!;
        data["MetadataOptions"]!["HttpTokens"]!.ToString().ShouldBe("required");
        data["BlockDeviceMappings"]![0]!["Ebs"]!.ToJsonString().ShouldBe("""{"DeleteOnTermination":true,"Encrypted":true,"VolumeSize":100,"VolumeType":"gp3"}""");
    }

    [Fact]
    public void EKS_add_ons_are_the_catalogues() =>
        T.OfType("AWS::EKS::Addon").Select(a => a.Text("AddonName")).ShouldBe(
            ["vpc-cni", "kube-proxy", "coredns", "eks-pod-identity-agent", "aws-ebs-csi-driver", "metrics-server", "amazon-cloudwatch-observability"], ignoreOrder: true);

    [Fact]
    public void The_network_plugin_gives_out_prefixes_before_nodes_come()
    {
        var cni = T.OfType("AWS::EKS::Addon").Single(a => a.Text("AddonName") == "vpc-cni");
        cni.Text("ConfigurationValues").ShouldContain("\"ENABLE_PREFIX_DELEGATION\":\"true\"");
        T.OfType("AWS::EKS::Nodegroup").Single().Whole["DependsOn"]!.ToJsonString().ShouldContain(cni.Id);
    }

    [Fact]
    public void Interruptions_reach_Karpenter_through_an_encrypted_queue()
    {
        var queue = T.OfType("AWS::SQS::Queue").Single();
        (queue.Text("QueueName"), queue.Text("MessageRetentionPeriod"), queue.Text("SqsManagedSseEnabled")).ShouldBe(("karpenter-emr-eks-karpenter", "300", "true"));
        T.OfType("AWS::Events::Rule").Select(r => $"{r.Text("EventPattern.source.0")}|{r.Text("EventPattern.detail-type.0")}").ShouldBe(
        [
            "aws.health|AWS Health Event", "aws.ec2|EC2 Spot Instance Interruption Warning", "aws.ec2|EC2 Instance Rebalance Recommendation",
            "aws.ec2|EC2 Instance State-change Notification", "aws.ec2|EC2 Capacity Reservation Instance Interruption Warning",
        ], ignoreOrder: true);
        T.OfType("AWS::SQS::QueuePolicy").Single().Json.ShouldContain("aws:SecureTransport");
    }

    [Fact]
    public void The_node_role_of_Karpenter_is_the_one_that_node_classes_name() =>
        T.OfType("AWS::IAM::Role").ShouldContain(r => r.Text("RoleName") == PlatformLoader.Load("emr-eks-karpenter").NodePools[0].NodeClass.Role);

    [Fact]
    public void Each_team_has_a_virtual_cluster_a_role_a_bucket_and_a_log_group()
    {
        T.OfType("AWS::EMRContainers::VirtualCluster").Select(v => $"{v.Text("Name")} {v.Text("ContainerProvider.Info.EksInfo.Namespace")}").ShouldBe(
            ["emr-eks-karpenter-emr-data-team-a emr-data-team-a", "emr-eks-karpenter-emr-data-team-b emr-data-team-b"], ignoreOrder: true);
        T.Of("teams", "AWS::IAM::Role").Select(r => r.Text("RoleName")).ShouldBe(["emr-eks-karpenter-emr-data-team-a", "emr-eks-karpenter-emr-data-team-b"], ignoreOrder: true);
        T.Of("teams", "AWS::Logs::LogGroup").ShouldAllBe(g => g.Text("RetentionInDays") == "7" && !g.Text("LogGroupName").EndsWith('/'));
        T.Outputs("teams").Select(o => o.Key).ShouldBe(["DataTeamAVirtualClusterId", "DataTeamAExecutionRoleArn", "DataTeamBVirtualClusterId", "DataTeamBExecutionRoleArn"], ignoreOrder: true);
    }

    [Fact]
    public void Buckets_are_encrypted_private_and_only_spoken_to_with_TLS()
    {
        var buckets = T.OfType("AWS::S3::Bucket").ToArray();
        buckets.Length.ShouldBe(3);
        buckets.ShouldAllBe(b => b.Json.Contains("ServerSideEncryptionByDefault", StringComparison.Ordinal) && b.Text("PublicAccessBlockConfiguration.BlockPublicPolicy") == "true");
        buckets.ShouldAllBe(b => b.Whole["DeletionPolicy"]!.ToString() == "Retain");
        T.OfType("AWS::S3::BucketPolicy").Count(p => p.Json.Contains("aws:SecureTransport", StringComparison.Ordinal)).ShouldBe(3);
    }

    [Fact]
    public void Metrics_go_to_a_workspace_with_a_role_that_can_only_write()
    {
        T.OfType("AWS::APS::Workspace").Single().Text("Alias").ShouldBe("amp-ws-emr-eks-karpenter");
        var ingest = T.OfType("AWS::IAM::Role").Single(r => r.Text("RoleName") == "emr-eks-karpenter-amp-ingest");
        ingest["Policies.0.PolicyDocument.Statement"]!.AsArray().Single()!["Action"]!.ToString().ShouldBe("aps:RemoteWrite");
        T.Outputs("monitoring").Select(o => o.Key).ShouldContain("PrometheusRemoteWriteUrl");
    }

    [Theory]
    [InlineData("cluster", "karpenter-controller", "karpenter:karpenter")]
    [InlineData("cluster", "ebs-csi", "kube-system:ebs-csi-controller-sa")]
    [InlineData("cluster", "cloudwatch-agent", "amazon-cloudwatch:cloudwatch-agent")]
    [InlineData("monitoring", "amp-ingest", "kube-prometheus-stack:amp-iamproxy-ingest-service-account")]
    [InlineData("monitoring", "grafana", "kube-prometheus-stack:grafana")]
    [InlineData("monitoring", "fluent-bit", "kube-system:aws-for-fluent-bit-sa")]
    public void Each_add_on_has_a_role_of_its_own_for_its_service_account(string stack, string role, string account)
    {
        var made = T.Of(stack, "AWS::IAM::Role").Single(r => r.Text("RoleName") == $"emr-eks-karpenter-{role}");
        T.Of(stack, "AWS::EKS::PodIdentityAssociation").Single(a => a["RoleArn"]!.ToJsonString().Contains(made.Id, StringComparison.Ordinal))
            .ShouldSatisfyAllConditions(a => $"{a.Text("Namespace")}:{a.Text("ServiceAccount")}".ShouldBe(account));
    }

    [Fact]
    public void Add_ons_of_AWS_have_its_own_policies_and_nothing_else()
    {
        Policies("ebs-csi").ShouldEndWith("AmazonEBSCSIDriverPolicy\"]");
        Policies("cloudwatch-agent").ShouldEndWith("CloudWatchAgentServerPolicy\"]");
        Policies("vpc-cni").ShouldEndWith("AmazonEKS_CNI_Policy\"]");

        static string Policies(string role) => T.OfType("AWS::IAM::Role").Single(r => r.Text("RoleName") == $"emr-eks-karpenter-{role}")["ManagedPolicyArns"]!.ToJsonString();
    }

    [Fact]
    public void Karpenter_has_the_scoped_policy_of_its_project() =>
        T.OfType("AWS::IAM::Role").Single(r => r.Text("RoleName") == "emr-eks-karpenter-karpenter-controller")["Policies.0.PolicyDocument.Statement"]!.AsArray().Select(s => s!["Sid"]!.ToString()).ShouldBe(
        [
            "AllowScopedEC2InstanceAccessActions", "AllowScopedEC2LaunchTemplateAccessActions", "AllowScopedEC2InstanceActionsWithTags", "AllowScopedResourceCreationTagging", "AllowScopedResourceTagging",
            "AllowScopedDeletion", "AllowRegionalReadActions", "AllowSSMReadActions", "AllowPricingReadActions", "AllowZonalShiftReadActions", "AllowInterruptionQueueActions", "AllowPassingInstanceRole",
            "AllowScopedInstanceProfileCreationActions", "AllowScopedInstanceProfileTagActions", "AllowScopedInstanceProfileActions", "AllowInstanceProfileReadActions", "AllowUnscopedInstanceProfileListAction",
            "AllowAPIServerEndpointDiscovery",
        ], ignoreOrder: true);

    [Fact]
    public void The_OIDC_provider_is_for_STS_only() => T.OfType("AWS::IAM::OIDCProvider").Single()["ClientIdList"]!.ToJsonString().ShouldBe("""["sts.amazonaws.com"]""");

    [Fact]
    public void Fluent_Bit_has_a_log_group_kept_for_thirty_days() =>
        T.OfType("AWS::Logs::LogGroup").Single(g => g.Text("LogGroupName") == "/emr-eks-karpenter/aws-fluentbit-logs").Text("RetentionInDays").ShouldBe("30");

    [Fact]
    public void The_kubectl_command_is_an_output() =>
        T.Outputs("cluster")["ConfigureKubectl"]!["Value"]!.ToString().ShouldBe("aws eks --region us-west-2 update-kubeconfig --name emr-eks-karpenter");

    [Fact]
    public void The_declared_tags_are_on_what_can_be_tagged() =>
        T.OfType("AWS::EKS::Cluster").Concat(T.OfType("AWS::S3::Bucket")).Concat(T.OfType("AWS::IAM::Role")).ShouldAllBe(r => r.Tag("Blueprint") == "emr-eks-karpenter");

    [Fact]
    public void A_private_platform_needs_no_way_out()
    {
        var t = Templates.Of("emr-eks-karpenter", p => p with { Network = p.Network with { NatGateways = "none", VpcEndpoints = true, PublicApi = false } }, "private");

        t.OfType("AWS::EC2::NatGateway").ShouldBeEmpty();
        t.OfType("AWS::EKS::Cluster").Single().Text("ResourcesVpcConfig.EndpointPublicAccess").ShouldBe("false");
        var interfaces = t.OfType("AWS::EC2::VPCEndpoint").Where(e => e.Text("VpcEndpointType") == "Interface").ToArray();
        interfaces.ShouldContain(e => e.Json.Contains("emr-containers", StringComparison.Ordinal));
        interfaces.ShouldAllBe(e => e["SubnetIds"]!.AsArray().Count == 2);
    }

    [Fact]
    public void The_Lustre_add_on_brings_a_file_system_that_mirrors_a_bucket()
    {
        var t = Templates.Of("emr-eks-karpenter", p => p with { Addons = new Dictionary<string, AddonSwitch>(p.Addons) { ["aws-fsx-csi-driver"] = new() } }, "lustre");

        var system = t.OfType("AWS::FSx::FileSystem").Single();
        (system.Text("StorageCapacity"), system.Text("LustreConfiguration.DeploymentType"), system.Text("LustreConfiguration.PerUnitStorageThroughput")).ShouldBe(("2400", "PERSISTENT_2", "500"));
        t.OfType("AWS::FSx::DataRepositoryAssociation").Single().Text("FileSystemPath").ShouldBe("/data");
        t.Of("cluster", "AWS::EC2::SecurityGroupIngress").Count(r => r.Text("FromPort") is "988" or "1018").ShouldBe(2);
    }
}
