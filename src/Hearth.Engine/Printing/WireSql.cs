using Hearth.Engine.Types;

namespace Hearth.Engine.Printing;

/// <summary>Values in the JSON form of the engine protocol, in DuckDB SQL: what Python functions are called with, and what they answer.</summary>
internal static class WireSql
{
    /// <summary>A JSON array of the arguments of one row.</summary>
    public static string Row(IReadOnlyList<(string Value, SparkType Type)> values, TimeZoneInfo zone) =>
        values.Count == 0 ? "'[]'" : $"('[' || {string.Join(" || ',' || ", values.Select(v => Nullable(v.Value, v.Type, zone, 0)))} || ']')";

    private static string Nullable(string value, SparkType type, TimeZoneInfo zone, int depth) => $"coalesce({Value(value, type, zone, depth)}, 'null')";

    private static string Value(string value, SparkType type, TimeZoneInfo zone, int depth)
    {
        string item = $"w{depth}";
        return type switch
        {
            _ when type == SparkType.Void => "'null'",
            _ when type.IsTimestamp => $"CAST(epoch_us({value}) AS VARCHAR)",
            DayTimeType => $"CAST(CAST(round(epoch({value}) * 1000000) AS BIGINT) AS VARCHAR)",
            DecimalType => $"('\"' || CAST({value} AS VARCHAR) || '\"')",
            ArrayType a => $"('[' || array_to_string(list_transform({value}, lambda {item}: {Nullable(item, a.Element, zone, depth + 1)}), ',') || ']')",
            MapType m => $"('[' || array_to_string(list_transform(map_entries({value}), lambda {item}: '[' || {Nullable($"{item}.key", m.Key, zone, depth + 1)} || ',' || {Nullable($"{item}.value", m.Value, zone, depth + 1)} || ']'), ',') || ']')",
            StructType s => $"CASE WHEN {value} IS NOT NULL THEN '[' || {string.Join(" || ',' || ", s.Fields.Select(f => Nullable($"struct_extract({value}, {DuckTypes.Literal(f.Name)})", f.Type, zone, depth + 1)))} || ']' END",
            _ => JsonSql.Value(value, type, zone),
        };
    }

    /// <summary>The value <c>v</c> of an answer <c>{"v": ..}</c>; structs are objects, maps lists of <c>{"k", "v"}</c>.</summary>
    public static string Read(string answer, SparkType type) => Convert($"struct_extract(json_transform({answer}, {DuckTypes.Literal($"{{\"v\":{Shape(type)}}}")}), 'v')", type, 0);

    private static string Shape(SparkType type) => type switch
    {
        ArrayType a => $"[{Shape(a.Element)}]",
        MapType m => $"[{{\"k\":{Shape(m.Key)},\"v\":{Shape(m.Value)}}}]",
        StructType s => $"{{{string.Join(",", s.Fields.Select(f => $"\"{System.Text.Json.JsonEncodedText.Encode(f.Name)}\":{Shape(f.Type)}"))}}}",
        _ when type.IsTimestamp || type.IsInterval => "\"BIGINT\"",
        _ when type == SparkType.Date || type is DecimalType || type == SparkType.Binary || type == SparkType.Void => "\"VARCHAR\"",
        _ => $"\"{DuckTypes.NameOf(type)}\"",
    };

    private static string Convert(string value, SparkType type, int depth)
    {
        string item = $"w{depth}";
        return type switch
        {
            ArrayType a => $"list_transform({value}, lambda {item}: {Convert(item, a.Element, depth + 1)})",
            MapType m => $"map_from_entries(list_transform({value}, lambda {item}: struct_pack(k := {Convert($"{item}.k", m.Key, depth + 1)}, v := {Convert($"{item}.v", m.Value, depth + 1)})))",
            StructType s => $"CASE WHEN {value} IS NOT NULL THEN struct_pack({string.Join(", ", s.Fields.Select(f => $"{DuckTypes.Quote(f.Name)} := {Convert($"struct_extract({value}, {DuckTypes.Literal(f.Name)})", f.Type, depth + 1)}"))}) END",
            _ when type == SparkType.Timestamp => $"make_timestamptz({value})",
            _ when type == SparkType.TimestampNtz => $"make_timestamp({value})",
            DayTimeType => $"to_microseconds({value})",
            _ when type == SparkType.Binary => $"from_base64({value})",
            _ when type == SparkType.Date || type is DecimalType => $"TRY_CAST({value} AS {DuckTypes.NameOf(type)})",
            _ => value,
        };
    }
}
