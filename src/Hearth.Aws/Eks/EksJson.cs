using System.Text.Json.Nodes;

namespace Hearth.Aws.Eks;

/// <summary>Lists and maps as JSON.</summary>
internal static class EksJson
{
    public static JsonArray List(IEnumerable<string> texts) => [.. texts.Select(t => (JsonNode)t)];

    public static JsonObject Map(IReadOnlyDictionary<string, string> map)
    {
        var result = new JsonObject();
        foreach (var (key, value) in map.OrderBy(p => p.Key, StringComparer.Ordinal))
        {
            result[key] = value;
        }

        return result;
    }
}
