using System.Text.Json;
using System.Text.Json.Nodes;

namespace Hearth.Aws.Http;

/// <summary>A request of JSON 1.1: the operation is in <c>X-Amz-Target</c>, its members in the body.</summary>
internal sealed class JsonCall
{
    private readonly JsonObject body;

    private JsonCall(AwsRequest http, string operation, JsonObject body) => (Http, Operation, this.body) = (http, operation, body);

    /// <summary>The HTTP request.</summary>
    public AwsRequest Http { get; }

    /// <summary>For example <c>GetLogEvents</c>.</summary>
    public string Operation { get; }

    /// <summary>Reads the body.</summary>
    /// <exception cref="AwsException">SerializationException: it is no JSON object.</exception>
    public static JsonCall Of(AwsRequest request, ReadOnlyMemory<byte> body)
    {
        try
        {
            var members = body.IsEmpty ? [] : JsonNode.Parse(body.Span) as JsonObject;
            return new JsonCall(request, OperationNames.Operation(request, body), members ?? throw Wrong("The body must be a JSON object."));
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            throw Wrong("The body is not valid JSON.");
        }
    }

    /// <summary>A text, or null when absent.</summary>
    public string? Text(string name) => body[name] is { } value ? AsText(value, name) : null;

    /// <summary>A text that must be there.</summary>
    public string Required(string name) => Text(name) is { Length: > 0 } text ? text : throw Invalid(name, "null", "Member must not be null");

    /// <summary>A whole number within bounds, or null when absent.</summary>
    public int? Number(string name, int least, int most)
    {
        if (Long(name) is not { } value)
        {
            return null;
        }

        return value < least
            ? throw Invalid(name, $"'{value}'", $"Member must have value greater than or equal to {least}")
            : value > most ? throw Invalid(name, $"'{value}'", $"Member must have value less than or equal to {most}") : (int)value;
    }

    /// <summary>A whole number, or null when absent.</summary>
    public long? Long(string name) => body[name] switch
    {
        null => null,
        JsonValue value when value.TryGetValue(out long number) => number,
        _ => throw Wrong($"The value at '{name}' is not a whole number."),
    };

    /// <summary>A flag, or null when absent.</summary>
    public bool? Flag(string name) => body[name] switch
    {
        null => null,
        JsonValue value when value.TryGetValue(out bool flag) => flag,
        _ => throw Wrong($"The value at '{name}' is neither true nor false."),
    };

    /// <summary>A list of texts; empty when absent.</summary>
    public IReadOnlyList<string> Texts(string name) => body[name] switch
    {
        null => [],
        JsonArray list => [.. list.Select(v => AsText(v, name))],
        _ => throw Wrong($"The value at '{name}' is not a list."),
    };

    /// <summary>A map of texts; null when absent.</summary>
    public IReadOnlyDictionary<string, string>? Map(string name) => body[name] switch
    {
        null => null,
        JsonObject map => map.ToDictionary(p => p.Key, p => AsText(p.Value, name), StringComparer.Ordinal),
        _ => throw Wrong($"The value at '{name}' is not a map."),
    };

    /// <summary>A list of objects; empty when absent.</summary>
    public IReadOnlyList<JsonObject> Objects(string name) => body[name] switch
    {
        null => [],
        JsonArray list => [.. list.Select(v => v as JsonObject ?? throw Wrong($"The value at '{name}' is not a list of objects."))],
        _ => throw Wrong($"The value at '{name}' is not a list."),
    };

    /// <summary>Answers.</summary>
    public Task AnswerAsync(JsonObject? answer = null)
    {
        var bytes = answer is null ? "{}"u8.ToArray() : JsonAnswer.Bytes(answer);
        Http.Http.Response.ContentType = "application/x-amz-json-1.1";
        Http.Http.Response.ContentLength = bytes.Length;
        return Http.Http.Response.Body.WriteAsync(bytes, Http.Aborted).AsTask();
    }

    /// <summary>The error of a member that breaks a constraint.</summary>
    public static AwsException Invalid(string name, string value, string constraint) =>
        new(400, "InvalidParameterException", $"1 validation error detected: Value {value} at '{name}' failed to satisfy constraint: {constraint}");

    private static string AsText(JsonNode? value, string name) => value is JsonValue text && text.TryGetValue(out string? result) ? result : throw Wrong($"The value at '{name}' is not a text.");

    private static AwsException Wrong(string message) => new(400, "SerializationException", message);
}
