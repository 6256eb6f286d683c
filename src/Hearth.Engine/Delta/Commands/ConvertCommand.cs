using System.Globalization;
using Hearth.Engine.Delta.Log;
using Hearth.Engine.Delta.Read;
using Hearth.Engine.Delta.Write;
using Hearth.Engine.Sources;
using Hearth.Engine.Sql;
using Hearth.Engine.Types;

namespace Hearth.Engine.Delta.Commands;

/// <summary>CONVERT TO DELTA: a log for Parquet files that are there. The files stay as they are.</summary>
internal sealed class ConvertCommand(DeltaTable table)
{
    public void Run(StructType? partitionedBy)
    {
        if (table.Log.Latest() is not null)
        {
            return;
        }

        string path = table.Location.Objects ? table.Location.Uri : table.Location.Root;
        FileListing listing = FileListing.Of([path], table.Location.Resolve, inferTypes: true);
        string[] files = [.. listing.Files.Where(f => f.EndsWith(".parquet", StringComparison.Ordinal) || f.EndsWith(".parq", StringComparison.Ordinal))];
        if (files.Length == 0)
        {
            throw new EngineException("DELTA_CONVERT_NON_PARQUET_TABLE", $"CONVERT TO DELTA only supports parquet tables; there are no Parquet files in {table.Location.Uri}.");
        }

        StructField[] partitions = [.. partitionedBy?.Fields ?? []];
        if (!listing.Partitions.Select(p => p.Name).SequenceEqual(partitions.Select(p => p.Name), StringComparer.OrdinalIgnoreCase))
        {
            throw new EngineException("DELTA_UNEXPECTED_NUM_PARTITION_COLUMNS_FROM_FILE_NAME", $"The directories declare the partition columns [{string.Join(", ", listing.Partitions.Select(p => $"{p.Name} {p.Type.SimpleName}"))}], the statement [{string.Join(", ", partitions.Select(p => p.Name))}].", hint: "CONVERT TO DELTA .. PARTITIONED BY (name type, ..)");
        }

        StructType data = table.Session.Engine.SchemaOf(new FileRelation("parquet", [path], null, new Options([new("mergeSchema", "true")])));
        StructType schema = new([.. data.Fields.Where(f => partitions.All(p => !string.Equals(p.Name, f.Name, StringComparison.OrdinalIgnoreCase))).Select(f => f with { Nullable = true }), .. partitions]);
        Metadata metadata = CreateCommand.NewMetadata(table, schema, partitions.Select(p => p.Name).ToSeq(), new Dictionary<string, string>(StringComparer.Ordinal), null);
        Dictionary<string, long> rows = Counts(files);
        AddFile[] added = [.. files.Select(f => Add(f, partitions, rows[f]))];
        Transaction transaction = new(table, Snapshot.Empty);
        transaction.Commit(
            Operation.Of("CONVERT", [("numFiles", files.Length.ToString(CultureInfo.InvariantCulture)), ("partitionedBy", Operation.List(partitions.Select(p => p.Name))), ("collectStats", "false"), ("sourceFormat", "parquet")], [("numConvertedFiles", files.Length)]),
            [.. CreateCommand.MetadataActions(Snapshot.Empty, metadata), .. added]);
    }

    private Dictionary<string, long> Counts(string[] files)
    {
        Dictionary<string, long> rows = new(StringComparer.Ordinal);
        foreach (string file in files)
        {
            rows[file] = (long)table.Session.Duck.Rows($"SELECT CAST(num_rows AS BIGINT) FROM parquet_file_metadata({DuckTypes.Literal(file)})")[0][0]!;
        }

        return rows;
    }

    private AddFile Add(string file, StructField[] partitions, long rows)
    {
        string relative = Path.GetRelativePath(table.Location.Root, file).Replace(Path.DirectorySeparatorChar, '/');
        Dictionary<string, string?> values = new(StringComparer.Ordinal);
        foreach (string part in relative.Split('/').SkipLast(1))
        {
            int equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0 && partitions.FirstOrDefault(p => string.Equals(p.Name, Uri.UnescapeDataString(part[..equals]), StringComparison.OrdinalIgnoreCase)) is { } column)
            {
                string value = Uri.UnescapeDataString(part[(equals + 1)..]);
                values[column.Name] = value == FileListing.DefaultPartition ? null : value;
            }
        }

        FileInfo info = new(file);
        long modified = new DateTimeOffset(info.LastWriteTimeUtc, TimeSpan.Zero).ToUnixTimeMilliseconds();
        return new AddFile(LogPath.Encode(relative), values, info.Length, modified, true, string.Create(CultureInfo.InvariantCulture, $"{{\"numRecords\":{rows}}}"), null);
    }
}
