using System.Text.Json.Nodes;

namespace Hearth.Aws.Http;

/// <summary>The members of a JSON object in a request of JSON 1.1.</summary>
/// <param name="body">The object.</param>
/// <param name="path">Where it stands in the request, with a dot at the end; empty for the request itself.</param>
/// <param name="invalidCode">The service's code for a member that breaks a constraint.</param>
internal class JsonMembers(JsonObject body, string path, string invalidCode)
{
    /// <summary>The object itself.</summary>
    public JsonObject Body => body;

    /// <summary>A text, or null when absent.</summary>
    public string? Text(string name) => body[name] is { } value ? AsText(value, path + name) : null;

    /// <summary>A text that must be there.</summary>
    public string Required(string name) => Text(name) is { Length: > 0 } text ? text : throw Broken(name, "null", "Member must not be null");

    /// <summary>A whole number within bounds, or null when absent.</summary>
    public int? Number(string name, int least, int most)
    {
        if (Long(name) is not { } value)
        {
            return null;
        }

        return value < least
            ? throw Broken(name, $"'{value}'", $"Member must have value greater than or equal to {least}")
            : value > most ? throw Broken(name, $"'{value}'", $"Member must have value less than or equal to {most}") : (int)value;
    }

    /// <summary>A whole number, or null when absent.</summary>
    public long? Long(string name) => body[name] switch
    {
        null => null,
        JsonValue value when value.TryGetValue(out long number) => number,
        _ => throw Wrong($"The value at '{path}{name}' is not a whole number."),
    };

    /// <summary>A flag, or null when absent.</summary>
    public bool? Flag(string name) => body[name] switch
    {
        null => null,
        JsonValue value when value.TryGetValue(out bool flag) => flag,
        _ => throw Wrong($"The value at '{path}{name}' is neither true nor false."),
    };

    /// <summary>A list of texts; empty when absent.</summary>
    public IReadOnlyList<string> Texts(string name) => body[name] switch
    {
        null => [],
        JsonArray list => [.. list.Select(v => AsText(v, path + name))],
        _ => throw Wrong($"The value at '{path}{name}' is not a list."),
    };

    /// <summary>A map of texts; null when absent.</summary>
    public IReadOnlyDictionary<string, string>? Map(string name) => body[name] switch
    {
        null => null,
        JsonObject map => map.ToDictionary(p => p.Key, p => AsText(p.Value, path + name), StringComparer.Ordinal),
        _ => throw Wrong($"The value at '{path}{name}' is not a map."),
    };

    /// <summary>A list of objects; empty when absent.</summary>
    public IReadOnlyList<JsonObject> Objects(string name) => body[name] switch
    {
        null => [],
        JsonArray list => [.. list.Select(v => v as JsonObject ?? throw Wrong($"The value at '{path}{name}' is not a list of objects."))],
        _ => throw Wrong($"The value at '{path}{name}' is not a list."),
    };

    /// <summary>Objects of a list with the place of each in the request; empty when absent.</summary>
    public IReadOnlyList<JsonMembers> Items(string name) => [.. Objects(name).Select((o, i) => new JsonMembers(o, $"{path}{name}.{i + 1}.member.", invalidCode))];

    /// <summary>An object, or null when absent.</summary>
    public JsonMembers? Member(string name) => body[name] switch
    {
        null => null,
        JsonObject member => new JsonMembers(member, $"{path}{name}.", invalidCode),
        _ => throw Wrong($"The value at '{path}{name}' is not an object."),
    };

    /// <summary>An object that must be there.</summary>
    public JsonMembers RequiredMember(string name) => Member(name) ?? throw Broken(name, "null", "Member must not be null");

    /// <summary>The error of a member that breaks a constraint.</summary>
    public AwsException Broken(string name, string value, string constraint) => new(400, invalidCode, Sentence(path + name, value, constraint));

    /// <summary>What is wrong with a member, in the words of the services.</summary>
    protected static string Sentence(string name, string value, string constraint) => $"1 validation error detected: Value {value} at '{name}' failed to satisfy constraint: {constraint}";

    /// <summary>The error of a body that cannot be read.</summary>
    protected static AwsException Wrong(string message) => new(400, "SerializationException", message);

    private static string AsText(JsonNode? value, string name) => value is JsonValue text && text.TryGetValue(out string? result) ? result : throw Wrong($"The value at '{name}' is not a text.");
}
