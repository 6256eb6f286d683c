namespace Hearth.Aws.Iam.Policy;

/// <summary>IAM's patterns: <c>*</c> is any text, <c>?</c> one character, everything else itself.</summary>
public static class Wildcard
{
    // What a policy variable puts into a pattern stands for itself; these stand for a star and a question mark that do.
    private const char LiteralStar = '\uE000';
    private const char LiteralMark = '\uE001';

    /// <summary>Whether a text fits a pattern, in time linear in their lengths for patterns that people write.</summary>
    public static bool Matches(string pattern, string text, bool ignoreCase = false)
    {
        var (p, t, star, resume) = (0, 0, -1, 0);
        while (t < text.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                (star, resume) = (p++, t);
            }
            else if (p < pattern.Length && (pattern[p] == '?' || Same(pattern[p], text[t], ignoreCase)))
            {
                p++;
                t++;
            }
            else if (star >= 0)
            {
                (p, t) = (star + 1, ++resume);
            }
            else
            {
                return false;
            }
        }

        while (p < pattern.Length && pattern[p] == '*')
        {
            p++;
        }

        return p == pattern.Length;
    }

    /// <summary>A text in a form that as (part of) a pattern fits itself only.</summary>
    public static string Literal(string text) => text.Replace('*', LiteralStar).Replace('?', LiteralMark);

    /// <summary>What <see cref="Literal"/> was made from.</summary>
    public static string Plain(string pattern) => pattern.Replace(LiteralStar, '*').Replace(LiteralMark, '?');

    private static bool Same(char pattern, char text, bool ignoreCase)
    {
        var wanted = pattern switch { LiteralStar => '*', LiteralMark => '?', _ => pattern };
        return wanted == text || (ignoreCase && char.ToUpperInvariant(wanted) == char.ToUpperInvariant(text));
    }
}
