using Hearth.Aws.Iam.Access;
using Hearth.Aws.Signing;

namespace Hearth.Aws.Logs;

/// <summary>Asks IAM about log groups and streams.</summary>
public sealed class LogAccess(AccessControl access, string region, string accountId)
{
    /// <summary>ARN of a group, for example <c>arn:aws:logs:us-west-2:123456789012:log-group:/a/b</c>.</summary>
    public static string ArnOf(string region, string accountId, string group) => $"arn:aws:logs:{region}:{accountId}:log-group:{group}";

    /// <summary>
    /// Why somebody may not do something; null when they may. Policies name a group as <c>...:log-group:NAME:*</c> or without the end,
    /// and both count, as with AWS.
    /// </summary>
    /// <param name="caller">Who.</param>
    /// <param name="action">For example <c>logs:PutLogEvents</c>.</param>
    /// <param name="group">Name of the group; <c>*</c> for all.</param>
    /// <param name="stream">Name of the stream; null for the group.</param>
    public string? Refusal(AwsCredential caller, string action, string group, string? stream)
    {
        if (group is "*")
        {
            return access.Decide(caller, action, "*") is { Allowed: false } all ? all.Sentence(caller.PrincipalArn, action, "*") : null;
        }

        var arn = ArnOf(region, accountId, group);
        var resource = $"{arn}:log-stream:{stream}";
        var decision = access.Decide(caller, action, resource);
        if (!decision.Allowed && stream is null && !decision.Because.Contains("explicit deny", StringComparison.Ordinal))
        {
            decision = access.Decide(caller, action, arn);
        }

        return decision.Allowed ? null : decision.Sentence(caller.PrincipalArn, action, resource);
    }
}
