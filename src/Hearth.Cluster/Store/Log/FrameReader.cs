using Hearth.Cluster.Store.Files;

namespace Hearth.Cluster.Store.Log;

/// <summary>Reads the frames of one file in order.</summary>
internal sealed class FrameReader(IStoreFile file, ulong salt)
{
    private readonly long _length = file.Length;
    private byte[] _payload = [];

    /// <summary>Where the next frame starts; after a failed read, where the invalid one starts.</summary>
    public long Offset { get; private set; } = FileHeader.Size;

    /// <summary>True when the file ends exactly after a frame.</summary>
    public bool AtEnd => Offset == _length;

    /// <summary>The next frame, or false when there is no valid one. The payload is valid until the next call.</summary>
    public bool TryRead(out Frame frame, out ReadOnlySpan<byte> payload)
    {
        payload = default;
        Span<byte> header = stackalloc byte[Frame.HeaderSize];
        var read = file.Read(Offset, header);
        if (!Frame.TryReadHeader(header[..read], salt, out frame) || Offset + frame.Size > _length)
        {
            return false;
        }

        if (_payload.Length < frame.Length)
        {
            _payload = new byte[Math.Max(frame.Length, 64 << 10)];
        }

        var bytes = _payload.AsSpan(0, frame.Length);
        if (file.Read(Offset + Frame.HeaderSize, bytes) < bytes.Length || Checksum.Of(salt, bytes) != frame.PayloadChecksum)
        {
            return false;
        }

        payload = bytes;
        Offset += frame.Size;
        return true;
    }
}
