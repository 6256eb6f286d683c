using System.Text.Json.Nodes;
using Hearth.Engine.Duck;
using Hearth.Engine.Types;

namespace Hearth.Engine.Delta.Log;

/// <summary>Checkpoints: classic, multi-part and V2 are read, classic ones are written.</summary>
/// <param name="store">The log's files.</param>
/// <param name="duck">Runs work on a connection.</param>
internal sealed class Checkpoints(LogStore store, DuckWork duck)
{
    private static readonly string[] Kinds = ["add", "remove", "metaData", "protocol", "txn", "domainMetadata", "sidecar"];

    private const string StringMap = "MAP(VARCHAR, VARCHAR)";
    private const string Vector = "STRUCT(\"storageType\" VARCHAR, \"pathOrInlineDv\" VARCHAR, \"offset\" INTEGER, \"sizeInBytes\" INTEGER, \"cardinality\" BIGINT)";

    private static readonly (string Name, string Type)[] Columns =
    [
        ("txn", "STRUCT(\"appId\" VARCHAR, \"version\" BIGINT, \"lastUpdated\" BIGINT)"),
        ("add", $"STRUCT(\"path\" VARCHAR, \"partitionValues\" {StringMap}, \"size\" BIGINT, \"modificationTime\" BIGINT, \"dataChange\" BOOLEAN, \"tags\" {StringMap}, \"deletionVector\" {Vector}, \"stats\" VARCHAR)"),
        ("remove", $"STRUCT(\"path\" VARCHAR, \"deletionTimestamp\" BIGINT, \"dataChange\" BOOLEAN, \"extendedFileMetadata\" BOOLEAN, \"partitionValues\" {StringMap}, \"size\" BIGINT, \"deletionVector\" {Vector})"),
        ("metaData", $"STRUCT(\"id\" VARCHAR, \"name\" VARCHAR, \"description\" VARCHAR, \"format\" STRUCT(\"provider\" VARCHAR, \"options\" {StringMap}), \"schemaString\" VARCHAR, \"partitionColumns\" VARCHAR[], \"configuration\" {StringMap}, \"createdTime\" BIGINT)"),
        ("protocol", "STRUCT(\"minReaderVersion\" INTEGER, \"minWriterVersion\" INTEGER, \"readerFeatures\" VARCHAR[], \"writerFeatures\" VARCHAR[])"),
        ("domainMetadata", "STRUCT(\"domain\" VARCHAR, \"configuration\" VARCHAR, \"removed\" BOOLEAN)"),
    ];

    /// <summary>The files of the newest complete checkpoint at or before a version; null when there is none.</summary>
    public static IReadOnlyList<LogFile>? Choose(IEnumerable<LogFile> files, long version)
    {
        foreach (IGrouping<long, LogFile> group in files.Where(f => f.Version <= version).GroupBy(f => f.Version).OrderByDescending(g => g.Key))
        {
            if (group.FirstOrDefault(f => f.Parts == 0) is { } whole)
            {
                return [whole];
            }

            foreach (IGrouping<int, LogFile> parts in group.GroupBy(f => f.Parts))
            {
                if (parts.Select(f => f.Part).Distinct().Count() == parts.Key)
                {
                    return [.. parts.OrderBy(f => f.Part)];
                }
            }
        }

        return null;
    }

    /// <summary>The actions of a checkpoint, those of its sidecars too.</summary>
    public IReadOnlyList<DeltaAction> Read(IReadOnlyList<LogFile> files)
    {
        List<DeltaAction> actions = [.. files.SelectMany(f => ReadFile(f, Kinds))];
        string[] sidecars = [.. actions.OfType<Sidecar>().Select(s => Path.Combine(store.Directory, "_sidecars", Path.GetFileName(s.Path)))];
        return [.. actions, .. sidecars.SelectMany(s => ReadParquet(s, Kinds))];
    }

    /// <summary>The sidecars that a file of a checkpoint names.</summary>
    public IEnumerable<Sidecar> SidecarsOf(LogFile file) => ReadFile(file, ["sidecar"]).OfType<Sidecar>();

    private IReadOnlyList<DeltaAction> ReadFile(LogFile file, IReadOnlyList<string> kinds)
    {
        try
        {
            return file.Path.EndsWith(".json", StringComparison.Ordinal)
                ? [.. File.ReadLines(file.Path).Where(l => l.Length > 0).Select(ActionJson.Read).OfType<DeltaAction>()]
                : ReadParquet(file.Path, kinds);
        }
        catch (System.Text.Json.JsonException error)
        {
            throw DeltaErrors.Malformed(file.Path, error);
        }
    }

    private List<DeltaAction> ReadParquet(string path, IReadOnlyList<string> kinds) => duck.Run(connection =>
    {
        string source = $"read_parquet({DuckTypes.Literal(path)})";
        HashSet<string> present = [.. connection.Describe($"SELECT * FROM {source}").Select(c => c.Name)];
        List<DeltaAction> actions = [];
        foreach (string kind in kinds.Where(present.Contains))
        {
            using DuckResult result = connection.Query($"SELECT CAST(to_json({{'{kind}': {DuckTypes.Quote(kind)}}}) AS VARCHAR) FROM {source} WHERE {DuckTypes.Quote(kind)} IS NOT NULL");
            while (result.NextChunk())
            {
                for (int row = 0; row < result.RowCount; row++)
                {
                    if (ActionJson.Read((string)result.Value(row, 0)!) is { } action)
                    {
                        actions.Add(action);
                    }
                }
            }
        }

        return actions;
    });

    /// <summary>Writes a classic checkpoint and then the pointer to it; tombstones older than <paramref name="expired"/> (ms) are left out.</summary>
    public void Write(Snapshot snapshot, long expired)
    {
        string id = Guid.NewGuid().ToString("N");
        string lines = Path.Combine(store.Directory, $".tmp-{id}.ndjson"), parquet = Path.Combine(store.Directory, $".tmp-{id}.parquet");
        try
        {
            long count = 0;
            using (StreamWriter writer = new(lines))
            {
                foreach (DeltaAction action in Actions(snapshot, expired))
                {
                    writer.Write(ActionJson.Write(action));
                    writer.Write('\n');
                    count++;
                }
            }

            string columns = string.Join(", ", Columns.Select(c => $"{DuckTypes.Literal(c.Name)}: {DuckTypes.Literal(c.Type)}"));
            duck.Run(connection => connection.Execute($"COPY (SELECT * FROM read_json({DuckTypes.Literal(lines)}, format='newline_delimited', maximum_object_size=268435456, columns={{{columns}}})) TO {DuckTypes.Literal(parquet)} (FORMAT parquet, COMPRESSION snappy)"));
            long size = new FileInfo(parquet).Length;
            Sync(parquet);
            File.Move(parquet, store.CheckpointPath(snapshot.Version), overwrite: true);
            WritePointer(snapshot, count, size);
        }
        finally
        {
            File.Delete(lines);
            File.Delete(parquet);
        }
    }

    // A name that is on the disk before its content would be a damaged checkpoint after a power cut.
    private static void Sync(string path)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.ReadWrite);
        file.Flush(flushToDisk: true);
    }

    private void WritePointer(Snapshot snapshot, long count, long size)
    {
        JsonObject pointer = new() { ["version"] = snapshot.Version, ["size"] = count, ["sizeInBytes"] = size, ["numOfAddFiles"] = snapshot.Files.Count };
        string temporary = Path.Combine(store.Directory, $".tmp-{Guid.NewGuid():N}");
        File.WriteAllText(temporary, pointer.ToJsonString());
        File.Move(temporary, store.LastCheckpoint, overwrite: true);
    }

    private static IEnumerable<DeltaAction> Actions(Snapshot snapshot, long expired) =>
    [
        snapshot.Protocol,
        snapshot.Metadata,
        .. snapshot.Transactions.Values,
        .. snapshot.Domains.Values,
        .. snapshot.Files.Values.Select(f => f with { DataChange = false }),
        .. snapshot.Tombstones.Values.Where(t => (t.DeletionTimestamp ?? 0) > expired).Select(t => t with { DataChange = false }),
    ];
}

/// <summary>Runs work on a DuckDB connection of a session.</summary>
internal sealed class DuckWork(Func<DuckConnection> rent, Action<DuckConnection> giveBack)
{
    public T Run<T>(Func<DuckConnection, T> work)
    {
        DuckConnection connection = rent();
        try
        {
            return work(connection);
        }
        finally
        {
            giveBack(connection);
        }
    }

    /// <summary>All rows of a query.</summary>
    public List<object?[]> Rows(string sql, CancellationToken cancellationToken = default) => Run(connection => Rows(connection, sql, cancellationToken));

    /// <summary>All rows of a query on a connection.</summary>
    public static List<object?[]> Rows(DuckConnection connection, string sql, CancellationToken cancellationToken = default)
    {
        List<object?[]> rows = [];
        using DuckResult result = connection.Query(sql, cancellationToken);
        while (result.NextChunk())
        {
            for (int row = 0; row < result.RowCount; row++)
            {
                object?[] values = new object?[result.Columns.Count];
                for (int column = 0; column < values.Length; column++)
                {
                    values[column] = result.Value(row, column);
                }

                rows.Add(values);
            }
        }

        return rows;
    }
}
