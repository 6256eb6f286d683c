using System.Text;

namespace Hearth.Aws.Iam.Policy;

/// <summary>
/// Fills <c>${key}</c> and <c>${key, 'default'}</c> in; <c>${*}</c>, <c>${?}</c> and <c>${$}</c> stand for these characters.
/// What comes from the request stands for itself, whatever stars are in it. Source: IAM User Guide, "Policy variables".
/// </summary>
internal static class PolicyVariables
{
    /// <summary>The pattern with everything filled in, or null when the request lacks a key that has no default.</summary>
    public static string? Fill(string pattern, RequestContext context)
    {
        var start = pattern.IndexOf("${", StringComparison.Ordinal);
        if (start < 0)
        {
            return pattern;
        }

        var result = new StringBuilder(pattern.Length + 32);
        var at = 0;
        while (start >= 0)
        {
            var end = pattern.IndexOf('}', start);
            if (end < 0)
            {
                break;
            }

            if (Value(pattern[(start + 2)..end], context) is not { } value)
            {
                return null;
            }

            result.Append(pattern, at, start - at).Append(Wildcard.Literal(value));
            at = end + 1;
            start = pattern.IndexOf("${", at, StringComparison.Ordinal);
        }

        return result.Append(pattern, at, pattern.Length - at).ToString();
    }

    private static string? Value(string expression, RequestContext context)
    {
        if (expression is "*" or "?" or "$")
        {
            return expression;
        }

        var comma = expression.IndexOf(',', StringComparison.Ordinal);
        var key = (comma < 0 ? expression : expression[..comma]).Trim();
        return context.Find(key) is { Count: 1 } values
            ? values[0]
            : comma < 0 ? null : expression[(comma + 1)..].Trim().Trim('\'');
    }
}
