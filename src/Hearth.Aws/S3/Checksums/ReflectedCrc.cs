using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Hearth.Aws.S3.Checksums;

/// <summary>A reflected cyclic redundancy check of 32 or 64 bits, sixteen bytes a step where the processor multiplies without carry, otherwise eight (table slicing), and its combination over concatenated parts.</summary>
internal sealed class ReflectedCrc
{
    /// <summary>CRC-32 (IEEE 802.3).</summary>
    public static readonly ReflectedCrc Crc32 = new(0xEDB88320UL, 32);

    /// <summary>CRC-32C (Castagnoli).</summary>
    public static readonly ReflectedCrc Crc32C = new(0x82F63B78UL, 32);

    /// <summary>CRC-64/NVME.</summary>
    public static readonly ReflectedCrc Crc64Nvme = new(0x9A6C9329AC4BC9B5UL, 64);

    private const int FoldFrom = 64;
    private readonly ulong[][] tables = new ulong[8][];
    private readonly Vector128<ulong> foldBy128;
    private readonly ulong polynomial;
    private readonly ulong mask;

    private ReflectedCrc(ulong polynomial, int bits)
    {
        this.polynomial = polynomial;
        Bits = bits;
        mask = bits == 64 ? ulong.MaxValue : (1UL << bits) - 1;
        foldBy128 = Vector128.Create(PowerOfX(128 + 64 - 1), PowerOfX(128 - 1));
        for (var slice = 0; slice < 8; slice++)
        {
            tables[slice] = new ulong[256];
        }
        for (var value = 0; value < 256; value++)
        {
            var crc = (ulong)value;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? (crc >> 1) ^ polynomial : crc >> 1;
            }
            tables[0][value] = crc;
        }
        for (var slice = 1; slice < 8; slice++)
        {
            for (var value = 0; value < 256; value++)
            {
                var previous = tables[slice - 1][value];
                tables[slice][value] = tables[0][previous & 0xFF] ^ (previous >> 8);
            }
        }
    }

    /// <summary>Width of the result.</summary>
    public int Bits { get; }

    /// <summary>Value before any byte.</summary>
    public ulong Start => mask;

    /// <summary>Takes more bytes into a running value.</summary>
    public ulong Append(ulong state, ReadOnlySpan<byte> data)
    {
        if (data.Length >= FoldFrom && Pclmulqdq.IsSupported)
        {
            state = Fold(state, ref data);
        }
        return AppendSlices(state, data);
    }

    /// <summary>
    /// Takes sixteen bytes a step with carry-less multiplication: what was read so far, a polynomial of 128 bits, is moved on by 128 bits
    /// modulo the polynomial and added to the next sixteen bytes. The last such value stands for all bytes before it.
    /// </summary>
    private ulong Fold(ulong state, ref ReadOnlySpan<byte> data)
    {
        var blocks = MemoryMarshal.Cast<byte, Vector128<ulong>>(data);
        var folded = blocks[0] ^ Vector128.Create(state, 0UL);
        foreach (var block in blocks[1..])
        {
            folded = Pclmulqdq.CarrylessMultiply(folded, foldBy128, 0x00) ^ Pclmulqdq.CarrylessMultiply(folded, foldBy128, 0x11) ^ block;
        }
        data = data[(blocks.Length * Vector128<byte>.Count)..];
        Span<byte> bytes = stackalloc byte[Vector128<byte>.Count];
        folded.AsByte().CopyTo(bytes);
        return AppendSlices(0, bytes);
    }

    /// <summary>x to a power modulo the polynomial, in 64 reflected bits: the highest is x^0.</summary>
    private ulong PowerOfX(int exponent)
    {
        var power = 1UL << (Bits - 1);
        for (var i = 0; i < exponent; i++)
        {
            power = (power & 1) != 0 ? (power >> 1) ^ polynomial : power >> 1;
        }
        return power << (64 - Bits);
    }

    private ulong AppendSlices(ulong state, ReadOnlySpan<byte> data)
    {
        var (t0, t1, t2, t3) = (tables[0], tables[1], tables[2], tables[3]);
        var (t4, t5, t6, t7) = (tables[4], tables[5], tables[6], tables[7]);
        while (data.Length >= 8)
        {
            var word = BinaryPrimitives.ReadUInt64LittleEndian(data) ^ state;
            state = t7[(byte)word] ^ t6[(byte)(word >> 8)] ^ t5[(byte)(word >> 16)] ^ t4[(byte)(word >> 24)]
                ^ t3[(byte)(word >> 32)] ^ t2[(byte)(word >> 40)] ^ t1[(byte)(word >> 48)] ^ t0[(byte)(word >> 56)];
            data = data[8..];
        }
        foreach (var b in data)
        {
            state = t0[(byte)(state ^ b)] ^ (state >> 8);
        }
        return state;
    }

    /// <summary>The checksum of a running value.</summary>
    public ulong Finish(ulong state) => state ^ mask;

    /// <summary>Checksum of two pieces one after the other.</summary>
    /// <param name="first">Checksum of the first piece.</param>
    /// <param name="second">Checksum of the second piece.</param>
    /// <param name="secondLength">Bytes of the second piece.</param>
    public ulong Combine(ulong first, ulong second, long secondLength)
    {
        // Appending n zero bytes multiplies the first checksum by x^(8n) modulo the polynomial; the second is then added.
        var power = 1UL << (Bits - 1);
        var factor = 1UL << (Bits - 1 - 1);
        for (var exponent = (ulong)secondLength * 8; exponent > 0; exponent >>= 1)
        {
            if ((exponent & 1) != 0)
            {
                power = Multiply(power, factor);
            }
            factor = Multiply(factor, factor);
        }
        return Multiply(first, power) ^ second;
    }

    // Polynomials are reflected: the highest bit is x^0.
    private ulong Multiply(ulong a, ulong b)
    {
        var product = 0UL;
        for (var bit = 1UL << (Bits - 1); bit != 0; bit >>= 1)
        {
            if ((a & bit) != 0)
            {
                product ^= b;
            }
            b = (b & 1) != 0 ? (b >> 1) ^ polynomial : b >> 1;
        }
        return product;
    }
}
