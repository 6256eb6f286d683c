using System.Text.Json.Nodes;
using Hearth.Kube.Schema;

namespace Hearth.Kube.Protobuf;

/// <summary>Reads request bodies of type <c>application/vnd.kubernetes.protobuf</c>.</summary>
public static class KubernetesProtobuf
{
    /// <summary>The media type.</summary>
    public const string ContentType = "application/vnd.kubernetes.protobuf";

    /// <summary>True when the bytes start with the envelope's magic <c>k8s\0</c>.</summary>
    public static bool IsEnvelope(ReadOnlySpan<byte> body) => body.StartsWith("k8s\0"u8);

    /// <summary>The object as the JSON it stands for, with apiVersion and kind first; empty fields are left out.</summary>
    /// <exception cref="UnknownProtobufKindException">A kind without a table (custom resources have none): answer 415.</exception>
    /// <exception cref="ProtobufFormatException">The bytes are malformed: answer 400.</exception>
    public static JsonObject Decode(ReadOnlySpan<byte> envelope)
    {
        if (!IsEnvelope(envelope))
        {
            throw new ProtobufFormatException("the body does not start with the magic bytes of the Kubernetes protobuf envelope");
        }

        var (apiVersion, kind, raw) = Open(envelope[4..]);
        var type = ApiTypes.BuiltIn.FindKind(apiVersion, kind) ?? throw new UnknownProtobufKindException(apiVersion, kind);
        var result = new JsonObject { ["apiVersion"] = apiVersion, ["kind"] = kind };
        MessageDecoder.ReadInto(result, raw, type);
        return result;
    }

    /// <summary>The message runtime.Unknown: 1 typeMeta (1 apiVersion, 2 kind), 2 raw, 3 contentEncoding, 4 contentType.</summary>
    private static (string ApiVersion, string Kind, byte[] Raw) Open(ReadOnlySpan<byte> unknown)
    {
        var (apiVersion, kind, raw) = ("", "", Array.Empty<byte>());
        for (var reader = new WireReader(unknown); !reader.AtEnd;)
        {
            var (number, wire) = reader.Tag();
            switch (number)
            {
                case 1:
                    (apiVersion, kind) = TypeMeta(reader.Bytes());
                    break;
                case 2:
                    raw = reader.Bytes().ToArray();
                    break;
                case 3 when reader.Text() is { Length: > 0 } encoding:
                    throw new ProtobufFormatException($"the content encoding \"{encoding}\" of the protobuf envelope is not supported");
                case 3:
                    break;
                case 4 when reader.Text() is { Length: > 0 } type && !type.StartsWith(ContentType, StringComparison.Ordinal):
                    throw new ProtobufFormatException($"the protobuf envelope holds \"{type}\" instead of protobuf");
                case 4:
                    break;
                default:
                    reader.Skip(wire);
                    break;
            }
        }

        return (apiVersion, kind, raw);
    }

    private static (string ApiVersion, string Kind) TypeMeta(ReadOnlySpan<byte> message)
    {
        var (apiVersion, kind) = ("", "");
        for (var reader = new WireReader(message); !reader.AtEnd;)
        {
            var (number, wire) = reader.Tag();
            switch (number)
            {
                case 1:
                    apiVersion = reader.Text();
                    break;
                case 2:
                    kind = reader.Text();
                    break;
                default:
                    reader.Skip(wire);
                    break;
            }
        }

        return (apiVersion, kind);
    }
}

/// <summary>The body is not what it claims to be.</summary>
public sealed class ProtobufFormatException(string message) : Exception(message);

/// <summary>A kind that cannot be read from protobuf; JSON works.</summary>
public sealed class UnknownProtobufKindException(string apiVersion, string kind)
    : Exception($"{kind} in version \"{apiVersion}\" cannot be read from protobuf; send it as application/json")
{
    /// <summary>From the envelope.</summary>
    public string ApiVersion { get; } = apiVersion;

    /// <summary>From the envelope.</summary>
    public string Kind { get; } = kind;
}
