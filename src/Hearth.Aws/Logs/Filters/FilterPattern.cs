using System.Text;
using System.Text.RegularExpressions;

namespace Hearth.Aws.Logs.Filters;

/// <summary>A text that is no filter pattern.</summary>
public sealed class FilterPatternException(string message) : Exception(message);

/// <summary>
/// Filter patterns of CloudWatch Logs: terms that must all occur, <c>?term</c> of which any must, <c>-term</c> that must not, quoted phrases,
/// <c>%regular expression%</c>, and JSON conditions. Source: CloudWatch Logs User Guide, "Filter pattern syntax".
/// </summary>
public sealed class FilterPattern
{
    private readonly Func<string, bool> test;

    private FilterPattern(Func<string, bool> test) => this.test = test;

    /// <summary>Fits every message.</summary>
    public static FilterPattern Everything { get; } = new(_ => true);

    /// <summary>Reads a pattern; an empty one fits every message.</summary>
    /// <exception cref="FilterPatternException">It is none, or of a form that is not supported.</exception>
    public static FilterPattern Parse(string? text)
    {
        var pattern = text?.Trim() ?? "";
        return pattern switch
        {
            "" => Everything,
            ['{', ..] => new FilterPattern(JsonCondition.Parse(pattern).Test),
            ['[', ..] => throw new FilterPatternException("Invalid filter pattern: Hearth does not implement patterns of space-delimited fields ([a, b, ...]) yet. Use terms, or a JSON condition."),
            _ => Terms(pattern),
        };
    }

    /// <summary>Whether a message fits.</summary>
    public bool Matches(string message) => test(message);

    private static FilterPattern Terms(string pattern)
    {
        var terms = Split(pattern).ToList();
        var all = terms.Where(t => t.Sign is '+').Select(t => t.Test).ToArray();
        var any = terms.Where(t => t.Sign is '?').Select(t => t.Test).ToArray();
        var none = terms.Where(t => t.Sign is '-').Select(t => t.Test).ToArray();

        // Beside other terms, alternatives do not count.
        return all.Length + none.Length > 0
            ? new FilterPattern(m => Array.TrueForAll(all, t => t(m)) && !Array.Exists(none, t => t(m)))
            : new FilterPattern(m => Array.Exists(any, t => t(m)));
    }

    private static IEnumerable<(char Sign, Func<string, bool> Test)> Split(string pattern)
    {
        var at = 0;
        while (at < pattern.Length)
        {
            if (char.IsWhiteSpace(pattern[at]))
            {
                at++;
                continue;
            }

            var sign = pattern[at] is '?' or '-' ? pattern[at++] : '+';
            if (at < pattern.Length && pattern[at] is '"')
            {
                var phrase = Quoted(pattern, ref at);
                yield return (sign, m => m.Contains(phrase, StringComparison.Ordinal));
            }
            else if (at < pattern.Length && pattern[at] is '%')
            {
                var expression = Expression(pattern, ref at);
                yield return (sign, expression.IsMatch);
            }
            else
            {
                var word = Word(pattern, ref at);
                yield return (sign, m => m.Contains(word, StringComparison.Ordinal));
            }
        }
    }

    private static string Word(string pattern, ref int at)
    {
        var start = at;
        while (at < pattern.Length && !char.IsWhiteSpace(pattern[at]))
        {
            if (!char.IsLetterOrDigit(pattern[at]) && pattern[at] is not '_')
            {
                throw new FilterPatternException($"Invalid filter pattern: terms with other characters than letters, digits and underscores must be in double quotes (at character {at + 1})");
            }

            at++;
        }

        return at > start ? pattern[start..at] : throw new FilterPatternException($"Invalid filter pattern: a term is missing at character {start + 1}");
    }

    private static string Quoted(string pattern, ref int at)
    {
        var result = new StringBuilder();
        for (at++; at < pattern.Length; at++)
        {
            if (pattern[at] is '"')
            {
                at++;
                return result.ToString();
            }

            if (pattern[at] is '\\' && at + 1 < pattern.Length)
            {
                at++;
            }

            result.Append(pattern[at]);
        }

        throw new FilterPatternException("Invalid filter pattern: a double quote is missing");
    }

    private static Regex Expression(string pattern, ref int at)
    {
        var end = pattern.IndexOf('%', at + 1);
        if (end < 0)
        {
            throw new FilterPatternException("Invalid filter pattern: a percent sign is missing");
        }

        var text = pattern[(at + 1)..end];
        at = end + 1;
        try
        {
            return new Regex(text, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw new FilterPatternException($"Invalid filter pattern: %{text}% is not a regular expression that is supported");
        }
    }
}
