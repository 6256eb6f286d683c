using System.Collections.Frozen;
using System.Text.Json.Nodes;
using Hearth.Platform.Text;
using Hearth.Platform.Yaml;

namespace Hearth.Platform.Schema;

/// <summary>A list of one kind of thing; a null or missing item value starts from <paramref name="blank"/>.</summary>
internal sealed class ListShape<T>(Shape<T> item, T blank) : Shape<IReadOnlyList<T>>
{
    public override string TypeName => $"list of {item.TypeName}";

    public override IReadOnlyList<T> Read(YamlNode node, string path, ReadContext context, IReadOnlyList<T> start)
    {
        if (node is YamlList list)
        {
            return [.. list.Items.Select((child, i) => ReadItem(child, FieldPath.Item(path, i), context))];
        }

        if (node is YamlScalar { IsNull: true })
        {
            return [];
        }

        WrongType(node, path, context, "a list");
        return start;
    }

    public override void Check(IReadOnlyList<T> value, string path, Faults faults)
    {
        for (var i = 0; i < value.Count; i++)
        {
            item.Check(value[i], FieldPath.Item(path, i), faults);
        }
    }

    public override JsonNode Write(IReadOnlyList<T> value) => new JsonArray([.. value.Select(item.Write)]);

    public override bool IsEmpty(IReadOnlyList<T> value) => value.Count == 0;

    public override JsonObject Describe(Definitions definitions) => new()
    {
        ["type"] = "array",
        ["items"] = item.Describe(definitions),
    };

    private T ReadItem(YamlNode node, string path, ReadContext context)
    {
        context.Wrote(path, node.Position);
        return item.Read(node, path, context, blank);
    }
}

/// <summary>A mapping whose keys are data: labels, tags, parameters, add-on switches.</summary>
/// <param name="key">What a key must be; null takes any text.</param>
/// <param name="value">What the values are.</param>
/// <param name="blank">The value to start reading from.</param>
/// <param name="known">The only valid keys, when there is such a list; <paramref name="what"/> names one of them.</param>
/// <param name="what">As <c>add-on</c>.</param>
internal sealed class MapShape<T>(TextShape? key, Shape<T> value, T blank, IReadOnlyList<string>? known = null, string what = "key")
    : Shape<IReadOnlyDictionary<string, T>>
{
    public override string TypeName => $"map of {value.TypeName}";

    public override IReadOnlyDictionary<string, T> Read(YamlNode node, string path, ReadContext context, IReadOnlyDictionary<string, T> start)
    {
        if (node is YamlScalar { IsNull: true })
        {
            return FrozenDictionary<string, T>.Empty;
        }

        if (node is not YamlMap map)
        {
            WrongType(node, path, context, "a mapping");
            return start;
        }

        var read = new OrderedDictionary<string, T>(StringComparer.Ordinal);
        foreach (var (name, child) in map.Entries)
        {
            var childPath = FieldPath.Child(path, name.Text);
            if (known is not null && !known.Contains(name.Text, StringComparer.Ordinal))
            {
                context.Fault(childPath, UnknownKey(name.Text), name.Position);
                continue;
            }

            context.Wrote(childPath, child.Position);
            read[name.Text] = value.Read(child, childPath, context, blank);
        }

        return read;
    }

    public override void Check(IReadOnlyDictionary<string, T> map, string path, Faults faults)
    {
        foreach (var (name, item) in map)
        {
            var childPath = FieldPath.Child(path, name);
            if (known is not null && !known.Contains(name, StringComparer.Ordinal))
            {
                faults.Add(childPath, UnknownKey(name));
            }
            else if (key?.Complaint(name) is { } complaint)
            {
                faults.Add(childPath, $"the key {complaint}");
            }

            value.Check(item, childPath, faults);
        }
    }

    public override JsonNode Write(IReadOnlyDictionary<string, T> map)
    {
        var written = new JsonObject();
        foreach (var (name, item) in map)
        {
            written[name] = value.Write(item);
        }

        return written;
    }

    public override bool IsEmpty(IReadOnlyDictionary<string, T> map) => map.Count == 0;

    public override JsonObject Describe(Definitions definitions)
    {
        var schema = new JsonObject { ["type"] = "object", ["additionalProperties"] = value.Describe(definitions) };
        if (known is not null)
        {
            schema["propertyNames"] = new JsonObject { ["enum"] = new JsonArray([.. known.Select(k => (JsonNode?)k)]) };
        }
        else if (key?.Pattern is { } pattern)
        {
            schema["propertyNames"] = new JsonObject { ["pattern"] = pattern };
        }

        return schema;
    }

    private string UnknownKey(string name) => Nearest.Describe($"unknown {what} '{name}'", name, known!);
}
