using Hearth.Aws.Iam;
using Hearth.Aws.Iam.Access;
using Hearth.Aws.Iam.Policy;
using Hearth.Aws.Signing;

namespace Hearth.Aws.EmrContainers;

/// <summary>
/// IAM's policies decide. A resource belongs (key <c>hearth:team</c>) to the team of its namespace; what has no namespace to the team of whoever made
/// it. To hand a role to job runs one needs <c>iam:PassRole</c> for it too, so that nobody uses the role of another team.
/// </summary>
/// <param name="access">The decisions.</param>
/// <param name="identities">Knows the teams of users and roles.</param>
/// <param name="teams">Team by namespace.</param>
internal sealed class IamEmrAccess(AccessControl access, IIdentityStore identities, IReadOnlyDictionary<string, string> teams) : IEmrAccess
{
    private const string Service = "emr-containers.amazonaws.com";

    /// <inheritdoc/>
    public bool AllowsEverything(AwsCredential caller) => caller.IsAdmin && access.Decide(caller, "emr-containers:StartJobRun", "*").Allowed;

    /// <inheritdoc/>
    public bool Allows(AwsCredential caller, EmrAction action) => Refusal(caller, action) is null;

    /// <inheritdoc/>
    public string? Refusal(AwsCredential caller, EmrAction action)
    {
        if (IsOfNothing(action))
        {
            return null;
        }

        var own = access.Decide(caller, action.Name, action.Resource, Context(action));
        if (!own.Allowed)
        {
            return own.Sentence(caller.PrincipalArn, action.Name, action.Resource);
        }

        if (action is not { Operation: "StartJobRun" or "CreateManagedEndpoint" or "GetManagedEndpointSessionCredentials", ExecutionRoleArn: { } role } || !role.Contains(":role/", StringComparison.Ordinal))
        {
            return null;
        }

        var pass = access.Decide(caller, "iam:PassRole", role, RequestContext.Empty.With("iam:PassedToService", Service));
        return pass.Allowed ? null : pass.Sentence(caller.PrincipalArn, "iam:PassRole", role);
    }

    /// <summary>What is not there is nobody's; the service says that it is not there.</summary>
    private static bool IsOfNothing(EmrAction action) =>
        action is { Resource: "*", Namespace: null, CreatedBy: null }
        && !action.Operation.StartsWith("List", StringComparison.Ordinal) && !action.Operation.StartsWith("Create", StringComparison.Ordinal);

    private RequestContext Context(EmrAction action)
    {
        var context = action.Conditions().GroupBy(c => c.Key, c => c.Value, StringComparer.OrdinalIgnoreCase)
            .Aggregate(RequestContext.Empty, (c, group) => c.With(group.Key, [.. group]));
        var team = action.Namespace is { } ns ? teams.GetValueOrDefault(ns) : action.CreatedBy is { } creator ? TeamOf(creator) : null;
        return context.With(Authorizer.TeamKey, team);
    }

    private string? TeamOf(string arn) => arn.Split(':', 6) switch
    {
        [_, _, "iam", _, _, var user] when user.StartsWith("user/", StringComparison.Ordinal) => identities.FindUser(IamArns.NameOf(user))?.Spec.Team,
        [_, _, "sts", _, _, var session] when session.Split('/') is ["assumed-role", var role, _] => identities.FindRole(role)?.Spec.Team,
        _ => null,
    };
}
