using System.Globalization;
using Hearth.Aws.Eks;
using Hearth.Aws.Http;
using Hearth.Aws.Iam;
using Hearth.Aws.Iam.Access;
using Hearth.Aws.Iam.Policy;
using Hearth.Aws.Iam.Resources;
using Hearth.Aws.Signing;

namespace Hearth.Aws.Sts;

/// <summary>What a caller wants of a role.</summary>
/// <param name="RoleArn">The role.</param>
/// <param name="SessionName">2 to 64 characters.</param>
/// <param name="Seconds">Length of the session; null for an hour.</param>
/// <param name="Policy">A session policy as JSON, or null.</param>
/// <param name="PolicyArns">Managed policies that narrow the session.</param>
internal sealed record RoleWish(string RoleArn, string SessionName, int? Seconds, string? Policy, IReadOnlyList<string> PolicyArns);

/// <summary>Gives temporary credentials of roles to those whom their trust policies name.</summary>
internal sealed class RoleSessions(AccessControl access, SessionTokens tokens, TimeProvider time)
{
    private const int DefaultSeconds = 3600;
    private const int LongestChained = 3600;
    private const int LongestPolicy = 2048;

    /// <summary>AssumeRole.</summary>
    /// <exception cref="AwsException">AccessDenied, MalformedPolicyDocument or ValidationError.</exception>
    public AwsCredential Assume(AwsCredential caller, RoleWish wish, string? externalId)
    {
        const string action = "sts:AssumeRole";
        var context = RequestContext.Empty
            .With("sts:ExternalId", externalId)
            .With("sts:RoleSessionName", wish.SessionName)
            .With(PrincipalContext.Of(caller, time.GetUtcNow()));
        var principal = new RequestPrincipal { Arn = caller.PrincipalArn, RoleArn = caller.Session?.RoleArn, AccountId = caller.AccountId };
        var role = access.FindRole(wish.RoleArn);
        var (verdict, namesCaller) = role is null ? (Verdict.NotAllowed, false) : access.Trust(role, principal, action, context);
        var own = access.Decide(caller, action, wish.RoleArn, context);

        // Within one account trust that names the caller is enough, unless the caller's own policies deny it.
        if (role is null || verdict != Verdict.Allowed || !(own.Allowed || (namesCaller && !own.Because.Contains("explicit deny", StringComparison.Ordinal))))
        {
            throw new AwsException(403, "AccessDenied", $"User: {caller.PrincipalArn} is not authorized to perform: {action} on resource: {wish.RoleArn}");
        }

        if (caller.Session?.RoleArn is not null && wish.Seconds > LongestChained)
        {
            throw new AwsException(400, "ValidationError", "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining");
        }

        return Issue(role, wish, provider: null);
    }

    /// <summary>AssumeRoleWithWebIdentity.</summary>
    /// <exception cref="AwsException">AccessDenied, MalformedPolicyDocument or ValidationError.</exception>
    public AwsCredential Assume(WebIdentity identity, RoleWish wish)
    {
        var role = access.FindRole(wish.RoleArn);
        var verdict = role is null ? Verdict.NotAllowed : WebIdentityTrust.Of(access, role, identity, wish.SessionName);
        return role is not null && verdict == Verdict.Allowed
            ? Issue(role, wish, WebIdentityTrust.Provider(wish.RoleArn, identity.Issuer))
            : throw new AwsException(403, "AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity");
    }

    private AwsCredential Issue(IamRole role, RoleWish wish, string? provider)
    {
        if (wish.Seconds > role.Spec.MaxSessionDuration)
        {
            throw new AwsException(400, "ValidationError", "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.");
        }

        var now = time.GetUtcNow();
        var session = access.CallerOf(role, wish.SessionName);
        return tokens.Issue(session with
        {
            ExpiresAt = now.AddSeconds(wish.Seconds ?? DefaultSeconds),
            Session = session.Session! with { Policies = SessionPolicies(wish), Provider = provider },
        });
    }

    private static IReadOnlyList<string> SessionPolicies(RoleWish wish)
    {
        if (wish.PolicyArns.Count > 0)
        {
            throw AwsException.NotImplemented("PolicyArns of AssumeRole", "Give the session policy itself in Policy.");
        }

        if (wish.Policy is not { } policy)
        {
            return [];
        }

        if (policy.Length > LongestPolicy)
        {
            throw new AwsException(400, "PackedPolicyTooLarge", string.Create(CultureInfo.InvariantCulture, $"Serialized token too large for session: the policy has {policy.Length} characters, at most {LongestPolicy} are possible."));
        }

        try
        {
            _ = PolicyParser.Parse(policy, PolicyKind.Identity);
            return [policy];
        }
        catch (MalformedPolicyException e)
        {
            throw new AwsException(400, "MalformedPolicyDocument", e.Message);
        }
    }
}

/// <summary>Whether a role's trust policy lets a web identity in.</summary>
public static class WebIdentityTrust
{
    /// <summary>What the policy says.</summary>
    /// <param name="access">The decisions.</param>
    /// <param name="role">The role.</param>
    /// <param name="identity">Who asks.</param>
    /// <param name="sessionName">Key <c>sts:RoleSessionName</c>, or null.</param>
    public static Verdict Of(AccessControl access, IamRole role, WebIdentity identity, string? sessionName)
    {
        var keys = identity.Issuer[(identity.Issuer.IndexOf("://", StringComparison.Ordinal) + 3)..];
        var provider = Provider(access.RoleArn(role), identity.Issuer);
        var context = RequestContext.Empty
            .With($"{keys}:sub", identity.Subject)
            .With($"{keys}:aud", identity.Audience)
            .With("aws:FederatedProvider", provider)
            .With("sts:RoleSessionName", sessionName);
        return access.Trust(role, new RequestPrincipal { Provider = provider }, "sts:AssumeRoleWithWebIdentity", context).Verdict;
    }

    /// <summary>The identity of a service account of a cluster, as its tokens would state it.</summary>
    public static WebIdentity ServiceAccount(string issuer, string ns, string name) => new(issuer, $"system:serviceaccount:{ns}:{name}", OidcIssuer.StsAudience);

    /// <summary>ARN of an issuer's provider in the account of a role.</summary>
    internal static string Provider(string roleArn, string issuer) => IamArns.Provider(roleArn.Split(':')[4], issuer);
}
