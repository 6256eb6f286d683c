using Constructs;
using Hearth.Deploy.Iam;

namespace Hearth.Deploy.Cluster;

/// <summary>
/// What the Cluster Autoscaler may do: look at groups, and resize those of this cluster. It learns labels and taints of empty groups from
/// <c>eks:DescribeNodegroup</c>, so no function has to tag Auto Scaling groups.
/// </summary>
internal static class ClusterAutoscalerRole
{
    public const string Namespace = "kube-system";
    public const string ServiceAccount = "cluster-autoscaler";

    public static void Add(Construct scope, EmrEksClusterProps props, WorkloadRoles roles) => roles.Add(
        scope, "cluster-autoscaler", Namespace, [ServiceAccount],
        [
            new Allow("Look",
            [
                "autoscaling:DescribeAutoScalingGroups", "autoscaling:DescribeAutoScalingInstances", "autoscaling:DescribeLaunchConfigurations",
                "autoscaling:DescribeScalingActivities", "autoscaling:DescribeTags", "ec2:DescribeImages", "ec2:DescribeInstanceTypes",
                "ec2:DescribeLaunchTemplateVersions", "ec2:GetInstanceTypesFromInstanceRequirements",
            ], ["*"]),
            new Allow("LookAtGroups", ["eks:DescribeNodegroup"], [props.Where.Of("eks", $"nodegroup/{props.ClusterName}/*")]),
            new Allow("Resize", ["autoscaling:SetDesiredCapacity", "autoscaling:TerminateInstanceInAutoScalingGroup"], [props.Where.Of("autoscaling", "autoScalingGroup:*")])
                .When("StringEquals", "aws:ResourceTag/eks:cluster-name", props.ClusterName),
        ]);
}
