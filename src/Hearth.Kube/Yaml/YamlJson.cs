using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Hearth.Kube.Yaml;

/// <summary>YAML that cannot be read as an object; the message names line and column.</summary>
public sealed class YamlJsonException(string message) : Exception(message);

/// <summary>A document and what is odd about it.</summary>
/// <param name="Value">The document.</param>
/// <param name="Warnings">For example duplicate keys, each with its line.</param>
public sealed record YamlDocument(JsonObject Value, IReadOnlyList<string> Warnings);

/// <summary>
/// Reads YAML the way Kubernetes tools do, into JSON. A key given twice is not an error: the last one wins, as in the YAML reader of
/// Spark up to 3.3, and the document says so in its warnings.
/// </summary>
public sealed partial class YamlJson
{
    private readonly Parser _parser;
    private readonly Dictionary<string, JsonNode?> _anchors = new(StringComparer.Ordinal);
    private readonly List<string> _warnings = [];

    private YamlJson(string text) => _parser = new Parser(new StringReader(text));

    /// <summary>Reads the first document, which must be a mapping.</summary>
    /// <exception cref="YamlJsonException">Not YAML, or not a mapping.</exception>
    public static YamlDocument ParseObject(string text)
    {
        try
        {
            var reader = new YamlJson(text);
            reader._parser.Consume<StreamStart>();
            if (!reader._parser.TryConsume<DocumentStart>(out _))
            {
                throw new YamlJsonException("the document is empty");
            }

            var value = reader.Node();
            return value is JsonObject mapping
                ? new YamlDocument(mapping, reader._warnings)
                : throw new YamlJsonException("line 1: a mapping was expected");
        }
        catch (YamlException e)
        {
            throw new YamlJsonException($"line {e.Start.Line}, column {e.Start.Column}: {e.Message}");
        }
    }

    private JsonNode? Node()
    {
        if (_parser.TryConsume<AnchorAlias>(out var alias))
        {
            return _anchors.TryGetValue(alias.Value.Value, out var known)
                ? known?.DeepClone()
                : throw new YamlJsonException($"line {alias.Start.Line}: unknown alias *{alias.Value.Value}");
        }

        var start = _parser.Current as NodeEvent;
        JsonNode? node = _parser.Current switch
        {
            MappingStart => Mapping(),
            SequenceStart => Sequence(),
            _ => Scalar(_parser.Consume<Scalar>()),
        };
        if (start is { Anchor.IsEmpty: false })
        {
            _anchors[start.Anchor.Value] = node?.DeepClone();
        }

        return node;
    }

    private JsonObject Mapping()
    {
        _parser.Consume<MappingStart>();
        var result = new JsonObject();
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            var key = _parser.Consume<Scalar>();
            var value = Node();
            if (key.Value == "<<" && value is JsonObject merged)
            {
                Merge(result, merged);
                continue;
            }

            if (result.ContainsKey(key.Value))
            {
                _warnings.Add($"line {key.Start.Line}: key '{key.Value}' is given twice; the last one counts");
            }

            result[key.Value] = value;
        }

        return result;
    }

    private static void Merge(JsonObject target, JsonObject merged)
    {
        foreach (var (name, value) in merged)
        {
            if (!target.ContainsKey(name))
            {
                target[name] = value?.DeepClone();
            }
        }
    }

    private JsonArray Sequence()
    {
        _parser.Consume<SequenceStart>();
        var result = new JsonArray();
        while (!_parser.TryConsume<SequenceEnd>(out _))
        {
            result.Add(Node());
        }

        return result;
    }

    private static JsonNode? Scalar(Scalar scalar)
    {
        var text = scalar.Value;
        return scalar.Style != ScalarStyle.Plain || scalar.Tag.ToString().EndsWith(":str", StringComparison.Ordinal) ? JsonValue.Create(text) : Plain(text);
    }

    /// <summary>Whether a text can be written without quotes and is still read as a text.</summary>
    internal static bool IsPlainText(string text) => PlainSafe().IsMatch(text) && Plain(text) is JsonValue value && value.GetValueKind() == System.Text.Json.JsonValueKind.String;

    private static JsonNode? Plain(string text)
    {
        switch (text)
        {
            case "" or "~" or "null" or "Null" or "NULL":
                return null;
            case "true" or "True" or "TRUE":
                return JsonValue.Create(true);
            case "false" or "False" or "FALSE":
                return JsonValue.Create(false);
        }

        if (Octal().Match(text) is { Success: true } octal && octal.Groups[1].Length < 20)
        {
            return JsonValue.Create(Convert.ToInt64(octal.Groups[1].Value, 8));
        }

        if (Integer().IsMatch(text) && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer))
        {
            return JsonValue.Create(integer);
        }

        return Float().IsMatch(text) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? JsonValue.Create(number)
            : JsonValue.Create(text);
    }

    [GeneratedRegex("^[A-Za-z/][A-Za-z0-9._/@+-]*(:[A-Za-z0-9._/@+-]+)*$", RegexOptions.None, 1000)]
    private static partial Regex PlainSafe();

    [GeneratedRegex("^0o?([0-7]+)$", RegexOptions.None, 1000)]
    private static partial Regex Octal();

    [GeneratedRegex("^[-+]?(0|[1-9][0-9]*)$", RegexOptions.None, 1000)]
    private static partial Regex Integer();

    [GeneratedRegex(@"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$", RegexOptions.None, 1000)]
    private static partial Regex Float();
}
