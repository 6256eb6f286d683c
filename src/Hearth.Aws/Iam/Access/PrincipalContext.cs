using System.Globalization;
using Hearth.Aws.Iam.Policy;
using Hearth.Aws.Signing;

namespace Hearth.Aws.Iam.Access;

/// <summary>The global condition keys that say who calls and when. Source: IAM User Guide, "AWS global condition context keys".</summary>
internal static class PrincipalContext
{
    public static RequestContext Of(AwsCredential caller, DateTimeOffset now)
    {
        var role = caller.Session?.RoleArn;
        return RequestContext.Empty
            .With("aws:PrincipalArn", role ?? caller.PrincipalArn)
            .With("aws:PrincipalAccount", caller.AccountId)
            .With("aws:PrincipalType", role is null ? "User" : "AssumedRole")
            .With("aws:username", role is null ? IamArns.NameOf(caller.PrincipalArn) : null)
            .With("aws:userid", caller.UserId)
            .With("aws:PrincipalTag/team", caller.Team)
            .With("aws:TokenIssueTime", caller.Session is { } session ? Iso(session.IssuedAt) : null)
            .With("aws:FederatedProvider", caller.Session?.Provider)
            .With("aws:CurrentTime", Iso(now))
            .With("aws:EpochTime", now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
    }

    private static string Iso(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
