using Hearth.Deploy.Emr;
using Hearth.Deploy.Iam;
using Hearth.Deploy.Notebook;
using Hearth.Platform;
using Hearth.Platform.Jobs;

namespace Hearth.Deploy.Stacks;

/// <summary>
/// Limits of AWS that cannot be raised (or not further), held against a declaration by its fields' paths before a template is written. What an account may have
/// raised is asked of the account by <c>hearth deploy</c>. Pure.
/// </summary>
internal static class PlatformLimits
{
    /// <summary>AWS takes 50 on a resource; four are ours.</summary>
    private const int MostTags = 46;

    private const int MostManagedPolicies = 20;

    /// <summary>IAM keeps at most 5,000 roles in an account, however much is asked for; some are the cluster's.</summary>
    private const int MostTeams = 4_900;

    /// <summary>CIDR ranges of a public API endpoint (EKS user guide, quotas).</summary>
    private const int MostCidrs = 40;

    private const string Hash = "0000000000000000000000000000000000000000000000000000000000000000";

    public static IEnumerable<PlatformFault> Faults(PlatformPlan plan) => [.. Counts(plan.Platform), .. Teams(plan), .. People(plan)];

    private static IEnumerable<PlatformFault> Counts(PlatformDeclaration platform)
    {
        if (platform.Tags.Count > MostTags)
        {
            yield return new PlatformFault("spec.tags", $"{platform.Tags.Count} tags; AWS takes 50 on a resource, and four of them are ours: declare at most {MostTags}");
        }

        if (platform.Teams.Count > MostTeams)
        {
            yield return new PlatformFault("spec.teams", $"{platform.Teams.Count} teams, each with a role; IAM keeps at most 5000 in an account: declare at most {MostTeams}, or a platform in another account");
        }

        if (platform.Network.PublicApi && platform.Network.PublicApiCidrs.Count > MostCidrs)
        {
            yield return new PlatformFault("spec.network.publicApiCidrs", $"{platform.Network.PublicApiCidrs.Count} ranges; EKS takes at most {MostCidrs}: join ranges, or set publicApi to false");
        }
    }

    private static IEnumerable<PlatformFault> Teams(PlatformPlan plan)
    {
        // Their names are known only once they are packed; their length is known before.
        string[] templates = [.. plan.Jobs.SelectMany(PodTemplates.Of).Select(_ => plan.Where.Objects($"cdk-hnb659fds-assets-{plan.Where.Account}-{plan.Where.Region}", $"{Hash}.yaml"))];
        for (var i = 0; i < plan.Platform.Teams.Count; i++)
        {
            var team = plan.Platform.Teams[i];
            if (team.ExecutionRole.ManagedPolicies.Count > MostManagedPolicies)
            {
                yield return new PlatformFault($"spec.teams[{i}].executionRole.managedPolicies", $"{team.ExecutionRole.ManagedPolicies.Count} policies; IAM attaches at most {MostManagedPolicies} to a role");
            }

            var size = PolicySize.Of(TeamPolicy.Of(team, plan.Where, plan.Platform.Monitoring.EventLogBucket, templates, DefaultJobs.LogGroups(plan.Platform)));
            if (size > PolicySize.Inline)
            {
                yield return new PlatformFault($"spec.teams[{i}].executionRole", EmrNames.TooMuch(size));
            }
        }
    }

    private static IEnumerable<PlatformFault> People(PlatformPlan plan)
    {
        var users = plan.Platform.Studio.Users;
        for (var i = 0; i < users.Count; i++)
        {
            if (StudioPolicies.MostEndpoints(plan.Where) is var most && users[i].Endpoints.Count > most)
            {
                yield return new PlatformFault($"spec.studio.users[{i}].endpoints", $"{users[i].Endpoints.Count} endpoints; a policy that names them is longer than IAM takes: give at most {most}");
            }
        }
    }
}
