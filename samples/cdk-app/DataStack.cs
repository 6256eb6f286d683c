using Amazon.CDK;
using Constructs;
using Hearth.Deploy.Cluster;
using Hearth.Deploy.Emr;
using Hearth.Deploy.Iam;
using Hearth.Deploy.Network;
using Hearth.Deploy.Notebook;
using Hearth.Platform;
using Hearth.Platform.Jobs;

namespace CdkApp;

/// <summary>A data platform in one stack: a network, a cluster with nodes of its own, batch jobs of one team, notebooks of one person.</summary>
public sealed class DataStack : Stack
{
    private const string HomeRegion = "eu-west-1";
    private const string HomeAccount = "111122223333";

    /// <summary>Adds the stack to an app.</summary>
    public DataStack(Construct scope, string id)
        : base(scope, id, new StackProps { Env = new Amazon.CDK.Environment { Account = HomeAccount, Region = HomeRegion } })
    {
        var where = new Arns(HomeRegion, HomeAccount);
        var network = new PlatformNetwork(this, "Network", new PlatformNetworkProps { Name = "data", Where = where, Network = Blocks, ForEmrStudio = true }).Network;
        var cluster = new EmrEksCluster(this, "Eks", new EmrEksClusterProps
        {
            ClusterName = "data", Where = where, Network = network, Identity = WorkloadIdentity.Irsa, Autoscaler = Autoscaler.Karpenter,
        });
        cluster.AddEmrEksNodegroup(new NodeGroup { Name = "core", InstanceTypes = ["m6i.xlarge"], MinSize = 2, MaxSize = 4, Subnets = "private" });
        cluster.AddKarpenterNodePool(new NodePool
        {
            Name = "spark", Labels = new Dictionary<string, string> { ["role"] = "spark" },
            Requirements = [new Requirement { Key = "karpenter.k8s.aws/instance-family", Values = ["c6gd", "m6gd"] }],
            NodeClass = new NodeClass { InstanceStorePolicy = "RAID0" },
        });

        var read = new Allow("Read", ["s3:GetObject"], [where.Objects("sales-data")]);
        var batch = cluster.AddEmrVirtualCluster(this, "Batch", new EmrVirtualClusterProps { Name = "batch", Namespace = "emr-data-team-a" });
        var role = cluster.CreateExecutionRole(this, "Role", new EmrExecutionRoleProps { Name = "execRoleJob", Namespace = batch.Namespace, Statements = [read] });
        var configurations = new JobConfigurations(new PodTemplateFiles(this, "Templates").Uri);
        cluster.AddJobTemplate(this, "Nightly", new JobTemplateProps
        {
            Name = "nightly", ReleaseLabel = "emr-7.9.0-latest", ExecutionRoleArn = role.Arn, EntryPoint = "s3://sales-data/nightly.py", Settings = configurations.Critical,
        });
        cluster.AddManagedEndpoint(this, "Endpoint", new ManagedEndpointProps
        {
            Name = "batch-notebooks", VirtualClusterId = batch.VirtualClusterId, ExecutionRoleArn = role.Arn, ReleaseLabel = "emr-7.9.0-latest", Settings = configurations.Notebook,
        });

        var notebooks = cluster.AddEmrVirtualCluster(this, "Notebooks", new EmrVirtualClusterProps { Name = "notebooks", Namespace = "notebooks" });
        var studio = new NotebookPlatform(this, "Studio", new NotebookPlatformProps
        {
            StudioName = "platform", Where = where, Network = network, VirtualClusterId = notebooks.VirtualClusterId, Namespace = notebooks.Namespace, Auth = StudioAuth.Iam,
        }, cluster.Identity);
        studio.AddUser(new StudioUserProps { IdentityName = "ana", Endpoints = [new NotebookEndpointProps { Name = "explore", Statements = [read], Settings = configurations.Notebook }] });

        new CfnOutput(this, "VirtualClusterId", new CfnOutputProps { Value = batch.VirtualClusterId });
        new CfnOutput(this, "ExecutionRoleArn", new CfnOutputProps { Value = role.Arn });
        new CfnOutput(this, "StudioUrl", new CfnOutputProps { Value = studio.Url });
    }

    private static Hearth.Platform.Network Blocks => new()
    {
        VpcCidr = "10.20.0.0/16",
        Zones = ["eu-west-1a", "eu-west-1b"],
        Subnets =
        [
            new() { Name = "public-a", Kind = SubnetKinds.Public, Zone = "eu-west-1a", Cidr = "10.20.0.0/24" },
            new() { Name = "public-b", Kind = SubnetKinds.Public, Zone = "eu-west-1b", Cidr = "10.20.1.0/24" },
            new() { Name = "private-a", Kind = SubnetKinds.Private, Zone = "eu-west-1a", Cidr = "10.20.64.0/18" },
            new() { Name = "private-b", Kind = SubnetKinds.Private, Zone = "eu-west-1b", Cidr = "10.20.128.0/18" },
        ],
    };
}
