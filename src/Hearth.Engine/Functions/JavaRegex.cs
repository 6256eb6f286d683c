using System.Collections.Concurrent;
using System.Text;
using System.Text.RegularExpressions;

namespace Hearth.Engine.Functions;

/// <summary>Java patterns in .NET's engine.</summary>
internal static class JavaRegex
{
    private const int MostKept = 1000;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);
    private static readonly ConcurrentDictionary<string, Regex> Known = new(StringComparer.Ordinal);

    /// <summary>Whether RE2 gives the same: letters, digits, dots, classes, groups, alternatives and greedy repetition.</summary>
    public static bool SameInRe2(string pattern)
    {
        for (int i = 0; i < pattern.Length; i++)
        {
            char c = pattern[i];
            if (c == '\\')
            {
                i++;
                if (i >= pattern.Length || !(pattern[i] is 'd' or 'w' or 's' or 'D' or 'W' or 'S' || !char.IsAsciiLetterOrDigit(pattern[i])))
                {
                    return false;
                }
            }
            else if (c > '~' || c is '$' or '&' || (c == '(' && i + 1 < pattern.Length && pattern[i + 1] == '?') || (c is '+' && i > 0 && pattern[i - 1] is '+' or '*' or '?' or '}') || (c == '[' && pattern.IndexOf('[', i + 1) is var n && n > 0 && n < pattern.IndexOf(']', i)))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The compiled pattern.</summary>
    /// <exception cref="EngineException">INVALID_PARAMETER_VALUE.PATTERN.</exception>
    public static Regex Of(string pattern)
    {
        if (Known.TryGetValue(pattern, out Regex? known))
        {
            return known;
        }

        try
        {
            Regex regex = new(Translate(pattern), RegexOptions.CultureInvariant, Timeout);
            if (Known.Count < MostKept)
            {
                Known[pattern] = regex;
            }

            return regex;
        }
        catch (ArgumentException error)
        {
            throw new EngineException("INVALID_PARAMETER_VALUE.PATTERN", $"The value of parameter(s) `regexp` is invalid: '{pattern}'. {error.Message}", ErrorKind.SparkRuntimeException, inner: error);
        }
    }

    // Java: \d \w \s are ASCII, possessive repetition is atomic, \h is a blank, \Q..\E quotes, POSIX classes.
    private static string Translate(string pattern)
    {
        StringBuilder text = new(pattern.Length + 16);
        bool inClass = false;
        for (int i = 0; i < pattern.Length; i++)
        {
            char c = pattern[i];
            if (c == '\\' && i + 1 < pattern.Length)
            {
                i = Escape(pattern, i + 1, inClass, text);
                continue;
            }

            if (inClass && c == '&' && pattern.AsSpan(i).StartsWith("&&"))
            {
                throw new ArgumentException("class intersection (&&) is not supported here; run it with --engine spark");
            }

            if (c == '+' && i > 0 && !inClass && pattern[i - 1] is '+' or '*' or '?' or '}')
            {
                throw new ArgumentException("possessive repetition is not supported here; run it with --engine spark");
            }

            inClass = c == '[' || (inClass && c != ']');
            text.Append(c);
        }

        return text.ToString();
    }

    private static int Escape(string pattern, int i, bool inClass, StringBuilder text)
    {
        switch (pattern[i])
        {
            case 'Q':
                int end = pattern.IndexOf("\\E", i, StringComparison.Ordinal);
                text.Append(Regex.Escape(pattern[(i + 1)..(end < 0 ? pattern.Length : end)]));
                return end < 0 ? pattern.Length : end + 1;
            case 'd':
                text.Append(inClass ? "0-9" : "[0-9]");
                return i;
            case 'w':
                text.Append(inClass ? "a-zA-Z0-9_" : "[a-zA-Z0-9_]");
                return i;
            case 's':
                text.Append(inClass ? " \\t\\n\\x0B\\f\\r" : "[ \\t\\n\\x0B\\f\\r]");
                return i;
            case 'h':
                text.Append(inClass ? " \\t\\u00A0" : "[ \\t\\u00A0]");
                return i;
            case 'D':
                text.Append(inClass ? "\\D" : "[^0-9]");
                return i;
            case 'W':
                text.Append(inClass ? "\\W" : "[^a-zA-Z0-9_]");
                return i;
            case 'p' when Posix(pattern, i) is { } posix:
                text.Append(inClass ? posix.Class : $"[{posix.Class}]");
                return posix.End;
            default:
                text.Append('\\').Append(pattern[i]);
                return i;
        }
    }

    private static (string Class, int End)? Posix(string pattern, int i)
    {
        int end = pattern.IndexOf('}', i);
        if (end < 0 || pattern[i + 1] != '{')
        {
            return null;
        }

        string? items = pattern[(i + 2)..end] switch
        {
            "Alpha" => "a-zA-Z",
            "Digit" => "0-9",
            "Alnum" => "a-zA-Z0-9",
            "Upper" => "A-Z",
            "Lower" => "a-z",
            "Punct" => "!-/:-@\\[-`{-~",
            "Space" => " \\t\\n\\x0B\\f\\r",
            "Blank" => " \\t",
            "XDigit" => "0-9a-fA-F",
            "ASCII" => "\\x00-\\x7F",
            _ => null,
        };
        return items is null ? null : (items, end);
    }

    /// <summary>A Java replacement: <c>$1</c> and <c>\</c> escapes.</summary>
    public static string Replacement(string java)
    {
        StringBuilder text = new();
        for (int i = 0; i < java.Length; i++)
        {
            if (java[i] == '\\' && i + 1 < java.Length)
            {
                i++;
                text.Append(java[i] == '$' ? "$$" : java[i].ToString());
            }
            else if (java[i] == '$' && i + 1 < java.Length && char.IsAsciiDigit(java[i + 1]))
            {
                text.Append("${").Append(java[++i]).Append('}');
            }
            else
            {
                text.Append(java[i]);
            }
        }

        return text.ToString();
    }
}
