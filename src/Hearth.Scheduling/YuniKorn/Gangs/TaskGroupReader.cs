using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hearth.Kube.Quantities;
using Hearth.Scheduling.Resources;

namespace Hearth.Scheduling.YuniKorn.Gangs;

/// <summary>
/// Reads the annotation <c>yunikorn.apache.org/task-groups</c> by the rules of Go's JSON decoder, as YuniKorn does: names of fields match in any case, unknown
/// ones are passed over, a wrong type or something after the list is an error (yunikorn-k8shim, pkg/cache/utils.go).
/// </summary>
public static class TaskGroupReader
{
    /// <summary>Fields of a group.</summary>
    public static IReadOnlyList<string> Fields { get; } =
        ["name", "minMember", "minResource", "labels", "annotations", "nodeSelector", "tolerations", "affinity", "topologySpreadConstraints"];

    /// <summary>The groups; none when there is no annotation.</summary>
    /// <exception cref="FormatException">It cannot be read, or a group is not valid; the message says which. YuniKorn goes on without a gang then.</exception>
    public static IReadOnlyList<TaskGroup> Read(string? annotation)
    {
        if (string.IsNullOrEmpty(annotation))
        {
            return [];
        }

        JsonNode? root;
        try
        {
            root = JsonNode.Parse(annotation);
        }
        catch (JsonException e)
        {
            throw new FormatException($"task-groups is not JSON: {e.Message}");
        }

        return root switch
        {
            null => [],
            JsonArray list => [.. list.Select((g, i) => Group(g as JsonObject ?? throw new FormatException($"task-groups[{i}] is not an object"), i))],
            _ => throw new FormatException("task-groups is not a list"),
        };
    }

    private static TaskGroup Group(JsonObject json, int index)
    {
        var name = Field(json, "name") is { } text ? Text(text, index) : "";
        if (name.Length == 0)
        {
            throw new FormatException($"task-groups[{index}]: can't get taskGroup Name from pod annotation");
        }

        var resources = Resources(Field(json, "minResource") as JsonObject ?? throw new FormatException($"task group {name}: minResource is missing"), name);
        return new TaskGroup
        {
            Name = name,
            MinMember = Members(Field(json, "minMember"), name),
            MinResource = resources,
            Labels = Field(json, "labels") as JsonObject,
            Annotations = Field(json, "annotations") as JsonObject,
            NodeSelector = Field(json, "nodeSelector") as JsonObject,
            Tolerations = Field(json, "tolerations") as JsonArray,
            Affinity = Field(json, "affinity") as JsonObject,
            TopologySpreadConstraints = Field(json, "topologySpreadConstraints") as JsonArray,
        };
    }

    private static JsonNode? Field(JsonObject json, string name)
    {
        JsonNode? found = null;
        foreach (var (key, value) in json)
        {
            if (string.Equals(key, name, StringComparison.OrdinalIgnoreCase))
            {
                found = value; // the last one wins, as in Go
            }
        }

        return found;
    }

    private static string Text(JsonNode node, int index) =>
        node.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : throw new FormatException($"task-groups[{index}].name is not a string");

    private static int Members(JsonNode? node, string name) =>
        node is JsonValue value && value.GetValueKind() == JsonValueKind.Number && value.TryGetValue<int>(out var count)
            ? count > 0 ? count : throw new FormatException($"task group {name}: minMember cannot be {count}")
            : throw new FormatException($"task group {name}: minMember is missing or no whole number");

    private static Dictionary<string, Quantity> Resources(JsonObject json, string name)
    {
        var resources = new Dictionary<string, Quantity>(StringComparer.Ordinal);
        foreach (var (resource, value) in json)
        {
            var text = value?.GetValueKind() switch
            {
                JsonValueKind.String => value.GetValue<string>(),
                JsonValueKind.Number => value.ToJsonString(),
                _ => "",
            };
            if (!Quantity.TryParse(text, out var quantity))
            {
                throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"task group {name}: minResource.{resource} is no quantity: '{text}'"));
            }

            resources[resource] = quantity < Quantity.Zero ? throw new FormatException($"task group {name}: minResource.{resource} is negative") : quantity;
        }

        if (resources.ContainsKey(ResourceNames.Cpu) && resources.ContainsKey(YuniKornNames.Vcore))
        {
            throw new FormatException($"task group {name}: minResource has both cpu and vcore");
        }

        if (resources.ContainsKey(ResourceNames.Pods))
        {
            throw new FormatException($"task group {name}: minResource cannot set pods");
        }

        return resources;
    }
}
