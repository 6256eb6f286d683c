using System.Buffers.Binary;
using System.Text;

namespace Hearth.Kube.Protobuf;

/// <summary>How a field's value is laid out.</summary>
internal enum WireType
{
    Varint = 0,
    Fixed64 = 1,
    Bytes = 2,
    Fixed32 = 5,
}

/// <summary>Reads the fields of one protobuf message.</summary>
internal ref struct WireReader(ReadOnlySpan<byte> message)
{
    private ReadOnlySpan<byte> _rest = message;

    public readonly bool AtEnd => _rest.IsEmpty;

    public (int Number, WireType Type) Tag()
    {
        var tag = Varint();
        var number = tag >> 3;
        return number is > 0 and <= 0x1FFFFFFF ? ((int)number, (WireType)(tag & 7)) : throw new ProtobufFormatException("a protobuf field has an invalid number");
    }

    public ulong Varint()
    {
        ulong value = 0;
        for (var shift = 0; shift < 70; shift += 7)
        {
            var next = Take(1)[0];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw new ProtobufFormatException("a protobuf number is longer than 64 bits");
    }

    public ulong Fixed64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    public uint Fixed32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    public ReadOnlySpan<byte> Bytes() => Take(Varint());

    public string Text() => Encoding.UTF8.GetString(Bytes());

    public void Skip(WireType type)
    {
        switch (type)
        {
            case WireType.Varint:
                Varint();
                break;
            case WireType.Fixed64:
                Take(8);
                break;
            case WireType.Bytes:
                Bytes();
                break;
            case WireType.Fixed32:
                Take(4);
                break;
            default:
                throw new ProtobufFormatException($"protobuf wire type {(int)type} is not used by Kubernetes");
        }
    }

    private ReadOnlySpan<byte> Take(ulong size)
    {
        if (size > (ulong)_rest.Length)
        {
            throw new ProtobufFormatException("the protobuf message ends inside a field");
        }

        var taken = _rest[..(int)size];
        _rest = _rest[(int)size..];
        return taken;
    }
}
