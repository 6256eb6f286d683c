using Amazon.CDK;
using Amazon.CDK.AWS.EC2;
using Constructs;
using Hearth.Platform;

namespace Hearth.Deploy.Network;

/// <summary>
/// VPC, subnets, gateways, routes, endpoints and flow logs of a declaration. Discovery tags are only on the subnets that nodes may live in,
/// load-balancer tags only on routable ones.
/// </summary>
public sealed class PlatformNetwork : Construct
{
    private readonly PlatformNetworkProps _props;
    private readonly CfnVPC _vpc;
    private readonly List<CfnVPCCidrBlock> _blocks = [];
    private readonly Dictionary<string, CfnSubnet> _subnets = new(StringComparer.Ordinal);

    /// <summary>Throws <see cref="PlatformException"/> naming each property that is wrong.</summary>
    public PlatformNetwork(Construct scope, string id, PlatformNetworkProps props)
        : base(scope, id)
    {
        props.Check();
        _props = props;
        _vpc = new CfnVPC(this, "Vpc", new CfnVPCProps { CidrBlock = props.Network.VpcCidr, EnableDnsHostnames = true, EnableDnsSupport = true });
        Tag(_vpc, props.Name);
        AddBlocks();
        AddSubnets();
        var routes = new NetworkRoutes(this, props, _vpc.Ref, _subnets);
        NetworkEndpoints.Add(this, props, Created(), routes.TableIds);
        if (props.Network.FlowLogs)
        {
            FlowLogs.Add(this, props, _vpc.Ref);
        }

        Network = Created();
    }

    /// <summary>Services that nodes of a private cluster call: the blueprint's list and what it lacked (EMR, Glue, AMP, SQS, Secrets Manager, FSx).</summary>
    public static IReadOnlyList<string> NodeServices { get; } =
    [
        "autoscaling", "ecr.api", "ecr.dkr", "ec2", "ec2messages", "eks", "eks-auth", "elasticloadbalancing", "sts", "kms", "logs", "ssm", "ssmmessages",
        "emr-containers", "glue", "aps-workspaces", "sqs", "secretsmanager", "fsx",
    ];

    /// <summary>What was made, for the constructs that live in it.</summary>
    public ClusterNetwork Network { get; }

    private void AddBlocks()
    {
        for (var i = 0; i < _props.Network.SecondaryCidrs.Count; i++)
        {
            _blocks.Add(new CfnVPCCidrBlock(this, $"Block{i}", new CfnVPCCidrBlockProps { VpcId = _vpc.Ref, CidrBlock = _props.Network.SecondaryCidrs[i] }));
        }
    }

    private void AddSubnets()
    {
        var nodeKind = _props.Network.Subnets.Any(s => s.Kind == SubnetKinds.DataPlane) ? SubnetKinds.DataPlane : SubnetKinds.Private;
        foreach (var declared in _props.Network.Subnets)
        {
            var subnet = new CfnSubnet(this, $"Subnet-{declared.Name}", new CfnSubnetProps
            {
                VpcId = _vpc.Ref, CidrBlock = declared.Cidr, AvailabilityZone = declared.Zone, MapPublicIpOnLaunch = false,
            });
            _blocks.ForEach(subnet.AddDependency);
            Tag(subnet, $"{_props.Name}-{declared.Name}");
            TagRole(subnet, declared.Kind, nodeKind);
            _subnets.Add(declared.Name, subnet);
        }
    }

    private void TagRole(CfnSubnet subnet, string kind, string nodeKind)
    {
        if (kind != SubnetKinds.DataPlane)
        {
            Tags.Of(subnet).Add(kind == SubnetKinds.Public ? "kubernetes.io/role/elb" : "kubernetes.io/role/internal-elb", "1");
        }

        if (kind == nodeKind)
        {
            Tags.Of(subnet).Add("karpenter.sh/discovery", _props.Name);
        }
    }

    private void Tag(Construct resource, string name)
    {
        Tags.Of(resource).Add("Name", name);
        if (_props.ForEmrStudio)
        {
            Tags.Of(resource).Add("for-use-with-amazon-emr-managed-policies", "true");
        }
    }

    private ClusterNetwork Created() => new()
    {
        VpcId = _vpc.Ref,
        Cidrs = [_props.Network.VpcCidr, .. _props.Network.SecondaryCidrs],
        Subnets = [.. _props.Network.Subnets.Select(s => new PlacedSubnet(_subnets[s.Name].Ref, s.Zone, s.Kind))],
    };
}
