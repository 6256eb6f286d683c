using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Hearth.Engine.Protocol;

/// <summary>Writes the reply frames of one request.</summary>
internal sealed class Reply(Stream stream, string id)
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>The connection.</summary>
    public Stream Stream => stream;

    private readonly ArrayBufferWriter<byte> _buffer = new(65536);

    /// <summary>The final answer.</summary>
    public void Ok(JsonNode result) => Send("ok", writer => result.WriteTo(writer));

    /// <summary>A part of the answer, written by <paramref name="body"/>.</summary>
    public void Batch(Action<Utf8JsonWriter> body) => Send("batch", body);

    /// <summary>The final error.</summary>
    public void Error(EngineException error)
    {
        JsonObject json = new()
        {
            ["class"] = error.ErrorClass,
            ["sqlState"] = error.SqlState,
            ["kind"] = error.Kind.ToString(),
            ["message"] = error.Message,
            ["hint"] = error.Hint,
        };
        if (error.Position is { } position)
        {
            json["position"] = new JsonObject { ["line"] = position.Line, ["column"] = position.Column };
        }

        Send("error", writer => json.WriteTo(writer));
    }

    private void Send(string kind, Action<Utf8JsonWriter> body)
    {
        _buffer.ResetWrittenCount();
        using (Utf8JsonWriter writer = new(_buffer, Options))
        {
            writer.WriteStartObject();
            writer.WriteString("id", id);
            writer.WritePropertyName(kind);
            body(writer);
            writer.WriteEndObject();
        }

        Frames.Write(stream, _buffer.WrittenSpan);
    }
}
