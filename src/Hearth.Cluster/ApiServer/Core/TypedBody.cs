using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hearth.Kube.Objects;
using Hearth.Kube.Quantities;
using Hearth.Kube.Schema;

namespace Hearth.Cluster.ApiServer.Core;

/// <summary>
/// Brings a body into the shape of a built-in type, as decoding into Go structures would: unknown members go, values of the wrong type are refused, quantities and
/// times take their canonical form.
/// </summary>
internal sealed class TypedBody(string kind, string version, List<string>? unknown)
{
    private const int TimeLength = 20;

    /// <exception cref="Hearth.Kube.Client.KubeException">400: a value of the wrong type.</exception>
    public void Shape(JsonObject tree, ApiType type, string path)
    {
        foreach (var (name, value) in tree.ToArray())
        {
            var here = path.Length == 0 ? name : $"{path}.{name}";
            if (type.Find(name) is { } field)
            {
                if (value is not null)
                {
                    Field(tree, name, value, field, here);
                }
            }
            else if (path.Length > 0 || name is not ("kind" or "apiVersion"))
            {
                unknown?.Add(here);
                tree.Remove(name);
            }
        }
    }

    private void Field(JsonObject holder, string name, JsonNode value, ApiField field, string path)
    {
        switch (field.Shape)
        {
            case FieldShape.List:
                var array = value as JsonArray ?? throw Wrong(value, path, "[]" + GoType(field.ElementType));
                for (var i = 0; i < array.Count; i++)
                {
                    if (array[i] is { } item && Element(item, field, $"{path}[{i}]") is { } replaced && replaced != item)
                    {
                        array[i] = replaced;
                    }
                }

                break;
            case FieldShape.Map:
                var map = value as JsonObject ?? throw Wrong(value, path, "map[string]" + GoType(field.ElementType));
                foreach (var (key, item) in map.ToArray())
                {
                    if (item is not null && Element(item, field, $"{path}.{key}") is { } replaced && replaced != item)
                    {
                        map[key] = replaced;
                    }
                }

                break;
            default:
                if (Element(value, field, path) is { } fresh && fresh != value)
                {
                    holder[name] = fresh;
                }

                break;
        }
    }

    private JsonNode Element(JsonNode value, ApiField field, string path)
    {
        if (field.Type is { } type)
        {
            Shape(value as JsonObject ?? throw Wrong(value, path, type.Name), type, path);
            return value;
        }

        var found = value.GetValueKind();
        var fits = field.ElementType switch
        {
            "string" or "bytes" or "Duration" => found == JsonValueKind.String,
            "bool" => found is JsonValueKind.True or JsonValueKind.False,
            "int32" or "int64" => JsonTree.Number(value) is not null,
            "double" => found == JsonValueKind.Number,
            "IntOrString" => found == JsonValueKind.String || JsonTree.Number(value) is not null,
            _ => true,
        };
        return !fits ? throw Wrong(value, path, GoType(field.ElementType)) : field.ElementType switch
        {
            "Quantity" => Canonical(value, path),
            "Time" => Time(value, path),
            "MicroTime" => MicroTime(value, path),
            _ => value,
        };
    }

    private JsonNode Canonical(JsonNode value, string path)
    {
        var text = JsonTree.Scalar(value);
        if (!Quantity.TryParse(text, out var quantity))
        {
            throw ApiErrors.BadRequest(
                $"{kind} in version \"{version}\" cannot be handled as a {kind}: {path}: quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'");
        }

        var canonical = quantity.ToString();
        return string.Equals(JsonTree.Text(value), canonical, StringComparison.Ordinal) ? value : JsonValue.Create(canonical);
    }

    private JsonNode Time(JsonNode value, string path) => JsonTree.Text(value) is { Length: TimeLength } ready && ready[^1] == 'Z'
        ? value
        : JsonValue.Create(KubeTimeConverter.ToText(Instant(value, path)));

    private JsonNode MicroTime(JsonNode value, string path) =>
        JsonValue.Create(Instant(value, path).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture));

    private DateTimeOffset Instant(JsonNode value, string path) =>
        DateTimeOffset.TryParse(JsonTree.Text(value), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant)
            ? instant
            : throw ApiErrors.BadRequest($"{kind} in version \"{version}\" cannot be handled as a {kind}: parsing time {value.ToJsonString()} as RFC 3339 failed at {path}");

    private Hearth.Kube.Client.KubeException Wrong(JsonNode value, string path, string type)
    {
        var found = value.GetValueKind() switch
        {
            JsonValueKind.String => "string",
            JsonValueKind.Number => "number",
            JsonValueKind.True or JsonValueKind.False => "bool",
            JsonValueKind.Array => "array",
            _ => "object",
        };
        return ApiErrors.BadRequest(
            $"{kind} in version \"{version}\" cannot be handled as a {kind}: json: cannot unmarshal {found} into Go struct field {kind}.{path} of type {type}");
    }

    private static string GoType(string element) => element switch
    {
        "bytes" => "[]uint8",
        "double" => "float64",
        _ when element.Contains('.', StringComparison.Ordinal) => element[(element.LastIndexOf('.') + 1)..],
        _ => element,
    };
}
