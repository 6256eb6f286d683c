using Amazon.CDK;
using Amazon.CDK.AWS.EC2;
using Constructs;

namespace Hearth.Deploy.Cluster;

/// <summary>
/// Two groups and the ports between them: control plane to kubelets and webhooks, nodes to the API, DNS and high ports among nodes (Spark's drivers
/// and executors take any above 1024). Nothing is open to all protocols.
/// </summary>
public sealed class ClusterSecurityGroups : Construct
{
    private static readonly (int Port, string For)[] FromControlPlane =
    [
        (443, "extension API servers"), (10250, "kubelet"), (4443, "metrics-server"), (6443, "metrics adapters"), (8443, "Karpenter webhook"), (9443, "load balancer controller webhook"),
    ];

    internal ClusterSecurityGroups(Construct scope, EmrEksClusterProps props)
        : base(scope, "SecurityGroups")
    {
        var controlPlane = Group("ControlPlane", $"{props.ClusterName}-cluster", "EKS control plane", props, egress: false);
        var nodes = Group("Nodes", $"{props.ClusterName}-node", "Nodes and pods", props, egress: true);
        Amazon.CDK.Tags.Of(nodes).Add("karpenter.sh/discovery", props.ClusterName);
        Amazon.CDK.Tags.Of(nodes).Add($"kubernetes.io/cluster/{props.ClusterName}", "owned");
        ControlPlane = controlPlane.AttrGroupId;
        Nodes = nodes.AttrGroupId;
        In("ApiFromNodes", ControlPlane, Nodes, "tcp", 443, 443, "API from nodes");
        foreach (var (port, what) in FromControlPlane)
        {
            In($"Nodes{port}", Nodes, ControlPlane, "tcp", port, port, $"control plane to {what}");
        }

        foreach (var (port, what) in FromControlPlane)
        {
            new CfnSecurityGroupEgress(this, $"ControlPlaneTo{port}", new CfnSecurityGroupEgressProps
            {
                GroupId = ControlPlane, DestinationSecurityGroupId = Nodes, IpProtocol = "tcp", FromPort = port, ToPort = port, Description = $"to {what}",
            });
        }

        In("DnsTcp", Nodes, Nodes, "tcp", 53, 53, "DNS among nodes");
        In("DnsUdp", Nodes, Nodes, "udp", 53, 53, "DNS among nodes");
        In("NodesHigh", Nodes, Nodes, "tcp", 1025, 65535, "Spark and services among nodes");
        if (props.Lustre)
        {
            In("Lustre988", Nodes, Nodes, "tcp", 988, 988, "Lustre");
            In("Lustre1018", Nodes, Nodes, "tcp", 1018, 1023, "Lustre");
        }
    }

    /// <summary>The group of the control plane's network interfaces; a CDK token.</summary>
    public string ControlPlane { get; }

    /// <summary>The group of every node; a CDK token.</summary>
    public string Nodes { get; }

    private CfnSecurityGroup Group(string id, string name, string description, EmrEksClusterProps props, bool egress)
    {
        var group = new CfnSecurityGroup(this, id, new CfnSecurityGroupProps
        {
            GroupDescription = description,
            VpcId = props.Network.VpcId,
            SecurityGroupEgress = egress
                ? new object[] { new CfnSecurityGroup.EgressProperty { IpProtocol = "-1", CidrIp = "0.0.0.0/0", Description = "images, AWS APIs, data sources" } }
                : new object[] { new CfnSecurityGroup.EgressProperty { IpProtocol = "icmp", FromPort = 252, ToPort = 86, CidrIp = "255.255.255.255/32", Description = "nothing but what is named by rules of their own" } },
        });
        Amazon.CDK.Tags.Of(group).Add("Name", name);
        return group;
    }

    private void In(string id, string group, string from, string protocol, int low, int high, string what) =>
        new CfnSecurityGroupIngress(this, id, new CfnSecurityGroupIngressProps
        {
            GroupId = group, SourceSecurityGroupId = from, IpProtocol = protocol, FromPort = low, ToPort = high, Description = what,
        });
}
