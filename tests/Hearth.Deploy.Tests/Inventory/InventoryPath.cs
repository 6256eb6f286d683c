using System.Text.Json.Nodes;

namespace Hearth.Deploy.Tests.Inventory;

/// <summary>Values below a path of a document.</summary>
internal static class InventoryPath
{
    /// <summary>Texts of what is there; a list of texts is one value, joined with commas.</summary>
    public static IEnumerable<string> Values(JsonNode document, string path)
    {
        IEnumerable<JsonNode?> at = [document];
        foreach (var segment in path.Split(" > ", StringSplitOptions.TrimEntries).Where(s => s != "."))
        {
            at = at.SelectMany(n => Step(n, segment)).ToArray();
        }

        return at.Where(n => n is not null).Select(n => Text(n!));
    }

    private static IEnumerable<JsonNode?> Step(JsonNode? node, string segment)
    {
        if (segment == "*")
        {
            return node is JsonArray all ? all : node is JsonObject map ? map.Select(p => p.Value) : [];
        }

        if (segment.StartsWith('[') && segment.EndsWith(']'))
        {
            var parts = segment[1..^1].Split('=', 2);
            return (node as JsonArray ?? []).Where(i => i?[parts[0]]?.ToString() == parts[1]);
        }

        return node is JsonObject o && o[segment] is { } child ? [child] : node is JsonArray a && int.TryParse(segment, out var index) && index < a.Count ? [a[index]] : [];
    }

    private static string Text(JsonNode node) => node switch
    {
        JsonArray a when a.All(i => i is JsonValue) => string.Join(',', a.Select(i => i!.ToString())),
        JsonValue v => v.ToString(),
        _ => node.ToJsonString(),
    };
}
