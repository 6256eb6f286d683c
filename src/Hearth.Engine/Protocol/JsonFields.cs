using System.Text.Json;

namespace Hearth.Engine.Protocol;

/// <summary>Reading of request objects, with errors that name the field.</summary>
internal static class JsonFields
{
    public static string Text(this JsonElement json, string name) => json.TryText(name) ?? throw Missing(name, json);

    public static string? TryText(this JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    public static JsonElement Part(this JsonElement json, string name) => json.TryPart(name) ?? throw Missing(name, json);

    public static JsonElement? TryPart(this JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;

    public static bool Flag(this JsonElement json, string name, bool otherwise = false) => json.TryPart(name) is { } value ? value.ValueKind == JsonValueKind.True : otherwise;

    public static long? TryLong(this JsonElement json, string name) => json.TryPart(name) is { ValueKind: JsonValueKind.Number } value ? value.GetInt64() : null;

    public static IEnumerable<JsonElement> Items(this JsonElement json, string name) => json.TryPart(name) is { ValueKind: JsonValueKind.Array } value ? value.EnumerateArray() : [];

    public static IEnumerable<string> Texts(this JsonElement json, string name) => json.Items(name).Select(item => item.ValueKind == JsonValueKind.String ? item.GetString()! : throw Malformed($"'{name}' must hold strings"));

    /// <summary>A request that is not in the protocol's form.</summary>
    public static EngineException Malformed(string detail) => new("INVALID_REQUEST", $"Malformed request: {detail}.", ErrorKind.IllegalArgumentException);

    private static EngineException Missing(string name, JsonElement json)
    {
        string text = json.GetRawText();
        return Malformed($"the field '{name}' is missing in {(text.Length > 120 ? text[..120] + "..." : text)}");
    }
}
