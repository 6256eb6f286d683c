using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Hearth.Aws.Http;
using Hearth.Aws.Iam.Policy;
using Hearth.Aws.Iam.Resources;

namespace Hearth.Aws.Iam.Api;

/// <summary>Changes roles.</summary>
internal static partial class RoleWrites
{
    private const int ShortestSession = 3600;
    private const int LongestSession = 43_200;

    public static async Task CreateAsync(IamCall call)
    {
        var (name, path) = (call.Form.Required("RoleName"), call.Form["Path"] ?? "/");
        if (!RoleName().IsMatch(name))
        {
            throw new AwsException(400, "ValidationError", $"1 validation error detected: Value '{name}' at 'roleName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]{{1,64}}");
        }

        call.Require(IamArns.Role(call.Settings.AccountId, path, name));
        foreach (var member in (string[])["PermissionsBoundary", "Tags"])
        {
            if (call.Form.Has(member))
            {
                throw AwsException.NotImplemented($"{member} of CreateRole", "Leave it out.");
            }
        }

        var document = call.Document("AssumeRolePolicyDocument", PolicyKind.Trust);
        if (call.Identities.FindRole(name) is not null)
        {
            throw new AwsException(409, "EntityAlreadyExists", $"Role with name {name} already exists.");
        }

        var role = new IamRole
        {
            Spec = new IamRoleSpec
            {
                RoleName = name,
                Path = path,
                RoleId = "AROA" + RandomNumberGenerator.GetString("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 17),
                Description = call.Form["Description"],
                MaxSessionDuration = call.Form.Number("MaxSessionDuration", ShortestSession, LongestSession) ?? ShortestSession,
                AssumeRolePolicyDocument = document,
            },
        };
        await call.Identities.SaveAsync(role, call.Aborted).ConfigureAwait(false);
        var stored = call.Identities.FindRole(name) ?? role;
        await call.AnswerAsync(xml =>
        {
            RoleReads.Append(xml.Open("Role"), call, stored);
            xml.Close("Role");
        }).ConfigureAwait(false);
    }

    public static async Task DeleteAsync(IamCall call)
    {
        var role = call.RequireRole();
        if (role.Spec.Team is { } team)
        {
            throw new AwsException(409, "DeleteConflict", $"Cannot delete entity: the role {role.Spec.RoleName} is declared for team {team}. Change the declaration.");
        }

        if (role.Spec is { Policies.Count: > 0 } or { AttachedPolicies.Count: > 0 })
        {
            throw new AwsException(409, "DeleteConflict", "Cannot delete entity, must delete policies first.");
        }

        await call.Identities.DeleteAsync(role, call.Aborted).ConfigureAwait(false);
        await call.AnswerAsync(_ => { }).ConfigureAwait(false);
    }

    public static Task UpdateTrustAsync(IamCall call)
    {
        var role = call.RequireRole();
        return SaveAsync(call, role with { Spec = role.Spec with { AssumeRolePolicyDocument = call.Document("PolicyDocument", PolicyKind.Trust) } });
    }

    public static Task PutPolicyAsync(IamCall call)
    {
        var role = call.RequireRole();
        var policy = new InlinePolicy(call.Form.Required("PolicyName"), call.Document("PolicyDocument", PolicyKind.Identity));
        return SaveAsync(call, role with { Spec = role.Spec with { Policies = [.. Without(role, policy.Name), policy] } });
    }

    public static Task DeletePolicyAsync(IamCall call)
    {
        var role = call.RequireRole();
        var name = call.Form.Required("PolicyName");
        var rest = Without(role, name);
        return rest.Count < (role.Spec.Policies?.Count ?? 0)
            ? SaveAsync(call, role with { Spec = role.Spec with { Policies = rest } })
            : throw IamCall.NoSuch($"The role policy with name {name} cannot be found.");
    }

    public static Task AttachAsync(IamCall call)
    {
        var role = call.RequireRole();
        var arn = call.Form.Required("PolicyArn");
        if (!string.Equals(arn, IamArns.AdministratorAccess, StringComparison.Ordinal) && PolicyReads.Find(call, arn) is null)
        {
            throw arn.StartsWith("arn:aws:iam::aws:", StringComparison.Ordinal)
                ? AwsException.NotImplemented($"the AWS managed policy {arn}", "Give its statements with put-role-policy.")
                : IamCall.NoSuch($"Policy {arn} does not exist or is not attachable.");
        }

        return SaveAsync(call, role with { Spec = role.Spec with { AttachedPolicies = [.. (role.Spec.AttachedPolicies ?? []).Union([arn], StringComparer.Ordinal)] } });
    }

    public static Task DetachAsync(IamCall call)
    {
        var role = call.RequireRole();
        var arn = call.Form.Required("PolicyArn");
        return (role.Spec.AttachedPolicies ?? []).Contains(arn, StringComparer.Ordinal)
            ? SaveAsync(call, role with { Spec = role.Spec with { AttachedPolicies = [.. role.Spec.AttachedPolicies!.Where(a => !string.Equals(a, arn, StringComparison.Ordinal))] } })
            : throw IamCall.NoSuch($"Policy {arn} was not found.");
    }

    private static IReadOnlyList<InlinePolicy> Without(IamRole role, string policy) =>
        [.. (role.Spec.Policies ?? []).Where(p => !string.Equals(p.Name, policy, StringComparison.Ordinal))];

    private static async Task SaveAsync(IamCall call, IamRole role)
    {
        await call.Identities.SaveAsync(role, call.Aborted).ConfigureAwait(false);
        await call.AnswerAsync(_ => { }).ConfigureAwait(false);
    }

    [GeneratedRegex(@"^[\w+=,.@-]{1,64}$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex RoleName();
}
