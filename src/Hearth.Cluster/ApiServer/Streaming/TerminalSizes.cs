using System.Text.Json;
using System.Threading.Channels;

namespace Hearth.Cluster.ApiServer.Streaming;

/// <summary>Reads the sizes that clients send: JSON objects <c>{"Width":80,"Height":24}</c>, one behind the other.</summary>
internal static class TerminalSizes
{
    /// <summary>A channel that keeps the newest size only.</summary>
    public static Channel<TerminalSize> NewChannel() =>
        Channel.CreateBounded<TerminalSize>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    /// <summary>One size, or null when the text is none.</summary>
    public static TerminalSize? Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            var reader = new Utf8JsonReader(json);
            using var document = JsonDocument.ParseValue(ref reader);
            return document.RootElement.ValueKind == JsonValueKind.Object ? Of(document.RootElement) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static TerminalSize? Of(JsonElement element)
    {
        var (columns, rows) = (Number(element, "Width"), Number(element, "Height"));
        return columns > 0 && rows > 0 ? new TerminalSize(columns, rows) : null;
    }

    private static int Number(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetUInt16(out var number) ? number : 0;
}
