using System.Text.Json;
using Hearth.Engine.Types;

namespace Hearth.Engine.Sources;

/// <summary>JSON lines read one by one: a field that its type does not fit is NULL and the others stay, and it is known which records are bad.</summary>
internal static class JsonRecords
{
    private const string IsObject = "CASE WHEN json_valid(_text) THEN json_type(_text) = 'OBJECT' ELSE false END";

    // Jackson, and so Spark's reader, takes the last of several values of one name; libduckdb the first.
    private const string Last = "CASE WHEN len(list_distinct(json_keys(_text))) < len(json_keys(_text)) THEN hearth_json_last(_text) ELSE _text END";

    // The lines (line), and as libduckdb can read them (_text): Spark's parser takes single quotes too.
    private static string Lines(FileListing listing, bool singleQuotes) =>
        $"(SELECT *, {(singleQuotes ? "CASE WHEN contains(line, '''') AND NOT json_valid(line) THEN hearth_json_quotes(line) ELSE line END" : "line")} AS _text FROM {BadRecords.Lines(listing, header: false)} q)";

    public static FileSource Of(FileListing listing, StructType schema, BadRecords records, TimeFormats times, bool singleQuotes)
    {
        StructField[] data = [.. schema.Fields.Where(f => !records.IsCorruptColumn(f.Name))];
        string shape = DuckTypes.Literal($"{{{string.Join(",", data.Select(f => $"\"{JsonEncodedText.Encode(f.Name)}\":{JsonSource.Shape(f.Type)}"))}}}");
        bool judged = records.NeedsLines(schema.Fields.Select(f => f.Name));
        string bad = judged ? $", coalesce({string.Join(" OR ", data.Select(f => $"({Kind(f)} <> 'NULL' AND {Value(f, times)} IS NULL)").Prepend("NOT is_json"))}, false) AS bad" : "";
        string from = $"(SELECT *{bad} FROM (SELECT *, json_transform(d, {shape}) AS j FROM (SELECT *, CASE WHEN is_json THEN {Last} ELSE '{{}}' END AS d FROM (SELECT *, {IsObject} AS is_json FROM {Lines(listing, singleQuotes)} l) k) a) b)";
        from = judged ? $"(SELECT * FROM {from} c WHERE {records.Condition})" : from;
        return new FileSource(from, schema.Fields, [.. schema.Fields.Select(f => records.IsCorruptColumn(f.Name) ? "CASE WHEN bad THEN line END" : Value(f, times))]);
    }

    private static string Kind(StructField field) => $"json_type(d, {DuckTypes.Literal($"$.\"{field.Name}\"")})";

    // Spark's parser takes a number, a text or a truth value only where the type is one.
    private static string Value(StructField field, TimeFormats times)
    {
        string value = JsonSource.Column($"struct_extract(j, {DuckTypes.Literal(field.Name)})", field.Type, times);
        string? kinds = field.Type switch
        {
            _ when field.Type.IsIntegral => "'BIGINT', 'UBIGINT'",
            _ when field.Type.IsFractional => "'BIGINT', 'UBIGINT', 'DOUBLE'",
            _ when field.Type == SparkType.Boolean => "'BOOLEAN'",
            ArrayType => "'ARRAY'",
            MapType or StructType => "'OBJECT'",
            _ => null,
        };
        return kinds is null ? value : $"CASE WHEN {Kind(field)} IN ({kinds}) THEN {value} END";
    }

    /// <summary>The combined structure of the lines that are JSON, as libduckdb prints it.</summary>
    public static string Structure(FileListing listing, bool singleQuotes) => $"SELECT CAST(json_group_structure(CAST(d AS JSON)) AS VARCHAR) FROM (SELECT CASE WHEN {IsObject} THEN _text END AS d FROM {Lines(listing, singleQuotes)} l) v WHERE d IS NOT NULL";

    /// <summary>Whether some line is no JSON (Spark then adds the column of corrupt records to an inferred schema), a name that some line has twice, and whether some line has single quotes.</summary>
    public static string Odd(FileListing listing, bool singleQuotes) =>
        $"SELECT coalesce(bool_or(NOT is_json), false), min(twice), coalesce(bool_or(line <> _text), false) FROM (SELECT line, _text, is_json, CASE WHEN is_json THEN CASE WHEN len(list_distinct(json_keys(_text))) < len(json_keys(_text)) THEN list_filter(json_keys(_text), lambda k, i: list_position(json_keys(_text), k) < i)[1] END END AS twice FROM (SELECT line, _text, {IsObject} AS is_json FROM {Lines(listing, singleQuotes)} l) k) v";
}
