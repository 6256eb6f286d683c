using System.Globalization;
using System.Text;
using System.Text.Json;
using Hearth.Cluster.ApiServer.Core;

namespace Hearth.Cluster.ApiServer.Crds;

/// <summary>
/// The JSONPath of printer columns and selectable fields (client-go <c>util/jsonpath</c>, without ranges and functions): <c>.a.b</c>, <c>['a/b']</c>, <c>.a\.b</c>,
/// <c>[0]</c>, <c>[-1]</c>, <c>[*]</c>, <c>[?(@.type=="Ready")]</c>.
/// </summary>
internal sealed class JsonPathQuery
{
    private readonly List<Step> _steps;

    private JsonPathQuery(List<Step> steps) => _steps = steps;

    /// <exception cref="FormatException">Not such a path.</exception>
    public static JsonPathQuery Parse(string text) => new(new Parser(text).Parse());

    /// <summary>Everything that the path leads to.</summary>
    public IEnumerable<JsonElement> Find(JsonElement root)
    {
        IEnumerable<JsonElement> found = [root];
        foreach (var step in _steps)
        {
            found = found.SelectMany(step.Apply);
        }

        return found;
    }

    /// <summary>All results as text, or null when there is none.</summary>
    public string? Text(JsonElement root)
    {
        var texts = Find(root).Select(e => e.Scalar() ?? (e.ValueKind == JsonValueKind.Null ? null : e.GetRawText())).Where(t => t is not null).ToList();
        return texts.Count == 0 ? null : string.Join(' ', texts);
    }

    private abstract record Step
    {
        public abstract IEnumerable<JsonElement> Apply(JsonElement element);
    }

    private sealed record Member(string Name) : Step
    {
        public override IEnumerable<JsonElement> Apply(JsonElement element) =>
            element.ValueKind == JsonValueKind.Object && element.TryGetProperty(Name, out var value) ? [value] : [];
    }

    private sealed record Index(int At) : Step
    {
        public override IEnumerable<JsonElement> Apply(JsonElement element)
        {
            var length = element.ValueKind == JsonValueKind.Array ? element.GetArrayLength() : 0;
            var at = At < 0 ? length + At : At;
            return at >= 0 && at < length ? [element[at]] : [];
        }
    }

    private sealed record All : Step
    {
        public override IEnumerable<JsonElement> Apply(JsonElement element) => element.ValueKind switch
        {
            JsonValueKind.Array => element.EnumerateArray(),
            JsonValueKind.Object => element.EnumerateObject().Select(p => p.Value),
            _ => [],
        };
    }

    private sealed record Filter(JsonPathQuery Path, bool Equal, string Value) : Step
    {
        public override IEnumerable<JsonElement> Apply(JsonElement element) => element.ValueKind == JsonValueKind.Array
            ? element.EnumerateArray().Where(e => string.Equals(Path.Text(e), Value, StringComparison.Ordinal) == Equal)
            : [];
    }

    private sealed class Parser(string text)
    {
        private readonly string _text = text.StartsWith('{') && text.EndsWith('}') ? text[1..^1] : text;
        private int _at;

        public List<Step> Parse()
        {
            var steps = new List<Step>();
            if (_at < _text.Length && _text[_at] is '$' or '@')
            {
                _at++;
            }

            while (_at < _text.Length)
            {
                switch (_text[_at])
                {
                    case '.':
                        _at++;
                        if (_at < _text.Length && _text[_at] is not '[')
                        {
                            steps.Add(Name());
                        }

                        break;
                    case '[':
                        steps.Add(Bracket());
                        break;
                    default:
                        steps.Add(Name());
                        break;
                }
            }

            return steps;
        }

        private Step Name()
        {
            var name = new StringBuilder();
            while (_at < _text.Length && _text[_at] is not ('.' or '['))
            {
                if (_text[_at] == '\\' && _at + 1 < _text.Length)
                {
                    _at++;
                }

                name.Append(_text[_at++]);
            }

            return name.Length switch
            {
                0 => throw Fail("a name is missing"),
                1 when name[0] == '*' => new All(),
                _ => new Member(name.ToString()),
            };
        }

        private Step Bracket()
        {
            var inner = Inside();
            if (inner == "*")
            {
                return new All();
            }

            if (inner.Length >= 2 && inner[0] is '\'' or '"' && inner[^1] == inner[0])
            {
                return new Member(inner[1..^1].Replace("\\", "", StringComparison.Ordinal));
            }

            if (inner.StartsWith("?(", StringComparison.Ordinal) && inner.EndsWith(')'))
            {
                return Condition(inner[2..^1]);
            }

            return int.TryParse(inner, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var index) ? new Index(index) : throw Fail($"[{inner}] is not supported");
        }

        /// <summary>The text up to the closing bracket; brackets in quotes do not count.</summary>
        private string Inside()
        {
            var start = ++_at;
            var quote = '\0';
            for (; _at < _text.Length; _at++)
            {
                var c = _text[_at];
                if (quote != '\0')
                {
                    quote = c == quote ? '\0' : quote;
                }
                else if (c is '\'' or '"')
                {
                    quote = c;
                }
                else if (c == ']')
                {
                    return _text[start.._at++].Trim();
                }
            }

            throw Fail("] is missing");
        }

        private Filter Condition(string expression)
        {
            var equal = expression.IndexOf("==", StringComparison.Ordinal);
            var at = equal >= 0 ? equal : expression.IndexOf("!=", StringComparison.Ordinal);
            if (at < 0)
            {
                throw Fail($"?({expression}) is not a comparison with == or !=");
            }

            var value = expression[(at + 2)..].Trim();
            if (value.Length >= 2 && value[0] is '\'' or '"')
            {
                value = value[1..^1];
            }

            return new Filter(JsonPathQuery.Parse(expression[..at].Trim()), equal >= 0, value);
        }

        private FormatException Fail(string what) => new($"JSONPath {text}: {what}");
    }
}
