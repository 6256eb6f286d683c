using Hearth.Engine.Binding;
using Hearth.Engine.Plans;
using Hearth.Engine.Types;

namespace Hearth.Engine.Functions;

/// <summary>Arrays and higher-order functions over them.</summary>
internal static class ArrayFunctions
{
    public static void AddTo(FunctionList list)
    {
        Basics(list);
        Sets(list);
        HigherOrder(list);
    }

    private static void Basics(FunctionList list)
    {
        list.Custom("array", 0, FunctionDefinition.Any, c =>
        {
            if (c.Count == 0)
            {
                return new BoundCall("[]", [], new ArrayType(SparkType.Void, false), false);
            }

            (Seq<BoundExpr> items, SparkType type) = c.Unified();
            return new BoundCall($"[{string.Join(", ", items.Select((_, i) => $"{{{i}}}"))}]", items, new ArrayType(type, items.Any(i => i.Nullable)), false);
        });
        list.Custom("size cardinality", 1, 1, c => c.Ansi
            ? FunctionCall.Make(c.Type(0) is MapType ? "CAST(cardinality({0}) AS INTEGER)" : "CAST(len({0}) AS INTEGER)", SparkType.Int, c.Type(0) is MapType ? c.Arg(0) : c.Array(0).Value)
            : c.Type(0) is MapType
            ? new BoundCall("CAST(coalesce(cardinality({0}), -1) AS INTEGER)", [c.Arg(0)], SparkType.Int, false)
            : new BoundCall("CAST(coalesce(len({0}), -1) AS INTEGER)", [c.Array(0).Value], SparkType.Int, false));
        list.Custom("array_size", 1, 1, c => FunctionCall.Make("CAST(len({0}) AS INTEGER)", SparkType.Int, c.Array(0).Value));
        list.Custom("array_max", 1, 1, c => FunctionCall.MakeNullable("list_max({0})", c.Array(0).Type.Element, c.Arg(0)));
        list.Custom("array_min", 1, 1, c => FunctionCall.MakeNullable("list_min({0})", c.Array(0).Type.Element, c.Arg(0)));
        list.Custom("element_at", 2, 2, c => c.Type(0) is MapType m
            ? FunctionCall.MakeNullable("map_extract_value({0}, {1})", m.Value, c.Arg(0), c.As(1, m.Key))
            : FunctionCall.MakeNullable("CASE WHEN {1} = 0 THEN error('[INVALID_INDEX_OF_ZERO] The index 0 is invalid. An index shall be either < 0 or > 0 (the first element has index 1).')" + (c.Ansi ? " WHEN abs({1}) > len({0}) THEN error('[INVALID_ARRAY_INDEX_IN_ELEMENT_AT] The index ' || {1} || ' is out of bounds. The array has ' || len({0}) || ' elements. Use `try_element_at` to tolerate accessing element at invalid index and return NULL instead.')" : "") + " ELSE list_extract({0}, {1}) END", c.Array(0).Type.Element, c.Arg(0), c.Int(1)));
        list.Custom("try_element_at", 2, 2, c => c.Type(0) is MapType m
            ? FunctionCall.MakeNullable("map_extract_value({0}, {1})", m.Value, c.Arg(0), c.As(1, m.Key))
            : FunctionCall.MakeNullable("CASE WHEN {1} = 0 THEN error('[INVALID_INDEX_OF_ZERO] The index 0 is invalid. An index shall be either < 0 or > 0 (the first element has index 1).') ELSE list_extract({0}, {1}) END", c.Array(0).Type.Element, c.Arg(0), c.Int(1)));
        list.Custom("get", 2, 2, c => FunctionCall.MakeNullable("CASE WHEN {1} >= 0 THEN list_extract({0}, {1} + 1) END", c.Array(0).Type.Element, c.Arg(0), c.Int(1)));
        list.Custom("slice", 3, 3, c => FunctionCall.Make("CASE WHEN {1} > 0 THEN list_slice({0}, {1}, {1} + {2} - 1) WHEN len({0}) + {1} >= 0 THEN list_slice({0}, len({0}) + {1} + 1, len({0}) + {1} + {2}) ELSE [] END", c.Array(0).Type, c.Arg(0), c.Int(1), c.Int(2)));
        list.Custom("flatten", 1, 1, c => c.Array(0).Type.Element is ArrayType inner ? FunctionCall.MakeNullable("CASE WHEN len({0}) = list_count({0}) THEN flatten({0}) END", inner, c.Arg(0)) : throw c.Mismatch(0, "ARRAY<ARRAY>"));
        list.Custom("sequence", 2, 3, Sequence);
        list.Custom("array_repeat", 2, 2, c => FunctionCall.Make("list_transform(range((CASE WHEN {1} < 0 THEN 0 ELSE {1} END)), lambda i: {0})", new ArrayType(c.Type(0), c.Arg(0).Nullable), c.Arg(0), c.Int(1)));
        list.Custom("array_join", 2, 3, c =>
        {
            BoundExpr items = c.As(0, new ArrayType(SparkType.String));
            return c.Has(2)
                ? FunctionCall.Make("array_to_string(list_transform({0}, lambda e: coalesce(e, {2})), {1})", SparkType.String, items, c.Text(1), c.Text(2))
                : FunctionCall.Make("array_to_string(list_filter({0}, lambda e: e IS NOT NULL), {1})", SparkType.String, items, c.Text(1));
        });
        list.Custom("sort_array", 1, 2, c => c.Has(1) && c.Type(1) != SparkType.Boolean && c.Type(1) != SparkType.Void ? throw c.Mismatch(1, "BOOLEAN")
            : c.Has(1) && c.Arg(1) is BoundLiteral { Value: null } ? new BoundLiteral(null, c.Array(0).Type)
            : c.Has(1) && c.Arg(1) is BoundLiteral { Value: false }
            ? StructOrder.Sort(c.Array(0).Value, "list_sort({0}, 'DESC', 'NULLS LAST')")
            : StructOrder.Sort(c.Array(0).Value, "list_sort({0}, 'ASC', 'NULLS FIRST')"), defaults: ["", "true"]);
        list.Custom("shuffle", 1, 1, c => FunctionCall.Make("list_transform(list_sort(list_transform({0}, lambda e: {{'r': random(), 'e': e}})), lambda e: e.e)".Replace("{{", "{", StringComparison.Ordinal).Replace("}}", "}", StringComparison.Ordinal), c.Array(0).Type, c.Arg(0)));
        list.Custom("arrays_zip", 1, FunctionDefinition.Any, Zip);
    }

    private static BoundExpr Sequence(FunctionCall call)
    {
        SparkType type = call.Type(0);
        if (type.IsIntegral || type == SparkType.String)
        {
            SparkType wide = Coercion.WiderNumeric(type.IsIntegral ? type : SparkType.Long, call.Type(1).IsIntegral ? call.Type(1) : SparkType.Long) ?? SparkType.Long;
            BoundExpr step = call.Has(2) ? call.As(2, SparkType.Long) : FunctionCall.Make("CASE WHEN {0} <= {1} THEN 1 ELSE -1 END", SparkType.Long, call.Long(0), call.Long(1));
            return FunctionCall.Make($"CAST(generate_series({{0}}, {{1}}, {{2}}) AS {DuckTypes.NameOf(new ArrayType(wide))})", new ArrayType(wide, false), call.Long(0), call.Long(1), step);
        }

        BoundExpr interval = call.Has(2) ? call.Arg(2) : FunctionCall.Make("CASE WHEN {0} <= {1} THEN to_days(1) ELSE to_days(-1) END", new DayTimeType(), call.Arg(0), call.As(1, type));
        return FunctionCall.Make($"CAST(generate_series({{0}}, {{1}}, {{2}}) AS {DuckTypes.NameOf(new ArrayType(type))})", new ArrayType(type, false), call.Arg(0), call.As(1, type), interval);
    }

    private static BoundExpr Zip(FunctionCall call)
    {
        List<StructField> fields = [];
        List<string> parts = [];
        for (int i = 0; i < call.Count; i++)
        {
            string name = call.Raw(i) is Sql.ColumnName column ? column.Parts[^1] : i.ToString(System.Globalization.CultureInfo.InvariantCulture);
            if (fields.Any(f => string.Equals(f.Name, name, StringComparison.OrdinalIgnoreCase)))
            {
                throw Errors.Unsupported($"arrays_zip() with two fields named `{name}`", call.At, "give one of the arrays another name first");
            }

            fields.Add(new StructField(name, call.Array(i).Type.Element));
            parts.Add($"{DuckTypes.Literal(name)}: z[{i + 1}]");
        }

        string lists = string.Join(", ", Enumerable.Range(0, call.Count).Select(i => $"{{{i}}}"));
        string missing = string.Join(" OR ", Enumerable.Range(0, call.Count).Select(i => $"{{{i}}} IS NULL"));
        return FunctionCall.Make($"CASE WHEN {missing} THEN NULL ELSE list_transform(list_zip({lists}), lambda z: {{{string.Join(", ", parts)}}}) END", new ArrayType(new StructType(fields.ToSeq()), false), [.. call.Args]);
    }

    private static void Sets(FunctionList list)
    {
        list.Custom("array_contains", 2, 2, c =>
        {
            (BoundExpr array, BoundExpr item) = WithItem(c);
            return FunctionCall.MakeNullable("CASE WHEN {1} IS NULL THEN NULL WHEN list_contains({0}, {1}) THEN true WHEN len({0}) <> list_count({0}) THEN NULL WHEN {0} IS NOT NULL THEN false END", SparkType.Boolean, array, item);
        });
        list.Custom("array_position", 2, 2, c =>
        {
            (BoundExpr array, BoundExpr item) = WithItem(c);
            return FunctionCall.Make("CASE WHEN {0} IS NULL OR {1} IS NULL THEN NULL ELSE CAST(coalesce(list_position({0}, {1}), 0) AS BIGINT) END", SparkType.Long, array, item);
        });
        list.Custom("array_remove", 2, 2, c =>
        {
            (BoundExpr array, BoundExpr item) = WithItem(c);
            return FunctionCall.Make("CASE WHEN {1} IS NULL THEN NULL ELSE list_filter({0}, lambda e: e IS DISTINCT FROM {1}) END", array.Type, array, item);
        });
        list.Custom("array_compact", 1, 1, c => FunctionCall.Make("list_filter({0}, lambda e: e IS NOT NULL)", c.Array(0).Type with { ContainsNull = false }, c.Arg(0)));
        list.Custom("array_append", 2, 2, c => Append(c, "list_append({0}, {1})"));
        list.Custom("array_prepend", 2, 2, c => Append(c, "list_prepend({1}, {0})"));
        list.Custom("array_insert", 3, 3, c => (c.Type(2) == SparkType.String) != (c.Array(0).Type.Element == SparkType.String) && c.Type(2) != SparkType.Void && c.Array(0).Type.Element != SparkType.Void
            ? throw Errors.Mismatch("ARRAY_FUNCTION_DIFF_TYPES", $"Cannot resolve \"array_insert\" due to data type mismatch: Input to `array_insert` should have been \"ARRAY\" followed by a value with same element type, but it's [{Errors.TypeOf(c.Type(0))}, {Errors.TypeOf(c.Type(2))}].", c.At)
            : FunctionCall.MakeNullable(
            "CASE WHEN {1} > 0 THEN list_resize({0}[1:{1} - 1], {1} - 1) || [{2}] || {0}[{1}:] WHEN {1} < 0 THEN {0}[1:len({0}) + {1} + 1] || [{2}] || {0}[len({0}) + {1} + 2:] ELSE error('[INVALID_INDEX_OF_ZERO] The index 0 is invalid. An index shall be either < 0 or > 0 (the first element has index 1).') END",
            c.Array(0).Type with { ContainsNull = true }, c.Arg(0), c.Int(1), c.As(2, c.Array(0).Type.Element)));
        list.Custom("array_distinct", 1, 1, c => FunctionCall.Make("list_filter({0}, lambda x, i: list_position({0}, x) = i)", c.Array(0).Type, c.Arg(0)));
        list.Custom("array_union", 2, 2, c => OfBoth(c, "list_filter({0} || {1}, lambda x, i: list_position({0} || {1}, x) = i)"));
        list.Custom("array_intersect", 2, 2, c => OfBoth(c, "list_filter({0}, lambda x, i: list_position({0}, x) = i AND list_position({1}, x) IS NOT NULL)"));
        list.Custom("array_except", 2, 2, c => OfBoth(c, "list_filter({0}, lambda x, i: list_position({0}, x) = i AND list_position({1}, x) IS NULL)"));
        list.Custom("arrays_overlap", 2, 2, c => FunctionCall.MakeNullable(
            "CASE WHEN {0} IS NULL OR {1} IS NULL THEN NULL WHEN list_has_any(list_filter({0}, lambda e: e IS NOT NULL), list_filter({1}, lambda e: e IS NOT NULL)) THEN true WHEN len({0}) > 0 AND len({1}) > 0 AND (len({0}) <> list_count({0}) OR len({1}) <> list_count({1})) THEN NULL ELSE false END",
            SparkType.Boolean, [.. c.Unified().Values]));
    }

    private static (BoundExpr Array, BoundExpr Item) WithItem(FunctionCall call)
    {
        SparkType type = Coercion.Common(call.Array(0).Type.Element, call.Type(1), call.Ansi) ?? throw call.Mismatch(1, call.Array(0).Type.Element.SqlName);
        return (call.As(0, new ArrayType(type)), call.As(1, type));
    }

    private static BoundExpr Append(FunctionCall call, string template)
    {
        (BoundExpr array, BoundExpr item) = WithItem(call);
        return FunctionCall.MakeNullable($"CASE WHEN {{0}} IS NOT NULL THEN {template} END", array.Type, array, item);
    }

    private static BoundExpr OfBoth(FunctionCall call, string template)
    {
        (Seq<BoundExpr> values, SparkType type) = call.Unified();
        return FunctionCall.Make($"CASE WHEN {{0}} IS NOT NULL AND {{1}} IS NOT NULL THEN {template} END", type, values[0], values[1]);
    }

    private static void HigherOrder(FunctionList list)
    {
        list.Custom("transform", 2, 2, c =>
        {
            BoundLambda body = Indexed(c, 1, c.Array(0).Type.Element);
            return FunctionCall.Make("list_transform({0}, {1})", new ArrayType(body.Type, body.Body.Nullable), c.Arg(0), body);
        });
        list.Custom("filter", 2, 2, c => FunctionCall.Make("list_filter({0}, {1})", c.Array(0).Type, c.Arg(0), Indexed(c, 1, c.Array(0).Type.Element)));
        list.Custom("exists", 2, 2, c => FunctionCall.MakeNullable(
            "CASE WHEN list_bool_or(list_transform({0}, {1})) THEN true WHEN len(list_transform({0}, {1})) <> list_count(list_transform({0}, {1})) THEN NULL WHEN {0} IS NOT NULL THEN false END", SparkType.Boolean, c.Array(0).Value, Predicate(c)));
        list.Custom("forall", 2, 2, c => FunctionCall.MakeNullable(
            "CASE WHEN NOT list_bool_and(list_transform({0}, {1})) THEN false WHEN len(list_transform({0}, {1})) <> list_count(list_transform({0}, {1})) THEN NULL WHEN {0} IS NOT NULL THEN true END", SparkType.Boolean, c.Array(0).Value, Predicate(c)));
        list.Custom("aggregate reduce", 3, 4, Fold);
        list.Custom("zip_with", 3, 3, ZipWith);
        list.Custom("array_sort", 1, 2, c => c.Has(1) ? SortBy(c) : FunctionCall.Make("list_sort({0}, 'ASC', 'NULLS LAST')", c.Array(0).Type, c.Arg(0)));
    }

    // The place of an element is the number of elements that the comparator puts before it; equal ones keep their order.
    private static BoundExpr SortBy(FunctionCall call)
    {
        ArrayType array = call.Array(0).Type;
        BoundLambda compare = call.Lambda(1, array.Element, array.Element);
        BoundExpr Inside(BoundExpr node) => node is BoundLambdaVariable v && compare.Parameters.ToList().IndexOf(v.Name) is >= 0 and var i
            ? new BoundCall(i == 0 ? "b" : "a", [], v.Type, true)
            : node.MapChildren(Inside);
        return FunctionCall.Make(
            "list_transform(list_sort(list_transform({0}, lambda a, i: struct_pack(r := len(list_filter({0}, lambda b, j: {1} < 0 OR ({1} = 0 AND j < i))), e := a))), lambda s: s.e)",
            array, call.Arg(0), Inside(compare.Body.To(SparkType.Int)));
    }

    private static BoundLambda Predicate(FunctionCall call)
    {
        BoundLambda lambda = call.Lambda(1, call.Array(0).Type.Element);
        return lambda with { Body = lambda.Body.To(SparkType.Boolean) };
    }

    // DuckDB counts from 1, Spark from 0.
    private static BoundLambda Indexed(FunctionCall call, int index, SparkType element)
    {
        BoundLambda lambda = call.Lambda(index, element, SparkType.Int);
        if (lambda.Parameters.Count < 2)
        {
            return lambda;
        }

        string position = lambda.Parameters[1];
        BoundExpr Shift(BoundExpr node) => node is BoundLambdaVariable v && v.Name == position
            ? new BoundCall("CAST({0} - 1 AS INTEGER)", [v], SparkType.Int, false)
            : node.MapChildren(Shift);
        return lambda with { Body = Shift(lambda.Body) };
    }

    // The accumulator may have another type than the elements: both travel in a struct.
    private static BoundExpr Fold(FunctionCall call)
    {
        ArrayType array = call.Array(0).Type;
        SparkType start = call.Type(1);
        BoundLambda merge = call.Lambda(2, start, array.Element);
        SparkType type = Coercion.Common(start, merge.Type, call.Ansi) ?? start;
        merge = call.Lambda(2, type, array.Element);
        string acc = merge.Parameters[0], item = merge.Parameters[1];
        BoundExpr Inside(BoundExpr node) => node is BoundLambdaVariable v && (v.Name == acc || v.Name == item)
            ? new BoundCall(v.Name == acc ? "p.acc" : "q.x", [], v.Type, true)
            : node.MapChildren(Inside);
        string accType = DuckTypes.NameOf(type), itemType = DuckTypes.NameOf(array.Element);
        string template = $"list_reduce(list_prepend({{'acc': CAST({{1}} AS {accType}), 'x': CAST(NULL AS {itemType})}}, list_transform({{0}}, lambda e: {{'acc': CAST(NULL AS {accType}), 'x': CAST(e AS {itemType})}})), lambda p, q: {{'acc': CAST({{2}} AS {accType}), 'x': CAST(NULL AS {itemType})}}).acc";
        BoundExpr folded = FunctionCall.MakeNullable($"CASE WHEN {{0}} IS NOT NULL THEN {template} END", type, call.Arg(0), call.As(1, type), Inside(merge.Body.To(type)));
        if (!call.Has(3))
        {
            return folded;
        }

        BoundLambda finish = call.Lambda(3, type);
        return FunctionCall.MakeNullable("list_transform([{0}], {1})[1]", finish.Type, folded, finish);
    }

    private static BoundExpr ZipWith(FunctionCall call)
    {
        BoundLambda lambda = call.Lambda(2, call.Array(0).Type.Element, call.Array(1).Type.Element);
        BoundExpr Inside(BoundExpr node) => node is BoundLambdaVariable v && lambda.Parameters.Contains(v.Name)
            ? new BoundCall(v.Name == lambda.Parameters[0] ? "z[1]" : "z[2]", [], v.Type, true)
            : node.MapChildren(Inside);
        return FunctionCall.Make("list_transform(list_zip({0}, {1}), lambda z: {2})", new ArrayType(lambda.Type), call.Arg(0), call.Arg(1), Inside(lambda.Body));
    }
}
