using Hearth.Deploy.Iam;

namespace Hearth.Deploy.Stacks;

/// <summary>
/// The AWS Load Balancer Controller's policy: it reads the network, and changes only load balancers, target groups and security groups that carry its
/// own cluster's tag. Pure.
/// </summary>
internal static class LoadBalancerPolicy
{
    private const string Tag = "elbv2.k8s.aws/cluster";

    public static IReadOnlyList<Allow> Of(Arns where, string cluster) => [.. Reading(where), .. Groups(where, cluster), .. Balancers(where, cluster)];

    private static IEnumerable<Allow> Reading(Arns where)
    {
        yield return new Allow("Look",
        [
            "acm:DescribeCertificate", "acm:ListCertificates", "ec2:DescribeAccountAttributes", "ec2:DescribeAddresses", "ec2:DescribeAvailabilityZones", "ec2:DescribeCoipPools",
            "ec2:DescribeInstances", "ec2:DescribeInternetGateways", "ec2:DescribeIpamPools", "ec2:DescribeNetworkInterfaces", "ec2:DescribeRouteTables", "ec2:DescribeSecurityGroups",
            "ec2:DescribeSubnets", "ec2:DescribeTags", "ec2:DescribeVpcPeeringConnections", "ec2:DescribeVpcs", "ec2:GetCoipPoolUsage", "ec2:GetSecurityGroupsForVpc",
            "elasticloadbalancing:DescribeListenerAttributes", "elasticloadbalancing:DescribeListenerCertificates", "elasticloadbalancing:DescribeListeners",
            "elasticloadbalancing:DescribeLoadBalancerAttributes", "elasticloadbalancing:DescribeLoadBalancers", "elasticloadbalancing:DescribeRules", "elasticloadbalancing:DescribeSSLPolicies",
            "elasticloadbalancing:DescribeTags", "elasticloadbalancing:DescribeTargetGroupAttributes", "elasticloadbalancing:DescribeTargetGroups", "elasticloadbalancing:DescribeTargetHealth",
        ], ["*"]).When("StringEquals", "aws:RequestedRegion", where.Region);
        yield return new Allow("ServiceRole", ["iam:CreateServiceLinkedRole"], [$"arn:{where.Partition}:iam::{where.Account}:role/aws-service-role/elasticloadbalancing.amazonaws.com/*"])
            .When("StringEquals", "iam:AWSServiceName", "elasticloadbalancing.amazonaws.com");
    }

    private static IEnumerable<Allow> Groups(Arns where, string cluster)
    {
        string[] groups = [where.Ec2("security-group")];
        yield return new Allow("CreateGroups", ["ec2:CreateSecurityGroup"], [.. groups, where.Ec2("vpc")]);
        yield return Requested(new Allow("TagNewGroups", ["ec2:CreateTags"], groups), cluster).When("StringEquals", "ec2:CreateAction", "CreateSecurityGroup");
        yield return Owned(new Allow("ChangeGroups", ["ec2:CreateTags", "ec2:DeleteSecurityGroup", "ec2:DeleteTags"], groups), cluster);
        // Rules also go to the nodes' group, which carries the cluster's tag, not the controller's.
        yield return Owned(new Allow("OwnRules", ["ec2:AuthorizeSecurityGroupIngress", "ec2:RevokeSecurityGroupIngress"], groups), cluster);
        yield return new Allow("NodeRules", ["ec2:AuthorizeSecurityGroupIngress", "ec2:RevokeSecurityGroupIngress"], groups)
            .When("StringEquals", $"aws:ResourceTag/kubernetes.io/cluster/{cluster}", "owned");
    }

    private static IEnumerable<Allow> Balancers(Arns where, string cluster)
    {
        string[] balancers = [where.Of("elasticloadbalancing", "loadbalancer/net/*/*"), where.Of("elasticloadbalancing", "loadbalancer/app/*/*"), where.Of("elasticloadbalancing", "targetgroup/*/*")];
        string[] listeners =
        [
            where.Of("elasticloadbalancing", "listener/net/*/*/*"), where.Of("elasticloadbalancing", "listener/app/*/*/*"),
            where.Of("elasticloadbalancing", "listener-rule/net/*/*/*"), where.Of("elasticloadbalancing", "listener-rule/app/*/*/*"),
        ];
        yield return Requested(new Allow("Create", ["elasticloadbalancing:CreateLoadBalancer", "elasticloadbalancing:CreateTargetGroup"], balancers), cluster);
        yield return Requested(new Allow("TagNew", ["elasticloadbalancing:AddTags"], balancers), cluster)
            .When("StringEquals", "elasticloadbalancing:CreateAction", "CreateTargetGroup", "CreateLoadBalancer");
        yield return Owned(new Allow("Change",
        [
            "elasticloadbalancing:AddTags", "elasticloadbalancing:DeleteLoadBalancer", "elasticloadbalancing:DeleteTargetGroup", "elasticloadbalancing:ModifyLoadBalancerAttributes",
            "elasticloadbalancing:ModifyTargetGroup", "elasticloadbalancing:ModifyTargetGroupAttributes", "elasticloadbalancing:RemoveTags", "elasticloadbalancing:SetIpAddressType",
            "elasticloadbalancing:SetSecurityGroups", "elasticloadbalancing:SetSubnets",
        ], balancers), cluster);
        yield return Owned(new Allow("Targets", ["elasticloadbalancing:DeregisterTargets", "elasticloadbalancing:RegisterTargets"], [balancers[2]]), cluster);
        yield return new Allow("Listeners",
        [
            "elasticloadbalancing:AddListenerCertificates", "elasticloadbalancing:AddTags", "elasticloadbalancing:CreateListener", "elasticloadbalancing:CreateRule",
            "elasticloadbalancing:DeleteListener", "elasticloadbalancing:DeleteRule", "elasticloadbalancing:ModifyListener", "elasticloadbalancing:ModifyListenerAttributes",
            "elasticloadbalancing:ModifyRule", "elasticloadbalancing:RemoveListenerCertificates", "elasticloadbalancing:RemoveTags",
        ], [.. listeners, .. balancers[..2]]);
    }

    private static Allow Owned(Allow allow, string cluster) => allow.When("StringEquals", $"aws:ResourceTag/{Tag}", cluster);

    private static Allow Requested(Allow allow, string cluster) => allow.When("StringEquals", $"aws:RequestTag/{Tag}", cluster);
}
