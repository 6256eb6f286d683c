using Hearth.Engine.Duck;
using Hearth.Engine.Sql;
using Hearth.Engine.Types;

namespace Hearth.Engine.Sources;

/// <summary>JSON lines (or whole documents with multiLine): inferred columns in alphabetical order, bad lines all NULL.</summary>
internal static class JsonSource
{
    public static FileSource Of(FileRelation files, FileListing listing, Func<DuckConnection> connect)
    {
        string format = files.Options.Flag("multiLine") ? "auto" : "newline_delimited";
        string common = $"format='{format}', {FileScans.Hive(listing)}, maximum_object_size=67108864";
        StructType schema = files.Schema ?? Infer(connect, listing, format);
        string columns = string.Join(", ", schema.Fields.Select(f => $"{DuckTypes.Literal(f.Name)}: {DuckTypes.Literal(ReadType(f.Type))}"));
        string from = $"read_json({FileScans.FileList(listing)}, {common}, ignore_errors={(format == "auto" ? "false" : "true")}, columns={{{columns}}})";
        return new FileSource(from, schema.Fields, [.. schema.Fields.Select(Column)]);
    }

    // Times are read as text, so that Spark's reader decides.
    private static string ReadType(SparkType type) => type == SparkType.Date || type.IsTimestamp ? "VARCHAR" : DuckTypes.NameOf(type);

    private static string Column(StructField field)
    {
        string name = DuckTypes.Quote(field.Name);
        return field.Type == SparkType.Date || field.Type.IsTimestamp
            ? Printing.CastSql.Print(name, SparkType.String, field.Type, TimeZoneInfo.Utc)
            : name;
    }

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
