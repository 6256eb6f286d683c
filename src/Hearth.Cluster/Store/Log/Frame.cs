using System.Buffers.Binary;

namespace Hearth.Cluster.Store.Log;

/// <summary>
/// The unit of writing: valid as a whole or not at all. 24 bytes of header, little-endian: marker (4), payload length (4), revision of the first
/// record (8), payload checksum (4), header checksum (4); then the payload. In a segment one frame is one group commit, and it is
/// flushed before the next is written.
/// </summary>
internal readonly record struct Frame(int Length, long Revision, uint PayloadChecksum)
{
    public const int HeaderSize = 24;

    /// <summary>More than any batch or value can be.</summary>
    public const int MaxPayload = 256 << 20;

    private const uint Marker = 0x4D524648; // "HFRM"

    /// <summary>Total size in the file.</summary>
    public long Size => HeaderSize + Length;

    /// <summary>Fills the header into the first <see cref="HeaderSize"/> bytes of a buffer whose rest is the payload.</summary>
    public static void Seal(Span<byte> frame, long revision, ulong salt)
    {
        var payload = frame[HeaderSize..];
        BinaryPrimitives.WriteUInt32LittleEndian(frame, Marker);
        BinaryPrimitives.WriteInt32LittleEndian(frame[4..], payload.Length);
        BinaryPrimitives.WriteInt64LittleEndian(frame[8..], revision);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[16..], Checksum.Of(salt, payload));
        BinaryPrimitives.WriteUInt32LittleEndian(frame[20..], Checksum.Of(salt, frame[..20]));
    }

    /// <summary>False when the bytes are no valid header.</summary>
    public static bool TryReadHeader(ReadOnlySpan<byte> bytes, ulong salt, out Frame frame)
    {
        frame = default;
        if (bytes.Length < HeaderSize
            || BinaryPrimitives.ReadUInt32LittleEndian(bytes) != Marker
            || BinaryPrimitives.ReadUInt32LittleEndian(bytes[20..]) != Checksum.Of(salt, bytes[..20]))
        {
            return false;
        }

        frame = new Frame(
            BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]),
            BinaryPrimitives.ReadUInt32LittleEndian(bytes[16..]));
        return frame.Length is >= 0 and <= MaxPayload;
    }
}
