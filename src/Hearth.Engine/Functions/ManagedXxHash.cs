using System.Buffers.Binary;
using System.Numerics;
using Hearth.Engine.Duck;
using Hearth.Engine.Types;
using static Hearth.Engine.Functions.ManagedLibrary;

namespace Hearth.Engine.Functions;

/// <summary>XXH64 as Spark uses it: an int is a block of 4 bytes, a long one of 8.</summary>
internal static class ManagedXxHash
{
    private const ulong P1 = 0x9E3779B185EBCA87, P2 = 0xC2B2AE3D27D4EB4F, P3 = 0x165667B19E3779F9, P4 = 0x85EBCA77C2B2AE63, P5 = 0x27D4EB2F165667C5;

    public static void Register(ManagedFunctions f)
    {
        f.Add<long, LongCodec, bool, BoolCodec, long, LongCodec, long, LongCodec>("hearth_xxhash_int", (long v, bool isNull, long seed, out long r) => Give(isNull ? seed : OfInt((uint)(int)v, (ulong)seed), out r));
        f.Add<long, LongCodec, bool, BoolCodec, long, LongCodec, long, LongCodec>("hearth_xxhash_long", (long v, bool isNull, long seed, out long r) => Give(isNull ? seed : OfLong((ulong)v, (ulong)seed), out r));
        f.Add<double, DoubleCodec, bool, BoolCodec, long, LongCodec, long, LongCodec>("hearth_xxhash_double", (double v, bool isNull, long seed, out long r) => Give(isNull ? seed : OfLong((ulong)BitConverter.DoubleToInt64Bits(v == 0 ? 0 : v), (ulong)seed), out r));
        f.Add<float, FloatCodec, bool, BoolCodec, long, LongCodec, long, LongCodec>("hearth_xxhash_float", (float v, bool isNull, long seed, out long r) => Give(isNull ? seed : OfInt((uint)BitConverter.SingleToInt32Bits(v == 0 ? 0 : v), (ulong)seed), out r));
        f.Add<byte[], BlobCodec, bool, BoolCodec, long, LongCodec, long, LongCodec>("hearth_xxhash_bytes", (byte[] v, bool isNull, long seed, out long r) => Give(isNull ? seed : OfBytes(v, (ulong)seed), out r));
        f.Add<string, TextCodec, int, IntCodec, byte[], BlobCodec>("hearth_decimal_bytes", (string s, int scale, out byte[] r) => SparkDecimal.Parse(s) is { } d ? Give(((BigInteger)d.Unscaled * BigInteger.Pow(10, scale - d.Scale)).ToByteArray(isBigEndian: true), out r) : Nothing(out r));
    }

    private static long OfInt(uint value, ulong seed)
    {
        ulong hash = seed + P5 + 4;
        hash ^= value * P1;
        return Finish((BitOperations.RotateLeft(hash, 23) * P2) + P3);
    }

    private static long OfLong(ulong value, ulong seed)
    {
        ulong hash = seed + P5 + 8;
        hash ^= BitOperations.RotateLeft(value * P2, 31) * P1;
        return Finish((BitOperations.RotateLeft(hash, 27) * P1) + P4);
    }

    private static long OfBytes(ReadOnlySpan<byte> bytes, ulong seed)
    {
        int length = bytes.Length;
        ulong hash;
        if (length >= 32)
        {
            ulong a = seed + P1 + P2, b = seed + P2, c = seed, d = seed - P1;
            for (; bytes.Length >= 32; bytes = bytes[32..])
            {
                a = Round(a, bytes);
                b = Round(b, bytes[8..]);
                c = Round(c, bytes[16..]);
                d = Round(d, bytes[24..]);
            }

            hash = BitOperations.RotateLeft(a, 1) + BitOperations.RotateLeft(b, 7) + BitOperations.RotateLeft(c, 12) + BitOperations.RotateLeft(d, 18);
            foreach (ulong lane in (ReadOnlySpan<ulong>)[a, b, c, d])
            {
                hash = ((hash ^ (BitOperations.RotateLeft(lane * P2, 31) * P1)) * P1) + P4;
            }
        }
        else
        {
            hash = seed + P5;
        }

        return Finish(Tail(bytes, hash + (ulong)length));
    }

    private static ulong Round(ulong lane, ReadOnlySpan<byte> bytes) => BitOperations.RotateLeft(lane + (BinaryPrimitives.ReadUInt64LittleEndian(bytes) * P2), 31) * P1;

    private static ulong Tail(ReadOnlySpan<byte> bytes, ulong hash)
    {
        for (; bytes.Length >= 8; bytes = bytes[8..])
        {
            hash ^= BitOperations.RotateLeft(BinaryPrimitives.ReadUInt64LittleEndian(bytes) * P2, 31) * P1;
            hash = (BitOperations.RotateLeft(hash, 27) * P1) + P4;
        }

        if (bytes.Length >= 4)
        {
            hash ^= BinaryPrimitives.ReadUInt32LittleEndian(bytes) * P1;
            hash = (BitOperations.RotateLeft(hash, 23) * P2) + P3;
            bytes = bytes[4..];
        }

        foreach (byte b in bytes)
        {
            hash = BitOperations.RotateLeft(hash ^ (b * P5), 11) * P1;
        }

        return hash;
    }

    private static long Finish(ulong hash)
    {
        hash = (hash ^ (hash >> 33)) * P2;
        hash = (hash ^ (hash >> 29)) * P3;
        return (long)(hash ^ (hash >> 32));
    }
}
