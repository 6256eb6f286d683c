namespace Hearth.Aws.Iam.Policy;

/// <summary>Whether a statement of a trust policy is about somebody.</summary>
internal static class PrincipalMatch
{
    /// <summary>How.</summary>
    public enum Kind
    {
        /// <summary>It is about others.</summary>
        None,

        /// <summary>It names the account of the caller.</summary>
        Account,

        /// <summary>It names the caller, or everybody.</summary>
        Named,
    }

    public static Kind Of(Statement statement, RequestPrincipal principal) => (statement.Principals, statement.NotPrincipals) switch
    {
        ({ } set, _) => Of(set, principal),
        (_, { } others) => Of(others, principal) == Kind.None ? Kind.Named : Kind.None,
        _ => Kind.None,
    };

    private static Kind Of(PrincipalSet set, RequestPrincipal principal)
    {
        if (principal.Provider is { } provider)
        {
            return set.Federated.Any(f => f is "*" || string.Equals(f, provider, StringComparison.Ordinal)) ? Kind.Named : Kind.None;
        }

        if (set.Aws.Any(a => a is "*" || string.Equals(a, principal.Arn, StringComparison.Ordinal) || string.Equals(a, principal.RoleArn, StringComparison.Ordinal)))
        {
            return Kind.Named;
        }

        return set.Aws.Any(a => IsAccount(a, principal.AccountId)) ? Kind.Account : Kind.None;
    }

    private static bool IsAccount(string text, string? account) =>
        account is not null
        && (string.Equals(text, account, StringComparison.Ordinal)
            || (text.StartsWith("arn:", StringComparison.Ordinal) && text.EndsWith($":iam::{account}:root", StringComparison.Ordinal)));
}
