using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Hearth.Aws.Http;

/// <summary>JSON as services answer with it: only what must be escaped is.</summary>
internal static class JsonAnswer
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A document as UTF-8.</summary>
    public static byte[] Bytes(JsonNode document)
    {
        using var memory = new MemoryStream();
        using (var writer = new Utf8JsonWriter(memory, Plain))
        {
            document.WriteTo(writer);
        }
        return memory.ToArray();
    }

    /// <summary>Sends a JSON document with status 200.</summary>
    public static Task WriteAsync(AwsRequest request, JsonNode document)
    {
        var bytes = Bytes(document);
        var response = request.Http.Response;
        response.ContentType = "application/json";
        response.ContentLength = bytes.Length;
        return response.Body.WriteAsync(bytes, request.Aborted).AsTask();
    }
}
