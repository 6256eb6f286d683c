using System.Globalization;
using System.Text.Json.Nodes;

namespace Hearth.Jobs.Spark;

/// <summary>The fields that each part of a pod template may hold; finds those that it may not.</summary>
internal sealed class FieldTable
{
    private readonly Dictionary<string, Dictionary<string, string>> _types;

    private FieldTable(Dictionary<string, Dictionary<string, string>> types) => _types = types;

    /// <summary>The table for core/v1 pods.</summary>
    public static FieldTable Pods { get; } = Read(EmbeddedText.Read("pod-template.fields"));

    /// <summary>Names of the fields of a type.</summary>
    public IEnumerable<string> FieldsOf(string type) => _types[type].Keys;

    /// <summary>One sentence for each field of <paramref name="value"/> that the type does not have, and each list or mapping that should be the other.</summary>
    public IEnumerable<string> Problems(JsonNode? value, string type, string path)
    {
        if (value is null || type == "*")
        {
            return [];
        }

        if (type.StartsWith('['))
        {
            return value is JsonArray items
                ? items.SelectMany((item, i) => Problems(item, type[1..^1], string.Create(CultureInfo.InvariantCulture, $"{path}[{i}]")))
                : [$"{path} must be a list"];
        }

        return value is JsonObject mapping ? mapping.SelectMany(field => Field(field, type, path)) : [$"{path} must be a mapping"];
    }

    private IEnumerable<string> Field(KeyValuePair<string, JsonNode?> field, string type, string path)
    {
        var here = path.Length == 0 ? field.Key : $"{path}.{field.Key}";
        if (_types[type].TryGetValue(field.Key, out var below))
        {
            return below.Length == 0 ? [] : Problems(field.Value, below, here);
        }

        var near = Spelling.Nearest(field.Key, _types[type].Keys);
        return [$"unknown field \"{here}\"" + (near is null ? "" : $"; did you mean \"{near}\"?")];
    }

    private static FieldTable Read(string text)
    {
        var types = new Dictionary<string, Dictionary<string, string>>(StringComparer.Ordinal);
        foreach (var line in text.Split('\n').Where(l => l.Length > 0 && l[0] != '#'))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            types[line[..colon]] = line[(colon + 1)..]
                .Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Select(f => f.Split(':', 2))
                .ToDictionary(f => f[0], f => f.Length == 2 ? f[1] : "", StringComparer.Ordinal);
        }

        return new FieldTable(types);
    }
}
