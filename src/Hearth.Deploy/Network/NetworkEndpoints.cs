using Amazon.CDK;
using Amazon.CDK.AWS.EC2;
using Constructs;
using Hearth.Platform;

namespace Hearth.Deploy.Network;

/// <summary>The S3 gateway endpoint, which costs nothing and is always there, and interface endpoints when asked for.</summary>
internal static class NetworkEndpoints
{
    public static void Add(Construct scope, PlatformNetworkProps props, ClusterNetwork network, IReadOnlyList<string> tables)
    {
        var s3 = new CfnVPCEndpoint(scope, "S3", new CfnVPCEndpointProps
        {
            VpcId = network.VpcId, ServiceName = Service(props, "s3"), VpcEndpointType = "Gateway", RouteTableIds = [.. tables],
        });
        Named(s3, $"{props.Name}-s3", props);
        if (!props.Network.VpcEndpoints)
        {
            return;
        }

        var group = SecurityGroup(scope, props, network);
        foreach (var service in props.EndpointServices)
        {
            // One subnet a zone: a second one of the same zone is refused (DuplicateSubnetsInSameZone).
            var endpoint = new CfnVPCEndpoint(scope, $"Endpoint-{service}", new CfnVPCEndpointProps
            {
                VpcId = network.VpcId,
                ServiceName = Service(props, service),
                VpcEndpointType = "Interface",
                PrivateDnsEnabled = true,
                SubnetIds = [.. network.OneAZone.Select(s => s.Id)],
                SecurityGroupIds = [group],
            });
            Named(endpoint, $"{props.Name}-{service}", props);
        }
    }

    /// <summary>The library's type has no tags, though CloudFormation's has; so these are written as they are, with the tag that teardown looks for.</summary>
    private static void Named(CfnVPCEndpoint endpoint, string name, PlatformNetworkProps props) => endpoint.AddPropertyOverride("Tags", new object[]
    {
        new Dictionary<string, object>(StringComparer.Ordinal) { ["Key"] = "Name", ["Value"] = name },
        new Dictionary<string, object>(StringComparer.Ordinal) { ["Key"] = StackNames.PlatformTag, ["Value"] = props.Name },
    });

    private static string SecurityGroup(Construct scope, PlatformNetworkProps props, ClusterNetwork network)
    {
        var group = new CfnSecurityGroup(scope, "EndpointGroup", new CfnSecurityGroupProps
        {
            GroupDescription = "Interface endpoints: HTTPS from the VPC",
            VpcId = network.VpcId,
            SecurityGroupIngress = network.Cidrs.Select(cidr => (object)new CfnSecurityGroup.IngressProperty
            {
                IpProtocol = "tcp", FromPort = 443, ToPort = 443, CidrIp = cidr, Description = "HTTPS from the VPC",
            }).ToArray(),
        });
        Tags.Of(group).Add("Name", $"{props.Name}-vpc-endpoints");
        return group.AttrGroupId;
    }

    private static string Service(PlatformNetworkProps props, string service) =>
        (props.Where.Partition == "aws-cn" && service != "s3" ? "cn.com.amazonaws." : "com.amazonaws.") + $"{props.Where.Region}.{service}";
}
