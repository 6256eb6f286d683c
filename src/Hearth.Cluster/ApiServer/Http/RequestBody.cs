using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hearth.Cluster.ApiServer.Core;
using Hearth.Kube.Client;
using Hearth.Kube.Protobuf;
using Microsoft.AspNetCore.Http;

namespace Hearth.Cluster.ApiServer.Http;

/// <summary>Request bodies: JSON, YAML or protobuf to trees.</summary>
internal static class RequestBody
{
    public const int MaxBytes = 3 * 1024 * 1024;

    private static readonly string[] Accepted = ["application/json", "application/yaml", KubernetesProtobuf.ContentType];

    /// <summary>All bytes of the body.</summary>
    /// <exception cref="KubeException">413.</exception>
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpContext context)
    {
        var buffer = new ArrayBufferWriter<byte>((int)Math.Clamp(context.Request.ContentLength ?? 4096, 256, MaxBytes));
        while (true)
        {
            var read = await context.Request.BodyReader.ReadAsync(context.RequestAborted);
            foreach (var segment in read.Buffer)
            {
                buffer.Write(segment.Span);
            }

            context.Request.BodyReader.AdvanceTo(read.Buffer.End);
            if (buffer.WrittenCount > MaxBytes)
            {
                throw ApiErrors.TooLarge(MaxBytes);
            }

            if (read.IsCompleted)
            {
                return buffer.WrittenMemory;
            }
        }
    }

    /// <summary>The media type without parameters, lower case; JSON when there is none.</summary>
    public static string MediaType(string? contentType)
    {
        if (string.IsNullOrWhiteSpace(contentType))
        {
            return "application/json";
        }

        var end = contentType.IndexOf(';', StringComparison.Ordinal);
        return (end < 0 ? contentType : contentType[..end]).Trim().ToLowerInvariant();
    }

    /// <summary>An object to create or replace with, or the options of a deletion.</summary>
    /// <param name="duplicates">Receives the members that stand twice, when not null.</param>
    /// <exception cref="KubeException">400 broken, 415 not a known form.</exception>
    public static JsonObject ParseObject(ReadOnlyMemory<byte> bytes, string? contentType, List<string>? duplicates)
    {
        var type = MediaType(contentType);
        if (bytes.IsEmpty)
        {
            throw ApiErrors.BadRequest("the request has no body");
        }

        try
        {
            var node = type switch
            {
                "application/json" => JsonBody.Parse(bytes.Span, duplicates),
                "application/yaml" or "application/x-yaml" => JsonTree.Normalize(YamlBody.Parse(bytes.Span)),
                KubernetesProtobuf.ContentType => KubernetesProtobuf.Decode(bytes.Span),
                _ => throw ApiErrors.UnsupportedMediaType(Accepted),
            };
            return node as JsonObject ?? throw ApiErrors.BadRequest("the body of the request is not an object");
        }
        catch (UnknownProtobufKindException)
        {
            throw ApiErrors.UnsupportedMediaType("application/json", "application/yaml");
        }
        catch (Exception e) when (e is JsonException or FormatException or ProtobufFormatException)
        {
            throw ApiErrors.BadRequest($"couldn't get version/kind; json parse error: {e.Message}");
        }
    }

    /// <summary>A patch document, null members kept.</summary>
    /// <exception cref="KubeException">400 broken, 415 not a patch type.</exception>
    public static (PatchType Type, JsonNode Document) ParsePatch(ReadOnlyMemory<byte> bytes, string? contentType)
    {
        PatchType? type = MediaType(contentType) switch
        {
            "application/json-patch+json" => PatchType.Json,
            "application/merge-patch+json" => PatchType.Merge,
            "application/strategic-merge-patch+json" => PatchType.Strategic,
            "application/apply-patch+yaml" => PatchType.Apply,
            _ => null,
        };
        if (type is null)
        {
            throw ApiErrors.UnsupportedMediaType(
                "application/json-patch+json", "application/merge-patch+json", "application/apply-patch+yaml", "application/strategic-merge-patch+json");
        }

        try
        {
            var document = type == PatchType.Apply && !LooksLikeJson(bytes.Span)
                ? YamlBody.Parse(bytes.Span)
                : JsonBody.Parse(bytes.Span, keepNulls: true);
            return (type.Value, document ?? throw ApiErrors.BadRequest("error decoding patch: the patch is empty"));
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            throw ApiErrors.BadRequest($"error decoding patch: {e.Message}");
        }
    }

    private static bool LooksLikeJson(ReadOnlySpan<byte> bytes) => bytes.TrimStart(" \t\r\n"u8).StartsWith("{"u8);
}
