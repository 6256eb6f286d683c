using System.Buffers;
using System.Buffers.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Hearth.Cluster.ApiServer.Core;

/// <summary>
/// The stored form of objects: compact JSON that begins with kind, apiVersion and metadata. The resource version is the store's revision and
/// is not part of the bytes; it is spliced in behind <c>"metadata":{</c> on the way out.
/// </summary>
internal static class ObjectCodec
{
    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true, MaxDepth = 1000 };
    private static readonly string[] FirstMembers = ["kind", "apiVersion", "metadata"];

    /// <summary>The bytes to store.</summary>
    public static byte[] Encode(JsonObject tree)
    {
        var version = tree.Obj("metadata")?["resourceVersion"];
        tree.Meta().Remove("resourceVersion");
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, WriterOptions))
        {
            writer.WriteStartObject();
            foreach (var name in FirstMembers)
            {
                WriteMember(writer, name, tree[name]);
            }

            foreach (var (name, value) in tree)
            {
                if (!FirstMembers.Contains(name, StringComparer.Ordinal))
                {
                    WriteMember(writer, name, value);
                }
            }

            writer.WriteEndObject();
        }

        if (version is not null)
        {
            tree.Meta()["resourceVersion"] = version;
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>The first bytes of every stored object of a type.</summary>
    public static byte[] Prefix(string kind, string apiVersion) =>
        JsonSerializer.SerializeToUtf8Bytes(new JsonObject { ["kind"] = kind, ["apiVersion"] = apiVersion }, JsonElementContext.Default.JsonObject)[..^1];

    public static void WriteSpliced(IBufferWriter<byte> output, ReadOnlySpan<byte> bytes, long revision)
    {
        var at = bytes.IndexOf("\"metadata\":{"u8);
        if (at < 0 || revision <= 0)
        {
            output.Write(bytes);
            return;
        }

        at += "\"metadata\":{"u8.Length;
        output.Write(bytes[..at]);
        output.Write("\"resourceVersion\":\""u8);
        Span<byte> number = stackalloc byte[20];
        Utf8Formatter.TryFormat(revision, number, out var length);
        output.Write(number[..length]);
        output.Write(bytes[at] == (byte)'}' ? "\""u8 : "\","u8);
        output.Write(bytes[at..]);
    }

    /// <summary>Any tree as UTF-8, characters outside ASCII as they are.</summary>
    public static byte[] Utf8(JsonNode tree)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(buffer, WriterOptions))
        {
            tree.WriteTo(writer);
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteMember(Utf8JsonWriter writer, string name, JsonNode? value)
    {
        if (value is not null)
        {
            writer.WritePropertyName(name);
            value.WriteTo(writer);
        }
    }
}
