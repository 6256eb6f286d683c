using static Hearth.Engine.Duck.NativeMethods;

namespace Hearth.Engine.Duck;

/// <summary>duckdb_type: the values of duckdb.h.</summary>
public enum DuckTypeId
{
    Invalid = 0, Boolean = 1, TinyInt = 2, SmallInt = 3, Integer = 4, BigInt = 5, UTinyInt = 6, USmallInt = 7, UInteger = 8, UBigInt = 9,
    Float = 10, Double = 11, Timestamp = 12, Date = 13, Time = 14, Interval = 15, HugeInt = 16, Varchar = 17, Blob = 18, Decimal = 19,
    TimestampS = 20, TimestampMs = 21, TimestampNs = 22, Enum = 23, List = 24, Struct = 25, Map = 26, Uuid = 27, Union = 28, Bit = 29,
    TimeTz = 30, TimestampTz = 31, UHugeInt = 32, Array = 33, Any = 34, BigNum = 35, SqlNull = 36,
}

/// <summary>A logical type read out of libduckdb.</summary>
/// <param name="Id">The kind.</param>
/// <param name="Children">List: element; map: key and value; struct: fields; else empty.</param>
/// <param name="Names">Field names of a struct.</param>
/// <param name="Precision">Digits of a decimal.</param>
/// <param name="Scale">Fraction digits of a decimal.</param>
public sealed record DuckType(DuckTypeId Id, IReadOnlyList<DuckType> Children, IReadOnlyList<string> Names, int Precision = 0, int Scale = 0)
{
    /// <summary>Reads and destroys a duckdb_logical_type.</summary>
    internal static DuckType Take(nint type)
    {
        try
        {
            return Read(type);
        }
        finally
        {
            duckdb_destroy_logical_type(ref type);
        }
    }

    private static unsafe DuckType Read(nint type)
    {
        DuckTypeId id = (DuckTypeId)duckdb_get_type_id(type);
        switch (id)
        {
            case DuckTypeId.Decimal:
                return new DuckType(id, [], [], duckdb_decimal_width(type), duckdb_decimal_scale(type));
            case DuckTypeId.List:
                return new DuckType(id, [Take(duckdb_list_type_child_type(type))], []);
            case DuckTypeId.Map:
                return new DuckType(id, [Take(duckdb_map_type_key_type(type)), Take(duckdb_map_type_value_type(type))], []);
            case DuckTypeId.Struct:
                ulong count = duckdb_struct_type_child_count(type);
                List<DuckType> children = [];
                List<string> names = [];
                for (ulong i = 0; i < count; i++)
                {
                    names.Add(TakeText(duckdb_struct_type_child_name(type, i)));
                    children.Add(Take(duckdb_struct_type_child_type(type, i)));
                }

                return new DuckType(id, children, names);
            default:
                return new DuckType(id, [], []);
        }
    }
}
