using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static Hearth.Engine.Duck.NativeMethods;

namespace Hearth.Engine.Duck;

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

    /// <summary>A function of two decimals or whole numbers, an operation and a precision, to a decimal of 38 digits with a scale.</summary>
    /// <param name="name">Name.</param>
    /// <param name="scale">Fraction digits of the result.</param>
    /// <param name="function">Unscaled value and scale of both operands, operation, precision; null gives NULL.</param>
    public void AddDecimal(string name, int scale, Func<Int128, int, Int128, int, int, int, Int128?> function) =>
        Register(name, [DuckTypeId.Any, DuckTypeId.Any, DuckTypeId.Integer, DuckTypeId.Integer], duckdb_create_decimal_type(38, (byte)scale), isVolatile: false, (chunk, rows, output) =>
    {
        DecimalView a = new(duckdb_data_chunk_get_vector(chunk, 0)), b = new(duckdb_data_chunk_get_vector(chunk, 1));
        VectorView operation = new(duckdb_data_chunk_get_vector(chunk, 2)), precision = new(duckdb_data_chunk_get_vector(chunk, 3));
        ResultVector result = new(output);
        for (long row = 0; row < rows; row++)
        {
            if (!a.IsNull(row) && !b.IsNull(row) && function(a.Read(row), a.Scale, b.Read(row), b.Scale, IntCodec.Read(operation.Data, row), IntCodec.Read(precision.Data, row)) is { } value)
            {
                Unsafe.WriteUnaligned(result.Data + (row * 16), value);
            }
            else
            {
                result.SetNull(row);
            }
        }
    });

    /// <summary>A function of a constant text and a text, called once for all rows of a chunk.</summary>
    public void AddBatch(string name, bool isVolatile, Func<string, IReadOnlyList<string?>, IReadOnlyList<string?>> function) =>
        Register(name, [DuckTypeId.Varchar, DuckTypeId.Varchar], DuckTypeId.Varchar, isVolatile, (chunk, rows, output) =>
    {
        VectorView first = new(duckdb_data_chunk_get_vector(chunk, 0)), second = new(duckdb_data_chunk_get_vector(chunk, 1));
        ResultVector result = new(output);
        string?[] texts = new string?[rows];
        for (long row = 0; row < rows; row++)
        {
            texts[row] = second.IsNull(row) ? null : TextCodec.Read(second.Data, row);
        }

        IReadOnlyList<string?> answers = rows == 0 ? [] : function(TextCodec.Read(first.Data, 0), texts);
        for (int row = 0; row < rows; row++)
        {
            if (answers[row] is { } answer)
            {
                TextCodec.Write(output, result.Data, row, answer);
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
