using System.Buffers.Binary;

namespace Hearth.Engine.Functions;

/// <summary>The numbers of rand(seed) and randn(seed) in the first partition. Source: Spark's XORShiftRandom, whose seed is hashed with Murmur 3; java.util.Random for what is made of its bits.</summary>
internal sealed class SparkRandom(long seed)
{
    private long _state = Hash(seed);
    private double? _next;

    /// <summary>A number from 0 to below 1.</summary>
    public double NextDouble() => (((long)Bits(26) << 27) + Bits(27)) * (1.0 / (1L << 53));

    /// <summary>Any whole number.</summary>
    public int NextInt() => Bits(32);

    /// <summary>A number of the standard normal distribution (polar method).</summary>
    public double NextGaussian()
    {
        if (_next is { } kept)
        {
            _next = null;
            return kept;
        }

        double a, b, s;
        do
        {
            a = (2 * NextDouble()) - 1;
            b = (2 * NextDouble()) - 1;
            s = (a * a) + (b * b);
        }
        while (s >= 1 || s == 0);
        double factor = Math.Sqrt(-2 * Math.Log(s) / s);
        _next = b * factor;
        return a * factor;
    }

    private int Bits(int count)
    {
        long next = _state ^ (_state << 21);
        next ^= (long)((ulong)next >> 35);
        next ^= next << 4;
        _state = next;
        return (int)(next & ((1L << count) - 1));
    }

    private static long Hash(long seed)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(bytes, seed);
        int low = Murmur(bytes, 0x3c074a61), high = Murmur(bytes, low);
        return ((long)high << 32) | (uint)low;
    }

    private static int Murmur(ReadOnlySpan<byte> bytes, int seed)
    {
        uint h = (uint)seed;
        for (int i = 0; i < bytes.Length; i += 4)
        {
            uint k = BinaryPrimitives.ReadUInt32LittleEndian(bytes[i..]) * 0xcc9e2d51;
            h ^= uint.RotateLeft(k, 15) * 0x1b873593;
            h = (uint.RotateLeft(h, 13) * 5) + 0xe6546b64;
        }

        h ^= (uint)bytes.Length;
        h = (h ^ (h >> 16)) * 0x85ebca6b;
        h = (h ^ (h >> 13)) * 0xc2b2ae35;
        return (int)(h ^ (h >> 16));
    }
}
