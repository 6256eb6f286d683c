using System.Text.Json.Nodes;

namespace Hearth.Aws.Http;

/// <summary>Answers of JSON services.</summary>
internal static class JsonAnswer
{
    /// <summary>Sends a JSON document with status 200.</summary>
    public static Task WriteAsync(AwsRequest request, JsonNode document)
    {
        var bytes = System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(document, JsonNodeContext.Default.JsonNode);
        var response = request.Http.Response;
        response.ContentType = "application/json";
        response.ContentLength = bytes.Length;
        return response.Body.WriteAsync(bytes, request.Aborted).AsTask();
    }
}

[System.Text.Json.Serialization.JsonSerializable(typeof(JsonNode))]
internal sealed partial class JsonNodeContext : System.Text.Json.Serialization.JsonSerializerContext;
