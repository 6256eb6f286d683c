using System.Buffers.Binary;
using System.Numerics;

namespace Hearth.Cluster.Store.Log;

/// <summary>CRC-32C (Castagnoli), seeded with a file's salt so that bytes of another file, or of a user's value, never pass as a record.</summary>
internal static class Checksum
{
    public static uint Of(ulong salt, ReadOnlySpan<byte> data)
    {
        var crc = BitOperations.Crc32C(uint.MaxValue, salt);
        while (data.Length >= sizeof(ulong))
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(data));
            data = data[sizeof(ulong)..];
        }

        foreach (var octet in data)
        {
            crc = BitOperations.Crc32C(crc, octet);
        }

        return ~crc;
    }
}
