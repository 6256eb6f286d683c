using System.Text.Json.Nodes;
using Hearth.Aws.Http;
using Hearth.Aws.Iam.Resources;
using Hearth.Aws.S3.Api;

namespace Hearth.Aws.Iam.Api;

/// <summary>Looks at managed policies; each has one version, v1.</summary>
internal static class PolicyReads
{
    private const string Version = "v1";

    public static Task GetAsync(IamCall call)
    {
        var (arn, policy) = RequirePolicy(call);
        return call.AnswerAsync(xml =>
        {
            Append(xml.Open("Policy"), call, arn, policy);
            xml.Close("Policy");
        });
    }

    public static Task VersionAsync(IamCall call)
    {
        var (arn, policy) = RequirePolicy(call);
        var version = call.Form.Required("VersionId");
        if (version is not Version)
        {
            throw IamCall.NoSuch($"Policy {arn} version {version} does not exist or is not attachable.");
        }

        return call.AnswerAsync(xml => AppendVersion(xml.Open("PolicyVersion").Add("Document", IamCall.Encoded(policy.Spec.Document)), policy).Close("PolicyVersion"));
    }

    public static Task VersionsAsync(IamCall call)
    {
        var (_, policy) = RequirePolicy(call);
        return call.PageAsync("Versions", [policy], _ => Version, (xml, p) => AppendVersion(xml, p));
    }

    public static Task ListAsync(IamCall call)
    {
        call.Require("*");
        var policies = call.Form["Scope"] is "AWS" ? [] : call.Identities.Policies;
        return call.PageAsync("Policies", policies, p => p.Spec.PolicyName, (xml, p) => Append(xml, call, call.ArnOf(p), p));
    }

    /// <summary>A customer managed policy of this account, or null.</summary>
    public static IamPolicy? Find(IamCall call, string arn) =>
        call.Identities.FindPolicy(IamArns.NameOf(arn)) is { } policy && string.Equals(call.ArnOf(policy), arn, StringComparison.Ordinal) ? policy : null;

    private static (string Arn, IamPolicy Policy) RequirePolicy(IamCall call)
    {
        var arn = call.Form.Required("PolicyArn");
        call.Require(arn);
        if (string.Equals(arn, IamArns.AdministratorAccess, StringComparison.Ordinal))
        {
            return (arn, Administrator());
        }

        return (arn, Find(call, arn) ?? throw (arn.StartsWith("arn:aws:iam::aws:", StringComparison.Ordinal)
            ? AwsException.NotImplemented($"the AWS managed policy {arn}")
            : IamCall.NoSuch($"Policy {arn} was not found.")));
    }

    private static IamPolicy Administrator() => new()
    {
        Spec = new IamPolicySpec
        {
            PolicyName = "AdministratorAccess",
            PolicyId = "ANPAIWMBCKSKIEE64ZLYK",
            Description = "Provides full access to AWS services and resources.",
            Document = JsonNode.Parse("""{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}""")!.AsObject(),
        },
    };

    private static void Append(XmlText xml, IamCall call, string arn, IamPolicy policy)
    {
        var users = call.Identities.Roles.Count(r => r.Spec.AttachedPolicies?.Contains(arn, StringComparer.Ordinal) == true)
            + call.Identities.Users.Count(u => u.Spec.AttachedPolicies?.Contains(arn, StringComparer.Ordinal) == true);
        var created = IamCall.Iso(policy.Metadata.CreationTimestamp);
        xml.Add("PolicyName", policy.Spec.PolicyName).Add("PolicyId", policy.Spec.PolicyId).Add("Arn", arn).Add("Path", policy.Spec.Path).Add("DefaultVersionId", Version)
            .Add("AttachmentCount", users).Add("PermissionsBoundaryUsageCount", 0).Add("IsAttachable", true).Add("Description", policy.Spec.Description)
            .Add("CreateDate", created).Add("UpdateDate", created);
    }

    private static XmlText AppendVersion(XmlText xml, IamPolicy policy) =>
        xml.Add("VersionId", Version).Add("IsDefaultVersion", true).Add("CreateDate", IamCall.Iso(policy.Metadata.CreationTimestamp));
}
