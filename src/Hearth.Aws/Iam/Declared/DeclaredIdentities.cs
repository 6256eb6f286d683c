using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Hearth.Aws.Iam.Resources;
using Hearth.Platform;

namespace Hearth.Aws.Iam.Declared;

/// <summary>
/// The users, roles and policies that a declaration means. Pure. Permission policies follow the declaration at every start; the trust policy of a
/// role is made once and then kept, because <c>aws emr-containers update-role-trust-policy</c> adds to it.
/// </summary>
public static class DeclaredIdentities
{
    /// <summary>Name of the administrator.</summary>
    public const string Administrator = "hearth-admin";

    /// <summary>Stores what is missing and brings permissions up to date.</summary>
    public static async Task ApplyAsync(PlatformDeclaration platform, string issuer, IIdentityStore store, CancellationToken ct)
    {
        foreach (var policy in Policies(platform).Where(p => !Same(store.FindPolicy(p.Spec.PolicyName)?.Spec.Document, p.Spec.Document)))
        {
            await store.SaveAsync(policy, ct).ConfigureAwait(false);
        }

        foreach (var user in Users(platform).Where(u => store.FindUser(u.Spec.UserName) is null))
        {
            await store.SaveAsync(user, ct).ConfigureAwait(false);
        }

        foreach (var role in Roles(platform, issuer))
        {
            var known = store.FindRole(role.Spec.RoleName);
            if (known is null)
            {
                await store.SaveAsync(role, ct).ConfigureAwait(false);
            }
            else if (!(known.Spec.AttachedPolicies ?? []).ToHashSet(StringComparer.Ordinal).IsSupersetOf(role.Spec.AttachedPolicies!) || known.Spec.Team != role.Spec.Team)
            {
                IReadOnlyList<string> attached = [.. (known.Spec.AttachedPolicies ?? []).Union(role.Spec.AttachedPolicies!, StringComparer.Ordinal)];
                await store.SaveAsync(known with { Spec = known.Spec with { AttachedPolicies = attached, Team = role.Spec.Team } }, ct).ConfigureAwait(false);
            }
        }
    }

    /// <summary>The execution role of each team.</summary>
    public static IEnumerable<IamRole> Roles(PlatformDeclaration platform, string issuer) => platform.Teams.Select(team => new IamRole
    {
        Spec = new IamRoleSpec
        {
            RoleName = team.ExecutionRole.Name,
            RoleId = Id("AROA", platform.AccountId, team.ExecutionRole.Name),
            Description = $"Job runs of team {team.Name}",
            MaxSessionDuration = 12 * 3600,
            AssumeRolePolicyDocument = RolePolicies.Trust(platform, team, issuer),
            AttachedPolicies = [IamArns.Policy(platform.AccountId, "/", RolePolicyName(team)), .. team.ExecutionRole.ManagedPolicies],
            Team = team.Name,
        },
    });

    /// <summary>The administrator, and one user a team.</summary>
    public static IEnumerable<IamUser> Users(PlatformDeclaration platform) =>
    [
        new IamUser { Spec = new IamUserSpec { UserName = Administrator, AttachedPolicies = [IamArns.AdministratorAccess] } },
        .. platform.Teams.Select(team => new IamUser
        {
            Spec = new IamUserSpec { UserName = team.Name, AttachedPolicies = [IamArns.Policy(platform.AccountId, "/", UserPolicyName(platform, team))], Team = team.Name },
        }),
    ];

    /// <summary>What roles and users may do.</summary>
    public static IEnumerable<IamPolicy> Policies(PlatformDeclaration platform) => platform.Teams.SelectMany(team => (IamPolicy[])
    [
        Policy(platform, team, RolePolicyName(team), $"What job runs of team {team.Name} may do", RolePolicies.Permissions(platform, team)),
        Policy(platform, team, UserPolicyName(platform, team), $"What members of team {team.Name} may do", UserPolicies.Permissions(platform, team)),
    ]);

    private static string RolePolicyName(Team team) => $"{team.ExecutionRole.Name}-permissions";

    private static string UserPolicyName(PlatformDeclaration platform, Team team) => $"{platform.Name}-{team.Name}-user";

    private static IamPolicy Policy(PlatformDeclaration platform, Team team, string name, string description, JsonObject document) => new()
    {
        Spec = new IamPolicySpec { PolicyName = name, PolicyId = Id("ANPA", platform.AccountId, name), Description = description, Document = document, Team = team.Name },
    };

    private static bool Same(JsonObject? known, JsonObject? wanted) => known is not null && JsonNode.DeepEquals(known, wanted);

    /// <summary>A unique id that is the same at every start.</summary>
    private static string Id(string prefix, string account, string name)
    {
        const string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
        var digest = SHA256.HashData(Encoding.UTF8.GetBytes($"{prefix}/{account}/{name}"));
        return prefix + string.Concat(digest.Take(17).Select(b => alphabet[b & 31]));
    }
}
