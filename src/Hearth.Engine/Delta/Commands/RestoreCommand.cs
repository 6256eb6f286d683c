using Hearth.Engine.Delta.Log;
using Hearth.Engine.Delta.Write;
using Hearth.Engine.Session;
using Hearth.Engine.Types;

namespace Hearth.Engine.Delta.Commands;

/// <summary>RESTORE TABLE: a new version with the files and the schema of an old one.</summary>
internal sealed class RestoreCommand(DeltaTable table)
{
    public StatementResult Run(AsOf asOf)
    {
        Snapshot now = table.ReadForWrite();
        long version = asOf.Version ?? table.Log.VersionAt(asOf.Micros!.Value, asOf.Text, mayBeLater: true);
        Snapshot old = table.Log.At(version);
        AddFile[] back = [.. old.Sorted.Where(f => !now.Files.ContainsKey(f.Key))];
        AddFile[] gone = [.. now.Sorted.Where(f => !old.Files.ContainsKey(f.Key))];
        if (back.FirstOrDefault(f => !File.Exists(table.Location.FileOf(f.Path))) is { } missing && !IgnoresMissing)
        {
            throw new EngineException("DELTA_CANNOT_RESTORE_TABLE_VERSION", $"Cannot restore table to version {version}: the file {missing.Path} does not exist any more.", ErrorKind.IllegalArgumentException, "VACUUM removed files of that version; choose a later one");
        }

        long time = table.Session.Time.GetUtcNow().ToUnixTimeMilliseconds();
        List<DeltaAction> actions = [.. back.Select(f => f with { DataChange = true }), .. gone.Select(f => f.Remove(time, dataChange: true))];
        if (old.Metadata.SchemaText != now.Metadata.SchemaText || !old.Metadata.PartitionColumns.Equals(now.Metadata.PartitionColumns) || !Same(old.Metadata.Configuration, now.Metadata.Configuration))
        {
            actions.AddRange(CreateCommand.MetadataActions(now, old.Metadata with { Id = now.Metadata.Id }));
        }

        (string Name, long Value)[] metrics =
        [
            ("tableSizeAfterRestore", old.Files.Values.Sum(f => f.Size)), ("numOfFilesAfterRestore", old.Files.Count), ("numRemovedFiles", gone.Length), ("numRestoredFiles", back.Length),
            ("removedFilesSize", gone.Sum(f => f.Size)), ("restoredFilesSize", back.Sum(f => f.Size)),
        ];
        if (actions.Count > 0)
        {
            Transaction transaction = new(table, now) { ReadsAll = true };
            transaction.Commit(Operation.Of("RESTORE", asOf.Version is { } v ? [("version", v.ToString(System.Globalization.CultureInfo.InvariantCulture))] : [("timestamp", asOf.Text)], metrics), actions);
        }

        return StatementResult.Rows(
            [[.. metrics.Select(m => (object?)m.Value)]],
            ("table_size_after_restore", SparkType.Long), ("num_of_files_after_restore", SparkType.Long), ("num_removed_files", SparkType.Long), ("num_restored_files", SparkType.Long), ("removed_files_size", SparkType.Long), ("restored_files_size", SparkType.Long));
    }

    private bool IgnoresMissing => string.Equals(table.Session.Engine.Conf.Get("spark.sql.files.ignoreMissingFiles"), "true", StringComparison.OrdinalIgnoreCase);

    private static bool Same(IReadOnlyDictionary<string, string> a, IReadOnlyDictionary<string, string> b) => a.Count == b.Count && a.All(p => b.TryGetValue(p.Key, out string? value) && value == p.Value);
}
