using System.Buffers.Binary;

namespace Hearth.Engine.Protocol;

/// <summary>Frames: a 4-byte little-endian length, then that many bytes of UTF-8 JSON.</summary>
internal static class Frames
{
    /// <summary>Longest frame, bytes.</summary>
    public const int MaxLength = 1 << 30;

    /// <summary>The next frame, or null at the end of the stream.</summary>
    /// <exception cref="EngineException">The length is not valid, or the stream ends inside a frame.</exception>
    public static async Task<byte[]?> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        byte[] header = new byte[4];
        int read = await stream.ReadAtLeastAsync(header, 4, throwOnEndOfStream: false, cancellationToken);
        if (read == 0)
        {
            return null;
        }

        int length = read == 4 ? BinaryPrimitives.ReadInt32LittleEndian(header) : -1;
        if (length is <= 0 or > MaxLength)
        {
            throw JsonFields.Malformed(read < 4 ? "the connection ended inside a frame header" : $"a frame of {(uint)length} bytes is not allowed (1 to {MaxLength})");
        }

        byte[] body = new byte[length];
        return await stream.ReadAtLeastAsync(body, length, throwOnEndOfStream: false, cancellationToken) == length
            ? body
            : throw JsonFields.Malformed("the connection ended inside a frame");
    }

    /// <summary>The next frame, or null at the end of the stream; waits for it.</summary>
    public static byte[]? Read(Stream stream)
    {
        byte[] header = new byte[4];
        if (stream.ReadAtLeast(header, 4, throwOnEndOfStream: false) < 4)
        {
            return null;
        }

        byte[] body = new byte[BinaryPrimitives.ReadInt32LittleEndian(header) is > 0 and <= MaxLength and var length ? length : throw JsonFields.Malformed("a frame's length is not allowed")];
        return stream.ReadAtLeast(body, length, throwOnEndOfStream: false) == length ? body : null;
    }

    /// <summary>Writes a frame.</summary>
    public static void Write(Stream stream, ReadOnlySpan<byte> json)
    {
        Span<byte> header = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(header, json.Length);
        stream.Write(header);
        stream.Write(json);
    }
}
