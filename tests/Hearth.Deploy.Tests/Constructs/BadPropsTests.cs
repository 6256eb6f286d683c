using Amazon.CDK;
using Hearth.Deploy.Cluster;
using Hearth.Deploy.Emr;
using Hearth.Deploy.Iam;
using Hearth.Deploy.Network;
using Hearth.Deploy.Notebook;
using Hearth.Platform.Jobs;
using Hearth.Deploy.Stacks;
using Hearth.Deploy.Storage;
using Hearth.Platform;

namespace Hearth.Deploy.Tests.Constructs;

/// <summary>Wrong props: one exception before anything is made, naming the property and what to change.</summary>
public sealed class BadPropsTests
{
    private static readonly SparkSettings Settings = Library.Settings;

    [Theory]
    [InlineData("kube-system", "belongs to Kubernetes")]
    [InlineData("Team_A", "EMR refuses the namespace 'Team_A'")]
    [InlineData("-team", "EMR refuses the namespace '-team'")]
    public void Namespaces_that_EMR_refuses(string ns, string message) =>
        Fault(s => new EmrVirtualCluster(s, "V", new EmrVirtualClusterProps { Name = "v", Namespace = ns }, Library.Identity)).ShouldSay("EmrVirtualClusterProps.Namespace", message);

    [Fact]
    public void Names_of_virtual_clusters() =>
        Fault(s => new EmrVirtualCluster(s, "V", new EmrVirtualClusterProps { Name = new string('v', 65), Namespace = "a" }, Library.Identity))
            .ShouldSay("EmrVirtualClusterProps.Name", "is no name of a virtual cluster");

    [Fact]
    public void Node_groups_of_two_architectures() => Group(new NodeGroup { InstanceTypes = ["m5.large", "m6g.large"], MaxSize = 1 }).ShouldSay("NodeGroup 'g'.InstanceTypes", "different architectures");

    [Fact]
    public void Node_groups_whose_sizes_contradict_each_other() => Group(new NodeGroup { InstanceTypes = ["m5.large"], MinSize = 3, MaxSize = 2 }).ShouldSay("NodeGroup 'g'.MaxSize", "sizes 3..2");

    [Fact]
    public void Amazon_Linux_2_on_a_Kubernetes_that_ended_it() => Group(new NodeGroup { InstanceTypes = ["m5.large"], AmiFamily = "AL2" }).ShouldSay("NodeGroup 'g'.AmiFamily", "use AL2023");

    [Fact]
    public void Node_pools_without_Karpenter() =>
        Fault(s => new EmrEksCluster(s, "C", Library.Cluster with { Autoscaler = Autoscaler.ClusterAutoscaler }).AddKarpenterNodePool(new NodePool { Name = "p" })).ShouldSay("NodePool.p", "use AddEmrEksNodegroup");

    [Fact]
    public void Pod_identity_without_its_agent() =>
        Fault(s => new EmrEksCluster(s, "C", Library.Cluster with { Identity = WorkloadIdentity.PodIdentity })).ShouldSay("EmrEksClusterProps.EksAddons", "eks-pod-identity-agent");

    [Fact]
    public void Accounts_that_are_none() =>
        Fault(s => new EmrEksCluster(s, "C", Library.Cluster with { Where = new Arns("us-west-2", "12345") })).ShouldSay("EmrEksClusterProps.Where.Account", "twelve digits");

    [Fact]
    public void Lustre_of_a_size_that_FSx_does_not_sell() =>
        Fault(s => new LustreFileSystem(s, "L", new LustreProps { Name = "l", VpcId = "v", SubnetId = "s", NodeGroupId = "g", CapacityGiB = 3000 }))
            .ShouldSay("LustreProps.CapacityGiB", "next valid size is 4800");

    [Fact]
    public void Lustre_of_a_throughput_that_FSx_does_not_sell() =>
        Fault(s => new LustreFileSystem(s, "L", new LustreProps { Name = "l", VpcId = "v", SubnetId = "s", NodeGroupId = "g", ThroughputPerTiB = 300 }))
            .ShouldSay("LustreProps.ThroughputPerTiB", "125, 250, 500 or 1000");

    [Fact]
    public void Endpoints_with_names_that_are_too_long() =>
        Fault(s => new ManagedEndpoint(s, "E", new ManagedEndpointProps { Name = new string('e', 65), VirtualClusterId = "v", ExecutionRoleArn = "r", ReleaseLabel = "emr-7.9.0-latest", Settings = Settings }))
            .ShouldSay("ManagedEndpointProps.Name", "1 to 64 of letters, digits");

    [Fact]
    public void Roles_that_allow_more_than_IAM_keeps() =>
        Fault(s => new EmrExecutionRole(s, "R", new EmrExecutionRoleProps
        {
            Name = "r", Namespace = "a", Statements = [.. Enumerable.Range(0, 200).Select(i => new Allow($"S{i}", ["s3:GetObject"], [$"arn:aws:s3:::a-bucket-{i}/*"]))],
        }, Library.Identity)).ShouldSay("EmrExecutionRoleProps.Statements", "IAM keeps at most 10240 in a role");

    [Theory]
    [InlineData("a b")]
    [InlineData("")]
    public void Names_of_roles(string name) =>
        Fault(s => new EmrExecutionRole(s, "R", new EmrExecutionRoleProps { Name = name, Namespace = "a", Statements = [], ManagedPolicies = ["arn:aws:iam::aws:policy/x"] }, Library.Identity))
            .ShouldSay("EmrExecutionRoleProps.Name", "is no role name");

    [Fact]
    public void Names_of_roles_that_are_only_known_at_deployment() =>
        Should.Throw<PlatformException>(() => new EmrExecutionRole(new Stack(new App(), "S"), "R", new EmrExecutionRoleProps { Name = "${Token[Role.1]}", Namespace = "a", Statements = [], ManagedPolicies = ["arn:aws:iam::aws:policy/x"] }, Library.Identity))
            .Faults.ShouldContain(f => f.Message.StartsWith("the role's name must be known when templates are written", StringComparison.Ordinal));

    [Fact]
    public void Two_node_pools_of_a_name() =>
        Fault(s =>
        {
            var cluster = new EmrEksCluster(s, "C", Library.Cluster);
            cluster.AddKarpenterNodePool(new NodePool { Name = "p" });
            cluster.AddKarpenterNodePool(new NodePool { Name = "p" });
        }).ShouldSay("NodePool.Name", "there is already a node pool 'p'");

    [Fact]
    public void A_public_API_for_more_ranges_than_EKS_takes() =>
        Changed(p => p with { Network = p.Network with { PublicApiCidrs = [.. Enumerable.Range(0, 41).Select(i => $"203.0.{i}.0/24")] } }).ShouldSay("spec.network.publicApiCidrs", "EKS takes at most 40");

    [Fact]
    public void Job_templates_with_more_parameters_than_EMR_takes() =>
        Fault(s => new JobTemplate(s, "T", new JobTemplateProps
        {
            Name = "t", ReleaseLabel = "emr-7.9.0-latest", ExecutionRoleArn = "arn:aws:iam::111122223333:role/r", EntryPoint = "s3://b/x.py", Settings = Settings,
            Parameters = Enumerable.Range(0, 101).ToDictionary(i => $"p{i}", _ => ""),
        })).ShouldSay("JobTemplateProps.Parameters", "101 parameters; EMR takes at most 100");

    [Fact]
    public void Endpoints_of_a_release_that_is_none() =>
        Fault(s => new ManagedEndpoint(s, "E", new ManagedEndpointProps { Name = "e", VirtualClusterId = "v", ExecutionRoleArn = "r", ReleaseLabel = "latest", Settings = Settings }))
            .ShouldSay("ManagedEndpointProps.ReleaseLabel", "as emr-7.9.0-latest");

    [Fact]
    public void More_Spark_properties_than_EMR_takes() =>
        Fault(s => new ManagedEndpoint(s, "E", new ManagedEndpointProps
        {
            Name = "e", VirtualClusterId = "v", ExecutionRoleArn = "r", ReleaseLabel = "emr-7.9.0-latest",
            Settings = new SparkSettings { SparkDefaults = Enumerable.Range(0, 101).ToDictionary(i => $"spark.x{i}", _ => "1") },
        })).ShouldSay("ManagedEndpointProps.Settings.SparkDefaults", "101 properties");

    [Fact]
    public void Groups_of_people_without_Identity_Center() =>
        Fault(s => Library.Studio(s).AddUser(new StudioUserProps { IdentityName = "g", IdentityType = StudioIdentity.Group, Endpoints = [new() { Name = "e", Settings = Settings, ExecutionRoleArn = "r" }] }))
            .ShouldSay("StudioUserProps.IdentityType", "groups exist in IAM Identity Center only");

    [Fact]
    public void Two_autoscalers_are_refused_by_the_fields_path() => Platform("emr-eks-karpenter", "cluster-autoscaler", enabled: true).ShouldSay("spec.addons.cluster-autoscaler", "switch one off");

    [Fact]
    public void A_Studio_without_the_load_balancer_controller_is_refused_by_the_fields_path() =>
        Platform("analytics-platform", "aws-load-balancer-controller", enabled: false).ShouldSay("spec.addons.aws-load-balancer-controller", "enable it");

    [Fact]
    public void More_tags_than_AWS_takes() =>
        Changed(p => p with { Tags = Enumerable.Range(0, 47).ToDictionary(i => $"t{i}", _ => "x") }).ShouldSay("spec.tags", "declare at most 46");

    [Fact]
    public void More_policies_than_IAM_attaches_to_a_role() =>
        Changed(p => p with { Teams = [p.Teams[0] with { ExecutionRole = new ExecutionRole { Name = "r", ManagedPolicies = [.. Enumerable.Range(0, 21).Select(i => $"arn:aws:iam::aws:policy/p{i}")] } }] })
            .ShouldSay("spec.teams[0].executionRole.managedPolicies", "at most 20");

    private static PlatformFault Changed(Func<PlatformDeclaration, PlatformDeclaration> change) =>
        Should.Throw<PlatformException>(() => PlatformStacks.Add(new App(), change(PlatformLoader.Load("emr-eks-karpenter")), [])).Faults.Single();

    private static PlatformFault Platform(string blueprint, string addon, bool enabled) => Should.Throw<PlatformException>(() =>
    {
        var platform = PlatformLoader.Load(blueprint);
        PlatformStacks.Add(new App(), platform with { Addons = new Dictionary<string, AddonSwitch>(platform.Addons) { [addon] = new() { Enabled = enabled } } }, []);
    }).Faults.Single();

    private static PlatformFault Group(NodeGroup group) => Fault(s => new EmrEksCluster(s, "C", Library.Cluster).AddEmrEksNodegroup(group with { Name = "g", Subnets = "private" }));

    private static PlatformFault Fault(Action<Stack> make) => Should.Throw<PlatformException>(() => make(new Stack(new App(), "S"))).Faults.Single();
}

internal static class FaultAssertions
{
    public static void ShouldSay(this PlatformFault fault, string path, string message)
    {
        fault.Path.ShouldBe(path);
        fault.Message.ShouldContain(message);
    }
}
