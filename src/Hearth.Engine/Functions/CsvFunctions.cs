using System.Globalization;
using Hearth.Engine.Binding;
using Hearth.Engine.Formatting;
using Hearth.Engine.Plans;
using Hearth.Engine.Printing;
using Hearth.Engine.Sql;
using Hearth.Engine.Types;

namespace Hearth.Engine.Functions;

/// <summary>CSV text in columns.</summary>
internal static class CsvFunctions
{
    private static readonly SparkType Text = SparkType.String;

    public static void AddTo(FunctionList list)
    {
        list.Custom("from_csv", 2, 3, From, pretty: a => $"from_csv({a[0]})");
        list.Custom("to_csv", 1, 2, To, pretty: a => $"to_csv({a[0]})");
        list.Custom("schema_of_csv", 1, 2, Schema, pretty: a => $"schema_of_csv({a[0]})");
    }

    private static string Separator(TextOptions options) => options.Get("sep") ?? options.Get("delimiter") ?? ",";

    private static BoundExpr From(FunctionCall call)
    {
        if (SqlParser.ParseType(call.ConstantText(1) ?? throw call.Unsupported("with a schema that is not constant")) is not StructType type)
        {
            throw call.Mismatch(1, "STRUCT");
        }

        TextOptions options = TextOptions.Of(call, 2, "sep", "delimiter", "timestampFormat", "dateFormat", "mode");
        BoundExpr fields = FunctionCall.Make("hearth_csv_split({0}, {1})", new ArrayType(Text), call.Text(0), new BoundLiteral(Separator(options), Text));
        BoundExpr[] values = [.. type.Fields.Select((field, i) => options.Read(FunctionCall.MakeNullable(string.Create(CultureInfo.InvariantCulture, $"nullif(list_extract({{0}}, {i + 1}), chr(0))"), Text, fields), field.Type, call))];
        string members = string.Join(", ", type.Fields.Select((f, i) => string.Create(CultureInfo.InvariantCulture, $"{DuckTypes.Literal(f.Name)}: {{{i + 1}}}")));
        return FunctionCall.MakeNullable($"CASE WHEN {{0}} IS NOT NULL THEN {{{members}}} END", type, [call.Text(0), .. values]);
    }

    private static BoundExpr To(FunctionCall call)
    {
        if (call.Type(0) is not StructType type)
        {
            throw call.Mismatch(0, "STRUCT");
        }

        TextOptions options = TextOptions.Of(call, 1, "sep", "delimiter", "timestampFormat", "dateFormat");
        string separator = DuckTypes.Literal(Separator(options));
        TimeZoneInfo zone = call.Binder.Binder.Session.Zone;
        IEnumerable<string> fields = type.Fields.Select(field =>
        {
            string value = $"struct_extract({{0}}, {DuckTypes.Literal(field.Name)})";
            return $"coalesce(hearth_csv_field({options.Write(value, field.Type, zone, call)}, {separator}), '')";
        });
        return FunctionCall.Make($"CASE WHEN {{0}} IS NOT NULL THEN {string.Join($" || {separator} || ", fields)} END", Text, call.Arg(0));
    }

    private static BoundLiteral Schema(FunctionCall call)
    {
        string record = call.ConstantText(0) ?? throw call.Unsupported("of a text that is not constant");
        TextOptions options = TextOptions.Of(call, 1, "sep", "delimiter");
        IEnumerable<StructField> fields = CsvText.Split(record, Separator(options)).Select((text, i) => new StructField(string.Create(CultureInfo.InvariantCulture, $"_c{i}"), Guess(text)));
        return new BoundLiteral(new StructType(fields.ToSeq()).SqlName, Text);
    }

    private static SparkType Guess(string text) => text == CsvText.Null ? Text
        : int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _) ? SparkType.Int
        : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _) ? SparkType.Long
        : JavaNumbers.TryParseDouble(text, out _) ? SparkType.Double
        : text.Length == 10 && DateTimeReader.Date(text) is not null && text[4] == '-' ? SparkType.Date
        : text.Length > 10 && text[4] == '-' && DateTimeReader.LocalMicros(text) is not null ? SparkType.Timestamp
        : text.ToUpperInvariant() is "TRUE" or "FALSE" ? SparkType.Boolean
        : Text;
}
