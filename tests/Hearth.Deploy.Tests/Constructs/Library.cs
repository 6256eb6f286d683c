using Amazon.CDK;
using Hearth.Deploy.Cluster;
using Hearth.Deploy.Emr;
using Hearth.Deploy.Iam;
using Hearth.Deploy.Network;
using Hearth.Deploy.Notebook;
using Hearth.Platform.Jobs;

namespace Hearth.Deploy.Tests.Constructs;

/// <summary>The library as somebody uses it in an app of their own, over a VPC that they brought along.</summary>
internal static class Library
{
    public static readonly Arns Where = new("us-west-2", "111122223333");

    public static readonly ClusterIdentity Identity = new("c", "111122223333", "us-west-2", "oidc.example/id/X", "arn:aws:iam::111122223333:oidc-provider/x");

    public static readonly SparkSettings Settings = new() { SparkDefaults = new Dictionary<string, string> { ["spark.driver.memory"] = "8G" } };

    public static ClusterNetwork Network => new()
    {
        VpcId = "vpc-1", Cidrs = ["10.0.0.0/16"], Subnets = [new("subnet-1", "us-west-2a", "private"), new("subnet-2", "us-west-2b", "private")],
    };

    public static EmrEksClusterProps Cluster => new() { ClusterName = "c", Where = Where, Network = Network, Identity = WorkloadIdentity.Irsa };

    public static NotebookPlatform Studio(Stack stack, StudioAuth auth = StudioAuth.Iam) => new(
        stack, "N", new NotebookPlatformProps { StudioName = "platform", Where = Where, Network = Network, VirtualClusterId = "abc", Namespace = "notebooks", Auth = auth }, Identity);
}
