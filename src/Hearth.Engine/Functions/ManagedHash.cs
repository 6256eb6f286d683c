using System.Buffers.Binary;
using System.Numerics;
using Hearth.Engine.Duck;
using static Hearth.Engine.Functions.ManagedLibrary;

namespace Hearth.Engine.Functions;

/// <summary>Spark's Murmur3 (x86, 32 bits); unlike the original, each remaining byte of a text takes a full round.</summary>
internal static class ManagedHash
{
    public static void Register(ManagedFunctions f)
    {
        f.Add<long, LongCodec, bool, BoolCodec, int, IntCodec, int, IntCodec>("hearth_hash_int", (long v, bool isNull, int seed, out int r) => Give(isNull ? seed : OfInt((int)v, seed), out r));
        f.Add<long, LongCodec, bool, BoolCodec, int, IntCodec, int, IntCodec>("hearth_hash_long", (long v, bool isNull, int seed, out int r) => Give(isNull ? seed : OfLong(v, seed), out r));
        f.Add<double, DoubleCodec, bool, BoolCodec, int, IntCodec, int, IntCodec>("hearth_hash_double", (double v, bool isNull, int seed, out int r) => Give(isNull ? seed : OfLong(BitConverter.DoubleToInt64Bits(v == 0 ? 0 : v), seed), out r));
        f.Add<float, FloatCodec, bool, BoolCodec, int, IntCodec, int, IntCodec>("hearth_hash_float", (float v, bool isNull, int seed, out int r) => Give(isNull ? seed : OfInt(BitConverter.SingleToInt32Bits(v == 0 ? 0 : v), seed), out r));
        f.Add<byte[], BlobCodec, bool, BoolCodec, int, IntCodec, int, IntCodec>("hearth_hash_bytes", (byte[] v, bool isNull, int seed, out int r) => Give(isNull ? seed : OfBytes(v, seed), out r));
    }

    private static uint Mix(uint hash, uint word)
    {
        word = BitOperations.RotateLeft(word * 0xCC9E2D51, 15) * 0x1B873593;
        return (BitOperations.RotateLeft(hash ^ word, 13) * 5) + 0xE6546B64;
    }

    private static int Finish(uint hash, int length)
    {
        hash ^= (uint)length;
        hash = (hash ^ (hash >> 16)) * 0x85EBCA6B;
        hash = (hash ^ (hash >> 13)) * 0xC2B2AE35;
        return (int)(hash ^ (hash >> 16));
    }

    private static int OfInt(int value, int seed) => Finish(Mix((uint)seed, (uint)value), 4);

    private static int OfLong(long value, int seed) => Finish(Mix(Mix((uint)seed, (uint)value), (uint)(value >>> 32)), 8);

    private static int OfBytes(ReadOnlySpan<byte> bytes, int seed)
    {
        uint hash = (uint)seed;
        int at = 0;
        for (; at + 4 <= bytes.Length; at += 4)
        {
            hash = Mix(hash, BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]));
        }

        for (; at < bytes.Length; at++)
        {
            hash = Mix(hash, (uint)(sbyte)bytes[at]);
        }

        return Finish(hash, bytes.Length);
    }
}
