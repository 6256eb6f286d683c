using Hearth.Engine.Duck;

namespace Hearth.Engine.Types;

/// <summary>Spark types in DuckDB's terms and back.</summary>
public static class DuckTypes
{
    /// <summary>The DuckDB type that holds a Spark type.</summary>
    public static string NameOf(SparkType type) => type switch
    {
        AtomicType atomic => atomic.Duck,
        DecimalType d => $"DECIMAL({d.Precision},{d.Scale})",
        ArrayType a => NameOf(a.Element) + "[]",
        MapType m => $"MAP({NameOf(m.Key)}, {NameOf(m.Value)})",
        StructType s => $"STRUCT({string.Join(", ", s.Fields.Select(f => $"{Quote(f.Name)} {NameOf(f.Type)}"))})",
        _ => "INTERVAL",
    };

    /// <summary>A quoted DuckDB identifier.</summary>
    public static string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>A DuckDB string literal.</summary>
    public static string Literal(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    /// <summary>The Spark type that Spark gives a column of this DuckDB type in a file.</summary>
    /// <exception cref="EngineException">No Spark type holds it.</exception>
    public static SparkType ToSpark(DuckType type) => type.Id switch
    {
        DuckTypeId.Boolean => SparkType.Boolean,
        DuckTypeId.TinyInt => SparkType.Byte,
        DuckTypeId.SmallInt or DuckTypeId.UTinyInt => SparkType.Short,
        DuckTypeId.Integer or DuckTypeId.USmallInt => SparkType.Int,
        DuckTypeId.BigInt or DuckTypeId.UInteger => SparkType.Long,
        DuckTypeId.UBigInt => new DecimalType(20, 0),
        DuckTypeId.HugeInt or DuckTypeId.UHugeInt => new DecimalType(38, 0),
        DuckTypeId.Float => SparkType.Float,
        DuckTypeId.Double => SparkType.Double,
        DuckTypeId.Varchar or DuckTypeId.Uuid or DuckTypeId.Enum => SparkType.String,
        DuckTypeId.Blob => SparkType.Binary,
        DuckTypeId.Decimal => new DecimalType(type.Precision, type.Scale),
        DuckTypeId.Date => SparkType.Date,
        DuckTypeId.Timestamp or DuckTypeId.TimestampS or DuckTypeId.TimestampMs or DuckTypeId.TimestampNs => SparkType.TimestampNtz,
        DuckTypeId.TimestampTz => SparkType.Timestamp,
        DuckTypeId.SqlNull => SparkType.Void,
        DuckTypeId.Interval => SparkType.CalendarInterval,
        DuckTypeId.List or DuckTypeId.Array => new ArrayType(ToSpark(type.Children[0])),
        DuckTypeId.Map => new MapType(ToSpark(type.Children[0]), ToSpark(type.Children[1])),
        DuckTypeId.Struct => new StructType(type.Children.Select((child, i) => new StructField(type.Names[i], ToSpark(child))).ToSeq()),
        _ => throw new EngineException("UNSUPPORTED_FEATURE", $"A column of type {type.Id} has no Spark type.", ErrorKind.UnsupportedOperationException, "use `--engine spark`"),
    };
}
