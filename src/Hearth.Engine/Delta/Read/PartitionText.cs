using Hearth.Engine.Printing;
using Hearth.Engine.Types;

namespace Hearth.Engine.Delta.Read;

/// <summary>Partition values: text in the log, typed in a query (Delta protocol, "Partition Value Serialization").</summary>
internal static class PartitionText
{
    /// <summary>DuckDB SQL of a value; an empty text is NULL.</summary>
    public static string Typed(string? text, SparkType type, TimeZoneInfo zone) => string.IsNullOrEmpty(text) ? $"CAST(NULL AS {DuckTypes.NameOf(type)})"
        : type == SparkType.String ? DuckTypes.Literal(text)
        : $"CAST({CastSql.Print(DuckTypes.Literal(text), SparkType.String, type, zone)} AS {DuckTypes.NameOf(type)})";

    /// <summary>DuckDB SQL of the log's text of a value; instants in UTC, so that every reader agrees on them.</summary>
    public static string Text(string value, SparkType type, TimeZoneInfo zone) =>
        type == SparkType.Timestamp ? $"strftime(make_timestamp(epoch_us({value})), '%Y-%m-%dT%H:%M:%S.%fZ')"
        : CastSql.Print(value, type, SparkType.String, zone);
}
