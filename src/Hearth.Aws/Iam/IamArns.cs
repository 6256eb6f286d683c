namespace Hearth.Aws.Iam;

/// <summary>ARNs of identities.</summary>
public static class IamArns
{
    /// <summary>Every right; AWS's own policy of this name.</summary>
    public const string AdministratorAccess = "arn:aws:iam::aws:policy/AdministratorAccess";

    /// <summary><c>arn:aws:iam::ACCOUNT:role/PATH/NAME</c>.</summary>
    public static string Role(string account, string path, string name) => $"arn:aws:iam::{account}:role{path}{name}";

    /// <summary><c>arn:aws:iam::ACCOUNT:user/PATH/NAME</c>.</summary>
    public static string User(string account, string path, string name) => $"arn:aws:iam::{account}:user{path}{name}";

    /// <summary><c>arn:aws:iam::ACCOUNT:policy/PATH/NAME</c>.</summary>
    public static string Policy(string account, string path, string name) => $"arn:aws:iam::{account}:policy{path}{name}";

    /// <summary><c>arn:aws:sts::ACCOUNT:assumed-role/NAME/SESSION</c>.</summary>
    public static string Session(string account, string roleName, string session) => $"arn:aws:sts::{account}:assumed-role/{roleName}/{session}";

    /// <summary>The OpenID Connect provider of an issuer, given as URL.</summary>
    public static string Provider(string account, string issuer) => $"arn:aws:iam::{account}:oidc-provider/{issuer[(issuer.IndexOf("://", StringComparison.Ordinal) + 3)..]}";

    /// <summary>The name at the end of an ARN.</summary>
    public static string NameOf(string arn) => arn[(arn.LastIndexOf('/') + 1)..];
}
