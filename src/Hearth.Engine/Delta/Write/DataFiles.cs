using System.Globalization;
using Hearth.Engine.Delta.Log;
using Hearth.Engine.Delta.Read;
using Hearth.Engine.Duck;
using Hearth.Engine.Plans;
using Hearth.Engine.Printing;
using Hearth.Engine.Sources;
using Hearth.Engine.Types;

namespace Hearth.Engine.Delta.Write;

/// <summary>Files that a change wrote; they belong to the table only once they are committed.</summary>
/// <param name="Files">Actions for the log.</param>
/// <param name="Rows">Rows in them.</param>
internal sealed record WrittenFiles(IReadOnlyList<AddFile> Files, long Rows)
{
    public static readonly WrittenFiles None = new([], 0);

    public long Bytes => Files.Sum(f => f.Size);
}

/// <summary>Writes rows as data files of a table.</summary>
internal sealed class DataFiles(DeltaTable table)
{
    public const string StagePrefix = ".hearth-stage-";

    /// <summary>Writes rows whose columns are those of the table, in order. Constraints are checked row by row.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="metadata">Schema, partitioning, constraints.</param>
    /// <param name="dataChange">False when rows are only rearranged.</param>
    /// <param name="cancellationToken">Stops; what was written is removed.</param>
    public WrittenFiles Write(BoundPlan rows, Metadata metadata, bool dataChange, CancellationToken cancellationToken)
    {
        int files = rows is BoundRepartition { Partitions: > 1 and var n } ? n : 1;
        BoundPlan checkedRows = dataChange ? new Constraints(table.Session.Engine).Enforce(rows, metadata) : rows;
        string stage = Path.Combine(table.Location.Root, StagePrefix + Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(stage);
        try
        {
            bool split = files > 1 || metadata.PartitionColumns.Count > 0;
            string copy = $"COPY ({Query(checkedRows, metadata, files)}) TO {DuckTypes.Literal(stage)} (FORMAT parquet, COMPRESSION {Codec(metadata)}, RETURN_STATS, FILENAME_PATTERN 'f{{i}}', OVERWRITE_OR_IGNORE"
                + (split ? $", PARTITION_BY ({string.Join(", ", Keys(metadata, files).Select(DuckTypes.Quote))}))" : ", FILE_SIZE_BYTES '256MB')");
            List<object?[]> written = table.Session.Duck.Rows(copy, cancellationToken);
            return Place(stage, written, metadata, dataChange);
        }
        finally
        {
            Directory.Delete(stage, recursive: true);
        }
    }

    private string Codec(Metadata metadata) => (metadata.Property("delta.parquet.compression.codec") ?? table.Session.Engine.Conf.Get("spark.sql.parquet.compression.codec") ?? "snappy").ToLowerInvariant() switch
    {
        "snappy" => "snappy",
        "zstd" => "zstd",
        "gzip" => "gzip",
        "lz4" or "lz4_raw" => "lz4_raw",
        "none" or "uncompressed" => "uncompressed",
        var other => throw new EngineException("CODEC_NOT_AVAILABLE", $"The codec {other} is not available. Available codecs are snappy, gzip, zstd, lz4, uncompressed.", ErrorKind.IllegalArgumentException),
    };

    private static IEnumerable<string> Keys(Metadata metadata, int files) => files > 1 ? metadata.PartitionColumns.Append("__file") : metadata.PartitionColumns;

    // Stored columns by name, then partition columns as the log's text.
    private string Query(BoundPlan rows, Metadata metadata, int files)
    {
        TimeZoneInfo zone = table.Session.Engine.Zone;
        List<string> stored = [], keys = [];
        for (int i = 0; i < metadata.Schema.Fields.Count; i++)
        {
            StructField field = metadata.Schema.Fields[i];
            string value = string.Create(CultureInfo.InvariantCulture, $"c{i}");
            if (!metadata.IsPartition(field.Name))
            {
                stored.Add($"CAST({value} AS {DuckTypes.NameOf(field.Type)}) AS {DuckTypes.Quote(field.Name)}");
            }
        }

        foreach (string partition in metadata.PartitionColumns)
        {
            int i = metadata.Schema.IndexOf(partition);
            string text = PartitionText.Text(string.Create(CultureInfo.InvariantCulture, $"c{i}"), metadata.Schema.Fields[i].Type, zone);
            keys.Add($"nullif({text}, '') AS {DuckTypes.Quote(partition)}");
        }

        if (files > 1)
        {
            keys.Add(string.Create(CultureInfo.InvariantCulture, $"(row_number() OVER () - 1) % {files} AS \"__file\""));
        }

        return $"SELECT {string.Join(", ", stored.Concat(keys))} FROM ({SqlPrinter.PrintQuery(rows, zone)}) w";
    }

    private WrittenFiles Place(string stage, List<object?[]> written, Metadata metadata, bool dataChange)
    {
        long now = table.Session.Time.GetUtcNow().ToUnixTimeMilliseconds();
        string job = Guid.NewGuid().ToString();
        StructField[] stored = [.. metadata.Schema.Fields.Where(f => !metadata.IsPartition(f.Name))];
        int most = int.TryParse(metadata.Property("delta.dataSkippingNumIndexedCols") ?? "32", NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int n) ? n : 32;
        List<AddFile> files = [];
        long rows = 0;
        foreach (object?[] row in written.Where(r => Number(r[1]) > 0).OrderBy(r => (string)r[0]!, StringComparer.Ordinal))
        {
            string source = (string)row[0]!;
            Dictionary<string, string?> values = PartitionValues(Path.GetRelativePath(stage, Path.GetDirectoryName(source)!), metadata);
            string directory = string.Join('/', metadata.PartitionColumns.Select(c => $"{PartitionPath.Escape(c)}={(values[c] is { } v ? PartitionPath.Escape(v) : FileListing.DefaultPartition)}"));
            string name = string.Create(CultureInfo.InvariantCulture, $"part-{files.Count:00000}-{job}{(directory.Length > 0 ? "." : "-")}c000{Extension(Codec(metadata))}");
            string relative = directory.Length > 0 ? $"{directory}/{name}" : name;
            string target = Path.Combine(table.Location.Root, relative);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Move(source, target);
            rows += Number(row[1]);
            files.Add(new AddFile(LogPath.Encode(relative), values, Number(row[2]), now, dataChange, WrittenStats.Of(Number(row[1]), stored, most, ColumnStats((MapValue)row[4]!)), null));
        }

        return new WrittenFiles(files, rows);
    }

    private static string Extension(string codec) => codec switch { "uncompressed" => ".parquet", "gzip" => ".gz.parquet", "lz4_raw" => ".lz4raw.parquet", _ => $".{codec}.parquet" };

    private static long Number(object? value) => long.Parse(value!.ToString()!, CultureInfo.InvariantCulture);

    private static Dictionary<string, IReadOnlyDictionary<string, string>> ColumnStats(MapValue map) => map.Entries.ToDictionary(
        e => (string)e.Key,
        e => (IReadOnlyDictionary<string, string>)((MapValue)e.Value!).Entries.Where(s => s.Value is not null).ToDictionary(s => (string)s.Key, s => (string)s.Value!, StringComparer.Ordinal),
        StringComparer.Ordinal);

    private static Dictionary<string, string?> PartitionValues(string directory, Metadata metadata)
    {
        Dictionary<string, string?> values = new(StringComparer.Ordinal);
        foreach (string part in directory.Split(Path.DirectorySeparatorChar).Where(p => p.Contains('=', StringComparison.Ordinal)))
        {
            int equals = part.IndexOf('=', StringComparison.Ordinal);
            string name = Uri.UnescapeDataString(part[..equals]), value = part[(equals + 1)..];
            if (metadata.PartitionColumns.Contains(name, StringComparer.Ordinal))
            {
                values[name] = value == FileListing.DefaultPartition ? null : Uri.UnescapeDataString(value);
            }
        }

        return values;
    }

    /// <summary>Removes files that were not committed.</summary>
    public void Discard(WrittenFiles written)
    {
        foreach (AddFile file in written.Files)
        {
            File.Delete(table.Location.FileOf(file.Path));
        }
    }
}

/// <summary>Paths of the log: URI-encoded.</summary>
internal static class LogPath
{
    /// <summary>Encodes what a URI path does not take; the name on the disk is the decoded form.</summary>
    public static string Encode(string path)
    {
        System.Text.StringBuilder text = new(path.Length);
        foreach (char c in path)
        {
            _ = c is '%' or ' ' or '"' or '#' or '<' or '>' or '?' or '[' or ']' or '\\' or '^' or '`' or '{' or '|' or '}' || c < ' ' || c == '\u007F' ? text.Append(CultureInfo.InvariantCulture, $"%{(int)c:X2}") : text.Append(c);
        }

        return text.ToString();
    }
}
