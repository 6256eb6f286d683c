using System.Text.Json.Nodes;
using Hearth.Deploy.Cluster;
using Hearth.Platform;

namespace Hearth.Deploy.Tests.Synth;

/// <summary>Every row of the CDK platform's inventory that AWS itself realises.</summary>
public sealed class AnalyticsTests
{
    private static Templates T => Templates.Analytics;

    [Fact]
    public void There_is_one_node_group_a_zone_and_role()
    {
        T.OfType("AWS::EKS::Nodegroup").Count().ShouldBe(16);
        Row("critical-0").ShouldBe("m6gd.8xlarge AL2_ARM_64 ON_DEMAND 0-100 1 subnet");
        Row("shared-driver-1").ShouldBe("m6g.xlarge AL2_ARM_64 ON_DEMAND 0-10 1 subnet");
        Row("shared-executor-2").ShouldBe("m6g.8xlarge,m6gd.8xlarge AL2_ARM_64 SPOT 0-100 1 subnet");
        Row("notebook-driver-0").ShouldBe("t3.large AL2_x86_64 ON_DEMAND 0-10 1 subnet");
        Row("notebook-executor-0").ShouldBe("t3.2xlarge,t3a.2xlarge AL2_x86_64 SPOT 0-100 1 subnet");
        Row("tooling").ShouldBe("t3.medium AL2_x86_64 ON_DEMAND 2-10 3 subnet");
    }

    [Fact]
    public void Groups_carry_their_labels_and_taints()
    {
        var group = Group("shared-executor-0");
        group["Labels"]!.ToJsonString().ShouldBe("""{"role":"shared","spark-role":"executor","node-lifecycle":"spot"}""");
        group["Taints"]!.AsArray().Select(t => $"{t!["Key"]}={t["Value"]}:{t["Effect"]}").ShouldBe(["role=shared:NO_SCHEDULE", "node-lifecycle=spot:NO_SCHEDULE"]);
        Group("tooling").Properties.ContainsKey("Taints").ShouldBeFalse();
    }

    [Fact]
    public void Local_disks_of_critical_nodes_are_joined() =>
        System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(
            T.OfType("AWS::EC2::LaunchTemplate").Single(l => l.Id.Contains("Launchcritical0", StringComparison.Ordinal))["LaunchTemplateData"]!["UserData"]!.ToString())).ShouldContain("setup-local-disks raid0");

    [Fact]
    public void The_Cluster_Autoscaler_may_resize_this_cluster_only()
    {
        var role = T.OfType("AWS::IAM::Role").Single(r => r.Text("RoleName") == "data-platform-cluster-autoscaler");
        role.Json.ShouldContain("aws:ResourceTag/eks:cluster-name");
        T.OfType("AWS::SQS::Queue").ShouldBeEmpty();
    }

    [Fact]
    public void Pods_get_credentials_through_the_clusters_OIDC_provider_when_the_agent_is_off()
    {
        T.OfType("AWS::EKS::PodIdentityAssociation").ShouldBeEmpty();
        T.OfType("AWS::IAM::OIDCProvider").Count().ShouldBe(1);
    }

    [Fact]
    public void Virtual_clusters_and_roles_have_the_guides_names()
    {
        T.OfType("AWS::EMRContainers::VirtualCluster").Select(v => v.Text("Name")).ShouldBe(["batchjob", "emrvcplatform"], ignoreOrder: true);
        T.Of("teams", "AWS::IAM::Role").Select(r => r.Text("RoleName")).ShouldBe(["execRoleJob", "platform-myendpoint-execRole"], ignoreOrder: true);
    }

    [Fact]
    public void The_Studio_has_its_endpoint_and_an_encrypted_bucket_that_is_kept()
    {
        var studio = T.OfType("AWS::EMR::Studio").Single();
        (studio.Text("Name"), studio.Text("AuthMode")).ShouldBe(("platform", "IAM"));
        studio["SubnetIds"]!.AsArray().Count.ShouldBe(3);
        var endpoint = T.OfType("AWS::EMRContainers::Endpoint").Single();
        (endpoint.Text("Name"), endpoint.Text("Type")).ShouldBe(("platform-myendpoint", "JUPYTER_ENTERPRISE_GATEWAY"));
        endpoint.Json.ShouldContain("\"spark.dynamicAllocation.maxExecutors\":\"20\"");
        var bucket = T.Of("studio", "AWS::S3::Bucket").Single();
        bucket.Json.ShouldContain("aws:kms");
        bucket.Whole["DeletionPolicy"]!.ToString().ShouldBe("Retain");
        T.Outputs("studio").Select(o => o.Key).ShouldBe(["StudioUrl"]);
    }

    [Fact]
    public void Notebooks_reach_the_endpoints_gateway_and_nothing_else()
    {
        T.Of("studio", "AWS::EC2::SecurityGroupEgress").Single().ShouldSatisfyAllConditions(r => $"{r.Text("IpProtocol")} {r.Text("FromPort")} {r.Text("CidrIp")}".ShouldBe("tcp 18888 10.0.0.0/16"));
        T.Of("studio", "AWS::EC2::SecurityGroupIngress").Single().ShouldSatisfyAllConditions(r => $"{r.Text("IpProtocol")} {r.Text("FromPort")} {r.Text("CidrIp")}".ShouldBe("tcp 18888 10.0.0.0/16"));
        T.Of("studio", "AWS::EC2::SecurityGroup").ShouldAllBe(g => g.Tag("for-use-with-amazon-emr-managed-policies") == "true");
    }

    [Fact]
    public void The_Studios_service_role_touches_only_what_is_tagged_for_it()
    {
        var role = T.Of("studio", "AWS::IAM::Role").Single(r => r.Text("Description") == "EMR Studio platform");
        var changing = role["Policies.0.PolicyDocument.Statement"]!.AsArray().Where(s => IamRules.Many(s!["Action"]).Any(a => a!.ToString().StartsWith("ec2:", StringComparison.Ordinal) && !a.ToString().StartsWith("ec2:Describe", StringComparison.Ordinal))).ToArray();

        changing.ShouldNotBeEmpty();
        changing.ShouldAllBe(s => s!["Condition"] != null || !IamRules.Many(s["Resource"]).Any(r => r!.ToString() == "*"));
        role.Json.ShouldContain("for-use-with-amazon-emr-managed-policies");
    }

    [Theory]
    [InlineData("Critical", "7.7", "20800m", "2.5", "6800m", "8")]
    [InlineData("Shared", "3.8", "10400m", "1.7", "4900m", "8")]
    [InlineData("Notebook", "3.7", "10200m", "1.6", "4700m", "2")]
    public void Configurations_are_cut_for_their_nodes(string name, string executorCores, string executorMemory, string driverCores, string driverMemory, string batch)
    {
        var properties = JsonNode.Parse(Joined(T.Outputs("teams")[$"{name}Config"]!["Value"]!))!["applicationConfiguration"]![0]!["properties"]!;

        string Of(string key) => properties[key]!.ToString();
        (Of("spark.kubernetes.executor.request.cores"), Of("spark.executor.memory"), Of("spark.kubernetes.driver.request.cores"), Of("spark.driver.memory"), Of("spark.kubernetes.allocation.batch.size"))
            .ShouldBe((executorCores, executorMemory, driverCores, driverMemory, batch));
        Of("spark.sql.catalogImplementation").ShouldBe("hive");
        Of("spark.dynamicAllocation.shuffleTracking.timeout").ShouldBe("300s");
    }

    [Fact]
    public void Studio_networks_are_tagged_for_EMR() =>
        T.OfType("AWS::EC2::VPC").Concat(T.OfType("AWS::EC2::Subnet")).ShouldAllBe(r => r.Tag("for-use-with-amazon-emr-managed-policies") == "true");

    [Fact]
    public void Default_job_configurations_are_outputs_and_valid_requests()
    {
        var outputs = T.Outputs("teams");
        foreach (var (name, least, most) in new[] { ("Critical", "8", "40"), ("Shared", "8", "40"), ("Notebook", "0", "20") })
        {
            var request = JsonNode.Parse(Joined(outputs[$"{name}Config"]!["Value"]!))!;
            var defaults = request["applicationConfiguration"]![0]!["properties"]!;
            defaults["spark.dynamicAllocation.minExecutors"]!.ToString().ShouldBe(least);
            defaults["spark.dynamicAllocation.maxExecutors"]!.ToString().ShouldBe(most);
            defaults["spark.kubernetes.driver.podTemplateFile"]!.ToString().ShouldStartWith("s3://");
            request["monitoringConfiguration"]!["cloudWatchMonitoringConfiguration"]!["logGroupName"]!.ToString().ShouldBe($"/aws/emr-containers/data-platform/{name.ToLowerInvariant()}");
        }

        outputs.Select(o => o.Key).ShouldContain("CriticalDriverPodTemplate");
    }

    [Fact]
    public void Private_subnets_are_larger_than_public_ones()
    {
        var sizes = T.OfType("AWS::EC2::Subnet").ToLookup(s => s.Tag("Name").Contains("public", StringComparison.Ordinal), s => s.Text("CidrBlock").Split('/')[1]);

        sizes[true].ShouldAllBe(p => p == "20");
        sizes[false].ShouldAllBe(p => p == "18");
    }

    [Fact]
    public void Flow_logs_and_gateways_are_as_declared()
    {
        T.OfType("AWS::EC2::FlowLog").Count().ShouldBe(1);
        T.OfType("AWS::EC2::NatGateway").Count().ShouldBe(3);
    }

    [Fact]
    public void The_default_nodes_of_the_library_are_those_of_the_blueprint()
    {
        var declared = PlatformLoader.Load("analytics-platform").NodeGroups;

        DefaultNodes.Groups.Select(Text).ShouldBe(declared.Select(Text));

        static string Text(NodeGroup g) =>
            $"{g.Name} {g.PerZone} {string.Join(',', g.InstanceTypes)} {g.CapacityType} {g.MinSize}-{g.MaxSize} {string.Join(',', g.Labels)} {string.Join(',', g.Taints.Select(t => t.Key + t.Value))} {g.InstanceStorePolicy}";
    }

    private static Resource Group(string name) => T.OfType("AWS::EKS::Nodegroup").Single(g => g.Text("NodegroupName") == name);

    private static string Row(string name)
    {
        var g = Group(name);
        return $"{string.Join(',', g["InstanceTypes"]!.AsArray().Select(t => t!.ToString()))} {g.Text("AmiType")} {g.Text("CapacityType")} {g.Text("ScalingConfig.MinSize")}-{g.Text("ScalingConfig.MaxSize")} {g["Subnets"]!.AsArray().Count} subnet";
    }

    /// <summary>A value that CloudFormation joins, with what only it knows left out.</summary>
    private static string Joined(JsonNode value) => value is JsonValue
        ? value.ToString()
        : string.Concat(value["Fn::Join"]![1]!.AsArray().Select(p => p is JsonValue ? p.ToString() : "X"));
}
