using Hearth.Engine.Binding;
using Hearth.Engine.Plans;
using Hearth.Engine.Sql;
using Hearth.Engine.Types;

namespace Hearth.Engine.Functions;

/// <summary>Maps and structs.</summary>
internal static class MapFunctions
{
    public static void AddTo(FunctionList list)
    {
        Maps(list);
        HigherOrder(list);
        list.Custom("struct", 1, FunctionDefinition.Any, c => Struct([.. Enumerable.Range(0, c.Count).Select(i => (NameOf(c.Raw(i), i), c.Arg(i)))]));
        list.Custom("named_struct", 2, FunctionDefinition.Any, c => Struct([.. Enumerable.Range(0, c.Count / 2).Select(i => (c.ConstantText(i * 2) ?? throw c.Unsupported("with names that are not constant"), c.Arg((i * 2) + 1)))]));
    }

    private static string NameOf(Expr expr, int index) => expr switch
    {
        AliasExpr alias => alias.Names[0],
        ColumnName column => column.Parts[^1],
        FieldExpr field => field.Field,
        _ => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"col{index + 1}"),
    };

    private static BoundCall Struct((string Name, BoundExpr Value)[] fields)
    {
        string template = "{" + string.Join(", ", fields.Select((f, i) => $"{DuckTypes.Literal(f.Name)}: {{{i}}}")) + "}";
        return new BoundCall(template, fields.Select(f => f.Value).ToSeq(), new StructType(fields.Select(f => new StructField(f.Name, f.Value.Type, f.Value.Nullable)).ToSeq()), false);
    }

    private static void Maps(FunctionList list)
    {
        list.Custom("map create_map", 0, FunctionDefinition.Any, c =>
        {
            if (c.Count % 2 != 0)
            {
                throw Errors.WrongArguments(c.Name, "2n (n > 0)", c.Count, c.At);
            }

            BoundExpr[] args = [.. c.Args];
            SparkType key = c.Count == 0 ? SparkType.String : c.Binder.Unify([.. args.Where((_, i) => i % 2 == 0)], "map", c.At);
            SparkType value = c.Count == 0 ? SparkType.String : c.Binder.Unify([.. args.Where((_, i) => i % 2 == 1)], "map", c.At);
            Seq<BoundExpr> typed = args.Select((a, i) => a.To(i % 2 == 0 ? key : value)).ToSeq();
            string keys = string.Join(", ", Enumerable.Range(0, c.Count / 2).Select(i => $"{{{i * 2}}}")), values = string.Join(", ", Enumerable.Range(0, c.Count / 2).Select(i => $"{{{(i * 2) + 1}}}"));
            return new BoundCall($"MAP([{keys}], [{values}])", typed, new MapType(key, value, args.Where((_, i) => i % 2 == 1).Any(a => a.Nullable)), false);
        });
        list.Custom("map_keys", 1, 1, c => FunctionCall.Make("map_keys({0})", new ArrayType(c.Map(0).Type.Key, false), c.Arg(0)));
        list.Custom("map_values", 1, 1, c => FunctionCall.Make("map_values({0})", new ArrayType(c.Map(0).Type.Value, c.Map(0).Type.ValueContainsNull), c.Arg(0)));
        list.Custom("map_entries", 1, 1, c => FunctionCall.Make("map_entries({0})", new ArrayType(new StructType([new StructField("key", c.Map(0).Type.Key, false), new StructField("value", c.Map(0).Type.Value)]), false), c.Arg(0)));
        list.Custom("map_from_arrays", 2, 2, c => FunctionCall.Make("MAP({0}, {1})", new MapType(c.Array(0).Type.Element, c.Array(1).Type.Element), c.Arg(0), c.Arg(1)));
        list.Custom("map_from_entries", 1, 1, c => c.Array(0).Type.Element is StructType { Fields.Count: 2 } entry
            ? FunctionCall.Make("map_from_entries({0})", new MapType(entry.Fields[0].Type, entry.Fields[1].Type), c.Arg(0))
            : throw c.Mismatch(0, "ARRAY<STRUCT<key, value>>"));
        list.Custom("map_concat", 0, FunctionDefinition.Any, c =>
        {
            (Seq<BoundExpr> maps, SparkType type) = c.Unified();
            string lists = string.Join(" || ", maps.Select((_, i) => $"map_entries({{{i}}})"));
            return FunctionCall.Make($"map_from_entries({lists})", type, [.. maps]);
        });
        list.Custom("map_contains_key", 2, 2, c => FunctionCall.Make("map_contains({0}, {1})", SparkType.Boolean, c.Map(0).Value, SameKind(c.Type(1), c.Map(0).Type.Key) ? c.As(1, c.Map(0).Type.Key) : throw Binding.Errors.Mismatch("MAP_FUNCTION_DIFF_TYPES", $"Cannot resolve \"map_contains_key\" due to data type mismatch: Input to `map_contains_key` should have been \"MAP\" followed by a value with same key type, but it's [{Binding.Errors.TypeOf(c.Type(0))}, {Binding.Errors.TypeOf(c.Type(1))}].", c.At)));
        list.Custom("str_to_map", 1, 3, c => FunctionCall.Make(
            "map_from_entries(list_transform(hearth_split({0}, {1}, '-1'), lambda z: {'k': hearth_split(z, {2}, '2')[1], 'v': hearth_split(z, {2}, '2')[2]}))",
            new MapType(SparkType.String, SparkType.String), c.Text(0), c.Has(1) ? c.Text(1) : new BoundLiteral(",", SparkType.String), c.Has(2) ? c.Text(2) : new BoundLiteral(":", SparkType.String)), defaults: ["", ",", ":"]);
    }

    // No text becomes a number here, nor the other way round.
    private static bool SameKind(SparkType a, SparkType b) => a == SparkType.Void || (a == SparkType.String) == (b == SparkType.String);

    private static void HigherOrder(FunctionList list)
    {
        list.Custom("map_filter", 2, 2, c => OverEntries(c, (map, body) => ("map_from_entries(list_filter(map_entries({0}), lambda z: {1}))", map, body.To(SparkType.Boolean))));
        list.Custom("transform_keys", 2, 2, c => OverEntries(c, (map, body) => ("map_from_entries(list_transform(map_entries({0}), lambda z: {'k': {1}, 'v': z.value}))", new MapType(body.Type, map.Value), body)));
        list.Custom("transform_values", 2, 2, c => OverEntries(c, (map, body) => ("map_from_entries(list_transform(map_entries({0}), lambda z: {'k': z.key, 'v': {1}}))", new MapType(map.Key, body.Type), body)));
        list.Custom("map_zip_with", 3, 3, c =>
        {
            MapType a = c.Map(0).Type, b = c.Map(1).Type;
            BoundLambda lambda = c.Lambda(2, a.Key, a.Value, b.Value);
            string[] sources = ["k", "map_extract_value({0}, k)", "map_extract_value({1}, k)"];
            BoundExpr Inside(BoundExpr node) => node is BoundLambdaVariable v && lambda.Parameters.ToList().IndexOf(v.Name) is >= 0 and var i
                ? new BoundCall(sources[i], [c.Arg(0), c.Arg(1)], v.Type, true)
                : node.MapChildren(Inside);
            return FunctionCall.Make("map_from_entries(list_transform(list_filter(map_keys({0}) || map_keys({1}), lambda x, i: list_position(map_keys({0}) || map_keys({1}), x) = i), lambda k: {'k': k, 'v': {2}}))", new MapType(a.Key, lambda.Type), c.Arg(0), c.Arg(1), Inside(lambda.Body));
        });
    }

    private static BoundExpr OverEntries(FunctionCall call, Func<MapType, BoundExpr, (string Template, SparkType Type, BoundExpr Body)> make)
    {
        MapType map = call.Map(0).Type;
        BoundLambda lambda = call.Lambda(1, map.Key, map.Value);
        BoundExpr Inside(BoundExpr node) => node is BoundLambdaVariable v && lambda.Parameters.Contains(v.Name)
            ? new BoundCall(v.Name == lambda.Parameters[0] ? "z.key" : "z.value", [], v.Type, true)
            : node.MapChildren(Inside);
        (string template, SparkType type, BoundExpr body) = make(map, Inside(lambda.Body));
        return FunctionCall.Make(template, type, call.Arg(0), body);
    }
}
