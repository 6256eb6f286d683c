using System.Text.Json;
using Hearth.Engine.Types;
using static Hearth.Engine.Duck.NativeMethods;

namespace Hearth.Engine.Duck;

/// <summary>Reads the values of one vector in place. One reader lives for a whole result and is attached to each chunk's vector.</summary>
internal abstract unsafe class ColumnReader
{
    protected byte* Data { get; private set; }

    private ulong* _validity;

    public virtual void Attach(nint vector)
    {
        Data = duckdb_vector_get_data(vector);
        _validity = duckdb_vector_get_validity(vector);
    }

    public bool IsNull(long row) => _validity != null && (_validity[row >> 6] & (1UL << (int)(row & 63))) == 0;

    public object? ValueOrNull(long row) => IsNull(row) ? null : Value(row);

    public void WriteOrNull(Utf8JsonWriter writer, long row)
    {
        if (IsNull(row))
        {
            writer.WriteNullValue();
        }
        else
        {
            Write(writer, row);
        }
    }

    public abstract object? Value(long row);

    public abstract void Write(Utf8JsonWriter writer, long row);

    public static ColumnReader For(DuckType type) => type.Id switch
    {
        DuckTypeId.Boolean => new BooleanReader(),
        DuckTypeId.TinyInt => new IntegerReader(1, signed: true),
        DuckTypeId.SmallInt => new IntegerReader(2, signed: true),
        DuckTypeId.Integer => new IntegerReader(4, signed: true),
        DuckTypeId.BigInt => new IntegerReader(8, signed: true),
        DuckTypeId.UTinyInt => new IntegerReader(1, signed: false),
        DuckTypeId.USmallInt => new IntegerReader(2, signed: false),
        DuckTypeId.UInteger => new IntegerReader(4, signed: false),
        DuckTypeId.UBigInt => new CountReader(),
        DuckTypeId.Float => new FloatReader(),
        DuckTypeId.Double => new DoubleReader(),
        DuckTypeId.HugeInt => new DecimalReader(38, 0),
        DuckTypeId.Decimal => new DecimalReader(type.Precision, type.Scale),
        DuckTypeId.Varchar => new TextReader(),
        DuckTypeId.Blob => new BlobReader(),
        DuckTypeId.Date => new DateReader(),
        DuckTypeId.Timestamp => new TimestampReader(zoned: false),
        DuckTypeId.TimestampTz => new TimestampReader(zoned: true),
        DuckTypeId.Interval => new IntervalReader(),
        DuckTypeId.SqlNull => new NullReader(),
        DuckTypeId.List => new ListReader(For(type.Children[0])),
        DuckTypeId.Struct => new StructReader([.. type.Children.Select(For)]),
        DuckTypeId.Map => new MapReader(For(type.Children[0]), For(type.Children[1])),
        _ => throw new EngineException("UNSUPPORTED_FEATURE", $"Values of DuckDB type {type.Id} have no Spark type.", ErrorKind.UnsupportedOperationException, "cast the column to a supported type"),
    };
}

/// <summary>Counts that commands give as UBIGINT; they are within BIGINT.</summary>
internal sealed unsafe class CountReader : ColumnReader
{
    public override object Value(long row) => checked((long)((ulong*)Data)[row]);

    public override void Write(Utf8JsonWriter writer, long row) => writer.WriteNumberValue(((ulong*)Data)[row]);
}

internal sealed unsafe class BooleanReader : ColumnReader
{
    public override object Value(long row) => Data[row] != 0;

    public override void Write(Utf8JsonWriter writer, long row) => writer.WriteBooleanValue(Data[row] != 0);
}

internal sealed unsafe class IntegerReader(int width, bool signed) : ColumnReader
{
    private long Read(long row) => (width, signed) switch
    {
        (1, true) => ((sbyte*)Data)[row],
        (2, true) => ((short*)Data)[row],
        (4, true) => ((int*)Data)[row],
        (1, false) => Data[row],
        (2, false) => ((ushort*)Data)[row],
        (4, false) => ((uint*)Data)[row],
        _ => ((long*)Data)[row],
    };

    public override object Value(long row) => Read(row);

    public override void Write(Utf8JsonWriter writer, long row) => writer.WriteNumberValue(Read(row));
}

internal sealed unsafe class FloatReader : ColumnReader
{
    public override object Value(long row) => ((float*)Data)[row];

    public override void Write(Utf8JsonWriter writer, long row)
    {
        float value = ((float*)Data)[row];
        if (float.IsFinite(value))
        {
            writer.WriteNumberValue(value);
        }
        else
        {
            writer.WriteStringValue(Formatting.JavaText.OfFloat(value));
        }
    }
}

internal sealed unsafe class DoubleReader : ColumnReader
{
    public override object Value(long row) => ((double*)Data)[row];

    public override void Write(Utf8JsonWriter writer, long row)
    {
        double value = ((double*)Data)[row];
        if (double.IsFinite(value))
        {
            writer.WriteNumberValue(value);
        }
        else
        {
            writer.WriteStringValue(Formatting.JavaText.OfDouble(value));
        }
    }
}

internal sealed unsafe class DecimalReader(int precision, int scale) : ColumnReader
{
    private SparkDecimal Read(long row) => new(precision switch
    {
        <= 4 => ((short*)Data)[row],
        <= 9 => ((int*)Data)[row],
        <= 18 => ((long*)Data)[row],
        _ => new Int128(((ulong*)Data)[(row * 2) + 1], ((ulong*)Data)[row * 2]),
    }, scale);

    public override object Value(long row) => Read(row);

    public override void Write(Utf8JsonWriter writer, long row) => writer.WriteStringValue(Read(row).ToString());
}

internal sealed unsafe class TextReader : ColumnReader
{
    public override object Value(long row) => System.Text.Encoding.UTF8.GetString(StringCell.Bytes(Data, row));

    public override void Write(Utf8JsonWriter writer, long row) => writer.WriteStringValue(StringCell.Bytes(Data, row));
}

internal sealed unsafe class BlobReader : ColumnReader
{
    public override object Value(long row) => StringCell.Bytes(Data, row).ToArray();

    public override void Write(Utf8JsonWriter writer, long row) => writer.WriteBase64StringValue(StringCell.Bytes(Data, row));
}

/// <summary>duckdb_string_t: length, then up to 12 bytes in place or a prefix and a pointer.</summary>
internal static unsafe class StringCell
{
    public static ReadOnlySpan<byte> Bytes(byte* data, long row)
    {
        byte* cell = data + (row * 16);
        int length = (int)*(uint*)cell;
        return new ReadOnlySpan<byte>(length <= 12 ? cell + 4 : *(byte**)(cell + 8), length);
    }
}

internal sealed unsafe class DateReader : ColumnReader
{
    public override object Value(long row) => new SparkDate(((int*)Data)[row]);

    public override void Write(Utf8JsonWriter writer, long row) => writer.WriteStringValue(Formatting.DateText.OfDate(((int*)Data)[row]));
}

internal sealed unsafe class TimestampReader(bool zoned) : ColumnReader
{
    public override object Value(long row) => zoned ? new SparkTimestamp(((long*)Data)[row]) : new SparkTimestampNtz(((long*)Data)[row]);

    public override void Write(Utf8JsonWriter writer, long row) => writer.WriteNumberValue(((long*)Data)[row]);
}

internal sealed unsafe class IntervalReader : ColumnReader
{
    private SparkInterval Read(long row)
    {
        byte* cell = Data + (row * 16);
        return new SparkInterval(*(int*)cell, *(int*)(cell + 4), *(long*)(cell + 8));
    }

    public override object Value(long row) => Read(row);

    public override void Write(Utf8JsonWriter writer, long row)
    {
        SparkInterval value = Read(row);
        writer.WriteStartArray();
        writer.WriteNumberValue(value.Months);
        writer.WriteNumberValue(value.Days);
        writer.WriteNumberValue(value.Micros);
        writer.WriteEndArray();
    }
}

internal sealed class NullReader : ColumnReader
{
    public override object? Value(long row) => null;

    public override void Write(Utf8JsonWriter writer, long row) => writer.WriteNullValue();
}

internal sealed unsafe class ListReader(ColumnReader child) : ColumnReader
{
    public override void Attach(nint vector)
    {
        base.Attach(vector);
        child.Attach(duckdb_list_vector_get_child(vector));
    }

    public override object Value(long row)
    {
        (long start, long length) = Range(row);
        object?[] items = new object?[length];
        for (long i = 0; i < length; i++)
        {
            items[i] = child.ValueOrNull(start + i);
        }

        return new ArrayValue(items);
    }

    public override void Write(Utf8JsonWriter writer, long row)
    {
        (long start, long length) = Range(row);
        writer.WriteStartArray();
        for (long i = start; i < start + length; i++)
        {
            child.WriteOrNull(writer, i);
        }

        writer.WriteEndArray();
    }

    private (long Start, long Length) Range(long row) => (((long*)Data)[row * 2], ((long*)Data)[(row * 2) + 1]);
}

internal sealed class StructReader(ColumnReader[] children) : ColumnReader
{
    public override void Attach(nint vector)
    {
        base.Attach(vector);
        for (int i = 0; i < children.Length; i++)
        {
            children[i].Attach(duckdb_struct_vector_get_child(vector, (ulong)i));
        }
    }

    public override object Value(long row) => new StructValue([.. children.Select(child => child.ValueOrNull(row))]);

    public override void Write(Utf8JsonWriter writer, long row)
    {
        writer.WriteStartArray();
        foreach (ColumnReader child in children)
        {
            child.WriteOrNull(writer, row);
        }

        writer.WriteEndArray();
    }
}

internal sealed unsafe class MapReader(ColumnReader key, ColumnReader value) : ColumnReader
{
    public override void Attach(nint vector)
    {
        base.Attach(vector);
        nint entries = duckdb_list_vector_get_child(vector);
        key.Attach(duckdb_struct_vector_get_child(entries, 0));
        value.Attach(duckdb_struct_vector_get_child(entries, 1));
    }

    public override object Value(long row)
    {
        long start = ((long*)Data)[row * 2], length = ((long*)Data)[(row * 2) + 1];
        KeyValuePair<object, object?>[] entries = new KeyValuePair<object, object?>[length];
        for (long i = 0; i < length; i++)
        {
            entries[i] = new(key.Value(start + i)!, value.ValueOrNull(start + i));
        }

        return new MapValue(entries);
    }

    public override void Write(Utf8JsonWriter writer, long row)
    {
        long start = ((long*)Data)[row * 2], length = ((long*)Data)[(row * 2) + 1];
        writer.WriteStartArray();
        for (long i = start; i < start + length; i++)
        {
            writer.WriteStartArray();
            key.WriteOrNull(writer, i);
            value.WriteOrNull(writer, i);
            writer.WriteEndArray();
        }

        writer.WriteEndArray();
    }
}
