using System.Globalization;
using Hearth.Engine.Binding;
using Hearth.Engine.Plans;
using Hearth.Engine.Types;

namespace Hearth.Engine.Functions;

/// <summary>
/// Intervals times and divided by numbers. Months and microseconds are rounded half up, exactly where the number is whole or a decimal. Of a calendar interval
/// (make_interval) every part is scaled for itself: fractions of months are dropped, those of days become time. Source: Spark's IntervalUtils.
/// </summary>
internal static class IntervalScaling
{
    private const string Months = "(extract(year FROM {0}) * 12 + extract(month FROM {0}))";
    private const string Time = "(CAST(extract(hour FROM {0}) AS BIGINT) * 3600000000 + extract(minute FROM {0}) * 60000000 + extract(microsecond FROM {0}))";

    /// <param name="interval">An interval.</param>
    /// <param name="symbol">* or /.</param>
    /// <param name="number">A number, or text that is one.</param>
    /// <param name="nullAtZero">Division by zero is NULL instead of an error.</param>
    public static BoundExpr Of(BoundExpr interval, string symbol, BoundExpr number, bool nullAtZero)
    {
        if (!number.Type.IsNumeric || interval.Type == SparkType.CalendarInterval)
        {
            number = number.To(SparkType.Double);
        }

        string by = symbol == "*" ? "{1}" : nullAtZero ? "nullif({1}, 0)"
            : "CASE WHEN {1} = 0 THEN error('[INTERVAL_DIVIDED_BY_ZERO] Division by zero. Use `try_divide` to tolerate divisor being 0 and return NULL instead.') ELSE {1} END";
        return interval.Type switch
        {
            YearMonthType => FunctionCall.MakeNullable($"to_months(CAST({Amount(Months, symbol, by, number.Type)} AS INTEGER))", new YearMonthType(), interval, number),
            DayTimeType => FunctionCall.MakeNullable($"to_microseconds(CAST({Amount("hearth_interval_micros({0})", symbol, by, number.Type)} AS BIGINT))", new DayTimeType(), interval, number),
            _ => FunctionCall.MakeNullable(Parts($"{symbol} {by}"), interval.Type, interval, number),
        };
    }

    private static string Amount(string whole, string symbol, string by, SparkType type) => (symbol, type) switch
    {
        ("*", _) when type.IsIntegral => $"CAST({whole} AS HUGEINT) * CAST({by} AS HUGEINT)",
        ("*", DecimalType { Precision: <= 19 }) => $"round(CAST({whole} AS DECIMAL(19, 0)) * {by})",
        // Quotients of whole numbers: a half is a half.
        ("/", DecimalType d) => string.Create(CultureInfo.InvariantCulture, $"round(({whole} * 1e{d.Scale}) / round(CAST({by} AS DOUBLE) * 1e{d.Scale}))"),
        _ => $"round({whole} {symbol} CAST({by} AS DOUBLE))",
    };

    private static string Parts(string scaled)
    {
        string days = $"extract(day FROM {{0}}) {scaled}";
        return $"(to_months(CAST(trunc({Months} {scaled}) AS INTEGER)) + to_days(CAST(trunc({days}) AS INTEGER)) + to_microseconds(CAST(round({Time} {scaled} + 86400000000 * (({days}) - trunc({days}))) AS BIGINT)))";
    }
}
