using System.Text.Json;
using System.Text.Json.Nodes;

namespace Hearth.Kube.Patches;

/// <summary>The members of a strategic merge patch that say how to merge instead of what.</summary>
internal static class Directives
{
    public const string Patch = "$patch";
    public const string Replace = "replace";
    public const string Delete = "delete";
    public const string RetainKeys = "$retainKeys";
    public const string SetElementOrder = "$setElementOrder/";
    public const string DeleteFromPrimitiveList = "$deleteFromPrimitiveList/";
    private const string Merge = "merge";

    public static bool IsDirective(string name) => name is Patch or RetainKeys
        || name.StartsWith(SetElementOrder, StringComparison.Ordinal)
        || name.StartsWith(DeleteFromPrimitiveList, StringComparison.Ordinal);

    /// <summary>The <c>$patch</c> of an object, null when there is none or it says merge.</summary>
    public static string? PatchOf(JsonObject patch)
    {
        if (!patch.TryGetPropertyValue(Patch, out var value))
        {
            return null;
        }

        return (value as JsonValue)?.ToString() switch
        {
            Merge => null,
            Replace => Replace,
            Delete => Delete,
            _ => throw PatchException.Malformed($"unknown patch type found: {value?.ToJsonString() ?? "null"}"),
        };
    }

    public static IEnumerable<(string Name, JsonNode? Value)> WithPrefix(JsonObject patch, string prefix) => patch
        .Where(pair => pair.Key.StartsWith(prefix, StringComparison.Ordinal))
        .Select(pair => (pair.Key[prefix.Length..], pair.Value));

    public static List<JsonNode?> Items(JsonNode? list, string directive) =>
        list is JsonArray items ? [.. items] : throw PatchException.Malformed($"{directive.TrimEnd('/')} must be a list");

    public static IEnumerable<string> Texts(JsonNode? list, string directive) => Items(list, directive)
        .Select(item => item is JsonValue text && text.GetValueKind() == JsonValueKind.String
            ? text.GetValue<string>()
            : throw PatchException.Malformed($"{directive} must be a list of strings"));

    /// <summary>A copy without directives and without the nulls of objects.</summary>
    public static JsonNode Strip(JsonNode? node) => node switch
    {
        JsonObject map => new JsonObject(map
            .Where(pair => pair.Value is not null && !IsDirective(pair.Key))
            .Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)Strip(pair.Value)))),
        JsonArray list => new JsonArray([.. list.Where(item => item is not null).Select(item => Strip(item))]),
        _ => node!.DeepClone(),
    };
}
