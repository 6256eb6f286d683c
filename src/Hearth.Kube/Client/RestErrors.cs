using System.Text.Json;
using System.Text.Json.Nodes;

namespace Hearth.Kube.Client;

/// <summary>Turns what a server says into exceptions and events.</summary>
internal static class RestErrors
{
    private const int LongestText = 512;

    /// <summary>The exception for an answer that is not a success: from its Status, or from its code when something in between answered.</summary>
    public static KubeException Of(int code, string body)
    {
        if (Object(body) is { } status && status["kind"]?.ToString() == "Status")
        {
            return FromStatus(status, code);
        }

        var text = body.Trim();
        return new KubeException(code, Reason(code), text.Length == 0 ? $"the server answered {code}" : text[..Math.Min(text.Length, LongestText)]);
    }

    /// <summary>One line of a watch.</summary>
    /// <exception cref="KubeException">The line is an error, or nothing that a server should send.</exception>
    public static WatchEvent Event(string line)
    {
        var json = Object(line) ?? throw new KubeException(500, "InvalidResponse", "the watch sent a line that is not JSON");
        var value = json["object"] as JsonObject ?? throw new KubeException(500, "InvalidResponse", "the watch sent an event without an object");
        json.Remove("object");
        return json["type"]?.ToString() switch
        {
            "ADDED" => new WatchEvent(WatchEventType.Added, value),
            "MODIFIED" => new WatchEvent(WatchEventType.Modified, value),
            "DELETED" => new WatchEvent(WatchEventType.Deleted, value),
            "BOOKMARK" => new WatchEvent(WatchEventType.Bookmark, value),
            "ERROR" => throw FromStatus(value, 500),
            var other => throw new KubeException(500, "InvalidResponse", $"the watch sent an event of type {other}"),
        };
    }

    private static KubeException FromStatus(JsonObject status, int code) => new(
        status["code"]?.GetValue<int>() ?? code,
        status["reason"]?.ToString() ?? Reason(code),
        status["message"]?.ToString() ?? $"the server answered {code}",
        status["details"]?.DeepClone() as JsonObject);

    private static JsonObject? Object(string text)
    {
        try
        {
            return JsonNode.Parse(text) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Reason(int code) => code switch
    {
        400 => "BadRequest",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "NotFound",
        405 => "MethodNotAllowed",
        409 => "Conflict",
        410 => "Expired",
        415 => "UnsupportedMediaType",
        422 => "Invalid",
        429 => "TooManyRequests",
        500 => "InternalError",
        503 => "ServiceUnavailable",
        504 => "Timeout",
        _ => "Unknown",
    };
}
