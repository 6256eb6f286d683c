using Hearth.Engine.Types;

namespace Hearth.Engine.Printing;

/// <summary>
/// Casts between intervals and numbers or text. A number counts the interval's last unit: 10 is ten days as INTERVAL DAY and ten seconds as INTERVAL HOUR TO SECOND.
/// What does not fit is an error with ANSI mode off too. Source: Spark's Cast and IntervalUtils.
/// </summary>
internal static class IntervalCastSql
{
    private static readonly long[] DayTimeUnits = [86_400_000_000, 3_600_000_000, 60_000_000, 1_000_000];

    /// <summary>The cast; one of the two types is an interval, the other a number or text.</summary>
    public static string Print(string value, SparkType from, SparkType to, bool strict) =>
        from == SparkType.String ? $"hearth_to_interval({value}, {DuckTypes.Literal(to.SimpleName)}, {(strict || to != SparkType.CalendarInterval ? "true" : "false")})"
        : to.IsInterval ? FromNumber(value, from, to)
        : to is DecimalType decimals ? ToDecimal(value, from, decimals)
        : ToWhole(value, from, to);

    private static string FromNumber(string value, SparkType from, SparkType to)
    {
        bool months = to is YearMonthType;
        long unit = to is YearMonthType y ? (y.End == 0 ? 12 : 1) : DayTimeUnits[((DayTimeType)to).End];
        // Fractions: months and microseconds are rounded, days, hours and minutes are cut.
        string huge = from is not DecimalType d ? $"(CAST({value} AS HUGEINT) * {unit})"
            : months || to is DayTimeType { End: 3 } ? $"CAST(round(CAST({value} AS DECIMAL(38, {d.Scale})) * {unit}, 0) AS HUGEINT)"
            : $"(CAST(trunc({value}) AS HUGEINT) * {unit})";
        string limit = months ? "2147483647" : "9223372036854775807";
        return $"(CASE WHEN {huge} NOT BETWEEN -{limit} - 1 AND {limit} THEN error({Overflow(from, to)}) ELSE {(months ? $"to_months(CAST({huge} AS INTEGER))" : $"to_microseconds(CAST({huge} AS BIGINT))")} END)";
    }

    private static string ToWhole(string value, SparkType from, SparkType to)
    {
        string units = from is YearMonthType y ? $"({Months(value)} // {(y.End == 0 ? 12 : 1)})" : $"({Micros(value)} // {DayTimeUnits[((DayTimeType)from).End]})";
        (string low, string high) = to == SparkType.Byte ? ("-128", "127") : to == SparkType.Short ? ("-32768", "32767") : to == SparkType.Int ? ("-2147483648", "2147483647") : ("-9223372036854775808", "9223372036854775807");
        return $"(CASE WHEN {units} NOT BETWEEN {low} AND {high} THEN error({Overflow(from, to)}) ELSE CAST({units} AS {DuckTypes.NameOf(to)}) END)";
    }

    private static string ToDecimal(string value, SparkType from, DecimalType to)
    {
        string name = DuckTypes.NameOf(to);
        string text = from switch
        {
            YearMonthType y => $"TRY_CAST(({Months(value)} // {(y.End == 0 ? 12 : 1)}) AS {name})",
            DayTimeType { End: 3 } => $"TRY_CAST(hearth_micros_text({Micros(value)}) AS {name})",
            _ => $"TRY_CAST(({Micros(value)} // {DayTimeUnits[((DayTimeType)from).End]}) AS {name})",
        };
        string error = DuckTypes.Literal($"[NUMERIC_VALUE_OUT_OF_RANGE.WITH_SUGGESTION] The interval cannot be represented as Decimal({to.Precision}, {to.Scale}).");
        return $"(CASE WHEN {value} IS NULL THEN NULL WHEN {text} IS NULL THEN error({error}) ELSE {text} END)";
    }

    private static string Months(string value) => $"(CAST(extract(year FROM {value}) AS BIGINT) * 12 + extract(month FROM {value}))";

    private static string Micros(string value) => $"hearth_interval_micros({value})";

    private static string Overflow(SparkType from, SparkType to) =>
        DuckTypes.Literal($"[CAST_OVERFLOW] A value of the type \"{from.SqlName}\" cannot be cast to \"{to.SqlName}\" due to an overflow. Use `try_cast` to tolerate overflow and return NULL instead.");
}
