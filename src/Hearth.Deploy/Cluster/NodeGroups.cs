using Amazon.CDK;
using Amazon.CDK.AWS.EC2;
using Amazon.CDK.AWS.EKS;
using Amazon.CDK.AWS.IAM;
using Constructs;
using Hearth.Deploy.Iam;
using Hearth.Platform;

namespace Hearth.Deploy.Cluster;

/// <summary>Managed node groups and the role and launch templates they share.</summary>
internal sealed class NodeGroups
{
    private readonly Construct _scope;
    private readonly EmrEksClusterProps _props;
    private readonly string _securityGroup;
    private readonly string _cluster;
    private readonly IReadOnlyList<CfnResource> _before;
    private readonly CfnRole _role;
    private readonly List<CfnNodegroup> _made = [];
    private readonly List<CfnResource> _waiting = [];

    public NodeGroups(Construct scope, EmrEksClusterProps props, string securityGroup, string cluster, IReadOnlyList<CfnResource> before)
    {
        (_scope, _props, _securityGroup, _cluster, _before) = (scope, props, securityGroup, cluster, before);
        string[] policies = ["AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryPullOnly", .. props.SessionManagerOnNodes ? (string[])["AmazonSSMManagedInstanceCore"] : []];
        _role = new CfnRole(scope, "NodeRole", new CfnRoleProps
        {
            Description = $"Managed nodes of {props.ClusterName}",
            AssumeRolePolicyDocument = Trust.Service("ec2.amazonaws.com"),
            ManagedPolicyArns = [.. policies.Select(props.Where.AwsManagedPolicy)],
        });
    }

    public string RoleArn => _role.AttrArn;

    /// <summary>Makes a resource wait for the first group, now or when it comes: add-ons with pods need a node.</summary>
    public void WhenReady(CfnResource resource)
    {
        _waiting.Add(resource);
        if (_made.Count > 0)
        {
            resource.AddDependency(_made[0]);
        }
    }

    public IReadOnlyList<string> Add(NodeGroup group)
    {
        var architecture = NodeGroupCheck.Check(group, _props);
        string[] zones = [.. _props.Network.Subnets.Select(s => s.Zone).Distinct(StringComparer.Ordinal)];
        return [.. group.Expand(zones).Select(g => AddOne(g, architecture))];
    }

    private string AddOne(NodeGroup group, Architecture architecture)
    {
        var template = LaunchTemplates.Add(_scope, group, _props, _securityGroup);
        var made = new CfnNodegroup(_scope, $"NodeGroup-{group.Name}", new CfnNodegroupProps
        {
            ClusterName = _cluster,
            NodegroupName = group.Name,
            NodeRole = _role.AttrArn,
            AmiType = AmiTypes.Of(group.AmiFamily, architecture),
            CapacityType = group.CapacityType == "spot" ? "SPOT" : "ON_DEMAND",
            InstanceTypes = [.. group.InstanceTypes],
            Subnets = [.. _props.Network.Of(group.Subnets, group.Zones).Select(s => s.Id)],
            ScalingConfig = new CfnNodegroup.ScalingConfigProperty { MinSize = group.MinSize, MaxSize = group.MaxSize, DesiredSize = Math.Max(group.DesiredSize, group.MinSize) },
            UpdateConfig = new CfnNodegroup.UpdateConfigProperty { MaxUnavailablePercentage = 33 },
            LaunchTemplate = new CfnNodegroup.LaunchTemplateSpecificationProperty { Id = template.Ref, Version = template.AttrLatestVersionNumber },
            Labels = new Dictionary<string, string>(group.Labels, StringComparer.Ordinal),
            Taints = group.Taints.Count == 0 ? null : group.Taints.Select(t => (object)Taint(t)).ToArray(),
        });
        made.AddDependency((CfnResource)_scope.Node.FindChild("Cluster"));
        foreach (var (key, value) in group.Tags)
        {
            Tags.Of(made).Add(key, value);
        }

        foreach (var addon in _before)
        {
            made.AddDependency(addon);
        }

        _made.Add(made);
        if (_made.Count == 1)
        {
            _waiting.ForEach(w => w.AddDependency(made));
        }

        return group.Name;
    }

    private static CfnNodegroup.TaintProperty Taint(Taint taint) => new()
    {
        Key = taint.Key,
        Value = taint.Value.Length > 0 ? taint.Value : null,
        Effect = taint.Effect switch { "NoSchedule" => "NO_SCHEDULE", "NoExecute" => "NO_EXECUTE", _ => "PREFER_NO_SCHEDULE" },
    };
}
