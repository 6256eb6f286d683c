using System.Text.Json.Nodes;

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
    public static JsonObject Decode(ReadOnlySpan<byte> envelope) => throw new NotSupportedException();
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
