using System.Text;

namespace Hearth.Cluster.Store.Log;

/// <summary>A growing buffer with room for a frame header in front; used again for every frame.</summary>
internal sealed class ByteWriter
{
    private const int KeptCapacity = 4 << 20;
    private byte[] _buffer = new byte[16 << 10];

    /// <summary>Bytes of payload so far.</summary>
    public int PayloadLength => Length - Frame.HeaderSize;

    private int Length { get; set; } = Frame.HeaderSize;

    public void Clear()
    {
        Length = Frame.HeaderSize;
        if (_buffer.Length > KeptCapacity)
        {
            _buffer = new byte[16 << 10];
        }
    }

    /// <summary>The complete frame; valid until the next change.</summary>
    public ReadOnlySpan<byte> Seal(long revision, ulong salt)
    {
        var frame = _buffer.AsSpan(0, Length);
        Frame.Seal(frame, revision, salt);
        return frame;
    }

    public void Byte(byte value)
    {
        Reserve(1)[0] = value;
        Length++;
    }

    /// <summary>A non-negative number, seven bits a byte, low ones first.</summary>
    public void Number(long value)
    {
        var rest = (ulong)value;
        while (rest >= 0x80)
        {
            Byte((byte)(rest | 0x80));
            rest >>= 7;
        }

        Byte((byte)rest);
    }

    public void Bytes(ReadOnlySpan<byte> value)
    {
        Number(value.Length);
        value.CopyTo(Reserve(value.Length));
        Length += value.Length;
    }

    public void Text(string value)
    {
        var size = Encoding.UTF8.GetByteCount(value);
        Number(size);
        Encoding.UTF8.GetBytes(value, Reserve(size));
        Length += size;
    }

    private Span<byte> Reserve(int size)
    {
        if (Length + size > _buffer.Length)
        {
            Array.Resize(ref _buffer, Math.Max(checked(Length + size), (int)Math.Min(Array.MaxLength, _buffer.Length * 2L)));
        }

        return _buffer.AsSpan(Length, size);
    }
}
