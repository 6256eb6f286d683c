namespace Hearth.Aws.Iam.Policy;

/// <summary>Whether a statement gives or takes.</summary>
public enum Effect
{
    /// <summary>Gives.</summary>
    Allow,

    /// <summary>Takes, whatever else gives.</summary>
    Deny,
}

/// <summary>A policy of IAM. Source: IAM User Guide, "Grammar of the IAM JSON policy language".</summary>
/// <param name="Version"><c>2012-10-17</c>, or <c>2008-10-17</c>, in which policy variables are plain text.</param>
/// <param name="Statements">At least one.</param>
public sealed record PolicyDocument(string Version, IReadOnlyList<Statement> Statements)
{
    /// <summary>The version with policy variables.</summary>
    public const string CurrentVersion = "2012-10-17";

    /// <summary>Whether <c>${...}</c> is a variable.</summary>
    public bool HasVariables => string.Equals(Version, CurrentVersion, StringComparison.Ordinal);
}

/// <summary>One statement. Of each pair (actions, resources, principals) at most one member is set.</summary>
public sealed record Statement
{
    public string? Sid { get; init; }
    public required Effect Effect { get; init; }

    /// <summary>Patterns such as <c>s3:Get*</c>, in any case of letters.</summary>
    public IReadOnlyList<string>? Actions { get; init; }

    /// <summary>Every action but these.</summary>
    public IReadOnlyList<string>? NotActions { get; init; }

    /// <summary>Patterns of ARNs.</summary>
    public IReadOnlyList<string>? Resources { get; init; }

    /// <summary>Every resource but these.</summary>
    public IReadOnlyList<string>? NotResources { get; init; }

    /// <summary>Whom a trust policy is about; null in policies of users and roles.</summary>
    public PrincipalSet? Principals { get; init; }

    /// <summary>Everybody but these.</summary>
    public PrincipalSet? NotPrincipals { get; init; }

    /// <summary>All of them must hold.</summary>
    public IReadOnlyList<Condition> Conditions { get; init; } = [];
}

/// <summary>Principals by kind.</summary>
/// <param name="Aws">Account ids, ARNs of accounts, users, roles and sessions, or <c>*</c>.</param>
/// <param name="Federated">ARNs of identity providers.</param>
/// <param name="Service">For example <c>pods.eks.amazonaws.com</c>.</param>
public sealed record PrincipalSet(IReadOnlyList<string> Aws, IReadOnlyList<string> Federated, IReadOnlyList<string> Service)
{
    /// <summary>The principal <c>"*"</c>.</summary>
    public static PrincipalSet Everybody { get; } = new(["*"], ["*"], ["*"]);
}

/// <summary>How the several values of a key in a request are taken together.</summary>
public enum SetQuantifier
{
    /// <summary>The key has one value.</summary>
    None,

    /// <summary><c>ForAnyValue</c>: one of them must fit.</summary>
    Any,

    /// <summary><c>ForAllValues</c>: each must fit; none at all fits too.</summary>
    All,
}

/// <summary>One key of one condition operator.</summary>
/// <param name="Operator">For example <c>StringLike</c>, without quantifier and <c>IfExists</c>.</param>
/// <param name="Quantifier">For keys with several values.</param>
/// <param name="IfExists">Whether a request without the key fits.</param>
/// <param name="Key">For example <c>s3:prefix</c>, in any case of letters.</param>
/// <param name="Values">One of them must fit; for negated operators none may.</param>
public sealed record Condition(string Operator, SetQuantifier Quantifier, bool IfExists, string Key, IReadOnlyList<string> Values);
