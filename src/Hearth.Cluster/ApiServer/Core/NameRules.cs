using System.Text.RegularExpressions;
using Hearth.Cluster.ApiServer.Registry;

namespace Hearth.Cluster.ApiServer.Core;

/// <summary>Syntax of names, label keys and label values (apimachinery <c>util/validation</c>).</summary>
internal static partial class NameRules
{
    private const string SubdomainText =
        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character "
        + "(e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

    private const string LabelText =
        "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character "
        + "(e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";

    private const string Label1035Text =
        "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character "
        + "(e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";

    private const string QualifiedText =
        "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character "
        + "(e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";

    private const string LabelValueText =
        "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character "
        + "(e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

    public static void Check(NameRule rule, string field, string name, FieldErrors errors)
    {
        var (max, pattern, text) = rule switch
        {
            NameRule.Label => (63, LabelPattern(), LabelText),
            NameRule.DnsLabel1035 => (63, Label1035Pattern(), Label1035Text),
            NameRule.Subdomain => (253, SubdomainPattern(), SubdomainText),
            _ => (int.MaxValue, PathPattern(), "may not be '.', '..' or contain '/' or '%'"),
        };
        if (name.Length > max)
        {
            errors.Invalid(field, name, $"must be no more than {max} characters");
        }

        if (!pattern.IsMatch(name))
        {
            errors.Invalid(field, name, text);
        }
    }

    public static bool IsSubdomain(string name) => name.Length <= 253 && SubdomainPattern().IsMatch(name);

    public static bool IsLabel(string name) => name.Length <= 63 && LabelPattern().IsMatch(name);

    /// <summary>A key of labels or annotations: <c>[prefix/]name</c>.</summary>
    public static void CheckQualified(string field, string key, FieldErrors errors)
    {
        var slash = key.IndexOf('/', StringComparison.Ordinal);
        var name = slash < 0 ? key : key[(slash + 1)..];
        if (slash == 0 || (slash > 0 && !IsSubdomain(key[..slash])))
        {
            errors.Invalid(field, key, "prefix part " + SubdomainText);
        }

        if (name.Length == 0)
        {
            errors.Invalid(field, key, "name part must be non-empty");
        }
        else if (name.Length > 63)
        {
            errors.Invalid(field, key, "name part must be no more than 63 characters");
        }

        if (!QualifiedPattern().IsMatch(name))
        {
            errors.Invalid(field, key, QualifiedText);
        }
    }

    public static void CheckLabelValue(string field, string value, FieldErrors errors)
    {
        if (value.Length > 63)
        {
            errors.Invalid(field, value, "must be no more than 63 characters");
        }

        if (value.Length > 0 && !QualifiedPattern().IsMatch(value))
        {
            errors.Invalid(field, value, LabelValueText);
        }
    }

    [GeneratedRegex(@"^[a-z0-9]([-a-z0-9]*[a-z0-9])?\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex LabelPattern();

    [GeneratedRegex(@"^[a-z]([-a-z0-9]*[a-z0-9])?\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Label1035Pattern();

    [GeneratedRegex(@"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex SubdomainPattern();

    [GeneratedRegex(@"^(?!\.{1,2}\z)[^/%]+\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex PathPattern();

    [GeneratedRegex(@"^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex QualifiedPattern();
}
