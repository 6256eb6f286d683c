using Hearth.Aws.Iam.Policy;
using Hearth.Aws.Iam.Resources;
using Hearth.Aws.Logs;
using Hearth.Aws.S3.Api;
using Hearth.Aws.Sts;
using Hearth.Jobs.Access;

namespace Hearth.Aws.Iam.Access;

/// <summary>What IAM says of execution roles when job runs are submitted.</summary>
/// <param name="access">The decisions.</param>
/// <param name="logs">Rights in CloudWatch Logs.</param>
/// <param name="buckets">Rights in S3.</param>
/// <param name="issuer">Issuer of the cluster's service-account tokens.</param>
/// <param name="groupExists">Whether there is a log group of a name.</param>
/// <param name="bucketExists">Whether there is a bucket of a name.</param>
public sealed class ExecutionRoles(
    AccessControl access, LogAccess logs, IBucketPolicy buckets, string issuer, Func<string, bool> groupExists, Func<string, bool> bucketExists) : IExecutionRoles
{
    private const string Session = "emr-containers";

    /// <inheritdoc/>
    public string? TrustProblem(string roleArn, string ns, string serviceAccount)
    {
        if (access.FindRole(roleArn) is not { } role)
        {
            return $"Job execution role {roleArn} does not exist.";
        }

        return WebIdentityTrust.Of(access, role, WebIdentityTrust.ServiceAccount(issuer, ns, serviceAccount), Session) == Verdict.Allowed
            ? null
            : $"Not authorized to perform sts:AssumeRoleWithWebIdentity: the trust policy of {role.Spec.RoleName} does not name namespace {ns}. See aws emr-containers update-role-trust-policy.";
    }

    /// <inheritdoc/>
    public string? MissingLogPermission(string roleArn, string? group, string streamRoot, string? s3Root)
    {
        if (access.FindRole(roleArn) is not { } role)
        {
            return null;
        }

        return (group is null ? null : InLogs(role, group, streamRoot)) ?? (s3Root is null ? null : InS3(role, s3Root));
    }

    private string? InLogs(IamRole role, string group, string streamRoot)
    {
        var caller = access.CallerOf(role, Session);
        if (logs.Refusal(caller, "logs:DescribeLogGroups", "*", null) is not null)
        {
            return "logs:DescribeLogGroups";
        }

        if (!groupExists(group) && logs.Refusal(caller, "logs:CreateLogGroup", group, null) is not null)
        {
            return "logs:CreateLogGroup";
        }

        return ((string[])["logs:CreateLogStream", "logs:PutLogEvents"]).FirstOrDefault(action => logs.Refusal(caller, action, group, $"{streamRoot}/job-metadata.log") is not null);
    }

    // A bucket that is not there keeps no logs, but does not keep the run from running either.
    private string? InS3(IamRole role, string root)
    {
        var rest = root["s3://".Length..];
        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        return slash > 0 && bucketExists(rest[..slash]) && !buckets.Allows(access.CallerOf(role, Session), "s3:PutObject", rest[..slash], $"{rest[(slash + 1)..]}job-metadata.log")
            ? "s3:PutObject"
            : null;
    }
}
