using Amazon.CDK;
using Amazon.CDK.AWS.EKS;
using Constructs;
using Hearth.Deploy.Iam;

namespace Hearth.Deploy.Cluster;

/// <summary>EKS managed add-ons: networking before the nodes, the rest after them.</summary>
internal static class EksAddons
{
    /// <summary>What the network plugin gets: whole /28 prefixes, so that a node holds as many pods as its memory allows.</summary>
    private const string CniConfiguration = """{"env":{"ENABLE_PREFIX_DELEGATION":"true","WARM_PREFIX_TARGET":"1"}}""";

    private static readonly string[] Networking = ["vpc-cni", "kube-proxy"];

    public static IReadOnlyList<CfnResource> BeforeNodes(Construct scope, EmrEksClusterProps props, ClusterIdentity cluster)
    {
        // The plugin must have its credentials before the Pod Identity agent can run, so its role is always an IRSA one; nodes then need no network rights.
        var cni = new WorkloadRoles(WorkloadIdentity.Irsa, cluster)
            .Add(scope, "vpc-cni", "kube-system", ["aws-node"], managed: [props.Where.AwsManagedPolicy("AmazonEKS_CNI_Policy")]);
        return [Add(scope, props, "vpc-cni", cni, CniConfiguration), Add(scope, props, "kube-proxy", null, null)];
    }

    public static void AfterNodes(Construct scope, EmrEksClusterProps props, WorkloadRoles roles, NodeGroups groups)
    {
        string[] names = ["coredns", .. props.EksAddons.Keys.Where(n => n != "coredns" && !Networking.Contains(n, StringComparer.Ordinal)).Order(StringComparer.Ordinal)];
        foreach (var name in names)
        {
            var role = Role(scope, props, roles, name);
            groups.WhenReady(Add(scope, props, name, roles.Kind == WorkloadIdentity.Irsa ? role : null, null));
        }
    }

    private static string? Role(Construct scope, EmrEksClusterProps props, WorkloadRoles roles, string addon) => addon switch
    {
        "aws-ebs-csi-driver" => roles.Add(scope, "ebs-csi", "kube-system", ["ebs-csi-controller-sa"], managed: [props.Where.AwsManagedPolicy("service-role/AmazonEBSCSIDriverPolicy")]),
        "amazon-cloudwatch-observability" => roles.Add(scope, "cloudwatch-agent", "amazon-cloudwatch", ["cloudwatch-agent"], managed: [props.Where.AwsManagedPolicy("CloudWatchAgentServerPolicy")]),
        _ => null,
    };

    private static CfnAddon Add(Construct scope, EmrEksClusterProps props, string name, string? role, string? configuration)
    {
        var version = props.EksAddons.GetValueOrDefault(name) ?? "";
        var addon = new CfnAddon(scope, $"Addon-{name}", new CfnAddonProps
        {
            ClusterName = props.ClusterName,
            AddonName = name,
            AddonVersion = version.Length > 0 ? version : null,
            ServiceAccountRoleArn = role,
            ConfigurationValues = configuration,
            ResolveConflicts = "OVERWRITE",
        });
        addon.AddDependency((CfnResource)scope.Node.FindChild("Cluster"));
        return addon;
    }
}
