using System.Text.Json;
using Hearth.Engine.Types;

namespace Hearth.Engine.Printing;

/// <summary>How values become JSON text.</summary>
/// <param name="Zone">Session time zone.</param>
/// <param name="KeepNulls">Whether fields that are NULL are written.</param>
/// <param name="Times">Writes a date or a time, or gives null for Spark's own text.</param>
internal sealed record JsonForm(TimeZoneInfo Zone, bool KeepNulls = false, Func<string, SparkType, string?>? Times = null);

/// <summary>Values as Spark's JSON text in DuckDB SQL: NULL fields are left out, times are ISO with the zone's offset.</summary>
internal static class JsonSql
{
    /// <summary>A JSON object of columns.</summary>
    public static string Object(IEnumerable<(string Name, string Value, SparkType Type)> fields, JsonForm form)
    {
        // concat_ws skips NULL, and so do absent fields.
        string[] members = [.. fields.Select(f =>
        {
            string value = Value(f.Value, f.Type, form);
            return $"({DuckTypes.Literal($"\"{JsonEncodedText.Encode(f.Name, System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\":")} || {(form.KeepNulls ? $"coalesce({value}, 'null')" : value)})";
        })];
        return members.Length == 0 ? "'{}'" : $"('{{' || concat_ws(',', {string.Join(", ", members)}) || '}}')";
    }

    /// <summary>The JSON text of a value in Spark's default form; NULL stays NULL.</summary>
    public static string Value(string value, SparkType type, TimeZoneInfo zone) => Value(value, type, new JsonForm(zone));

    /// <summary>The JSON text of a value; NULL stays NULL.</summary>
    public static string Value(string value, SparkType type, JsonForm form)
    {
        TimeZoneInfo zone = form.Zone;
        return type switch
        {
            _ when (type == SparkType.Date || type.IsTimestamp) && form.Times?.Invoke(value, type) is { } text => $"hearth_json_string({text})",
            _ when type == SparkType.String => $"hearth_json_string({value})",
            _ when type.IsIntegral || type == SparkType.Boolean || type is DecimalType => $"CAST({value} AS VARCHAR)",
            _ when type == SparkType.Double => $"CASE WHEN isfinite({value}) THEN hearth_double_text({value}) ELSE '\"' || hearth_double_text({value}) || '\"' END",
            _ when type == SparkType.Float => $"CASE WHEN isfinite({value}) THEN hearth_float_text({value}) ELSE '\"' || hearth_float_text({value}) || '\"' END",
            _ when type == SparkType.Timestamp => $"('\"' || hearth_iso_timestamp(epoch_us({value}), {DuckTypes.Literal(zone.Id)}) || '\"')",
            _ when type == SparkType.TimestampNtz => $"('\"' || hearth_iso_timestamp(epoch_us({value}), '') || '\"')",
            _ when type == SparkType.Binary => $"('\"' || to_base64({value}) || '\"')",
            ArrayType a => $"('[' || array_to_string(list_transform({value}, lambda j: coalesce({Value("j", a.Element, form)}, 'null')), ',') || ']')",
            MapType m => $"('{{' || array_to_string(list_transform(map_entries({value}), lambda j: hearth_json_string({CastSql.Print("j.key", m.Key, SparkType.String, zone)}) || ':' || coalesce({Value("j.value", m.Value, form)}, 'null')), ',') || '}}')",
            StructType s => $"CASE WHEN {value} IS NOT NULL THEN {Object(s.Fields.Select(f => (f.Name, $"struct_extract({value}, {DuckTypes.Literal(f.Name)})", f.Type)), form)} END",
            _ => $"('\"' || {CastSql.Print(value, type, SparkType.String, zone)} || '\"')",
        };
    }
}
