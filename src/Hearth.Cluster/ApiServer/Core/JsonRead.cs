using System.Text.Json;

namespace Hearth.Cluster.ApiServer.Core;

/// <summary>Forgiving reads of parsed documents: what is not there, or of another type, is <c>default</c>.</summary>
internal static class JsonRead
{
    /// <summary>The element at a path; its <see cref="JsonElement.ValueKind"/> is Undefined when there is none.</summary>
    public static JsonElement At(this JsonElement element, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out element))
            {
                return default;
            }
        }

        return element;
    }

    public static string? Text(this JsonElement element, params ReadOnlySpan<string> path)
    {
        var found = element.At(path);
        return found.ValueKind == JsonValueKind.String ? found.GetString() : null;
    }

    public static long? Number(this JsonElement element, params ReadOnlySpan<string> path)
    {
        var found = element.At(path);
        return found.ValueKind == JsonValueKind.Number && found.TryGetInt64(out var number) ? number : null;
    }

    public static bool IsTrue(this JsonElement element, params ReadOnlySpan<string> path) => element.At(path).ValueKind == JsonValueKind.True;

    /// <summary>String, number or boolean as text; null for anything else.</summary>
    public static string? Scalar(this JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => element.GetString(),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        JsonValueKind.Number => element.GetRawText(),
        _ => null,
    };

    public static IEnumerable<JsonElement> Items(this JsonElement element, params ReadOnlySpan<string> path)
    {
        var found = element.At(path);
        return found.ValueKind == JsonValueKind.Array ? found.EnumerateArray() : [];
    }

    public static IEnumerable<JsonProperty> Members(this JsonElement element, params ReadOnlySpan<string> path)
    {
        var found = element.At(path);
        return found.ValueKind == JsonValueKind.Object ? found.EnumerateObject() : [];
    }

    /// <summary>Number of elements or members; 0 for anything else.</summary>
    public static int Count(this JsonElement element, params ReadOnlySpan<string> path)
    {
        var found = element.At(path);
        return found.ValueKind switch
        {
            JsonValueKind.Array => found.GetArrayLength(),
            JsonValueKind.Object => found.GetPropertyCount(),
            _ => 0,
        };
    }
}
