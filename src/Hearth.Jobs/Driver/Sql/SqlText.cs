using System.Text;
using System.Text.RegularExpressions;

namespace Hearth.Jobs.Driver.Sql;

/// <summary>A SQL file as <c>spark-sql -f</c> reads it.</summary>
public static partial class SqlText
{
    /// <summary>The statements: cut at semicolons outside of quotes and comments; empty ones are left out.</summary>
    public static IReadOnlyList<string> Split(string text)
    {
        var statements = new List<string>();
        var start = 0;
        for (var at = 0; at < text.Length;)
        {
            var c = text[at];
            if (c == ';')
            {
                Add(statements, text[start..at]);
                start = ++at;
            }
            else
            {
                at = c switch
                {
                    '\'' or '"' or '`' => Quoted(text, at),
                    '-' when Next(text, at) == '-' => Until(text, at, "\n"),
                    '/' when Next(text, at) == '*' => Comment(text, at),
                    _ => at + 1,
                };
            }
        }

        Add(statements, text[start..]);
        return statements;
    }

    /// <summary>Replaces <c>${name}</c>, <c>${hivevar:name}</c> and <c>${hiveconf:name}</c> by variables; others stay.</summary>
    public static string Substitute(string statement, IReadOnlyDictionary<string, string> variables) =>
        Variable().Replace(statement, m => variables.GetValueOrDefault((m.Groups["conf"].Success ? "hiveconf:" : "") + m.Groups["name"].Value, m.Value));

    private static void Add(List<string> statements, string statement)
    {
        if (!IsBlank(statement))
        {
            statements.Add(statement.Trim());
        }
    }

    private static bool IsBlank(string statement)
    {
        var bare = new StringBuilder();
        for (var at = 0; at < statement.Length;)
        {
            var next = statement[at] switch
            {
                '-' when Next(statement, at) == '-' => Until(statement, at, "\n"),
                '/' when Next(statement, at) == '*' => Comment(statement, at),
                _ => at,
            };
            if (next == at)
            {
                bare.Append(statement[at++]);
            }
            else
            {
                at = next;
            }
        }

        return string.IsNullOrWhiteSpace(bare.ToString());
    }

    private static char Next(string text, int at) => at + 1 < text.Length ? text[at + 1] : '\0';

    private static int Until(string text, int at, string end)
    {
        var found = text.IndexOf(end, at, StringComparison.Ordinal);
        return found < 0 ? text.Length : found + end.Length;
    }

    // Spark's bracketed comments nest.
    private static int Comment(string text, int at)
    {
        var depth = 0;
        for (; at < text.Length; at++)
        {
            if (text[at] == '/' && Next(text, at) == '*')
            {
                depth++;
                at++;
            }
            else if (text[at] == '*' && Next(text, at) == '/')
            {
                at++;
                if (--depth == 0)
                {
                    return at + 1;
                }
            }
        }

        return text.Length;
    }

    private static int Quoted(string text, int at)
    {
        var quote = text[at++];
        for (; at < text.Length; at++)
        {
            if (text[at] == '\\' && quote != '`')
            {
                at++;
            }
            else if (text[at] == quote)
            {
                return at + 1;
            }
        }

        return text.Length;
    }

    [GeneratedRegex(@"\$\{(hivevar:|(?<conf>hiveconf:))?(?<name>[A-Za-z_][A-Za-z0-9_.]*)\}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Variable();
}
