using System.Globalization;
using SortKey = Hearth.Engine.Sql.SortKey;
using Hearth.Engine.Binding;
using Hearth.Engine.Plans;
using Hearth.Engine.Sql;
using Hearth.Engine.Types;

namespace Hearth.Engine.Functions;

/// <summary>Aggregate functions.</summary>
internal static class AggregateFunctions
{
    public static void AddTo(FunctionList list)
    {
        list.Aggregate("count", 1, FunctionDefinition.Any, Count);
        list.Aggregate("sum", 1, 1, c => Sum(c, c.Ansi));
        list.Aggregate("try_sum", 1, 1, c => FunctionCall.MakeNullable("TRY({0})", Sum(c, true).Type, Sum(c, true)));
        list.Aggregate("avg mean", 1, 1, c => Average(c, attempt: false));
        list.Aggregate("try_avg", 1, 1, c => Average(c, attempt: true));
        list.Aggregate("min", 1, 1, c => StructOrder.Extreme("min", Orderable(c)));
        list.Aggregate("max", 1, 1, c => StructOrder.Extreme("max", Orderable(c)));
        list.Aggregate("count_if", 1, 1, c => FunctionCall.Make("CAST({0} AS BIGINT)", SparkType.Long, new BoundAggregate("count_if", [c.Bool(0)], SparkType.Long, Nullable: false)));
        list.Aggregate("bool_and every", 1, 1, c => new BoundAggregate("bool_and", [Condition(c)], SparkType.Boolean));
        list.Aggregate("bool_or any some", 1, 1, c => new BoundAggregate("bool_or", [Condition(c)], SparkType.Boolean));
        Doubles(list);
        list.Aggregate("first first_value any_value", 1, 2, c => First(c, "first"), shownArguments: 1);
        list.Aggregate("last last_value", 1, 2, c => First(c, "last"), shownArguments: 1);
        list.Aggregate("collect_list array_agg", 1, 1, c => Collect(c, distinct: false), shown: "collect_list");
        list.Aggregate("collect_set", 1, 1, c => Collect(c, distinct: true));
        list.Aggregate("max_by", 2, 3, c => ExtremeBy(c, "max_by"));
        list.Aggregate("min_by", 2, 3, c => ExtremeBy(c, "min_by"));
        list.Aggregate("approx_count_distinct", 1, 2, c => new BoundAggregate("count", [c.Arg(0)], SparkType.Long, Nullable: false) { Distinct = true });
        list.Aggregate("bit_and", 1, 1, c => Bits(c, "bit_and"));
        list.Aggregate("bit_or", 1, 1, c => Bits(c, "bit_or"));
        list.Aggregate("bit_xor", 1, 1, c => Bits(c, "bit_xor"));
        list.Aggregate("median", 1, 1, c => Quantile(c, new BoundLiteral(0.5, SparkType.Double)));
        list.Aggregate("percentile", 2, 3, c => Quantile(c, Fraction(c, 1)), defaults: ["", "", "1"]);
        list.Aggregate("percentile_cont", 1, 1, c => OrderedSets.Percentile(c, discrete: false));
        list.Aggregate("percentile_disc", 1, 1, c => OrderedSets.Percentile(c, discrete: true));
        list.Aggregate("percentile_approx approx_percentile", 2, 3, c => ApproximatePercentile(c), defaults: ["", "", "10000"]);
        list.Aggregate("mode", 0, 2, Mode, shownArguments: 1);
        list.Aggregate("listagg string_agg", 1, 2, StringAggregate, shown: "listagg", defaults: ["", "NULL"]);
        list.Aggregate("histogram_numeric", 2, 2, Histograms.Bind);
        list.Aggregate("grouping", 1, 1, c => new BoundGrouping([c.Arg(0)], SparkType.Byte));
        list.Aggregate("grouping_id", 0, FunctionDefinition.Any, c => new BoundGrouping(c.Count == 0 ? c.Binder.Scope.GroupingKeys : c.Args.ToSeq(), SparkType.Long));
    }

    private static void Doubles(FunctionList list)
    {
        foreach ((string names, string duck) in (ReadOnlySpan<(string, string)>)[("stddev stddev_samp std", "stddev_samp"), ("stddev_pop", "stddev_pop"), ("variance var_samp", "var_samp"), ("var_pop", "var_pop"), ("kurtosis", "kurtosis_pop")])
        {
            list.Aggregate(names, 1, 1, c => new BoundAggregate(duck, [c.Double(0)], SparkType.Double));
        }

        foreach (string name in (ReadOnlySpan<string>)["covar_pop", "covar_samp", "regr_avgx", "regr_avgy", "regr_slope", "regr_intercept", "regr_r2", "regr_sxx", "regr_sxy", "regr_syy"])
        {
            list.Aggregate(name, 2, 2, c => new BoundAggregate(name, [c.Double(0), c.Double(1)], SparkType.Double));
        }

        list.Aggregate("regr_count", 2, 2, c => FunctionCall.Make("CAST({0} AS BIGINT)", SparkType.Long, new BoundAggregate("regr_count", [c.Double(0), c.Double(1)], SparkType.Long, Nullable: false)));
        list.Aggregate("corr", 2, 2, c => FunctionCall.MakeNullable("CASE WHEN isnan({0}) THEN NULL ELSE {0} END", SparkType.Double, new BoundAggregate("corr", [c.Double(0), c.Double(1)], SparkType.Double)));
        list.Aggregate("skewness", 1, 1, c =>
        {
            BoundExpr x = c.Double(0);
            BoundExpr Power(int n) => new BoundAggregate("avg", [n == 1 ? x : FunctionCall.Make($"({{0}} ** {n})", SparkType.Double, x)], SparkType.Double);
            BoundAggregate variance = new("var_pop", [x], SparkType.Double);
            return FunctionCall.MakeNullable("(({2} - 3 * {0} * {1} + 2 * {0} ** 3) / nullif({3} ** 1.5, 0))", SparkType.Double, Power(1), Power(2), Power(3), variance);
        });
    }

    private static BoundAggregate ExtremeBy(FunctionCall call, string name) => call.Has(2)
        ? new BoundAggregate(name, [call.Arg(0), call.Arg(1), call.Long(2)], new ArrayType(call.Type(0)))
        : new BoundAggregate(name, [call.Arg(0), call.Arg(1)], call.Type(0));

    // Deterministic: the least (or greatest) of those that are there most often.
    private static BoundExpr Mode(FunctionCall call)
    {
        OrderedSets.CheckMode(call);
        SortKey? key = call.Call.Within is [var only] ? only : null;
        bool fixedChoice = key is not null || (call.Has(1) && call.Arg(1) is BoundLiteral { Value: true });
        BoundExpr value = key is not null ? call.Binder.Bind(key.Value) : call.Has(0) ? call.Arg(0) : throw new EngineException("INVALID_WITHIN_GROUP_EXPRESSION.WITHIN_GROUP_MISSING", "WITHIN GROUP (ORDER BY ...) is missing for the aggregate function mode.", position: call.At);
        return !fixedChoice
            ? new BoundAggregate("mode", [value], value.Type)
            : FunctionCall.MakeNullable(
                key is { Ascending: false }
                    ? "list_sort(list_transform(map_entries({0}), lambda e: struct_pack(n := CAST(e.value AS BIGINT), k := e.key)), 'DESC', 'NULLS LAST')[1].k"
                    : "list_sort(list_transform(map_entries({0}), lambda e: struct_pack(n := -CAST(e.value AS BIGINT), k := e.key)), 'ASC', 'NULLS FIRST')[1].k",
                value.Type,
                new BoundAggregate("histogram", [value], value.Type));
    }

    // A number is no condition here, although it casts to one.
    private static BoundExpr Condition(FunctionCall call) => call.Type(0) == SparkType.Boolean || call.Type(0) == SparkType.Void || call.Type(0) == SparkType.String ? call.Bool(0) : throw call.Mismatch(0, "BOOLEAN");

    private static BoundExpr Orderable(FunctionCall call) => call.Type(0) is MapType ? throw call.Mismatch(0, "ORDERABLE") : call.Arg(0);

    private static BoundAggregate Count(FunctionCall call)
    {
        if (call.IsStar || (call.Count == 1 && call.Arg(0) is BoundLiteral { Value: not null }))
        {
            return new BoundAggregate("count", call.Call.Distinct ? [call.Arg(0)] : [], SparkType.Long, Nullable: false);
        }

        if (call.Count == 1)
        {
            return new BoundAggregate("count", [call.Arg(0)], SparkType.Long, Nullable: false);
        }

        // Rows in which any argument is NULL do not count.
        string present = string.Join(" AND ", Enumerable.Range(0, call.Count).Select(i => $"{{{i}}} IS NOT NULL"));
        string tuple = string.Join(", ", Enumerable.Range(0, call.Count).Select(i => $"{{{i}}}"));
        BoundExpr all = new BoundCall($"CASE WHEN {present} THEN row({tuple}) END", call.Args.ToSeq(), SparkType.Void, true);
        return new BoundAggregate("count", [all], SparkType.Long, Nullable: false);
    }

    private static BoundExpr Sum(FunctionCall call, bool strict)
    {
        SparkType type = call.Type(0);
        if (type.IsInterval)
        {
            SparkType wide = type is YearMonthType ? new YearMonthType() : new DayTimeType();
            return new BoundAggregate("sum", [call.Arg(0)], wide);
        }

        if (type.IsIntegral)
        {
            // The sum of anything but BIGINT fits; one of BIGINT is a HUGEINT that is cut like a Java long.
            return FunctionCall.MakeNullable(strict || type != SparkType.Long ? "CAST({0} AS BIGINT)" : Printing.CastSql.Wrap("{0}", SparkType.Long), SparkType.Long, new BoundAggregate("sum", [call.Arg(0)], SparkType.Long));
        }

        if (type is DecimalType d)
        {
            DecimalType result = DecimalType.Bounded(d.Precision + 10, d.Scale);
            return FunctionCall.MakeNullable($"{(strict ? "CAST" : "TRY_CAST")}({{0}} AS {DuckTypes.NameOf(result)})", result, new BoundAggregate("sum", [call.Arg(0)], result));
        }

        return new BoundAggregate("sum", [call.Double(0)], SparkType.Double);
    }

    private static BoundExpr Average(FunctionCall call, bool attempt)
    {
        if (call.Type(0) is DecimalType d)
        {
            DecimalType result = DecimalType.Bounded(d.Precision + 4, d.Scale + 4);
            DecimalType total = DecimalType.Bounded(d.Precision + 10, d.Scale);
            return Arithmetic.Exact("/", new BoundAggregate("sum", [call.Arg(0)], total), new BoundAggregate("count", [call.Arg(0)], SparkType.Long), result);
        }

        return call.Type(0).IsInterval ? AverageInterval(call, attempt)
            : call.Type(0).IsIntegral ? new BoundAggregate("avg", [call.Arg(0)], SparkType.Double) : new BoundAggregate("avg", [call.Double(0)], SparkType.Double);
    }

    // The sum must fit into the interval's number even when the average does.
    private static BoundExpr AverageInterval(FunctionCall call, bool attempt)
    {
        bool months = call.Type(0) is YearMonthType;
        BoundExpr number = FunctionCall.Make(months ? "CAST(extract(year FROM {0}) * 12 + extract(month FROM {0}) AS BIGINT)" : "CAST(round(epoch({0}) * 1000000) AS BIGINT)", SparkType.Long, call.Arg(0));
        BoundAggregate sum = new("sum", [number], SparkType.Long), count = new("count", [number], SparkType.Long, Nullable: false);
        string limit = months ? "2147483647" : "9223372036854775807", overflow = attempt ? "NULL" : $"error('[INTERVAL_ARITHMETIC_OVERFLOW] {(months ? "integer" : "long")} overflow.')";
        string average = months ? "to_months(CAST(round({0} / nullif({1}, 0)) AS INTEGER))" : "to_microseconds(CAST(round({0} / nullif({1}, 0)) AS BIGINT))";
        return FunctionCall.MakeNullable($"CASE WHEN abs({{0}}) > {limit} THEN {overflow} ELSE {average} END", months ? new YearMonthType() : new DayTimeType(), sum, count);
    }

    private static BoundAggregate First(FunctionCall call, string function)
    {
        bool ignore = call.Call.IgnoreNulls || (call.Has(1) && call.Arg(1) is BoundLiteral { Value: true });
        return new BoundAggregate(function, [call.Arg(0)], call.Type(0)) { IgnoreNulls = ignore };
    }

    private static BoundExpr Collect(FunctionCall call, bool distinct)
    {
        BoundExpr value = call.Arg(0);
        ArrayType type = new(value.Type, ContainsNull: false);
        BoundAggregate items = new("list", [value], type)
        {
            Distinct = distinct,
            Filter = value.Nullable ? FunctionCall.Make("({0} IS NOT NULL)", SparkType.Boolean, value) : null,
        };
        return new BoundCall("coalesce({0}, [])", [items], type, false);
    }

    private static BoundAggregate Bits(FunctionCall call, string function) =>
        call.Type(0).IsIntegral ? new BoundAggregate(function, [call.Arg(0)], call.Type(0)) : throw call.Mismatch(0, "INTEGRAL");

    private static BoundExpr Fraction(FunctionCall call, int index)
    {
        BoundExpr fraction = call.Arg(index);
        return fraction.Type is ArrayType ? fraction.To(new ArrayType(SparkType.Double)) : fraction.To(SparkType.Double);
    }

    private static BoundExpr Quantile(FunctionCall call, BoundExpr fraction)
    {
        return call.Type(0).IsInterval
            ? OrderedSets.OfInterval("quantile_cont", call.Arg(0), fraction)
            : new BoundAggregate("quantile_cont", [call.Double(0), fraction], fraction.Type is ArrayType ? new ArrayType(SparkType.Double, false) : SparkType.Double);
    }

    private static BoundAggregate ApproximatePercentile(FunctionCall call)
    {
        BoundExpr fraction = Fraction(call, 1);
        SparkType type = call.Type(0) == SparkType.String ? SparkType.Double : call.Type(0);
        return new BoundAggregate("quantile_disc", [call.As(0, type), fraction], fraction.Type is ArrayType ? new ArrayType(type, false) : type);
    }

    private static BoundAggregate StringAggregate(FunctionCall call)
    {
        if (call.Type(0) == SparkType.Binary)
        {
            throw call.Unsupported("of BINARY values");
        }

        if (!call.Type(0).IsAtomic && call.Type(0) != SparkType.Void)
        {
            throw call.Mismatch(0, "STRING\" or \"BINARY");
        }

        if (call.Has(1) && call.Arg(1) is not BoundLiteral)
        {
            throw Errors.Mismatch("NON_FOLDABLE_INPUT", $"Cannot resolve \"{call.Name}\" due to data type mismatch: the input `delimiter` should be a foldable expression.", call.At);
        }

        string separator = call.Has(1) ? call.ConstantText(1) ?? "" : "";
        Seq<BoundSortKey> order = call.Call.Within is { } keys ? keys.Map(call.Binder.BindSortKey) : [];
        return new BoundAggregate("string_agg", [call.Text(0), new BoundLiteral(separator, SparkType.String)], SparkType.String) { Order = order };
    }
}
