using System.Globalization;
using System.Text.Json;
using Hearth.Aws.Iam.Policy;

namespace Hearth.Aws.Logs.Filters;

/// <summary>
/// JSON filter patterns: <c>{ ($.level = "ERROR" || $.code &gt;= 500) &amp;&amp; $.user.name = "a*" &amp;&amp; $.tags[0] IS NULL }</c>.
/// Source: CloudWatch Logs User Guide, "Writing filter patterns to match JSON log events".
/// </summary>
internal sealed class JsonCondition
{
    private static readonly string[] Operators = ["!=", ">=", "<=", "=", ">", "<"];
    private readonly string text;
    private int at;

    private JsonCondition(string text) => this.text = text;

    private Func<JsonElement, bool> condition = _ => true;

    /// <summary>Reads a pattern in its braces.</summary>
    /// <exception cref="FilterPatternException">It is none.</exception>
    public static JsonCondition Parse(string pattern)
    {
        if (!pattern.EndsWith('}'))
        {
            throw new FilterPatternException("Invalid filter pattern: the closing brace is missing");
        }

        var parser = new JsonCondition(pattern[1..^1]);
        parser.condition = parser.Or();
        parser.Space();
        return parser.at == parser.text.Length ? parser : throw parser.Wrong("an operator or the end");
    }

    /// <summary>Whether a message is JSON that fits.</summary>
    public bool Test(string message)
    {
        try
        {
            using var document = JsonDocument.Parse(message);
            return condition(document.RootElement);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private Func<JsonElement, bool> Or()
    {
        var left = And();
        while (Take("||"))
        {
            var (first, second) = (left, And());
            left = e => first(e) || second(e);
        }

        return left;
    }

    private Func<JsonElement, bool> And()
    {
        var left = Factor();
        while (Take("&&"))
        {
            var (first, second) = (left, Factor());
            left = e => first(e) && second(e);
        }

        return left;
    }

    private Func<JsonElement, bool> Factor()
    {
        if (Take("("))
        {
            var inner = Or();
            return Take(")") ? inner : throw Wrong(")");
        }

        return Take("$") ? Comparison(Path()) : throw Wrong("a property such as $.name");
    }

    private Func<JsonElement, bool> Comparison(IReadOnlyList<string> path)
    {
        if (Word("IS"))
        {
            if (Word("NULL"))
            {
                return e => Values(e, path, 0).Any(v => v.ValueKind == JsonValueKind.Null);
            }

            var wanted = Word("TRUE") ? JsonValueKind.True : Word("FALSE") ? JsonValueKind.False : throw Wrong("NULL, TRUE or FALSE");
            return e => Values(e, path, 0).Any(v => v.ValueKind == wanted);
        }

        if (Word("NOT"))
        {
            return Word("EXISTS") ? e => !Values(e, path, 0).Any() : throw Wrong("EXISTS");
        }

        var name = Operators.FirstOrDefault(Take) ?? throw Wrong("a comparison");
        var value = Value(out var quoted);
        return e => Compare(Values(e, path, 0), name, value, quoted);
    }

    private static bool Compare(IEnumerable<JsonElement> values, string name, string wanted, bool quoted) => name switch
    {
        "=" => values.Any(v => Same(v, wanted, quoted)),
        "!=" => values.Any() && !values.Any(v => Same(v, wanted, quoted)),
        _ => decimal.TryParse(wanted, NumberStyles.Float, CultureInfo.InvariantCulture, out var limit)
            && values.Any(v => v.ValueKind == JsonValueKind.Number && v.TryGetDecimal(out var number) && name switch
            {
                ">" => number > limit,
                ">=" => number >= limit,
                "<" => number < limit,
                _ => number <= limit,
            }),
    };

    private static bool Same(JsonElement value, string wanted, bool quoted) => value.ValueKind switch
    {
        JsonValueKind.String => Wildcard.Matches(wanted, value.GetString()!),
        JsonValueKind.Number => !quoted && decimal.TryParse(wanted, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? value.TryGetDecimal(out var own) && own == number
            : Wildcard.Matches(wanted, value.GetRawText()),
        _ => false,
    };

    private static IEnumerable<JsonElement> Values(JsonElement element, IReadOnlyList<string> path, int depth)
    {
        if (depth == path.Count)
        {
            return [element];
        }

        var step = path[depth];
        return element.ValueKind switch
        {
            JsonValueKind.Object when element.TryGetProperty(step, out var member) => Values(member, path, depth + 1),
            JsonValueKind.Array when step is "*" => element.EnumerateArray().SelectMany(i => Values(i, path, depth + 1)),
            JsonValueKind.Array when int.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < element.GetArrayLength() =>
                Values(element[index], path, depth + 1),
            _ => [],
        };
    }

    private List<string> Path()
    {
        var path = new List<string>();
        while (at < text.Length && text[at] is '.' or '[')
        {
            var bracket = text[at++] is '[';
            var start = at;
            while (at < text.Length && (bracket ? text[at] is not ']' : char.IsLetterOrDigit(text[at]) || text[at] is '_' or '-' or ':' or '@'))
            {
                at++;
            }

            var step = text[start..at].Trim('\'', '"');
            path.Add(step.Length > 0 ? step : throw Wrong("a name"));
            if (bracket && (at >= text.Length || text[at++] is not ']'))
            {
                throw Wrong("]");
            }
        }

        return path.Count > 0 ? path : throw Wrong(".name");
    }

    private string Value(out bool quoted)
    {
        Space();
        quoted = at < text.Length && text[at] is '"';
        if (quoted)
        {
            var end = text.IndexOf('"', at + 1);
            var value = end > 0 ? text[(at + 1)..end] : throw Wrong("a closing quote");
            at = end + 1;
            return value;
        }

        var start = at;
        while (at < text.Length && !char.IsWhiteSpace(text[at]) && text[at] is not (')' or '&' or '|'))
        {
            at++;
        }

        return at > start ? text[start..at] : throw Wrong("a value");
    }

    private bool Word(string word)
    {
        Space();
        if (string.Compare(text, at, word, 0, word.Length, StringComparison.OrdinalIgnoreCase) != 0 || (at + word.Length < text.Length && char.IsLetterOrDigit(text[at + word.Length])))
        {
            return false;
        }

        at += word.Length;
        return true;
    }

    private bool Take(string token)
    {
        Space();
        if (string.CompareOrdinal(text, at, token, 0, token.Length) != 0)
        {
            return false;
        }

        at += token.Length;
        return true;
    }

    private void Space()
    {
        while (at < text.Length && char.IsWhiteSpace(text[at]))
        {
            at++;
        }
    }

    private FilterPatternException Wrong(string expected) => new($"Invalid filter pattern: {expected} is expected at character {at + 2}");
}
