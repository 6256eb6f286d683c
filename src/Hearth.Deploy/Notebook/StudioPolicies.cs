using Hearth.Deploy.Iam;
using Hearth.Platform;

namespace Hearth.Deploy.Notebook;

/// <summary>Policies of a Studio's service role and of its users. Pure.</summary>
internal static class StudioPolicies
{
    private const string Id = "0123456789abcdefghijklmno";
    private const string Tag = "for-use-with-amazon-emr-managed-policies";

    /// <summary>What EMR may do with the network, workspaces' files and Git secrets.</summary>
    public static IReadOnlyList<Allow> Service(Arns where, string bucket, string key)
    {
        var interfaces = where.Ec2("network-interface");
        var groups = where.Ec2("security-group");
        return
        [
            Tagged(new Allow("Interfaces", ["ec2:CreateNetworkInterfacePermission", "ec2:DeleteNetworkInterface"], [interfaces])),
            new Allow("ModifyInterfaces", ["ec2:ModifyNetworkInterfaceAttribute"], [interfaces, groups, where.Ec2("instance")]),
            Requested(new Allow("CreateInterfaces", ["ec2:CreateNetworkInterface"], [interfaces])),
            Tagged(new Allow("CreateInterfacesIn", ["ec2:CreateNetworkInterface"], [where.Ec2("subnet"), groups])),
            new Allow("TagInterfaces", ["ec2:CreateTags"], [interfaces]).When("StringEquals", "ec2:CreateAction", "CreateNetworkInterface"),
            Tagged(new Allow("Rules",
                ["ec2:AuthorizeSecurityGroupEgress", "ec2:AuthorizeSecurityGroupIngress", "ec2:RevokeSecurityGroupEgress", "ec2:RevokeSecurityGroupIngress"], [groups])),
            Tagged(new Allow("InterfacePermissions", ["ec2:DeleteNetworkInterfacePermission"], [interfaces])),
            Requested(new Allow("CreateGroups", ["ec2:CreateSecurityGroup"], [groups])),
            Tagged(new Allow("CreateGroupsIn", ["ec2:CreateSecurityGroup"], [where.Ec2("vpc")])),
            Requested(new Allow("TagGroups", ["ec2:CreateTags"], [groups])).When("StringEquals", "ec2:CreateAction", "CreateSecurityGroup"),
            new Allow("Look",
                ["ec2:DescribeInstances", "ec2:DescribeNetworkInterfaces", "ec2:DescribeSecurityGroups", "ec2:DescribeSubnets", "ec2:DescribeTags", "ec2:DescribeVpcs"], ["*"])
                .When("StringEquals", "aws:RequestedRegion", where.Region),
            Tagged(new Allow("GitSecrets", ["secretsmanager:GetSecretValue"], [where.Of("secretsmanager", "secret:emr-studio-*")])),
            new Allow("Workspaces", ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"], [where.Objects(bucket)]),
            new Allow("WorkspaceBucket", ["s3:GetEncryptionConfiguration", "s3:ListBucket"], [where.Bucket(bucket)]),
            new Allow("WorkspaceKey", ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey", "kms:ReEncryptFrom", "kms:ReEncryptTo"], [key]),
        ];
    }

    /// <summary>What a person may do: use the Studio, own workspaces, and exactly these endpoints.</summary>
    public static IReadOnlyList<Allow> User(Arns where, string studioArn, string serviceRoleArn, string virtualClusterArn, IReadOnlyList<string> endpoints, bool iam)
    {
        var editors = where.Of("elasticmapreduce", "editor/*");
        List<Allow> statements =
        [
            new("Basics",
            [
                "elasticmapreduce:CreateEditor", "elasticmapreduce:ListEditors", "elasticmapreduce:CreateRepository", "elasticmapreduce:DescribeRepository",
                "elasticmapreduce:ListRepositories", "elasticmapreduce:LinkRepository", "elasticmapreduce:UnlinkRepository", "elasticmapreduce:DeleteRepository",
                "elasticmapreduce:CreatePersistentAppUI", "elasticmapreduce:DescribePersistentAppUI", "elasticmapreduce:GetPersistentAppUIPresignedURL",
            ], ["*"]) { Conditions = [new PolicyCondition("StringEquals", "aws:RequestedRegion", [where.Region])] },
            new("Attach", ["elasticmapreduce:AttachEditor", "elasticmapreduce:DetachEditor"], [editors, where.Of("elasticmapreduce", "cluster/*")]),
            new("Find", ["emr-containers:ListVirtualClusters", "secretsmanager:ListSecrets", "s3:ListAllMyBuckets"], ["*"]),
            new("VirtualCluster", ["emr-containers:DescribeVirtualCluster", "emr-containers:ListManagedEndpoints"], [virtualClusterArn]),
            new("Endpoints", ["emr-containers:CreateAccessTokenForManagedEndpoint", "emr-containers:DescribeManagedEndpoint", "emr-containers:GetManagedEndpointSessionCredentials"], endpoints),
            new Allow("OwnWorkspaces",
            [
                "elasticmapreduce:DeleteEditor", "elasticmapreduce:DescribeEditor", "elasticmapreduce:OpenEditorInConsole", "elasticmapreduce:StartEditor", "elasticmapreduce:StopEditor",
                "elasticmapreduce:UpdateEditor", "elasticmapreduce:PutWorkspaceAccess", "elasticmapreduce:DeleteWorkspaceAccess", "elasticmapreduce:ListWorkspaceAccessIdentities",
            ], [editors]).When("StringEquals", "elasticmapreduce:ResourceTag/creatorUserId", "${aws:userId}"),
            Requested(new Allow("GitSecrets", ["secretsmanager:CreateSecret", "secretsmanager:TagResource"], [where.Of("secretsmanager", "secret:emr-studio-*")])),
            new Allow("PassServiceRole", ["iam:PassRole"], [serviceRoleArn]).When("StringEquals", "iam:PassedToService", "elasticmapreduce.amazonaws.com"),
        ];
        if (iam)
        {
            statements.Add(new Allow("OpenStudio", ["elasticmapreduce:CreateStudioPresignedUrl", "elasticmapreduce:DescribeStudio"], [studioArn]));
        }

        return statements;
    }

    /// <summary>How many endpoints a person's policy can name before it is longer than IAM takes.</summary>
    public static int MostEndpoints(Arns where)
    {
        // ARNs that EMR makes: of a Studio, of the service's role, of a virtual cluster, of an endpoint.
        var (studio, role) = (where.Of("elasticmapreduce", $"studio/es-{Id}"), where.Role(new string('x', AwsNames.LongestRole)));
        var cluster = where.Of("emr-containers", $"/virtualclusters/{Id}");
        var alone = PolicySize.Of(User(where, studio, role, cluster, [], iam: true));
        return (PolicySize.Managed - alone) / $"\"{cluster}/endpoints/{Id}\",".Length;
    }

    private static Allow Tagged(Allow allow) => allow.When("StringEquals", $"aws:ResourceTag/{Tag}", "true");

    private static Allow Requested(Allow allow) => allow.When("StringEquals", $"aws:RequestTag/{Tag}", "true");
}
