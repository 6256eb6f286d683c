using System.Text.RegularExpressions;
using Hearth.Deploy.Iam;

namespace Hearth.Deploy.Emr;

/// <summary>Names and labels as the EMR on EKS API limits them.</summary>
internal static partial class EmrNames
{
    public const string NameRule = "1 to 64 of letters, digits and . - _ / #";
    public const string NamespaceRule = "1 to 63 lower-case letters, digits and -, beginning and ending with a letter or digit";
    public const string ReleaseRule = "as emr-7.9.0-latest";

    /// <summary>What is wrong with a role that allows more than IAM keeps in it.</summary>
    /// <param name="size">Characters of its policy.</param>
    public static string TooMuch(int size) =>
        FormattableString.Invariant($"a policy of {size} characters; IAM keeps at most {PolicySize.Inline} in a role: name fewer buckets, prefixes and databases, or attach managed policies");

    /// <summary>Names of virtual clusters, endpoints, jobs and templates.</summary>
    public static bool IsName(string name) => Name().IsMatch(name);

    public static bool IsNamespace(string ns) => Namespace().IsMatch(ns);

    public static bool IsRelease(string label) => Release().IsMatch(label);

    /// <summary>Role names of IAM.</summary>
    public static bool IsRole(string name) => Role().IsMatch(name);

    [GeneratedRegex(@"^[.\-_/#A-Za-z0-9]{1,64}$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Name();

    [GeneratedRegex("^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Namespace();

    [GeneratedRegex(@"^emr-\d+\.\d+\.\d+-[.\-_A-Za-z0-9]{1,40}$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Release();

    [GeneratedRegex(@"^[\w+=,.@-]{1,64}$", RegexOptions.CultureInvariant | RegexOptions.ECMAScript, 1000)]
    private static partial Regex Role();
}
