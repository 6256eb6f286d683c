using Hearth.Engine.Binding;
using Hearth.Engine.Plans;
using Hearth.Engine.Printing;
using Hearth.Engine.Sql;
using Hearth.Engine.Types;

namespace Hearth.Engine.Functions;

/// <summary>JSON text.</summary>
internal static partial class JsonFunctions
{
    private static readonly SparkType Text = SparkType.String;

    public static void AddTo(FunctionList list)
    {
        list.Custom("get_json_object", 2, 2, c => c.ConstantText(1) is { } path && PlainPath().IsMatch(path)
            ? FunctionCall.MakeNullable("CASE WHEN json_valid({0}) THEN json_extract_string({0}, {1}) END", Text, Json(c), c.Text(1))
            : FunctionCall.MakeNullable("hearth_json_path({0}, {1})", Text, Json(c), c.Text(1)));
        list.Custom("json_tuple", 2, FunctionDefinition.Any, Tuple);
        list.Custom("schema_of_json", 1, 2, SchemaOf, pretty: a => $"schema_of_json({a[0]})");
        list.Custom("json_array_length", 1, 1, c => FunctionCall.MakeNullable("CASE WHEN json_valid({0}) AND json_type({0}) = 'ARRAY' THEN CAST(json_array_length({0}) AS INTEGER) END", SparkType.Int, TextOnly(c)));
        list.Custom("json_object_keys", 1, 1, c => FunctionCall.MakeNullable("CASE WHEN json_valid({0}) AND json_type({0}) = 'OBJECT' THEN json_keys({0}) END", new ArrayType(Text), TextOnly(c)));
        list.Custom("to_json", 1, 2, ToJson, pretty: a => $"to_json({a[0]})");
        list.Custom("from_json", 2, 3, FromJson, pretty: a => $"from_json({a[0]})");
    }

    [System.Text.RegularExpressions.GeneratedRegex(@"^\$(\.[A-Za-z_][A-Za-z0-9_]*)+$", System.Text.RegularExpressions.RegexOptions.None, 1000)]
    private static partial System.Text.RegularExpressions.Regex PlainPath();

    private static BoundExpr TextOnly(FunctionCall call) => call.Type(0) == Text || call.Type(0) == SparkType.Void ? Json(call) : throw call.Mismatch(0, "STRING");

    // Spark's parser takes single quotes too.
    private static BoundExpr Json(FunctionCall call) =>
        FunctionCall.MakeNullable("CASE WHEN contains({0}, chr(39)) AND NOT json_valid({0}) THEN hearth_json_quotes({0}) ELSE {0} END", Text, call.Text(0));

    // One row: json_tuple(json, 'a', 'b') gives the columns c0, c1.
    private static BoundGenerator Tuple(FunctionCall call)
    {
        Seq<StructField> fields = Enumerable.Range(0, call.Count - 1).Select(i => new StructField(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"c{i}"), Text)).ToSeq();
        string members = string.Join(", ", fields.Select((f, i) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"'{f.Name}': hearth_json_path({{0}}, '$[' || chr(39) || {{{i + 1}}} || chr(39) || ']')")));
        BoundExpr row = new BoundCall($"[{{{members}}}]", [Json(call), .. Enumerable.Range(1, call.Count - 1).Select(call.Text)], new ArrayType(new StructType(fields), false), false);
        return new BoundGenerator(GeneratorKind.Inline, [row], false, fields);
    }

    private static BoundLiteral SchemaOf(FunctionCall call)
    {
        string json = call.ConstantText(0) ?? throw call.Unsupported("of a text that is not constant");
        TextOptions options = TextOptions.Of(call, 1, "allowNumericLeadingZeros", "mode");
        SparkType type = ManagedJson.TypeOf(JsonQuotes.Double(json), options.Get("allowNumericLeadingZeros") is { } zeros && zeros.Equals("true", StringComparison.OrdinalIgnoreCase)) ?? new StructType([new StructField("_corrupt_record", Text)]);
        return new BoundLiteral(type.SqlName, Text);
    }

    private static BoundExpr ToJson(FunctionCall call)
    {
        TextOptions options = TextOptions.Of(call, 1, "timestampFormat", "dateFormat", "ignoreNullFields");
        if (call.Type(0).IsAtomic || call.Type(0) is MapType { Key.IsAtomic: false } || (options.Get("ignoreNullFields") is { } ignore && !ignore.Equals("true", StringComparison.OrdinalIgnoreCase)))
        {
            throw call.Unsupported($"of {call.Type(0).SimpleName}");
        }

        TimeZoneInfo zone = call.Binder.Binder.Session.Zone;
        BoundExpr value = call.Arg(0);
        if (options.Any)
        {
            value = call.Type(0) is StructType type && type.Fields.All(f => f.Type.IsAtomic) ? AsTexts(call, type, options) : throw call.Unsupported("with formats for nested values");
        }

        return FunctionCall.Make(JsonSql.Value("{0}", value.Type, zone).Replace("'{'", "chr(123)", StringComparison.Ordinal).Replace("'}'", "chr(125)", StringComparison.Ordinal), Text, value);
    }

    // Dates and times become texts by their pattern first.
    private static BoundExpr AsTexts(FunctionCall call, StructType type, TextOptions options)
    {
        TimeZoneInfo zone = call.Binder.Binder.Session.Zone;
        Seq<StructField> fields = type.Fields.Map(f => f.Type == SparkType.Date || f.Type.IsTimestamp ? f with { Type = Text } : f);
        string members = string.Join(", ", type.Fields.Zip(fields).Select(p => $"struct_extract({{0}}, {DuckTypes.Literal(p.First.Name)})" is var value && p.First.Type == p.Second.Type
            ? $"{DuckTypes.Literal(p.First.Name)}: {value}"
            : $"{DuckTypes.Literal(p.First.Name)}: {options.Write($"struct_extract({{0}}, {DuckTypes.Literal(p.First.Name)})", p.First.Type, zone, call)}"));
        return FunctionCall.Make($"CASE WHEN {{0}} IS NOT NULL THEN {{{members}}} END", new StructType(fields), call.Arg(0));
    }

    // PERMISSIVE: a field that does not fit is NULL, a text that is no JSON gives NULL fields.
    private static BoundExpr FromJson(FunctionCall call)
    {
        SparkType type = SqlParser.ParseType(call.ConstantText(1) ?? throw call.Unsupported("with a schema that is not constant"));
        TextOptions options = TextOptions.Of(call, 2, "mode", "timestampFormat", "dateFormat");
        if (type.IsAtomic || HasBinary(type) || (options.Get("mode") is { } mode && !mode.Equals("PERMISSIVE", StringComparison.OrdinalIgnoreCase)))
        {
            throw call.Unsupported("into binary or single values, or with a mode other than PERMISSIVE");
        }

        SparkType texts = TimesAsText(type);
        string shape = DuckTypes.Literal(Shape(texts));
        BoundExpr read = FunctionCall.MakeNullable($"CASE WHEN {{0}} IS NULL OR trim({{0}}) = '' THEN NULL ELSE CAST(json_transform({Document(type)}, {shape}) AS {DuckTypes.NameOf(texts)}) END", texts, Json(call));
        return Coercion.SameLayout(texts, type) ? read
            : options.Get("timestampFormat") is null && options.Get("dateFormat") is null ? (read.To(type) is BoundCast cast ? cast with { Lenient = true } : read)
            : Formatted(call, read, (type as StructType) ?? throw call.Unsupported("with formats for nested values"), options);
    }

    // A struct from anything but an object is one of NULLs, from a list its first element; an array or map from text that is no JSON is NULL.
    private static string Document(SparkType type) => type is StructType
        ? "CASE WHEN NOT json_valid({0}) THEN chr(123) || chr(125) WHEN json_type({0}) IN ('OBJECT', 'NULL') THEN {0} WHEN json_type({0}) = 'ARRAY' THEN coalesce(CAST(json_extract({0}, '$[0]') AS VARCHAR), 'null') ELSE chr(123) || chr(125) END"
        : type is ArrayType ? $"coalesce(hearth_json_array({{0}}, {DuckTypes.Literal(type.SimpleName)}), 'null')"
        : "CASE WHEN json_valid({0}) THEN {0} ELSE 'null' END";

    private static BoundExpr Formatted(FunctionCall call, BoundExpr read, StructType type, TextOptions options)
    {
        BoundExpr[] values = [.. type.Fields.Select((f, i) =>
        {
            SparkType own = ((StructType)read.Type).Fields[i].Type;
            BoundExpr text = FunctionCall.MakeNullable($"struct_extract({{0}}, {DuckTypes.Literal(f.Name)})", own, read);
            return Coercion.SameLayout(own, f.Type) ? text : options.Read(text, f.Type, call);
        })];
        string members = string.Join(", ", type.Fields.Select((f, i) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{DuckTypes.Literal(f.Name)}: {{{i + 1}}}")));
        return FunctionCall.MakeNullable($"CASE WHEN {{0}} IS NOT NULL THEN {{{members}}} END", type, [call.Text(0), .. values]);
    }

    // Dates and times are read as texts and cast by Spark's rules.
    private static SparkType TimesAsText(SparkType type) => type switch
    {
        ArrayType a => a with { Element = TimesAsText(a.Element) },
        MapType m => m with { Value = TimesAsText(m.Value) },
        StructType s => new StructType(s.Fields.Map(f => f with { Type = TimesAsText(f.Type) })),
        _ => type == SparkType.Date || type.IsTimestamp ? Text : type,
    };

    private static bool HasBinary(SparkType type) => type switch
    {
        ArrayType a => HasBinary(a.Element),
        MapType m => HasBinary(m.Value) || m.Key != Text,
        StructType s => s.Fields.Any(f => HasBinary(f.Type)),
        _ => type == SparkType.Binary || type.IsInterval,
    };

    private static string Shape(SparkType type) => type switch
    {
        ArrayType a => $"[{Shape(a.Element)}]",
        StructType s => $"{{{string.Join(",", s.Fields.Select(f => $"{System.Text.Json.JsonEncodedText.Encode(f.Name)}".Insert(0, "\"") + $"\":{Shape(f.Type)}"))}}}",
        _ => $"\"{DuckTypes.NameOf(type)}\"",
    };
}
