using System.Text;

namespace Hearth.Kube.Tests.Protobuf;

/// <summary>Writes protobuf as Go's generated code does, to make bodies for tests.</summary>
internal sealed class ProtobufWriter
{
    private readonly List<byte> _bytes = [];

    public static byte[] Envelope(string apiVersion, string kind, ProtobufWriter body) =>
    [
        .. "k8s\0"u8,
        .. new ProtobufWriter()
            .Message(1, m => m.Text(1, apiVersion).Text(2, kind))
            .Bytes(2, [.. body._bytes])
            .Text(3, "")
            .Text(4, "")._bytes,
    ];

    public ProtobufWriter Text(int number, string value) => Bytes(number, Encoding.UTF8.GetBytes(value));

    public ProtobufWriter Bytes(int number, ReadOnlySpan<byte> value)
    {
        Varint(((ulong)number << 3) | 2);
        Varint((ulong)value.Length);
        _bytes.AddRange(value);
        return this;
    }

    public ProtobufWriter Number(int number, long value)
    {
        Varint((ulong)number << 3);
        Varint(unchecked((ulong)value));
        return this;
    }

    public ProtobufWriter Message(int number, Action<ProtobufWriter>? write = null)
    {
        var message = new ProtobufWriter();
        write?.Invoke(message);
        return Bytes(number, [.. message._bytes]);
    }

    public ProtobufWriter Entry(int number, string key, string value) => Message(number, m => m.Text(1, key).Text(2, value));

    private void Varint(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            _bytes.Add((byte)(value | 0x80));
        }

        _bytes.Add((byte)value);
    }
}
