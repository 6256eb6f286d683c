using Hearth.Aws.Iam.Resources;
using Hearth.Aws.S3.Api;

namespace Hearth.Aws.Iam.Api;

/// <summary>Looks at roles.</summary>
internal static class RoleReads
{
    public static Task GetAsync(IamCall call)
    {
        var role = call.RequireRole();
        return call.AnswerAsync(xml =>
        {
            Append(xml.Open("Role"), call, role);
            Tags(xml, role);
            xml.Close("Role");
        });
    }

    public static Task ListAsync(IamCall call)
    {
        call.Require("*");
        var prefix = call.Form["PathPrefix"] ?? "/";
        return call.PageAsync("Roles", call.Identities.Roles.Where(r => r.Spec.Path.StartsWith(prefix, StringComparison.Ordinal)), r => r.Spec.RoleName, (xml, r) => Append(xml, call, r));
    }

    public static Task TagsAsync(IamCall call)
    {
        var role = call.RequireRole();
        return call.AnswerAsync(xml =>
        {
            Tags(xml, role);
            xml.Add("IsTruncated", false);
        });
    }

    public static Task GetPolicyAsync(IamCall call)
    {
        var role = call.RequireRole();
        var name = call.Form.Required("PolicyName");
        var policy = (role.Spec.Policies ?? []).FirstOrDefault(p => string.Equals(p.Name, name, StringComparison.Ordinal))
            ?? throw IamCall.NoSuch($"The role policy with name {name} cannot be found.");
        return call.AnswerAsync(xml => xml.Add("RoleName", role.Spec.RoleName).Add("PolicyName", policy.Name).Add("PolicyDocument", IamCall.Encoded(policy.Document)));
    }

    public static Task ListPoliciesAsync(IamCall call)
    {
        var role = call.RequireRole();
        return call.PageAsync("PolicyNames", role.Spec.Policies ?? [], p => p.Name, (xml, p) => xml.Text(p.Name));
    }

    public static Task ListAttachedAsync(IamCall call)
    {
        var role = call.RequireRole();
        return call.PageAsync("AttachedPolicies", role.Spec.AttachedPolicies ?? [], IamArns.NameOf, Attached);
    }

    public static Task InstanceProfilesAsync(IamCall call)
    {
        _ = call.RequireRole();
        return call.AnswerAsync(xml => xml.Open("InstanceProfiles").Close("InstanceProfiles").Add("IsTruncated", false));
    }

    public static void Append(XmlText xml, IamCall call, IamRole role) => xml
        .Add("Path", role.Spec.Path).Add("RoleName", role.Spec.RoleName).Add("RoleId", role.Spec.RoleId).Add("Arn", call.ArnOf(role))
        .Add("CreateDate", IamCall.Iso(role.Metadata.CreationTimestamp)).Add("AssumeRolePolicyDocument", IamCall.Encoded(role.Spec.AssumeRolePolicyDocument))
        .Add("Description", role.Spec.Description).Add("MaxSessionDuration", role.Spec.MaxSessionDuration);

    /// <summary>A managed policy in a list of attached ones.</summary>
    public static void Attached(XmlText xml, string arn) => xml.Add("PolicyName", IamArns.NameOf(arn)).Add("PolicyArn", arn);

    private static void Tags(XmlText xml, IamRole role)
    {
        xml.Open("Tags");
        foreach (var (key, value) in role.Spec.Tags ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            xml.Open("member").Add("Key", key).Add("Value", value).Close("member");
        }

        xml.Close("Tags");
    }
}
