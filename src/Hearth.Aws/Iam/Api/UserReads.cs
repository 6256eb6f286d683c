using Hearth.Aws.Iam.Resources;
using Hearth.Aws.S3.Api;

namespace Hearth.Aws.Iam.Api;

/// <summary>Looks at users.</summary>
internal static class UserReads
{
    public static Task GetAsync(IamCall call)
    {
        var user = RequireUser(call);
        return call.AnswerAsync(xml =>
        {
            Append(xml.Open("User"), call, user);
            xml.Close("User");
        });
    }

    public static Task ListAsync(IamCall call)
    {
        call.Require("*");
        return call.PageAsync("Users", call.Identities.Users, u => u.Spec.UserName, (xml, u) => Append(xml, call, u));
    }

    public static Task KeysAsync(IamCall call)
    {
        var user = RequireUser(call);
        var keys = call.Settings.Credentials.All.Where(c => string.Equals(c.PrincipalArn, call.ArnOf(user), StringComparison.Ordinal));
        return call.PageAsync("AccessKeyMetadata", keys, c => c.AccessKeyId, (xml, c) =>
            xml.Add("UserName", user.Spec.UserName).Add("AccessKeyId", c.AccessKeyId).Add("Status", "Active").Add("CreateDate", IamCall.Iso(user.Metadata.CreationTimestamp)));
    }

    public static Task ListAttachedAsync(IamCall call)
    {
        var user = RequireUser(call);
        return call.PageAsync("AttachedPolicies", user.Spec.AttachedPolicies ?? [], IamArns.NameOf, RoleReads.Attached);
    }

    public static Task ListPoliciesAsync(IamCall call)
    {
        var user = RequireUser(call);
        return call.PageAsync("PolicyNames", user.Spec.Policies ?? [], p => p.Name, (xml, p) => xml.Text(p.Name));
    }

    /// <summary>The user named in the request; nobody named is whoever calls.</summary>
    private static IamUser RequireUser(IamCall call)
    {
        var name = call.Form["UserName"] ?? IamArns.NameOf(call.Form.Http.Caller.PrincipalArn);
        call.Require(IamArns.User(call.Settings.AccountId, "/", name));
        return call.Identities.FindUser(name) ?? throw IamCall.NoSuch($"The user with name {name} cannot be found.");
    }

    private static void Append(XmlText xml, IamCall call, IamUser user) => xml
        .Add("Path", user.Spec.Path).Add("UserName", user.Spec.UserName)
        .Add("UserId", call.Settings.Credentials.All.FirstOrDefault(c => string.Equals(c.PrincipalArn, call.ArnOf(user), StringComparison.Ordinal))?.UserId)
        .Add("Arn", call.ArnOf(user)).Add("CreateDate", IamCall.Iso(user.Metadata.CreationTimestamp));
}
