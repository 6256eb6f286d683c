using System.Runtime.CompilerServices;
using static Hearth.Engine.Duck.NativeMethods;

namespace Hearth.Engine.Duck;

/// <summary>A vector of decimals or whole numbers as unscaled 128-bit integers; libduckdb keeps them in 1 to 16 bytes.</summary>
internal readonly unsafe struct DecimalView
{
    private readonly VectorView _view;
    private readonly int _bytes;

    public DecimalView(nint vector)
    {
        _view = new VectorView(vector);
        nint type = duckdb_vector_get_column_type(vector);
        DuckTypeId id = (DuckTypeId)duckdb_get_type_id(type);
        int width = id == DuckTypeId.Decimal ? duckdb_decimal_width(type) : 0;
        Scale = id == DuckTypeId.Decimal ? duckdb_decimal_scale(type) : 0;
        _bytes = id switch
        {
            DuckTypeId.Decimal => width <= 4 ? 2 : width <= 9 ? 4 : width <= 18 ? 8 : 16,
            DuckTypeId.TinyInt => 1,
            DuckTypeId.SmallInt => 2,
            DuckTypeId.Integer => 4,
            DuckTypeId.BigInt => 8,
            DuckTypeId.HugeInt => 16,
            _ => 0,
        };
        duckdb_destroy_logical_type(ref type);
    }

    /// <summary>Fraction digits.</summary>
    public int Scale { get; }

    /// <summary>Whether the row is NULL; every row of a NULL literal is.</summary>
    public bool IsNull(long row) => _bytes == 0 || _view.IsNull(row);

    public Int128 Read(long row) => _bytes switch
    {
        1 => ((sbyte*)_view.Data)[row],
        2 => ((short*)_view.Data)[row],
        4 => ((int*)_view.Data)[row],
        8 => ((long*)_view.Data)[row],
        _ => Unsafe.ReadUnaligned<Int128>(_view.Data + (row * 16)),
    };
}
