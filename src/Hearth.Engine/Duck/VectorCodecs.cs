using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static Hearth.Engine.Duck.NativeMethods;

namespace Hearth.Engine.Duck;

/// <summary>How values of a DuckDB type are read from and written to flat vectors.</summary>
/// <typeparam name="T">The .NET type.</typeparam>
internal unsafe interface IVectorCodec<T>
{
    static abstract DuckTypeId Type { get; }

    static abstract T Read(byte* data, long row);

    static abstract void Write(nint vector, byte* data, long row, T value);
}

internal readonly unsafe struct TextCodec : IVectorCodec<string>
{
    public static DuckTypeId Type => DuckTypeId.Varchar;

    public static string Read(byte* data, long row) => System.Text.Encoding.UTF8.GetString(StringCell.Bytes(data, row));

    public static void Write(nint vector, byte* data, long row, string value)
    {
        byte[] bytes = System.Text.Encoding.UTF8.GetBytes(value);
        fixed (byte* text = bytes)
        {
            byte empty = 0;
            duckdb_vector_assign_string_element_len(vector, (ulong)row, bytes.Length == 0 ? &empty : text, (ulong)bytes.Length);
        }
    }
}

internal readonly unsafe struct BlobCodec : IVectorCodec<byte[]>
{
    public static DuckTypeId Type => DuckTypeId.Blob;

    public static byte[] Read(byte* data, long row) => StringCell.Bytes(data, row).ToArray();

    public static void Write(nint vector, byte* data, long row, byte[] value)
    {
        fixed (byte* text = value)
        {
            byte empty = 0;
            duckdb_vector_assign_string_element_len(vector, (ulong)row, value.Length == 0 ? &empty : text, (ulong)value.Length);
        }
    }
}

internal readonly unsafe struct BoolCodec : IVectorCodec<bool>
{
    public static DuckTypeId Type => DuckTypeId.Boolean;

    public static bool Read(byte* data, long row) => data[row] != 0;

    public static void Write(nint vector, byte* data, long row, bool value) => data[row] = value ? (byte)1 : (byte)0;
}

internal readonly unsafe struct ByteCodec : IVectorCodec<sbyte>
{
    public static DuckTypeId Type => DuckTypeId.TinyInt;

    public static sbyte Read(byte* data, long row) => ((sbyte*)data)[row];

    public static void Write(nint vector, byte* data, long row, sbyte value) => ((sbyte*)data)[row] = value;
}

internal readonly unsafe struct ShortCodec : IVectorCodec<short>
{
    public static DuckTypeId Type => DuckTypeId.SmallInt;

    public static short Read(byte* data, long row) => ((short*)data)[row];

    public static void Write(nint vector, byte* data, long row, short value) => ((short*)data)[row] = value;
}

internal readonly unsafe struct IntCodec : IVectorCodec<int>
{
    public static DuckTypeId Type => DuckTypeId.Integer;

    public static int Read(byte* data, long row) => ((int*)data)[row];

    public static void Write(nint vector, byte* data, long row, int value) => ((int*)data)[row] = value;
}

internal readonly unsafe struct DateCodec : IVectorCodec<int>
{
    public static DuckTypeId Type => DuckTypeId.Date;

    public static int Read(byte* data, long row) => ((int*)data)[row];

    public static void Write(nint vector, byte* data, long row, int value) => ((int*)data)[row] = value;
}

internal readonly unsafe struct LongCodec : IVectorCodec<long>
{
    public static DuckTypeId Type => DuckTypeId.BigInt;

    public static long Read(byte* data, long row) => ((long*)data)[row];

    public static void Write(nint vector, byte* data, long row, long value) => ((long*)data)[row] = value;
}

internal readonly unsafe struct TimestampTzCodec : IVectorCodec<long>
{
    public static DuckTypeId Type => DuckTypeId.TimestampTz;

    public static long Read(byte* data, long row) => ((long*)data)[row];

    public static void Write(nint vector, byte* data, long row, long value) => ((long*)data)[row] = value;
}

internal readonly unsafe struct TimestampCodec : IVectorCodec<long>
{
    public static DuckTypeId Type => DuckTypeId.Timestamp;

    public static long Read(byte* data, long row) => ((long*)data)[row];

    public static void Write(nint vector, byte* data, long row, long value) => ((long*)data)[row] = value;
}

internal readonly unsafe struct DoubleCodec : IVectorCodec<double>
{
    public static DuckTypeId Type => DuckTypeId.Double;

    public static double Read(byte* data, long row) => ((double*)data)[row];

    public static void Write(nint vector, byte* data, long row, double value) => ((double*)data)[row] = value;
}

internal readonly unsafe struct FloatCodec : IVectorCodec<float>
{
    public static DuckTypeId Type => DuckTypeId.Float;

    public static float Read(byte* data, long row) => ((float*)data)[row];

    public static void Write(nint vector, byte* data, long row, float value) => ((float*)data)[row] = value;
}

internal readonly unsafe struct IntervalCodec : IVectorCodec<Types.SparkInterval>
{
    public static DuckTypeId Type => DuckTypeId.Interval;

    public static Types.SparkInterval Read(byte* data, long row) => new(*(int*)(data + (row * 16)), *(int*)(data + (row * 16) + 4), *(long*)(data + (row * 16) + 8));

    public static void Write(nint vector, byte* data, long row, Types.SparkInterval value)
    {
        *(int*)(data + (row * 16)) = value.Months;
        *(int*)(data + (row * 16) + 4) = value.Days;
        *(long*)(data + (row * 16) + 8) = value.Micros;
    }
}

/// <summary>One argument vector of a call.</summary>
internal readonly unsafe struct VectorView
{
    private readonly ulong* _validity;

    public VectorView(nint vector)
    {
        Data = duckdb_vector_get_data(vector);
        _validity = duckdb_vector_get_validity(vector);
    }

    public readonly byte* Data { get; }

    public bool IsNull(long row) => _validity != null && (_validity[row >> 6] & (1UL << (int)(row & 63))) == 0;
}

/// <summary>The result vector of a call.</summary>
internal unsafe ref struct ResultVector(nint vector)
{
    private ulong* _validity;

    public nint Vector { get; } = vector;

    public byte* Data { get; } = duckdb_vector_get_data(vector);

    public void SetNull(long row)
    {
        if (_validity == null)
        {
            duckdb_vector_ensure_validity_writable(Vector);
            _validity = duckdb_vector_get_validity(Vector);
        }

        _validity[row >> 6] &= ~(1UL << (int)(row & 63));
    }
}
