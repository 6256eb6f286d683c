using Hearth.Engine.Binding;
using Hearth.Engine.Plans;
using Hearth.Engine.Types;

namespace Hearth.Engine.Functions;

/// <summary>Arithmetic with dates, timestamps and intervals.</summary>
internal static class DateArithmetic
{
    /// <summary>a + b, or null when neither is a date, timestamp or interval.</summary>
    public static BoundExpr? Add(BoundExpr a, BoundExpr b)
    {
        if (b.Type == SparkType.Date && (a.Type.IsIntegral || a.Type.IsInterval))
        {
            (a, b) = (b, a);
        }

        if (a.Type is YearMonthType && b.Type == SparkType.String)
        {
            throw Errors.Mismatch("BINARY_OP_DIFF_TYPES", $"Cannot resolve \"+\" due to data type mismatch: the left and right operands of the binary operator have incompatible types ({Errors.TypeOf(a.Type)} and {Errors.TypeOf(b.Type)}).", null);
        }

        if (a.Type.IsInterval && (b.Type.IsTimestamp || b.Type == SparkType.String))
        {
            (a, b) = (b, a);
        }

        return Shift(a, b, "+");
    }

    /// <summary>a - b, or null when neither is a date, timestamp or interval.</summary>
    public static BoundExpr? Subtract(BoundExpr a, BoundExpr b, bool utc, bool ansi)
    {
        bool times = a.Type == SparkType.Date || a.Type.IsTimestamp || b.Type == SparkType.Date || b.Type.IsTimestamp;
        if (times && !ansi && (a.Type == SparkType.String || b.Type == SparkType.String))
        {
            throw Errors.Mismatch("UNEXPECTED_INPUT_TYPE", $"Cannot resolve the difference due to data type mismatch: {Errors.TypeOf(a.Type)} - {Errors.TypeOf(b.Type)}; cast the text.", null);
        }

        a = times && a.Type == SparkType.Void ? a.To(b.Type) : a;
        b = times && b.Type == SparkType.Void ? b.To(a.Type) : b;
        if ((a.Type == SparkType.Date && (b.Type == SparkType.Date || b.Type == SparkType.String)) || (b.Type == SparkType.Date && a.Type == SparkType.String))
        {
            a = a.To(SparkType.Date);
            return FunctionCall.Make("to_days(CAST({0} - {1} AS INTEGER))", new DayTimeType(0, 0), a, b.To(SparkType.Date));
        }

        bool instants = (a.Type.IsTimestamp && (b.Type.IsTimestamp || b.Type == SparkType.Date || b.Type == SparkType.String)) || (b.Type.IsTimestamp && (a.Type == SparkType.Date || a.Type == SparkType.String));
        if (instants)
        {
            SparkType type = a.Type == SparkType.Timestamp || b.Type == SparkType.Timestamp ? SparkType.Timestamp : SparkType.TimestampNtz;
            // Between the local times: a day with a clock change has 24 hours too.
            string of = type == SparkType.TimestampNtz || utc ? "epoch_us({0})" : "epoch_us(CAST({0} AS TIMESTAMP))";
            return FunctionCall.Make($"to_microseconds({of} - {of.Replace("{0}", "{1}", StringComparison.Ordinal)})", new DayTimeType(), a.To(type), b.To(type));
        }

        return Shift(a, b, "-");
    }

    private static BoundExpr? Shift(BoundExpr a, BoundExpr b, string symbol)
    {
        if (a.Type == SparkType.Date && b.Type.IsIntegral)
        {
            return FunctionCall.Make($"({{0}} {symbol} {{1}})", SparkType.Date, a, b.To(SparkType.Int));
        }

        if (!b.Type.IsInterval)
        {
            return null;
        }

        if (a.Type.IsInterval)
        {
            SparkType type = Coercion.Common(a.Type, b.Type) ?? (a.Type == SparkType.CalendarInterval || b.Type == SparkType.CalendarInterval
                ? SparkType.CalendarInterval
                : throw Errors.Mismatch("BINARY_OP_DIFF_TYPES", $"Cannot resolve \"{symbol}\" due to data type mismatch: the left and right operands of the binary operator have incompatible types ({Errors.TypeOf(a.Type)} and {Errors.TypeOf(b.Type)}).", null));
            // One number of microseconds, so that what is beyond it is an error and no other interval.
            return type is DayTimeType
                ? FunctionCall.Make($"to_microseconds((hearth_interval_micros({{0}}) {symbol} hearth_interval_micros({{1}})))", type, a, b)
                : FunctionCall.Make($"({{0}} {symbol} {{1}})", type, a, b);
        }

        if (a.Type == SparkType.String)
        {
            // The result is text again.
            return FunctionCall.Make($"({{0}} {symbol} {{1}})", SparkType.Timestamp, a.To(SparkType.Timestamp), b).To(SparkType.String);
        }

        if (a.Type == SparkType.Date)
        {
            bool days = b.Type is YearMonthType or DayTimeType { End: 0 } || b is BoundLiteral { Value: SparkInterval { Micros: 0 } };
            return days
                ? FunctionCall.Make($"CAST({{0}} {symbol} {{1}} AS DATE)", SparkType.Date, a, b)
                : FunctionCall.Make($"({{0}} {symbol} {{1}})", SparkType.Timestamp, a.To(SparkType.Timestamp), b);
        }

        return a.Type.IsTimestamp ? FunctionCall.Make($"({{0}} {symbol} {{1}})", a.Type, a, b) : null;
    }

    /// <summary>interval * number, or null.</summary>
    public static BoundExpr? Multiply(BoundExpr a, BoundExpr b)
    {
        if (b.Type.IsInterval)
        {
            (a, b) = (b, a);
        }

        return a.Type.IsInterval && (b.Type.IsNumeric || b.Type == SparkType.String) ? IntervalScaling.Of(a, "*", b, nullAtZero: false) : null;
    }

    /// <summary>interval / number. Division by zero is an error, except of a try_ function and, outside of ANSI mode, of a calendar interval.</summary>
    public static BoundExpr Divide(BoundExpr a, BoundExpr b, bool attempt, bool ansi) =>
        IntervalScaling.Of(a, "/", b, attempt || (a.Type == SparkType.CalendarInterval && !ansi));
}
