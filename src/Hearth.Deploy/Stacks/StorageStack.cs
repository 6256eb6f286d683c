using Constructs;
using Hearth.Deploy.Cluster;
using Hearth.Deploy.Network;
using Hearth.Deploy.Storage;
using Hearth.Platform;

namespace Hearth.Deploy.Stacks;

/// <summary>Event logs of Spark, and with the FSx add-on a Lustre file system and the bucket it mirrors.</summary>
public sealed class StorageStack : PlatformStack
{
    /// <summary>Adds the stack to an app.</summary>
    public StorageStack(Construct scope, PlatformPlan plan, ClusterNetwork network, EmrEksCluster cluster)
        : base(scope, plan, StackNames.Storage(plan.Platform), "buckets and file systems that teams share")
    {
        var events = new PlatformBucket(this, "EventLogs", new PlatformBucketProps { Name = plan.Platform.Monitoring.EventLogBucket, Where = plan.Where });
        Output("EventLogBucket", events.Name, "Spark event logs");
        if (plan.Lustre)
        {
            AddLustre(plan, network, cluster);
        }
    }

    private void AddLustre(PlatformPlan plan, ClusterNetwork network, EmrEksCluster cluster)
    {
        var data = new PlatformBucket(this, "LustreData", new PlatformBucketProps { Name = plan.LustreBucket, Where = plan.Where });
        var system = new LustreFileSystem(this, "Lustre", new LustreProps
        {
            Name = $"{plan.Platform.Name}-static",
            VpcId = network.VpcId,
            // Beside the nodes: the same zone, the same kind of subnet.
            SubnetId = network.Of(SubnetKinds.DataPlane)[0].Id,
            NodeGroupId = cluster.Groups.Nodes,
            DataRepository = $"s3://{data.Name}",
        });
        system.Node.AddDependency(data);
        Output("LustreBucket", data.Name, "What the file system mirrors under /data");
        Output("LustreFileSystemId", system.FileSystemId, "For the static volume");
        Output("LustreDnsName", system.DnsName, "For the static volume");
        Output("LustreMountName", system.MountName, "For the static volume");
        Output("LustreSecurityGroupId", system.SecurityGroupId, "For the storage class fsx");
        Output("LustreSubnetId", network.Of(SubnetKinds.DataPlane)[0].Id, "For the storage class fsx");
    }
}
