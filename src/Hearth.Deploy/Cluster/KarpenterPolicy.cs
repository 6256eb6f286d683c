using Hearth.Deploy.Iam;

namespace Hearth.Deploy.Cluster;

/// <summary>
/// Karpenter's controller policy in the scoped form of its own project: instances, launch templates and profiles only with this cluster's tags,
/// the node role only to EC2. Pure.
/// </summary>
internal static class KarpenterPolicy
{
    private const string NodePoolTag = "karpenter.sh/nodepool";
    private const string NodeClassTag = "karpenter.k8s.aws/ec2nodeclass";

    public static IReadOnlyList<Allow> Of(Arns where, string cluster, string nodeRole, string queue) =>
        [.. Launching(where, cluster), .. Tagging(where, cluster), .. Profiles(where, cluster), .. Reading(where, cluster, nodeRole, queue)];

    private static IEnumerable<Allow> Launching(Arns where, string cluster)
    {
        yield return new Allow("AllowScopedEC2InstanceAccessActions", ["ec2:RunInstances", "ec2:CreateFleet"],
            [where.Ec2("image", owned: false), where.Ec2("snapshot", owned: false), where.Ec2("security-group"), where.Ec2("subnet"), where.Ec2("capacity-reservation"), where.Ec2("placement-group")]);
        yield return Owned(new Allow("AllowScopedEC2LaunchTemplateAccessActions", ["ec2:RunInstances", "ec2:CreateFleet"], [where.Ec2("launch-template")]), cluster)
            .When("StringLike", $"aws:ResourceTag/{NodePoolTag}", "*");
        yield return Requested(new Allow("AllowScopedEC2InstanceActionsWithTags", ["ec2:RunInstances", "ec2:CreateFleet", "ec2:CreateLaunchTemplate"], Created(where)), cluster)
            .When("StringLike", $"aws:RequestTag/{NodePoolTag}", "*");
        yield return Owned(new Allow("AllowScopedDeletion", ["ec2:TerminateInstances", "ec2:DeleteLaunchTemplate"], [where.Ec2("instance"), where.Ec2("launch-template")]), cluster)
            .When("StringLike", $"aws:ResourceTag/{NodePoolTag}", "*");
    }

    private static IEnumerable<Allow> Tagging(Arns where, string cluster)
    {
        yield return Requested(new Allow("AllowScopedResourceCreationTagging", ["ec2:CreateTags"], Created(where)), cluster)
            .When("StringEquals", "ec2:CreateAction", "RunInstances", "CreateFleet", "CreateLaunchTemplate")
            .When("StringLike", $"aws:RequestTag/{NodePoolTag}", "*");
        yield return Owned(new Allow("AllowScopedResourceTagging", ["ec2:CreateTags"], [where.Ec2("instance")]), cluster)
            .When("StringLike", $"aws:ResourceTag/{NodePoolTag}", "*")
            .When("StringEqualsIfExists", "aws:RequestTag/eks:eks-cluster-name", cluster)
            .When("ForAllValues:StringEquals", "aws:TagKeys", "eks:eks-cluster-name", "karpenter.sh/nodeclaim", "Name");
    }

    private static IEnumerable<Allow> Profiles(Arns where, string cluster)
    {
        string[] profiles = [where.InstanceProfiles];
        yield return Requested(new Allow("AllowScopedInstanceProfileCreationActions", ["iam:CreateInstanceProfile"], profiles), cluster)
            .When("StringEquals", "aws:RequestTag/topology.kubernetes.io/region", where.Region)
            .When("StringLike", $"aws:RequestTag/{NodeClassTag}", "*");
        yield return Requested(Owned(new Allow("AllowScopedInstanceProfileTagActions", ["iam:TagInstanceProfile"], profiles), cluster), cluster)
            .When("StringEquals", "aws:ResourceTag/topology.kubernetes.io/region", where.Region)
            .When("StringLike", $"aws:ResourceTag/{NodeClassTag}", "*");
        yield return Owned(
            new Allow("AllowScopedInstanceProfileActions", ["iam:AddRoleToInstanceProfile", "iam:RemoveRoleFromInstanceProfile", "iam:DeleteInstanceProfile"], profiles), cluster)
            .When("StringEquals", "aws:ResourceTag/topology.kubernetes.io/region", where.Region)
            .When("StringLike", $"aws:ResourceTag/{NodeClassTag}", "*");
        yield return new Allow("AllowInstanceProfileReadActions", ["iam:GetInstanceProfile"], profiles);
        yield return new Allow("AllowUnscopedInstanceProfileListAction", ["iam:ListInstanceProfiles"], ["*"]);
    }

    private static IEnumerable<Allow> Reading(Arns where, string cluster, string nodeRole, string queue)
    {
        yield return new Allow("AllowPassingInstanceRole", ["iam:PassRole"], [where.Role(nodeRole)])
            .When("StringEquals", "iam:PassedToService", where.Partition == "aws-cn" ? "ec2.amazonaws.com.cn" : "ec2.amazonaws.com");
        yield return new Allow("AllowRegionalReadActions",
        [
            "ec2:DescribeAvailabilityZones", "ec2:DescribeCapacityReservations", "ec2:DescribeImages", "ec2:DescribeInstances", "ec2:DescribeInstanceStatus",
            "ec2:DescribeInstanceTypeOfferings", "ec2:DescribeInstanceTypes", "ec2:DescribeLaunchTemplates", "ec2:DescribePlacementGroups",
            "ec2:DescribeSecurityGroups", "ec2:DescribeSpotPriceHistory", "ec2:DescribeSubnets",
        ], ["*"]).When("StringEquals", "aws:RequestedRegion", where.Region);
        yield return new Allow("AllowSSMReadActions", ["ssm:GetParameter"], [$"arn:{where.Partition}:ssm:{where.Region}::parameter/aws/service/*"]);
        yield return new Allow("AllowPricingReadActions", ["pricing:GetProducts"], ["*"]);
        yield return new Allow("AllowZonalShiftReadActions", ["arc-zonal-shift:GetManagedResource"], [where.Cluster(cluster)]);
        yield return new Allow("AllowInterruptionQueueActions", ["sqs:DeleteMessage", "sqs:GetQueueUrl", "sqs:ReceiveMessage"], [where.Queue(queue)]);
        yield return new Allow("AllowAPIServerEndpointDiscovery", ["eks:DescribeCluster"], [where.Cluster(cluster)]);
    }

    private static string[] Created(Arns where) =>
        [.. new[] { "fleet", "instance", "volume", "network-interface", "launch-template", "spot-instances-request", "capacity-reservation" }.Select(k => where.Ec2(k))];

    private static Allow Owned(Allow allow, string cluster) => allow.When("StringEquals", $"aws:ResourceTag/kubernetes.io/cluster/{cluster}", "owned");

    private static Allow Requested(Allow allow, string cluster) => allow
        .When("StringEquals", $"aws:RequestTag/kubernetes.io/cluster/{cluster}", "owned")
        .When("StringEquals", "aws:RequestTag/eks:eks-cluster-name", cluster);
}
