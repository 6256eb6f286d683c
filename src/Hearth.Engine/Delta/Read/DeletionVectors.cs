using System.Buffers.Binary;
using Hearth.Engine.Delta.Log;

namespace Hearth.Engine.Delta.Read;

/// <summary>Reads deletion vectors: 64-bit Roaring bitmaps of row numbers (Delta protocol, "Deletion Vector Format").</summary>
internal static class DeletionVectors
{
    private const int Magic = 1681511377;
    private const string Alphabet = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#";

    /// <summary>Row numbers in the file, from 0, ascending.</summary>
    /// <exception cref="EngineException">The vector is missing or damaged.</exception>
    public static IReadOnlyList<long> Read(VectorDescriptor vector, TableLocation table)
    {
        try
        {
            byte[] bitmap = vector.StorageType switch
            {
                "i" => Z85(vector.PathOrInline)[..vector.SizeInBytes],
                "u" => FromFile(table.FileOf(RelativePath(vector.PathOrInline)), vector),
                "p" => FromFile(table.FileOf(vector.PathOrInline), vector),
                _ => throw DeltaErrors.Unsupported($"deletion vectors of the storage type {vector.StorageType}"),
            };
            List<long> rows = Decode(bitmap);
            return rows.Count == vector.Cardinality ? rows : throw Damaged(vector, null);
        }
        catch (Exception error) when (error is IOException or ArgumentException or IndexOutOfRangeException or OverflowException)
        {
            throw Damaged(vector, error);
        }
    }

    private static EngineException Damaged(VectorDescriptor vector, Exception? inner) =>
        new("DELTA_DELETION_VECTOR_CARDINALITY_MISMATCH", $"The deletion vector {vector.UniqueId} is missing or damaged{(inner is null ? "" : $": {inner.Message}")}.", ErrorKind.SparkRuntimeException, inner: inner);

    /// <summary>Path of the file of a vector of the storage type u: the last 20 characters are its UUID, what is before them a directory.</summary>
    public static string RelativePath(string text)
    {
        byte[] id = Z85(text[^20..]);
        string prefix = text[..^20];
        return $"{(prefix.Length > 0 ? prefix + "/" : "")}deletion_vector_{new Guid(id, bigEndian: true)}.bin";
    }

    private static byte[] FromFile(string path, VectorDescriptor vector)
    {
        using FileStream file = File.OpenRead(path);
        file.Position = vector.Offset ?? 0;
        Span<byte> head = stackalloc byte[4];
        file.ReadExactly(head);
        byte[] bitmap = new byte[BinaryPrimitives.ReadInt32BigEndian(head) is var size && size == vector.SizeInBytes ? size : throw Damaged(vector, null)];
        file.ReadExactly(bitmap);
        file.ReadExactly(head);
        return BinaryPrimitives.ReadUInt32BigEndian(head) == Crc32(bitmap) ? bitmap : throw Damaged(vector, null);
    }

    private static uint Crc32(ReadOnlySpan<byte> data)
    {
        uint crc = uint.MaxValue;
        foreach (byte b in data)
        {
            crc ^= b;
            for (int i = 0; i < 8; i++)
            {
                crc = (crc >> 1) ^ (0xEDB88320u & (uint)-(int)(crc & 1));
            }
        }

        return ~crc;
    }

    private static byte[] Z85(string text)
    {
        byte[] bytes = new byte[text.Length / 5 * 4];
        for (int i = 0, at = 0; i + 5 <= text.Length; i += 5, at += 4)
        {
            uint value = 0;
            for (int j = 0; j < 5; j++)
            {
                value = unchecked((value * 85) + (uint)Alphabet.IndexOf(text[i + j], StringComparison.Ordinal));
            }

            BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(at), value);
        }

        return bytes;
    }

    private static List<long> Decode(ReadOnlySpan<byte> data)
    {
        if (BinaryPrimitives.ReadInt32LittleEndian(data) != Magic)
        {
            throw DeltaErrors.Unsupported("deletion vectors of an unknown bitmap format");
        }

        long buckets = BinaryPrimitives.ReadInt64LittleEndian(data[4..]);
        int at = 12;
        List<long> rows = [];
        for (long i = 0; i < buckets; i++)
        {
            long high = (long)BinaryPrimitives.ReadUInt32LittleEndian(data[at..]) << 32;
            at += 4;
            at += Bitmap32(data[at..], high, rows);
        }

        return rows;
    }

    /// <summary>Reads a 32-bit Roaring bitmap (RoaringFormatSpec); the bytes it took.</summary>
    private static int Bitmap32(ReadOnlySpan<byte> data, long high, List<long> rows)
    {
        uint cookie = BinaryPrimitives.ReadUInt32LittleEndian(data);
        bool runs = (cookie & 0xFFFF) == 12347;
        int at = 4, count;
        ReadOnlySpan<byte> runFlags = default;
        if (runs)
        {
            count = (int)(cookie >> 16) + 1;
            runFlags = data.Slice(at, (count + 7) / 8);
            at += runFlags.Length;
        }
        else
        {
            count = BinaryPrimitives.ReadInt32LittleEndian(data[4..]);
            at = 8;
        }

        ReadOnlySpan<byte> keys = data.Slice(at, count * 4);
        at += keys.Length + (!runs || count >= 4 ? count * 4 : 0);
        for (int i = 0; i < count; i++)
        {
            long start = high | ((long)BinaryPrimitives.ReadUInt16LittleEndian(keys[(i * 4)..]) << 16);
            int cardinality = BinaryPrimitives.ReadUInt16LittleEndian(keys[((i * 4) + 2)..]) + 1;
            bool isRun = runs && (runFlags[i / 8] >> (i % 8) & 1) != 0;
            at += Container(data[at..], start, cardinality, isRun, rows);
        }

        return at;
    }

    private static int Container(ReadOnlySpan<byte> data, long start, int cardinality, bool isRun, List<long> rows)
    {
        if (isRun)
        {
            int runs = BinaryPrimitives.ReadUInt16LittleEndian(data);
            for (int i = 0; i < runs; i++)
            {
                int first = BinaryPrimitives.ReadUInt16LittleEndian(data[(2 + (i * 4))..]), more = BinaryPrimitives.ReadUInt16LittleEndian(data[(4 + (i * 4))..]);
                for (int j = 0; j <= more; j++)
                {
                    rows.Add(start + first + j);
                }
            }

            return 2 + (runs * 4);
        }

        if (cardinality <= 4096)
        {
            for (int i = 0; i < cardinality; i++)
            {
                rows.Add(start + BinaryPrimitives.ReadUInt16LittleEndian(data[(i * 2)..]));
            }

            return cardinality * 2;
        }

        for (int i = 0; i < 65536; i++)
        {
            if ((data[i / 8] >> (i % 8) & 1) != 0)
            {
                rows.Add(start + i);
            }
        }

        return 8192;
    }
}
