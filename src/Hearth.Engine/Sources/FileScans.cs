using Hearth.Engine.Binding;
using Hearth.Engine.Duck;
using Hearth.Engine.Plans;
using Hearth.Engine.Sql;
using Hearth.Engine.Types;

namespace Hearth.Engine.Sources;

/// <summary>Makes scans of files: finds them, finds their schema, and says how DuckDB reads them.</summary>
/// <param name="connect">Gives a connection for looking into files.</param>
/// <param name="resolve">Makes local paths.</param>
/// <param name="conf">Session settings.</param>
/// <param name="schemas">Columns of Parquet files that are known.</param>
/// <param name="look">Runs something on a connection that is given back.</param>
internal sealed class FileScans(Func<DuckConnection> connect, Func<string, string> resolve, Func<string, string?> conf, ParquetSchemas schemas, Func<Func<DuckConnection, ParquetSchema>, ParquetSchema> look)
{
    /// <summary>A scan.</summary>
    /// <param name="files">Format, paths, wanted schema, options.</param>
    /// <param name="binder">Gives column identities.</param>
    /// <param name="qualifier">Table name parts of the columns.</param>
    public BoundPlan Scan(FileRelation files, Binder binder, Seq<string>? qualifier = null)
    {
        bool infer = !string.Equals(conf("spark.sql.sources.partitionColumnTypeInference.enabled"), "false", StringComparison.OrdinalIgnoreCase);
        if (files.Format is "delta" or "orc" or "avro" or "jdbc" or "hudi" or "iceberg" or "xml" or "binaryfile")
        {
            throw Errors.Unsupported($"the {files.Format} format");
        }

        ReaderOptions.CheckRead(files.Format, files.Options);
        if (files.Format is not ("parquet" or "csv" or "json" or "text"))
        {
            throw new EngineException("DATA_SOURCE_NOT_FOUND", $"Failed to find the data source: {files.Format}.", hint: "formats here: parquet, csv, json, text, delta");
        }

        if (files.Paths.Count == 0)
        {
            throw new EngineException("UNABLE_TO_INFER_SCHEMA", $"Unable to infer schema for {files.Format}: no path is given.");
        }

        TimeZoneInfo zone = Formatting.Zones.Require(conf("spark.sql.session.timeZone") ?? "UTC");
        FileListing listing = files.Options.Flag(SqlParser.SymlinkOption) ? Manifests.List(files.Paths, resolve, infer) : FileListing.Of(files.Paths, resolve, infer, FileChoice.Of(files.Options, zone));
        if (listing.Files.Count == 0 && files.Schema is null)
        {
            throw new EngineException("UNABLE_TO_INFER_SCHEMA", $"Unable to infer schema for {files.Format.ToUpperInvariant()}. It must be specified manually.");
        }

        BoundPlan plan = Build(files, listing, Source(files, listing, zone), binder, qualifier ?? []);
        return plan is BoundScan scan
            ? scan with { FileNames = () => (Source(files, listing with { Named = true }, zone).FromSql, NameOf(files.Paths)) }
            : plan;
    }

    private FileSource Source(FileRelation files, FileListing listing, TimeZoneInfo zone) => files.Format switch
    {
        "parquet" => ParquetSource.Of(files, listing, schemas, look),
        "csv" => CsvSource.Of(files, listing, connect, zone),
        "json" => JsonSource.Of(files, listing, connect, zone),
        _ => TextSource.Of(files, listing),
    };

    // A name as Spark gives it: the path as it was asked for, as a URL.
    private string NameOf(Seq<string> paths)
    {
        static string Url(string path) => $"replace(replace({path}, '%', '%25'), ' ', '%20')";
        string file = DuckTypes.Quote(FileListing.NameColumn);
        IEnumerable<string> remote = paths.Where(p => p.Contains("://", StringComparison.Ordinal) && !p.StartsWith("file:", StringComparison.OrdinalIgnoreCase)).Select(path =>
        {
            string local = Globs.FixedPart(resolve(path)), asked = Globs.FixedPart(path);
            return $"WHEN starts_with({file}, {DuckTypes.Literal(local)}) THEN {DuckTypes.Literal(asked)} || {Url($"substr({file}, {local.Length + 1})")} ";
        });
        string plain = $"'file://' || {Url(file)}";
        return string.Concat(remote) is { Length: > 0 } cases ? $"CASE {cases}ELSE {plain} END" : plain;
    }

    private static BoundPlan Build(FileRelation files, FileListing listing, FileSource source, Binder binder, Seq<string> qualifier)
    {
        StructField[] partitions = [.. listing.Partitions.Where(p => source.Fields.All(f => !Same(f.Name, p.Name)) || files.Schema is null)];
        List<BoundAttribute> output = [];
        List<string> columns = [];
        for (int i = 0; i < source.Fields.Count; i++)
        {
            StructField field = source.Fields[i];
            if (files.Schema is null && partitions.Any(p => Same(p.Name, field.Name)))
            {
                continue;
            }

            bool declared = listing.Partitions.Any(p => Same(p.Name, field.Name));
            output.Add(binder.NewAttribute(field.Name, field.Type, true, qualifier));
            columns.Add(declared ? PartitionColumn(field) : source.Columns[i]);
        }

        foreach (StructField partition in partitions.Where(p => files.Schema is null || files.Schema.IndexOf(p.Name) < 0))
        {
            output.Add(binder.NewAttribute(partition.Name, partition.Type, true, qualifier));
            columns.Add(PartitionColumn(partition));
        }

        if (listing.Files.Count == 0)
        {
            return new BoundEmpty(output.ToSeq());
        }

        return new BoundScan(source.FromSql, columns.ToSeq(), output.ToSeq())
        {
            Label = $"FileScan {files.Format} [{string.Join(", ", files.Paths)}]",
            Files = () => listing.Files,
            Stored = files.Format == "parquet" ? output.Select(a => a.Name).ToSeq() : null,
        };
    }

    private static bool Same(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);

    private static string PartitionColumn(StructField field) =>
        field.Type == SparkType.String ? $"CAST({DuckTypes.Quote(field.Name)} AS VARCHAR)" : $"TRY_CAST({DuckTypes.Quote(field.Name)} AS {DuckTypes.NameOf(field.Type)})";

    /// <summary>The DuckDB list of files.</summary>
    public static string FileList(FileListing listing) => $"[{string.Join(", ", listing.Files.Select(DuckTypes.Literal))}]";

    /// <summary>Hive partition arguments of a reader.</summary>
    public static string Hive(FileListing listing) => (listing.Named ? $"filename='{FileListing.NameColumn}', " : "") + (listing.Partitions.Count == 0
        ? "hive_partitioning=false"
        : $"hive_partitioning=true, hive_types={{{string.Join(", ", listing.Partitions.Select(p => $"{DuckTypes.Literal(p.Name)}: {(p.Type == SparkType.Timestamp ? "TIMESTAMP" : DuckTypes.NameOf(p.Type))}"))}}}");
}

/// <summary>How DuckDB reads files of a format.</summary>
/// <param name="FromSql">What stands after FROM.</param>
/// <param name="Fields">Columns in the files, without partition columns.</param>
/// <param name="Columns">DuckDB expression of each.</param>
internal sealed record FileSource(string FromSql, IReadOnlyList<StructField> Fields, IReadOnlyList<string> Columns);
