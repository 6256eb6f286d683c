using System.Globalization;
using System.Text.Json.Nodes;
using Hearth.Platform.Text;
using Hearth.Platform.Yaml;

namespace Hearth.Platform.Schema;

/// <summary>
/// Text. Any scalar is taken as it is written, quoted or not, so that <c>accountId: 012345678901</c> and
/// <c>kubernetesVersion: 1.30</c> mean what they say. Empty is "not given" and always passes; required fields forbid it.
/// </summary>
/// <param name="typeName">As <c>quantity</c>.</param>
/// <param name="pattern">For the schema; null when only <paramref name="valid"/> can say.</param>
/// <param name="valid">Whether a text that is not empty is right.</param>
/// <param name="rule">Follows the value in messages: <c>is not a quantity, as 500m or 8Gi</c>.</param>
internal sealed class TextShape(string typeName, string? pattern = null, Func<string, bool>? valid = null, string rule = "is not valid") : Shape<string>
{
    private IReadOnlyList<string>? _choices;

    public override string TypeName => typeName;

    public string? Pattern => pattern;

    /// <summary>One of a few words.</summary>
    public static TextShape OneOf(params string[] choices) => new(string.Join(" or ", choices.Select(c => $"`{c}`"))) { _choices = choices };

    public override string Read(YamlNode node, string path, ReadContext context, string start)
    {
        if (node is YamlScalar { IsNull: false } scalar)
        {
            return scalar.Text;
        }

        WrongType(node, path, context, $"text{(typeName == "text" ? string.Empty : $" ({typeName})")}");
        return start;
    }

    public override void Check(string value, string path, Faults faults)
    {
        if (Complaint(value) is { } complaint)
        {
            faults.Add(path, complaint);
        }
    }

    /// <summary>Null when the value is right.</summary>
    public string? Complaint(string value)
    {
        if (value.Length == 0)
        {
            return null;
        }

        if (_choices is not null)
        {
            return _choices.Contains(value, StringComparer.Ordinal)
                ? null
                : $"'{value}' is none of {string.Join(", ", _choices)}{(Nearest.Find(value, _choices) is { } near ? $"; did you mean '{near}'?" : string.Empty)}";
        }

        // `$` of a pattern also matches before a last line feed.
        var right = valid is null || (!value.EndsWith('\n') && valid(value));
        return right ? null : $"'{value}' {rule}";
    }

    public override JsonNode Write(string value) => value;

    public override bool IsEmpty(string value) => value.Length == 0;

    public override JsonObject Describe(Definitions definitions)
    {
        var schema = new JsonObject { ["type"] = "string" };
        if (_choices is not null)
        {
            schema["enum"] = new JsonArray([.. _choices.Select(c => (JsonNode?)c)]);
        }
        else if (pattern is not null)
        {
            schema["pattern"] = pattern;
        }

        return schema;
    }
}

/// <summary>A whole number in a range.</summary>
internal sealed class IntShape(int least, int most) : Shape<int>
{
    public override string TypeName => "number";

    public override int Read(YamlNode node, string path, ReadContext context, int start)
    {
        if (node is YamlScalar { Plain: true } scalar
            && int.TryParse(scalar.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
        {
            return number;
        }

        WrongType(node, path, context, "a whole number");
        return start;
    }

    public override void Check(int value, string path, Faults faults)
    {
        if (value < least || value > most)
        {
            faults.Add(path, most == int.MaxValue ? $"{value} is less than {least}" : $"{value} is not between {least} and {most}");
        }
    }

    public override JsonNode Write(int value) => value;

    public override bool IsEmpty(int value) => value == 0;

    public override JsonObject Describe(Definitions definitions)
    {
        var schema = new JsonObject { ["type"] = "integer", ["minimum"] = least };
        if (most != int.MaxValue)
        {
            schema["maximum"] = most;
        }

        return schema;
    }
}

/// <summary>A whole number that may be left out.</summary>
internal sealed class OptionalIntShape(int least, int most) : Shape<int?>
{
    private readonly IntShape _number = new(least, most);

    public override string TypeName => _number.TypeName;

    public override int? Read(YamlNode node, string path, ReadContext context, int? start) =>
        node is YamlScalar { IsNull: true } ? null : _number.Read(node, path, context, start ?? 0) is var number && context.Faults.Has(path) ? null : number;

    public override void Check(int? value, string path, Faults faults)
    {
        if (value is { } number)
        {
            _number.Check(number, path, faults);
        }
    }

    public override JsonNode? Write(int? value) => value;

    public override bool IsEmpty(int? value) => value is null;

    public override JsonObject Describe(Definitions definitions) => _number.Describe(definitions);
}

/// <summary><c>true</c> or <c>false</c>, unquoted; YAML 1.1's yes and on are not truth values.</summary>
internal sealed class BoolShape : Shape<bool>
{
    public override string TypeName => "true or false";

    public override bool Read(YamlNode node, string path, ReadContext context, bool start)
    {
        switch (node)
        {
            case YamlScalar { Plain: true, Text: "true" or "True" or "TRUE" }:
                return true;
            case YamlScalar { Plain: true, Text: "false" or "False" or "FALSE" }:
                return false;
            default:
                WrongType(node, path, context, "true or false");
                return start;
        }
    }

    public override void Check(bool value, string path, Faults faults)
    {
    }

    public override JsonNode Write(bool value) => value;

    public override bool IsEmpty(bool value) => false;

    public override JsonObject Describe(Definitions definitions) => new() { ["type"] = "boolean" };
}
