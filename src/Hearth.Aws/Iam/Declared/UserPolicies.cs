using System.Text.Json.Nodes;
using Hearth.Aws.Iam.Access;
using Hearth.Platform;

namespace Hearth.Aws.Iam.Declared;

/// <summary>
/// What a team's members may do: everything with what belongs to their team, wherever it was made; look at the shared platform; pass and assume
/// their own execution role.
/// </summary>
internal static class UserPolicies
{
    /// <summary>The policy of a team's user.</summary>
    public static JsonObject Permissions(PlatformDeclaration platform, Team team)
    {
        var account = platform.AccountId;
        var role = IamArns.Role(account, "/", team.ExecutionRole.Name);
        var policy = new PolicyBuilder();
        RolePolicies.Buckets(policy, team);
        return policy
            .Allow("OwnBuckets", ["s3:*"], ["arn:aws:s3:::*"], Owned(team))
            .Allow("NewBuckets", ["s3:CreateBucket", "s3:ListAllMyBuckets"], ["*"])
            .Allow("OwnJobs", ["emr-containers:*"], ["*"], Owned(team))
            .Allow("JobLists", ["emr-containers:ListVirtualClusters", "emr-containers:ListJobTemplates", "emr-containers:CreateJobTemplate", "emr-containers:ListSecurityConfigurations", "emr-containers:CreateSecurityConfiguration"], ["*"])
            .Allow("OwnRole", ["iam:PassRole", "iam:GetRole", "iam:ListRolePolicies", "iam:GetRolePolicy", "iam:ListAttachedRolePolicies", "iam:ListRoleTags", "sts:AssumeRole"], [role])
            .Allow("OwnPolicies", ["iam:GetPolicy", "iam:GetPolicyVersion", "iam:ListPolicyVersions"], [$"arn:aws:iam::{account}:policy/{team.ExecutionRole.Name}-permissions"])
            .Allow("Self", ["iam:GetUser", "iam:ListAccessKeys", "iam:ListAttachedUserPolicies", "iam:ListUserPolicies"], [$"arn:aws:iam::{account}:user/${{aws:username}}"])
            .Allow("Session", ["sts:GetSessionToken", "sts:GetAccessKeyInfo"], ["*"])
            .Allow("OwnLogs", ["logs:*"], RolePolicies.LogGroups(platform, team))
            .Allow("LogGroups", ["logs:DescribeLogGroups"], ["*"])
            .Allow("Look", ["eks:Describe*", "eks:List*", "aps:List*", "aps:Describe*", "ec2:Describe*", "elasticloadbalancing:Describe*", "cloudformation:Describe*", "cloudformation:List*"], ["*"], new JsonObject { ["StringEqualsIfExists"] = new JsonObject { [Authorizer.TeamKey] = team.Name } })
            .Allow("OwnTables", ["glue:*", "athena:*"], ["*"], Owned(team))
            .Allow("OwnEndpoints", ["elasticloadbalancing:SetSecurityGroups"], ["*"], Owned(team))
            .Build();
    }

    private static JsonObject Owned(Team team) => new() { ["StringEquals"] = new JsonObject { [Authorizer.TeamKey] = team.Name } };
}
