using Hearth.Engine.Binding;
using Hearth.Engine.Plans;
using Hearth.Engine.Printing;
using Hearth.Engine.Sql;
using Hearth.Engine.Types;

namespace Hearth.Engine.Functions;

/// <summary>JSON text.</summary>
internal static class JsonFunctions
{
    private static readonly SparkType Text = SparkType.String;

    public static void AddTo(FunctionList list)
    {
        list.Custom("get_json_object", 2, 2, c => c.ConstantText(1) is { } path && !path.Contains('*', StringComparison.Ordinal)
            ? FunctionCall.MakeNullable("CASE WHEN json_valid({0}) THEN json_extract_string({0}, {1}) END", Text, c.Text(0), c.Text(1))
            : throw c.Unsupported("with a wildcard or a path that is not constant"));
        list.Custom("json_array_length", 1, 1, c => FunctionCall.MakeNullable("CASE WHEN json_valid({0}) AND json_type({0}) = 'ARRAY' THEN CAST(json_array_length({0}) AS INTEGER) END", SparkType.Int, c.Text(0)));
        list.Custom("json_object_keys", 1, 1, c => FunctionCall.MakeNullable("CASE WHEN json_valid({0}) AND json_type({0}) = 'OBJECT' THEN json_keys({0}) END", new ArrayType(Text), c.Text(0)));
        list.Custom("to_json", 1, 1, c => c.Type(0).IsAtomic || c.Type(0) is MapType { Key.IsAtomic: false }
            ? throw c.Unsupported($"of {c.Type(0).SimpleName}")
            : FunctionCall.Make(JsonSql.Value("{0}", c.Type(0), c.Binder.Binder.Session.Zone).Replace("'{'", "chr(123)", StringComparison.Ordinal).Replace("'}'", "chr(125)", StringComparison.Ordinal), Text, c.Arg(0)));
        list.Custom("from_json", 2, 2, FromJson, pretty: a => $"from_json({a[0]})");
    }

    // PERMISSIVE: a field that does not fit is NULL, a text that is no JSON gives NULL fields.
    private static BoundExpr FromJson(FunctionCall call)
    {
        SparkType type = SqlParser.ParseType(call.ConstantText(1) ?? throw call.Unsupported("with a schema that is not constant"));
        if (type.IsAtomic || HasTime(type))
        {
            throw call.Unsupported("into dates, timestamps or single values");
        }

        string shape = DuckTypes.Literal(Shape(type));
        return FunctionCall.MakeNullable($"CASE WHEN {{0}} IS NULL THEN NULL ELSE CAST(json_transform(CASE WHEN json_valid({{0}}) THEN {{0}} ELSE 'null' END, {shape}) AS {DuckTypes.NameOf(type)}) END", type, call.Text(0));
    }

    private static bool HasTime(SparkType type) => type switch
    {
        ArrayType a => HasTime(a.Element),
        MapType m => HasTime(m.Value) || m.Key != Text,
        StructType s => s.Fields.Any(f => HasTime(f.Type)),
        _ => type == SparkType.Date || type.IsTimestamp || type == SparkType.Binary,
    };

    private static string Shape(SparkType type) => type switch
    {
        ArrayType a => $"[{Shape(a.Element)}]",
        StructType s => $"{{{string.Join(",", s.Fields.Select(f => $"{System.Text.Json.JsonEncodedText.Encode(f.Name)}".Insert(0, "\"") + $"\":{Shape(f.Type)}"))}}}",
        _ => $"\"{DuckTypes.NameOf(type)}\"",
    };
}
