using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hearth.Kube.Schema;

namespace Hearth.Kube.Patches;

/// <summary>The path elements of FieldsV1 and how people read them.</summary>
internal static class PathElements
{
    private static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Field(string name) => "f:" + name;

    /// <summary>The items of a set or keyed list with their elements, first of equal ones only.</summary>
    /// <exception cref="PatchException">An item of a keyed list has none of its keys.</exception>
    public static List<KeyValuePair<string, JsonNode?>> Items(JsonArray list, Shape shape)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        return list.Select(item => KeyValuePair.Create(Of(item, shape), item)).Where(pair => seen.Add(pair.Key)).ToList();
    }

    /// <summary>For people: <c>.spec.containers[name="c"].image</c>.</summary>
    public static string Show(IEnumerable<string> path) => string.Concat(path.Select(Show));

    private static string Of(JsonNode? item, Shape shape)
    {
        if (shape.Topology == ListTopology.Set)
        {
            return "v:" + Json(item);
        }

        var key = new JsonObject();
        foreach (var name in shape.Keys.Order(StringComparer.Ordinal))
        {
            if (((item as JsonObject)?[name] ?? shape.Item.DefaultOf(name)) is { } value)
            {
                key[name] = value.DeepClone();
            }
        }

        return key.Count > 0
            ? "k:" + Json(key)
            : throw PatchException.Malformed($"associative list with keys has an element that omits key field {string.Join(", ", shape.Keys.Select(name => $"\"{name}\""))} (and doesn't have default value)");
    }

    private static string Show(string element) => element[..2] switch
    {
        "f:" => "." + element[2..],
        "k:" when JsonNode.Parse(element[2..]) is JsonObject key => $"[{string.Join(',', key.Select(pair => $"{pair.Key}={Json(pair.Value)}"))}]",
        "v:" => $"[={element[2..]}]",
        _ => $"[{element[2..]}]",
    };

    private static string Json(JsonNode? node) => node?.ToJsonString(Compact) ?? "null";
}
