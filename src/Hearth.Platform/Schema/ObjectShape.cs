using System.Text.Json.Nodes;
using Hearth.Platform.Text;
using Hearth.Platform.Yaml;

namespace Hearth.Platform.Schema;

/// <summary>What the schema and the reference page need of an object, whatever record it fills.</summary>
internal interface IObjectShape
{
    string Name { get; }

    string Doc { get; }

    JsonObject DescribeBody(Definitions definitions);

    IEnumerable<FieldRow> Rows { get; }
}

/// <summary>A line of the reference page.</summary>
internal sealed record FieldRow(string Name, string Type, bool Required, string Default, string Doc);

/// <summary>A mapping with known fields, read into the record <typeparamref name="T"/>.</summary>
internal sealed class ObjectShape<T>(string name, string doc, T defaults, IReadOnlyList<Field<T>> fields) : Shape<T>, IObjectShape
{
    private readonly string[] _names = [.. fields.Select(f => f.Name)];

    public string Name => name;

    public string Doc => doc;

    public override string TypeName => name;

    public IEnumerable<FieldRow> Rows =>
        fields.Select(f => new FieldRow(f.Name, f.TypeName, f.Required, f.Default(defaults) is { } d and not JsonObject ? d.ToJsonString() : string.Empty, f.Doc));

    public override T Read(YamlNode node, string path, ReadContext context, T start)
    {
        context.Wrote(path, node.Position);
        if (node is not YamlMap map)
        {
            WrongType(node, path, context, "a mapping");
            return start;
        }

        var value = start;
        var present = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (key, child) in map.Entries)
        {
            var childPath = FieldPath.Child(path, key.Text);
            if (fields.FirstOrDefault(f => string.Equals(f.Name, key.Text, StringComparison.Ordinal)) is { } field)
            {
                present.Add(field.Name);
                context.Wrote(childPath, child.Position);
                value = field.Read(value, child, childPath, context);
            }
            else
            {
                context.Fault(childPath, Nearest.Describe(Unknown(key.Text, path), key.Text, _names), key.Position);
            }
        }

        foreach (var field in fields.Where(f => !present.Contains(f.Name)))
        {
            field.Absent(FieldPath.Child(path, field.Name), map.Position, context);
        }

        return value;
    }

    public override void Check(T value, string path, Faults faults)
    {
        foreach (var field in fields)
        {
            field.Check(value, FieldPath.Child(path, field.Name), faults);
        }
    }

    public override JsonNode Write(T value)
    {
        var written = new JsonObject();
        foreach (var field in fields)
        {
            if (field.Write(value, defaults) is { } child)
            {
                written[field.Name] = child;
            }
        }

        return written;
    }

    public override bool IsEmpty(T value) => Write(value) is JsonObject { Count: 0 };

    public override JsonObject Describe(Definitions definitions) => definitions.Refer(this);

    public JsonObject DescribeBody(Definitions definitions)
    {
        var properties = new JsonObject();
        foreach (var field in fields)
        {
            properties[field.Name] = field.Describe(definitions, defaults);
        }

        var body = new JsonObject
        {
            ["type"] = "object",
            ["description"] = doc,
            ["additionalProperties"] = false,
            ["properties"] = properties,
        };
        JsonNode?[] required = [.. fields.Where(f => f.Required).Select(f => (JsonNode?)f.Name)];
        if (required.Length > 0)
        {
            body["required"] = new JsonArray(required);
        }

        return body;
    }

    private static string Unknown(string key, string path) => path.Length == 0 ? $"unknown field '{key}'" : $"unknown field '{key}' in {path}";
}
