using System.Text.Json.Nodes;

namespace Hearth.Delivery.Manifests;

/// <summary>JSON of declared values; what is not declared becomes null, and nulls are taken out before an object is sent.</summary>
public static class ManifestJson
{
    public static string? Text(string value) => value.Length > 0 ? value : null;

    public static JsonObject? Map(IReadOnlyDictionary<string, string> map) => map.Count == 0
        ? null
        : new JsonObject(map.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => KeyValuePair.Create(p.Key, (JsonNode?)p.Value)));

    public static JsonArray Strings(IEnumerable<string> values) => new([.. values.Select(v => (JsonNode)v)]);

    public static JsonArray? List<T>(IReadOnlyList<T> values, Func<T, JsonObject> json) =>
        values.Count == 0 ? null : new JsonArray([.. values.Select(v => (JsonNode)json(v))]);

    /// <summary>Removes members that are null, at any depth, in place.</summary>
    public static T Pruned<T>(T node) where T : JsonNode
    {
        if (node is JsonObject o)
        {
            foreach (var name in o.Where(p => p.Value is null).Select(p => p.Key).ToArray())
            {
                o.Remove(name);
            }

            foreach (var (_, child) in o)
            {
                Pruned(child!);
            }
        }
        else if (node is JsonArray a)
        {
            foreach (var child in a)
            {
                Pruned(child!);
            }
        }

        return node;
    }
}
