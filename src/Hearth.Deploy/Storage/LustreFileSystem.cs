using Amazon.CDK;
using Amazon.CDK.AWS.EC2;
using Amazon.CDK.AWS.FSx;
using Constructs;

namespace Hearth.Deploy.Storage;

/// <summary>An FSx for Lustre file system with a security group of its own and, when asked for, a two-way association with a bucket path.</summary>
public sealed class LustreFileSystem : Construct
{
    private static readonly string[] Events = ["NEW", "CHANGED", "DELETED"];

    /// <summary>Throws <see cref="Platform.PlatformException"/> naming each property that is wrong.</summary>
    public LustreFileSystem(Construct scope, string id, LustreProps props)
        : base(scope, id)
    {
        props.Check();
        var group = new CfnSecurityGroup(this, "Group", new CfnSecurityGroupProps { GroupDescription = "Lustre: clients on the nodes, servers among themselves", VpcId = props.VpcId });
        Amazon.CDK.Tags.Of(group).Add("Name", $"{props.Name}-fsx");
        foreach (var (name, source) in new[] { ("Nodes", props.NodeGroupId), ("Self", group.AttrGroupId) })
        {
            In($"{name}988", group.AttrGroupId, source, 988, 988);
            In($"{name}1018", group.AttrGroupId, source, 1018, 1023);
        }

        var system = new CfnFileSystem(this, "FileSystem", new CfnFileSystemProps
        {
            FileSystemType = "LUSTRE",
            FileSystemTypeVersion = "2.15",
            StorageType = "SSD",
            StorageCapacity = props.CapacityGiB,
            SubnetIds = [props.SubnetId],
            SecurityGroupIds = [group.AttrGroupId],
            LustreConfiguration = new CfnFileSystem.LustreConfigurationProperty
            {
                DeploymentType = props.DeploymentType, PerUnitStorageThroughput = props.DeploymentType == "PERSISTENT_2" ? props.ThroughputPerTiB : null, DataCompressionType = "LZ4",
            },
        });
        Amazon.CDK.Tags.Of(system).Add("Name", props.Name);
        if (props.DataRepository.Length > 0)
        {
            Associate(system, props);
        }

        (FileSystemId, DnsName, MountName, SecurityGroupId) = (system.Ref, system.AttrDnsName, system.AttrLustreMountName, group.AttrGroupId);
    }

    /// <summary>A CDK token.</summary>
    public string FileSystemId { get; }

    /// <summary>A CDK token.</summary>
    public string DnsName { get; }

    /// <summary>A CDK token.</summary>
    public string MountName { get; }

    /// <summary>A CDK token.</summary>
    public string SecurityGroupId { get; }

    private void Associate(CfnFileSystem system, LustreProps props) => new CfnDataRepositoryAssociation(this, "Repository", new CfnDataRepositoryAssociationProps
    {
        FileSystemId = system.Ref,
        FileSystemPath = props.RepositoryPath,
        DataRepositoryPath = props.DataRepository,
        BatchImportMetaDataOnCreate = true,
        S3 = new CfnDataRepositoryAssociation.S3Property
        {
            AutoImportPolicy = new CfnDataRepositoryAssociation.AutoImportPolicyProperty { Events = Events },
            AutoExportPolicy = new CfnDataRepositoryAssociation.AutoExportPolicyProperty { Events = Events },
        },
    });

    private void In(string id, string group, string source, int low, int high) => new CfnSecurityGroupIngress(this, id, new CfnSecurityGroupIngressProps
    {
        GroupId = group, SourceSecurityGroupId = source, IpProtocol = "tcp", FromPort = low, ToPort = high, Description = "Lustre",
    });
}
