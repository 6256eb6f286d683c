using SortKey = Hearth.Engine.Sql.SortKey;
using Hearth.Engine.Binding;
using Hearth.Engine.Plans;
using Hearth.Engine.Sql;
using Hearth.Engine.Types;

namespace Hearth.Engine.Functions;

/// <summary>Aggregates over values in an order: percentile_cont, percentile_disc, median, mode, listagg. Source: Spark's SQL reference, built-in aggregate functions.</summary>
internal static class OrderedSets
{
    private static readonly HashSet<string> Within = new(StringComparer.OrdinalIgnoreCase) { "percentile_cont", "percentile_disc", "mode", "listagg", "string_agg" };

    private static readonly HashSet<string> WholeWindow = new(StringComparer.OrdinalIgnoreCase) { "percentile_cont", "percentile_disc", "median" };

    /// <summary>Checks WITHIN GROUP and DISTINCT of any call.</summary>
    /// <exception cref="EngineException">The function has no such form.</exception>
    public static void Check(CallExpr call)
    {
        if (call.Within is not null && !Within.Contains(call.Name))
        {
            throw new EngineException("INVALID_SQL_SYNTAX.FUNCTION_WITH_UNSUPPORTED_SYNTAX", $"The function `{call.Name}` does not support WITHIN GROUP (ORDER BY ...).", position: call.At);
        }

        if (call.Distinct && call.Name.ToLowerInvariant() is "percentile_cont" or "percentile_disc" or "mode" && call.Distinct)
        {
            throw new EngineException("INVALID_WITHIN_GROUP_EXPRESSION.DISTINCT_UNSUPPORTED", $"Invalid function {call.Name} with WITHIN GROUP. It cannot use DISTINCT with WITHIN GROUP.", position: call.At);
        }
    }

    /// <summary>Checks the window of a call: these want the whole partition.</summary>
    /// <exception cref="EngineException">INVALID_WINDOW_SPEC_FOR_AGGREGATION_FUNC.</exception>
    public static void CheckWindow(CallExpr call, bool ordered, bool framed)
    {
        if ((ordered || framed) && (WholeWindow.Contains(call.Name) || (call.Within is not null && Within.Contains(call.Name))))
        {
            throw new EngineException("INVALID_WINDOW_SPEC_FOR_AGGREGATION_FUNC", $"Cannot specify ORDER BY or a window frame for {call.Name}().", position: call.At);
        }
    }

    /// <summary>Checks the arguments of mode().</summary>
    public static void CheckMode(FunctionCall call)
    {
        if (call.Call.Within is not null && call.Call.Args.Count > 0)
        {
            throw new EngineException("INVALID_WITHIN_GROUP_EXPRESSION.WRONG_NUM_ORDERINGS", "Invalid function `mode` with WITHIN GROUP. It requires 0 orderings in WITHIN GROUP but got 1.", position: call.At);
        }

        if (!call.Has(1))
        {
            return;
        }

        if (call.Arg(1) is not BoundLiteral flag)
        {
            throw new EngineException("NON_FOLDABLE_ARGUMENT", "The function `mode` requires the parameter `deterministic` to be a foldable expression of the type \"BOOLEAN\".", position: call.At);
        }

        if (flag.Type != SparkType.Boolean)
        {
            throw flag.Value is null
                ? Errors.Mismatch("UNEXPECTED_NULL", "Cannot resolve \"mode\" due to data type mismatch: the `deterministic` must not be null.", call.At)
                : new EngineException("UNEXPECTED_INPUT_TYPE", "Parameter 2 of function `mode` requires the \"BOOLEAN\" type.", position: call.At);
        }
    }

    /// <summary>percentile_cont(p) and percentile_disc(p) WITHIN GROUP (ORDER BY v [DESC]).</summary>
    public static BoundExpr Percentile(FunctionCall call, bool discrete)
    {
        if (call.Call.Within is not [SortKey key])
        {
            throw call.Call.Within is null
                ? new EngineException("INVALID_WITHIN_GROUP_EXPRESSION.WITHIN_GROUP_MISSING", $"WITHIN GROUP (ORDER BY ...) is missing for the aggregate function {call.Name}.", position: call.At)
                : new EngineException("INVALID_WITHIN_GROUP_EXPRESSION.WRONG_NUM_ORDERINGS", $"Invalid function `{call.Name}` with WITHIN GROUP. It requires 1 orderings in WITHIN GROUP but got {call.Call.Within.Count}.", position: call.At);
        }

        BoundExpr value = call.Binder.Bind(key.Value);
        double fraction = call.Double(0) is BoundLiteral { Value: double d } ? d : throw call.Unsupported("with a percentage that is not constant");
        string function = discrete ? "quantile_disc" : "quantile_cont";
        // Of n values in falling order the p-th is not the (1 - p)-th of the rising order: libduckdb takes a negative fraction for falling.
        double place = key.Ascending ? fraction : discrete ? (fraction == 0 ? 1 : -fraction) : 1 - fraction;
        BoundLiteral at = new(place, SparkType.Double);
        return value.Type.IsInterval ? OfInterval(function, value, at) : new BoundAggregate(function, [value.To(SparkType.Double), at], SparkType.Double);
    }

    /// <summary>A percentile of intervals: of months or microseconds; what is between two of them is cut off.</summary>
    public static BoundExpr OfInterval(string function, BoundExpr value, BoundExpr fraction)
    {
        bool months = value.Type is YearMonthType;
        SparkType type = months ? new YearMonthType() : new DayTimeType();
        BoundExpr number = FunctionCall.Make(months ? "CAST(extract(year FROM {0}) * 12 + extract(month FROM {0}) AS DOUBLE)" : "(epoch({0}) * 1000000)", SparkType.Double, value);
        string back = months ? "to_months(CAST(trunc({0}) AS INTEGER))" : "to_microseconds(CAST(trunc({0}) AS BIGINT))";
        BoundAggregate quantile = new(function, [number, fraction], SparkType.Double);
        return fraction.Type is ArrayType
            ? FunctionCall.MakeNullable($"list_transform({{0}}, lambda q: {back.Replace("{0}", "q", StringComparison.Ordinal)})", new ArrayType(type, false), quantile)
            : FunctionCall.MakeNullable(back, type, quantile);
    }
}
