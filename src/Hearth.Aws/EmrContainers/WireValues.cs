using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Hearth.Aws.Http;

namespace Hearth.Aws.EmrContainers;

/// <summary>Values of requests as they come over the wire; what cannot be read is the client's error.</summary>
internal static class WireValues
{
    /// <summary>A JSON body; an empty one counts as an empty object.</summary>
    public static T Body<T>(ReadOnlyMemory<byte> body, JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(body.IsEmpty ? "{}"u8 : body.Span, type) ?? throw Serialization("The body must be a JSON object.");
        }
        catch (JsonException e)
        {
            throw Serialization(e.Path?.StartsWith("$.", StringComparison.Ordinal) == true
                ? $"The value at '{e.Path[2..]}' has the wrong type."
                : "The body is not valid JSON of the expected shape.");
        }
    }

    /// <summary>A whole number in the query, or null.</summary>
    public static int? Number(QueryParameters query, string name)
    {
        var text = query[name];
        if (text is null)
        {
            return null;
        }
        return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw Serialization($"The value '{text}' of '{name}' is not a whole number.");
    }

    /// <summary><c>true</c> or <c>false</c> in the query, or null.</summary>
    public static bool? Flag(QueryParameters query, string name) => query[name] switch
    {
        null => null,
        "true" => true,
        "false" => false,
        var other => throw Serialization($"The value '{other}' of '{name}' is neither true nor false."),
    };

    /// <summary>A time in the query: ISO 8601 or seconds since 1970; null when absent.</summary>
    public static DateTimeOffset? Time(QueryParameters query, string name)
    {
        var text = query[name];
        if (text is null)
        {
            return null;
        }
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && Math.Abs(seconds) < 1e11)
        {
            return DateTimeOffset.UnixEpoch.AddSeconds(seconds);
        }
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? time
            : throw Serialization($"The value '{text}' of '{name}' is not a time.");
    }

    /// <summary>A repeated parameter; null when absent.</summary>
    public static IReadOnlyList<string>? Many(QueryParameters query, string name) => query.All(name) is { Count: > 0 } values ? values : null;

    private static AwsException Serialization(string message) => new(400, "SerializationException", message);
}
