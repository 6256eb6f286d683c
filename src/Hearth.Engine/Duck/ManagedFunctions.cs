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

/// <summary>A function of one argument; false gives NULL.</summary>
internal delegate bool Function1<TA, TR>(TA a, out TR result);

/// <summary>A function of two arguments; false gives NULL.</summary>
internal delegate bool Function2<TA, TB, TR>(TA a, TB b, out TR result);

/// <summary>A function of three arguments; false gives NULL.</summary>
internal delegate bool Function3<TA, TB, TC, TR>(TA a, TB b, TC c, out TR result);

/// <summary>Registers .NET functions as DuckDB scalar functions. NULL arguments give NULL without a call.</summary>
internal sealed unsafe class ManagedFunctions(DuckConnection connection)
{
    // Bodies live as long as the process: DuckDB keeps only an index.
    private static readonly List<Action<nint, long, nint>> Bodies = [];
    private static readonly Lock Gate = new();

    public void Add<TA, CA, TR, CR>(string name, Function1<TA, TR> function, bool isVolatile = false)
        where CA : IVectorCodec<TA>
        where CR : IVectorCodec<TR> => Register(name, [CA.Type], CR.Type, isVolatile, (chunk, rows, output) =>
    {
        VectorView a = new(duckdb_data_chunk_get_vector(chunk, 0));
        ResultVector result = new(output);
        for (long row = 0; row < rows; row++)
        {
            if (!a.IsNull(row) && function(CA.Read(a.Data, row), out TR value))
            {
                CR.Write(output, result.Data, row, value);
            }
            else
            {
                result.SetNull(row);
            }
        }
    });

    public void Add<TA, CA, TB, CB, TR, CR>(string name, Function2<TA, TB, TR> function)
        where CA : IVectorCodec<TA>
        where CB : IVectorCodec<TB>
        where CR : IVectorCodec<TR> => Register(name, [CA.Type, CB.Type], CR.Type, isVolatile: false, (chunk, rows, output) =>
    {
        VectorView a = new(duckdb_data_chunk_get_vector(chunk, 0)), b = new(duckdb_data_chunk_get_vector(chunk, 1));
        ResultVector result = new(output);
        for (long row = 0; row < rows; row++)
        {
            if (!a.IsNull(row) && !b.IsNull(row) && function(CA.Read(a.Data, row), CB.Read(b.Data, row), out TR value))
            {
                CR.Write(output, result.Data, row, value);
            }
            else
            {
                result.SetNull(row);
            }
        }
    });

    public void Add<TA, CA, TB, CB, TC, CC, TR, CR>(string name, Function3<TA, TB, TC, TR> function)
        where CA : IVectorCodec<TA>
        where CB : IVectorCodec<TB>
        where CC : IVectorCodec<TC>
        where CR : IVectorCodec<TR> => Register(name, [CA.Type, CB.Type, CC.Type], CR.Type, isVolatile: false, (chunk, rows, output) =>
    {
        VectorView a = new(duckdb_data_chunk_get_vector(chunk, 0)), b = new(duckdb_data_chunk_get_vector(chunk, 1)), c = new(duckdb_data_chunk_get_vector(chunk, 2));
        ResultVector result = new(output);
        for (long row = 0; row < rows; row++)
        {
            if (!a.IsNull(row) && !b.IsNull(row) && !c.IsNull(row) && function(CA.Read(a.Data, row), CB.Read(b.Data, row), CC.Read(c.Data, row), out TR value))
            {
                CR.Write(output, result.Data, row, value);
            }
            else
            {
                result.SetNull(row);
            }
        }
    });

    /// <summary>A function over text arguments only; any of them may be NULL.</summary>
    public void AddText(string name, int arguments, Func<string?[], string?> function) =>
        Register(name, [.. Enumerable.Repeat(DuckTypeId.Varchar, arguments)], DuckTypeId.Varchar, isVolatile: false, (chunk, rows, output) =>
    {
        ResultVector result = new(output);
        string?[] values = new string?[arguments];
        VectorView[] views = new VectorView[arguments];
        for (int i = 0; i < arguments; i++)
        {
            views[i] = new VectorView(duckdb_data_chunk_get_vector(chunk, (ulong)i));
        }

        for (long row = 0; row < rows; row++)
        {
            for (int i = 0; i < arguments; i++)
            {
                values[i] = views[i].IsNull(row) ? null : TextCodec.Read(views[i].Data, row);
            }

            if (function(values) is { } value)
            {
                TextCodec.Write(output, result.Data, row, value);
            }
            else
            {
                result.SetNull(row);
            }
        }
    }, seesNulls: true);

    /// <summary>A function from two texts to a list of texts; null gives NULL.</summary>
    public void AddTextList(string name, int arguments, Func<string[], IReadOnlyList<string>?> function)
    {
        nint text = duckdb_create_logical_type((int)DuckTypeId.Varchar);
        nint list = duckdb_create_list_type(text);
        duckdb_destroy_logical_type(ref text);
        Register(name, [.. Enumerable.Repeat(DuckTypeId.Varchar, arguments)], list, isVolatile: false, (chunk, rows, output) =>
        {
            ResultVector result = new(output);
            VectorView[] views = new VectorView[arguments];
            for (int i = 0; i < arguments; i++)
            {
                views[i] = new VectorView(duckdb_data_chunk_get_vector(chunk, (ulong)i));
            }

            ulong used = 0;
            for (long row = 0; row < rows; row++)
            {
                IReadOnlyList<string>? items = views.Any(v => v.IsNull(row)) ? null : function([.. views.Select(v => TextCodec.Read(v.Data, row))]);
                ((ulong*)result.Data)[row * 2] = used;
                ((ulong*)result.Data)[(row * 2) + 1] = (ulong)(items?.Count ?? 0);
                if (items is null)
                {
                    result.SetNull(row);
                    continue;
                }

                _ = duckdb_list_vector_reserve(output, used + (ulong)items.Count);
                nint child = duckdb_list_vector_get_child(output);
                foreach (string item in items)
                {
                    TextCodec.Write(child, null, (long)used++, item);
                }

                _ = duckdb_list_vector_set_size(output, used);
            }
        });
    }

    private void Register(string name, DuckTypeId[] parameters, DuckTypeId returns, bool isVolatile, Action<nint, long, nint> body, bool seesNulls = false) =>
        Register(name, parameters, duckdb_create_logical_type((int)returns), isVolatile, body, seesNulls);

    private void Register(string name, DuckTypeId[] parameters, nint returns, bool isVolatile, Action<nint, long, nint> body, bool seesNulls = false)
    {
        nint function = duckdb_create_scalar_function();
        duckdb_scalar_function_set_name(function, name);
        foreach (DuckTypeId parameter in parameters)
        {
            nint type = duckdb_create_logical_type((int)parameter);
            duckdb_scalar_function_add_parameter(function, type);
            duckdb_destroy_logical_type(ref type);
        }

        duckdb_scalar_function_set_return_type(function, returns);
        duckdb_destroy_logical_type(ref returns);
        if (isVolatile)
        {
            duckdb_scalar_function_set_volatile(function);
        }

        if (seesNulls)
        {
            duckdb_scalar_function_set_special_handling(function);
        }

        int index;
        lock (Gate)
        {
            Bodies.Add(body);
            index = Bodies.Count;
        }

        duckdb_scalar_function_set_extra_info(function, index, 0);
        duckdb_scalar_function_set_function(function, &Call);
        int state = duckdb_register_scalar_function(connection.Pointer, function);
        duckdb_destroy_scalar_function(ref function);
        if (state != 0)
        {
            throw new EngineException("ENGINE_START_FAILED", $"The function {name} cannot be registered.", ErrorKind.SparkRuntimeException);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Call(nint info, nint chunk, nint output)
    {
        try
        {
            Action<nint, long, nint> body;
            lock (Gate)
            {
                body = Bodies[(int)duckdb_scalar_function_get_extra_info(info) - 1];
            }

            body(chunk, (long)duckdb_data_chunk_get_size(chunk), output);
        }
        catch (Exception error)
        {
            // No exception may cross into native code.
            duckdb_scalar_function_set_error(info, error is EngineException e ? e.Describe() : error.Message);
        }
    }
}
