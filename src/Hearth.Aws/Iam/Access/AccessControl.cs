using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Hearth.Aws.Iam.Policy;
using Hearth.Aws.Iam.Resources;
using Hearth.Aws.Signing;

namespace Hearth.Aws.Iam.Access;

/// <summary>What IAM decided, and why not.</summary>
/// <param name="Allowed">Whether it may be done.</param>
/// <param name="Because">Empty when allowed; otherwise the end of IAM's sentence, for example <c>because no identity-based policy allows the s3:GetObject action</c>.</param>
public readonly record struct AccessDecision(bool Allowed, string Because)
{
    /// <summary>May be done.</summary>
    public static AccessDecision Allow { get; } = new(true, "");

    /// <summary>The whole sentence of a refusal.</summary>
    public string Sentence(string principalArn, string action, string resource) =>
        $"User: {principalArn} is not authorized to perform: {action} on resource: {resource}{(Because.Length == 0 ? "" : " ")}{Because}";
}

/// <summary>
/// Decides who may do what: policies of the user or role, narrowed by those of the session. All services ask here and nowhere else.
/// </summary>
public sealed class AccessControl(IIdentityStore identities, string accountId, TimeProvider time)
{
    // Policies are parsed once for each state of their object.
    private readonly ConditionalWeakTable<JsonObject, PolicyDocument> parsed = [];

    private static readonly PolicyDocument Everything =
        new(PolicyDocument.CurrentVersion, [new Statement { Effect = Effect.Allow, Actions = ["*"], Resources = ["*"] }]);

    /// <summary>Decides.</summary>
    /// <param name="caller">Whose signature the request has.</param>
    /// <param name="action">For example <c>emr-containers:StartJobRun</c>.</param>
    /// <param name="resource">ARN, or <c>*</c>.</param>
    /// <param name="context">Keys of the request; those of the caller and the clock are added.</param>
    public AccessDecision Decide(AwsCredential caller, string action, string resource, RequestContext? context = null)
    {
        var request = new AccessRequest(action, resource, (context ?? RequestContext.Empty).With(PrincipalContext.Of(caller, time.GetUtcNow())));
        switch (PolicyEvaluator.Evaluate(PoliciesOf(caller), request))
        {
            case Verdict.Denied:
                return new AccessDecision(false, "with an explicit deny in an identity-based policy");
            case Verdict.NotAllowed:
                return new AccessDecision(false, $"because no identity-based policy allows the {action} action");
            default:
                return Narrowed(caller, request);
        }
    }

    /// <summary>Whether a role is trusted to be assumed.</summary>
    /// <param name="role">The role.</param>
    /// <param name="principal">Who wants to.</param>
    /// <param name="action"><c>sts:AssumeRole</c> or <c>sts:AssumeRoleWithWebIdentity</c>.</param>
    /// <param name="context">Keys of the request.</param>
    public (Verdict Verdict, bool NamesCaller) Trust(IamRole role, RequestPrincipal principal, string action, RequestContext context) =>
        role.Spec.AssumeRolePolicyDocument is { } document
            ? PolicyEvaluator.EvaluateTrust(Parsed(document, PolicyKind.Trust), principal, new AccessRequest(action, RoleArn(role), context))
            : (Verdict.NotAllowed, false);

    /// <summary>The role of an ARN, or null: in another account, or not there.</summary>
    public IamRole? FindRole(string arn) =>
        identities.FindRole(IamArns.NameOf(arn)) is { } role && string.Equals(RoleArn(role), arn, StringComparison.Ordinal) ? role : null;

    /// <summary>ARN of a role.</summary>
    public string RoleArn(IamRole role) => IamArns.Role(accountId, role.Spec.Path, role.Spec.RoleName);

    /// <summary>The policies of a role.</summary>
    public IReadOnlyList<PolicyDocument> PoliciesOf(IamRole role) => [.. Documents(role.Spec.Policies, role.Spec.AttachedPolicies)];

    /// <summary>
    /// The parts of buckets that a caller may read, and perhaps write, as a whole: those of its policies and, in a session with policies of its own, those
    /// of the session. What is in every list is allowed.
    /// </summary>
    public IReadOnlyList<IReadOnlyList<BucketGrant>> GrantsOf(AwsCredential caller, IReadOnlyList<string> buckets)
    {
        var own = BucketGrants.Of([.. PoliciesOf(caller)], buckets);
        return caller.Session is { Policies.Count: > 0 } session
            ? [own, BucketGrants.Of([.. session.Policies.Select(p => PolicyParser.Parse(p, PolicyKind.Identity))], buckets)]
            : [own];
    }

    /// <summary>A caller that stands for a role itself, for what the platform does in its name.</summary>
    public AwsCredential CallerOf(IamRole role, string session) => new()
    {
        AccessKeyId = "",
        SecretAccessKey = "",
        PrincipalArn = IamArns.Session(accountId, role.Spec.RoleName, session),
        UserId = $"{role.Spec.RoleId}:{session}",
        AccountId = accountId,
        Team = role.Spec.Team,
        Session = new AwsSession { RoleArn = RoleArn(role), Name = session, IssuedAt = time.GetUtcNow() },
    };

    private AccessDecision Narrowed(AwsCredential caller, AccessRequest request)
    {
        if (caller.Session is not { Policies.Count: > 0 } session)
        {
            return AccessDecision.Allow;
        }

        return PolicyEvaluator.Evaluate(session.Policies.Select(p => PolicyParser.Parse(p, PolicyKind.Identity)), request) switch
        {
            Verdict.Allowed => AccessDecision.Allow,
            Verdict.Denied => new AccessDecision(false, "with an explicit deny in a session policy"),
            _ => new AccessDecision(false, $"because no session policy allows the {request.Action} action"),
        };
    }

    private IEnumerable<PolicyDocument> PoliciesOf(AwsCredential caller)
    {
        if (caller.Session?.RoleArn is { } arn)
        {
            return FindRole(arn) is { } role ? PoliciesOf(role) : [];
        }

        // The platform's own administrator needs no entry.
        return identities.FindUser(IamArns.NameOf(caller.PrincipalArn)) is { } user
            ? Documents(user.Spec.Policies, user.Spec.AttachedPolicies)
            : caller.IsAdmin ? [Everything] : [];
    }

    private IEnumerable<PolicyDocument> Documents(IReadOnlyList<InlinePolicy>? inline, IReadOnlyList<string>? attached)
    {
        foreach (var policy in inline ?? [])
        {
            yield return Parsed(policy.Document, PolicyKind.Identity);
        }

        foreach (var arn in attached ?? [])
        {
            if (string.Equals(arn, IamArns.AdministratorAccess, StringComparison.Ordinal))
            {
                yield return Everything;
            }
            else if (identities.FindPolicy(IamArns.NameOf(arn)) is { Spec.Document: { } document } && arn.Contains($"::{accountId}:", StringComparison.Ordinal))
            {
                yield return Parsed(document, PolicyKind.Identity);
            }
        }
    }

    private PolicyDocument Parsed(JsonObject document, PolicyKind kind) => parsed.GetValue(document, d => ParseOrNothing(d, kind));

    // An object that somebody spoiled by hand gives no rights; it must not take the platform down.
    private static PolicyDocument ParseOrNothing(JsonObject document, PolicyKind kind)
    {
        try
        {
            return PolicyParser.Parse(document.ToJsonString(), kind);
        }
        catch (MalformedPolicyException)
        {
            return new PolicyDocument(PolicyDocument.CurrentVersion, [new Statement { Effect = Effect.Deny, Actions = ["*"], Principals = kind == PolicyKind.Trust ? PrincipalSet.Everybody : null }]);
        }
    }
}
