using Hearth.Engine.Types;

namespace Hearth.Engine.Printing;

/// <summary>Spark's casts in DuckDB SQL: a value that does not fit gives NULL and integers wrap; strict casts (ANSI mode) raise an error.</summary>
internal static class CastSql
{
    public static string Print(string value, SparkType from, SparkType to, TimeZoneInfo zone, bool strict = false)
    {
        if (from == SparkType.Void)
        {
            // raise_error has no value, but must not vanish.
            return $"CAST({(value.Contains("error(", StringComparison.Ordinal) ? value : "NULL")} AS {DuckTypes.NameOf(to)})";
        }

        return to switch
        {
            _ when to == SparkType.String => ToText(value, from, zone),
            _ when from.IsInterval != to.IsInterval => IntervalCastSql.Print(value, from, to, strict),
            ArrayType array => $"list_transform({value}, lambda e: {Print("e", ((ArrayType)from).Element, array.Element, zone, strict)})",
            MapType map => MapCast(value, (MapType)from, map, zone, strict),
            StructType type => StructCast(value, (StructType)from, type, zone, strict),
            _ when strict && Strict(value, from, to, zone) is { } sql => sql,
            _ when to.IsIntegral => ToIntegral(value, from, to),
            _ when to.IsFractional => ToFractional(value, from, to),
            DecimalType => from == SparkType.Boolean ? $"TRY_CAST(CAST({value} AS INTEGER) AS {DuckTypes.NameOf(to)})"
                : from == SparkType.Timestamp ? $"TRY_CAST((epoch_us({value}) / 1000000.0) AS {DuckTypes.NameOf(to)})"
                : $"TRY_CAST({(from == SparkType.String ? Trimmed(value) : value)} AS {DuckTypes.NameOf(to)})",
            _ when to == SparkType.Boolean => ToBoolean(value, from),
            _ when to == SparkType.Date => ToDate(value, from, zone),
            _ when to == SparkType.Timestamp => ToTimestamp(value, from, zone),
            _ when to == SparkType.TimestampNtz => from == SparkType.String ? $"hearth_to_timestamp_ntz({value})" : from == SparkType.Timestamp && IsUtc(zone) ? $"make_timestamp(epoch_us({value}))" : $"CAST({value} AS TIMESTAMP)",
            _ when to == SparkType.Binary => from == SparkType.String ? $"encode({value})" : $"hearth_binary(CAST({value} AS BIGINT), {(from == SparkType.Byte ? 1 : from == SparkType.Short ? 2 : from == SparkType.Int ? 4 : 8)})",
            _ when to.IsInterval => value,
            _ => $"TRY_CAST({value} AS {DuckTypes.NameOf(to)})",
        };
    }

    // What differs in ANSI mode; null when nothing does. libduckdb's own range errors are translated.
    private static string? Strict(string value, SparkType from, SparkType to, TimeZoneInfo zone)
    {
        string name = DuckTypes.NameOf(to);
        if (from == SparkType.String)
        {
            return to switch
            {
                _ when to.IsIntegral => $"hearth_strict_{Width(to)}({value})",
                _ when to.IsFractional => to == SparkType.Double ? $"hearth_strict_double({value})" : $"CAST(hearth_strict_double({value}) AS {name})",
                _ when to == SparkType.Date => $"hearth_strict_date({value})",
                _ when to == SparkType.Timestamp => $"hearth_strict_timestamp({value}, {DuckTypes.Literal(zone.Id)})",
                _ when to == SparkType.TimestampNtz => $"hearth_strict_timestamp_ntz({value})",
                _ when to == SparkType.Boolean || to is DecimalType => $"CAST({Trimmed(value)} AS {name})",
                _ => null,
            };
        }

        return (from.IsNumeric, to) switch
        {
            (true, _) when to.IsIntegral => from.IsIntegral ? $"CAST({value} AS {name})" : $"CAST(trunc({value}) AS {name})",
            (true, DecimalType) => $"CAST({value} AS {name})",
            _ => null,
        };
    }

    private static string MapCast(string value, MapType from, MapType to, TimeZoneInfo zone, bool strict) =>
        $"map_from_entries(list_transform(map_entries({value}), lambda e: {{'k': {Print("e.key", from.Key, to.Key, zone, strict)}, 'v': {Print("e.value", from.Value, to.Value, zone, strict)}}}))";

    // By position, as Spark does.
    private static string StructCast(string value, StructType from, StructType to, TimeZoneInfo zone, bool strict)
    {
        IEnumerable<string> fields = to.Fields.Select((field, i) =>
        {
            string own = $"struct_extract({value}, {DuckTypes.Literal(from.Fields[i].Name)})";
            return $"{DuckTypes.Literal(field.Name)}: {(from.Fields[i].Type == field.Type ? own : Print(own, from.Fields[i].Type, field.Type, zone, strict))}";
        });
        return $"CASE WHEN {value} IS NOT NULL THEN {{{string.Join(", ", fields)}}} END".Insert(0, "(") + ")";
    }

    private static string Width(SparkType type) => type == SparkType.Byte ? "byte" : type == SparkType.Short ? "short" : type == SparkType.Int ? "int" : "long";

    private static int Bits(SparkType type) => type == SparkType.Byte ? 8 : type == SparkType.Short ? 16 : type == SparkType.Int ? 32 : 64;

    private static string ToIntegral(string value, SparkType from, SparkType to)
    {
        string name = DuckTypes.NameOf(to);
        if (from == SparkType.String)
        {
            return $"hearth_to_{Width(to)}({value})";
        }

        if (from.IsIntegral)
        {
            return Bits(to) >= Bits(from) ? $"CAST({value} AS {name})" : Wrap($"CAST({value} AS HUGEINT)", to);
        }

        if (from.IsFractional)
        {
            // Java: NaN is 0, what is too large is the largest (of int for the narrow types, then cut).
            SparkType wide = to == SparkType.Long ? SparkType.Long : SparkType.Int;
            (string low, string high) = wide == SparkType.Long ? ("-9223372036854775808", "9223372036854775807") : ("-2147483648", "2147483647");
            string saturated = $"(CASE WHEN isnan({value}) THEN 0 WHEN {value} >= {high} THEN {high} WHEN {value} <= {low} THEN {low} ELSE CAST(trunc({value}) AS {DuckTypes.NameOf(wide)}) END)";
            return wide == to ? $"CAST({saturated} AS {name})" : Wrap($"CAST({saturated} AS HUGEINT)", to);
        }

        return from switch
        {
            DecimalType => Wrap($"CAST(trunc({value}) AS HUGEINT)", to),
            _ when from == SparkType.Boolean => $"CAST({value} AS {name})",
            _ when from == SparkType.Timestamp => Wrap($"CAST(floor(epoch({value})) AS HUGEINT)", to),
            _ when from == SparkType.Date => $"CAST(NULL AS {name})",
            _ => $"CAST({value} AS {name})",
        };
    }

    /// <summary>A HUGEINT cut to the bits of an integer type, as Java does.</summary>
    public static string Wrap(string huge, SparkType to)
    {
        int bits = Bits(to);
        string half = (UInt128.One << (bits - 1)).ToString(System.Globalization.CultureInfo.InvariantCulture), mask = ((UInt128.One << bits) - 1).ToString(System.Globalization.CultureInfo.InvariantCulture);
        return $"CAST((({huge} + {half}) & {mask}) - {half} AS {DuckTypes.NameOf(to)})";
    }

    private static string ToFractional(string value, SparkType from, SparkType to)
    {
        string name = DuckTypes.NameOf(to);
        return from switch
        {
            _ when from == SparkType.String => to == SparkType.Double ? $"hearth_to_double({value})" : $"CAST(hearth_to_double({value}) AS {name})",
            _ when from == SparkType.Timestamp => $"CAST(epoch_us({value}) / 1000000.0 AS {name})",
            _ when from == SparkType.Date => $"CAST(NULL AS {name})",
            _ => $"CAST({value} AS {name})",
        };
    }

    private static string ToBoolean(string value, SparkType from) =>
        from == SparkType.String ? $"TRY_CAST({Trimmed(value)} AS BOOLEAN)"
        : from == SparkType.Date ? "CAST(NULL AS BOOLEAN)"
        : from.IsTimestamp ? $"(epoch_us({value}) <> 0)"
        : $"({value} <> 0)";

    // Blanks and the control characters that texts have.
    private static string Trimmed(string value) => $"trim({value}, ' ' || chr(9) || chr(10) || chr(11) || chr(12) || chr(13))";

    // In UTC an instant is its local time: no calendar is needed.
    private static bool IsUtc(TimeZoneInfo zone) => ReferenceEquals(zone, TimeZoneInfo.Utc);

    private static string ToDate(string value, SparkType from, TimeZoneInfo zone) => from == SparkType.String ? $"hearth_to_date({value})"
        : from == SparkType.Timestamp && IsUtc(zone) ? $"CAST(make_timestamp(epoch_us({value})) AS DATE)"
        : $"CAST({value} AS DATE)";

    private static string ToTimestamp(string value, SparkType from, TimeZoneInfo zone) =>
        from == SparkType.String ? $"hearth_to_timestamp({value}, {DuckTypes.Literal(zone.Id)})"
        : from == SparkType.Boolean ? $"make_timestamptz(CAST({value} AS BIGINT))"
        : from.IsIntegral ? $"make_timestamptz(CAST({value} AS BIGINT) * 1000000)"
        : from.IsNumeric ? $"make_timestamptz(CAST(trunc({value} * 1000000) AS BIGINT))"
        : from == SparkType.TimestampNtz && IsUtc(zone) ? $"make_timestamptz(epoch_us({value}))"
        : $"CAST({value} AS TIMESTAMPTZ)";

    /// <summary>Spark's text of a value; inside nested values NULL is printed <c>null</c>.</summary>
    private static string ToText(string value, SparkType from, TimeZoneInfo zone)
    {
        string Inner(string item, SparkType type) => $"coalesce({(type == SparkType.String ? item : ToText(item, type, zone))}, 'null')";
        return from switch
        {
            _ when from == SparkType.String => value,
            _ when from == SparkType.Double => $"hearth_double_text({value})",
            _ when from == SparkType.Float => $"hearth_float_text({value})",
            _ when from == SparkType.Binary => $"hearth_utf8({value})",
            _ when from == SparkType.Timestamp => $"hearth_timestamp_text(epoch_us({value}), {DuckTypes.Literal(zone.Id)})",
            _ when from == SparkType.TimestampNtz => $"hearth_timestamp_text(epoch_us({value}), 'UTC')",
            _ when from == SparkType.Date => $"hearth_date_text({value})",
            DecimalType => $"hearth_decimal_text(CAST({value} AS VARCHAR))",
            _ when from.IsInterval => $"hearth_interval_text({value}, {DuckTypes.Literal(from.SimpleName)})",
            ArrayType a => $"('[' || array_to_string(list_transform({value}, lambda e: {Inner("e", a.Element)}), ', ') || ']')",
            MapType m => $"('{{' || array_to_string(list_transform(map_entries({value}), lambda e: {Inner("e.key", m.Key)} || ' -> ' || {Inner("e.value", m.Value)}), ', ') || '}}')",
            StructType s => $"CASE WHEN {value} IS NOT NULL THEN '{{' || {string.Join(" || ', ' || ", s.Fields.Select(f => Inner($"struct_extract({value}, {DuckTypes.Literal(f.Name)})", f.Type)))} || '}}' END".Insert(0, "(") + ")",
            _ => $"CAST({value} AS VARCHAR)",
        };
    }
}
