using Hearth.Engine.Duck;
using Hearth.Engine.Sql;
using Hearth.Engine.Types;

namespace Hearth.Engine.Sources;

/// <summary>JSON lines (or whole documents with multiLine): inferred columns in alphabetical order, bad lines all NULL.</summary>
internal static class JsonSource
{
    public static FileSource Of(FileRelation files, FileListing listing, Func<DuckConnection> connect, TimeZoneInfo zone)
    {
        string format = files.Options.Flag("multiLine") ? "auto" : "newline_delimited";
        string common = $"format='{format}', {FileScans.Hive(listing)}, maximum_object_size=67108864";
        BadRecords records = BadRecords.Of(files.Options);
        TimeFormats times = TimeFormats.Of(files.Options, zone);
        // The reader's own inference stops at a line that is no JSON.
        bool singleQuotes = files.Options.Get("allowSingleQuotes") is not { } quotes || quotes.Equals("true", StringComparison.OrdinalIgnoreCase);
        (bool bad, bool single) = files.Schema is null && format == "newline_delimited" ? Odd(connect, listing, singleQuotes) : default;
        StructType schema = files.Schema is { } given ? given
            : bad ? WithCorrupt(Structure(connect, listing, singleQuotes), records)
            : single ? Structure(connect, listing, singleQuotes)
            : Infer(connect, listing, format);
        bool needed = single || records.NeedsLines(schema.Fields.Select(f => f.Name));
        if (needed || (files.Schema is not null && format != "auto"))
        {
            return format == "auto" ? throw Binding.Errors.Unsupported("JSON modes and corrupt record columns together with multiLine") : JsonRecords.Of(listing, schema, records, times, singleQuotes);
        }

        string columns = string.Join(", ", schema.Fields.Select(f => $"{DuckTypes.Literal(f.Name)}: {DuckTypes.Literal(ReadType(f.Type))}"));
        string from = $"read_json({FileScans.FileList(listing)}, {common}, ignore_errors={(format == "auto" ? "false" : "true")}, columns={{{columns}}})";
        return new FileSource(from, schema.Fields, [.. schema.Fields.Select(f => Column(DuckTypes.Quote(f.Name), f.Type, times))]);
    }

    private static StructType WithCorrupt(StructType schema, BadRecords records) => records.Mode != ParseMode.Permissive
        ? schema
        : new StructType(schema.Fields.Append(new StructField(records.CorruptColumn, SparkType.String)).OrderBy(f => f.Name, StringComparer.Ordinal).ToSeq());

    // The types of the lines that are JSON.
    private static StructType Structure(Func<DuckConnection> connect, FileListing listing, bool singleQuotes)
    {
        using DuckConnection connection = connect();
        using DuckResult result = connection.Query(JsonRecords.Structure(listing, singleQuotes));
        using System.Text.Json.JsonDocument document = System.Text.Json.JsonDocument.Parse(result.NextChunk() && result.Value(0, 0) is string text ? text : "{}");
        return TypeOf(document.RootElement) as StructType ?? new StructType([]);
    }

    private static SparkType TypeOf(System.Text.Json.JsonElement structure) => structure.ValueKind switch
    {
        System.Text.Json.JsonValueKind.Object => new StructType(structure.EnumerateObject().OrderBy(p => p.Name, StringComparer.Ordinal).Select(p => new StructField(p.Name, TypeOf(p.Value))).ToSeq()),
        System.Text.Json.JsonValueKind.Array => new ArrayType(structure.GetArrayLength() == 0 ? SparkType.String : TypeOf(structure[0])),
        _ => structure.GetString() switch { "UBIGINT" or "BIGINT" => SparkType.Long, "DOUBLE" or "HUGEINT" => SparkType.Double, "BOOLEAN" => SparkType.Boolean, _ => SparkType.String },
    };

    /// <exception cref="EngineException">COLUMN_ALREADY_EXISTS: a record has a name twice.</exception>
    private static (bool Bad, bool SingleQuotes) Odd(Func<DuckConnection> connect, FileListing listing, bool singleQuotes)
    {
        using DuckConnection connection = connect();
        using DuckResult result = connection.Query(JsonRecords.Odd(listing, singleQuotes));
        bool any = result.NextChunk();
        return any && result.Value(0, 1) is string twice
            ? throw new EngineException("COLUMN_ALREADY_EXISTS", $"The column `{twice.ToLowerInvariant()}` already exists. Consider to choose another name or rename the existing column.", hint: "give the schema: then the last value counts")
            : (any && result.Value(0, 0) is true, any && result.Value(0, 2) is true);
    }

    // Times are read as text, so that Spark's reader decides.
    private static string ReadType(SparkType type) => type == SparkType.Date || type.IsTimestamp ? "VARCHAR" : DuckTypes.NameOf(type);

    /// <summary>The value of a column as it is read.</summary>
    public static string Column(string value, SparkType type, TimeFormats times) => type switch
    {
        _ when type == SparkType.Date || type.IsTimestamp => times.Read(value, type) ?? Printing.CastSql.Print(value, SparkType.String, type, times.Zone),
        ArrayType a when HasTimes(a.Element) => $"list_transform({value}, lambda e: {Column("e", a.Element, times)})",
        StructType s when HasTimes(s) => $"CASE WHEN {value} IS NOT NULL THEN struct_pack({string.Join(", ", s.Fields.Select(f => $"{DuckTypes.Quote(f.Name)} := {Column($"struct_extract({value}, {DuckTypes.Literal(f.Name)})", f.Type, times)}"))}) END",
        _ => value,
    };

    private static bool HasTimes(SparkType type) => type switch
    {
        ArrayType a => HasTimes(a.Element),
        StructType s => s.Fields.Any(f => HasTimes(f.Type)),
        _ => type == SparkType.Date || type.IsTimestamp,
    };

    /// <summary>The shape of a column for json_transform.</summary>
    public static string Shape(SparkType type) => type switch
    {
        ArrayType a => $"[{Shape(a.Element)}]",
        StructType s => $"{{{string.Join(",", s.Fields.Select(f => $"\"{System.Text.Json.JsonEncodedText.Encode(f.Name)}\":{Shape(f.Type)}"))}}}",
        _ => $"\"{ReadType(type)}\"",
    };

    private static StructType Infer(Func<DuckConnection> connect, FileListing listing, string format)
    {
        using DuckConnection connection = connect();
        IReadOnlyList<DuckColumn> columns = connection.Describe(
            $"SELECT * FROM read_json({FileScans.FileList(listing)}, format='{format}', hive_partitioning=false, sample_size=-1, map_inference_threshold=-1, convert_strings_to_integers=false, union_by_name=true, ignore_errors={(format == "auto" ? "false" : "true")})");
        return new StructType(columns.Select(c => new StructField(c.Name, Plain(DuckTypes.ToSpark(c.Type)))).OrderBy(f => f.Name, StringComparer.Ordinal).ToSeq());
    }

    // Spark infers bigint, double, string, boolean and nested types only.
    private static SparkType Plain(SparkType type) => type switch
    {
        ArrayType a => new ArrayType(Plain(a.Element)),
        MapType m => new MapType(m.Key, Plain(m.Value)),
        StructType s => new StructType(s.Fields.Select(f => f with { Type = Plain(f.Type) }).OrderBy(f => f.Name, StringComparer.Ordinal).ToSeq()),
        DecimalType => SparkType.Double,
        _ when type.IsIntegral => SparkType.Long,
        _ when type.IsFractional => SparkType.Double,
        _ when type == SparkType.Boolean => type,
        _ => SparkType.String,
    };
}
