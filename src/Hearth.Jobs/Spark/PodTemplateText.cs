using System.Text.Json;
using System.Text.Json.Nodes;

namespace Hearth.Jobs.Spark;

/// <summary>Turns numbers and booleans into text where Kubernetes wants text, as Spark's template reader does.</summary>
internal static class PodTemplateText
{
    /// <summary>Labels, annotations, node selectors and the values of environment variables.</summary>
    public static void StringValues(JsonObject pod)
    {
        Map(pod["metadata"]?["labels"]);
        Map(pod["metadata"]?["annotations"]);
        Map(pod["spec"]?["nodeSelector"]);
        foreach (var list in (ReadOnlySpan<string>)["containers", "initContainers"])
        {
            foreach (var container in pod["spec"]?[list] as JsonArray ?? [])
            {
                Container(container);
            }
        }
    }

    private static void Container(JsonNode? container)
    {
        foreach (var variable in container?["env"] as JsonArray ?? [])
        {
            if (variable is JsonObject pair)
            {
                Value(pair, "value");
            }
        }

        foreach (var name in (ReadOnlySpan<string>)["command", "args"])
        {
            if (container?[name] is JsonArray words)
            {
                for (var i = 0; i < words.Count; i++)
                {
                    words[i] = Text(words[i]);
                }
            }
        }
    }

    private static void Map(JsonNode? node)
    {
        if (node is JsonObject map)
        {
            foreach (var key in map.Select(p => p.Key).ToArray())
            {
                Value(map, key);
            }
        }
    }

    private static void Value(JsonObject map, string key)
    {
        if (map[key] is JsonValue value)
        {
            map[key] = Text(value);
        }
    }

    private static JsonNode? Text(JsonNode? node) =>
        node is JsonValue value && value.GetValueKind() != JsonValueKind.String ? JsonValue.Create(value.ToJsonString()) : node?.DeepClone();
}
