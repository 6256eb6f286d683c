using System.Text.Json;
using Hearth.Engine.Types;

namespace Hearth.Engine.Printing;

/// <summary>Values as Spark's JSON text in DuckDB SQL: NULL fields are left out, times are ISO with the zone's offset.</summary>
internal static class JsonSql
{
    /// <summary>A JSON object of columns.</summary>
    public static string Object(IEnumerable<(string Name, string Value, SparkType Type)> fields, TimeZoneInfo zone)
    {
        // concat_ws skips NULL, and so do absent fields.
        string[] members = [.. fields.Select(f => $"({DuckTypes.Literal($"\"{JsonEncodedText.Encode(f.Name, System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\":")} || {Value(f.Value, f.Type, zone)})")];
        return members.Length == 0 ? "'{}'" : $"('{{' || concat_ws(',', {string.Join(", ", members)}) || '}}')";
    }

    /// <summary>The JSON text of a value; NULL stays NULL.</summary>
    public static string Value(string value, SparkType type, TimeZoneInfo zone)
    {
        return type switch
        {
            _ when type == SparkType.String => $"hearth_json_string({value})",
            _ when type.IsIntegral || type == SparkType.Boolean || type is DecimalType => $"CAST({value} AS VARCHAR)",
            _ when type == SparkType.Double => $"CASE WHEN isfinite({value}) THEN hearth_double_text({value}) ELSE '\"' || hearth_double_text({value}) || '\"' END",
            _ when type == SparkType.Float => $"CASE WHEN isfinite({value}) THEN hearth_float_text({value}) ELSE '\"' || hearth_float_text({value}) || '\"' END",
            _ when type == SparkType.Timestamp => $"('\"' || hearth_iso_timestamp(epoch_us({value}), {DuckTypes.Literal(zone.Id)}) || '\"')",
            _ when type == SparkType.TimestampNtz => $"('\"' || hearth_iso_timestamp(epoch_us({value}), '') || '\"')",
            _ when type == SparkType.Binary => $"('\"' || to_base64({value}) || '\"')",
            ArrayType a => $"('[' || array_to_string(list_transform({value}, lambda j: coalesce({Value("j", a.Element, zone)}, 'null')), ',') || ']')",
            MapType m => $"('{{' || array_to_string(list_transform(map_entries({value}), lambda j: hearth_json_string({CastSql.Print("j.key", m.Key, SparkType.String, zone)}) || ':' || coalesce({Value("j.value", m.Value, zone)}, 'null')), ',') || '}}')",
            StructType s => $"CASE WHEN {value} IS NOT NULL THEN {Object(s.Fields.Select(f => (f.Name, $"struct_extract({value}, {DuckTypes.Literal(f.Name)})", f.Type)), zone)} END",
            _ => $"('\"' || {CastSql.Print(value, type, SparkType.String, zone)} || '\"')",
        };
    }
}
