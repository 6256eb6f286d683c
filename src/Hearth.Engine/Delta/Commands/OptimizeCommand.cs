using System.Globalization;
using Hearth.Engine.Delta.Log;
using Hearth.Engine.Delta.Read;
using Hearth.Engine.Delta.Write;
using Hearth.Engine.Plans;
using Hearth.Engine.Session;
using Hearth.Engine.Sql;
using Hearth.Engine.Types;

namespace Hearth.Engine.Delta.Commands;

/// <summary>OPTIMIZE: small files of a partition become few large ones; ZORDER BY sorts the rows of all files by the columns.</summary>
internal sealed class OptimizeCommand(DeltaTable table)
{
    private const long SmallFile = 1L << 30;

    public StatementResult Run(Expr? where, Seq<string> order, CancellationToken cancellationToken)
    {
        Snapshot state = table.ReadForWrite();
        Target target = new(table, state.Metadata, []);
        BoundExpr[] conditions = where is null ? [] : [.. FilePruning.Split(target.Condition(where, "OPTIMIZE"))];
        FilePruning pruning = table.Pruning(target.Columns);
        if (!pruning.PartitionOnly(conditions, target.Output))
        {
            throw new EngineException("DELTA_NON_PARTITION_COLUMN_REFERENCE", "Predicate references non-partition column. Only the partition columns may be referenced.", position: where!.At);
        }

        BoundSortKey[] keys = [.. order.Select(c => Key(c, target))];
        IReadOnlyList<AddFile> considered = pruning.Prune(state.Sorted, conditions, target.Output);
        AddFile[] chosen = [.. considered.GroupBy(f => string.Join('\u0001', target.Columns.Where(c => c.Partition).Select(c => FilePruning.ValueOf(f, c) ?? "\u0002")), StringComparer.Ordinal)
            .Select(g => g.Where(f => keys.Length > 0 || f.Size < SmallFile || f.Vector is not null).ToArray()).Where(g => g.Length > 1 || (g.Length == 1 && (keys.Length > 0 || g[0].Vector is not null))).SelectMany(g => g)];
        WrittenFiles written = WrittenFiles.None;
        if (chosen.Length > 0)
        {
            BoundPlan rows = target.Scan(chosen);
            BoundProject plain = target.Project(keys.Length == 0 ? rows : new BoundSort(rows, keys.ToSeq()), target.Output.Select(a => (BoundExpr)new BoundColumn(a)));
            DataFiles writer = new(table);
            written = writer.Write(plain, state.Metadata, dataChange: false, cancellationToken);
            Commit(state, where, order, chosen, written, writer, target);
        }

        return Result(considered.Count, chosen, written);
    }

    private static BoundSortKey Key(string column, Target target)
    {
        int index = target.Metadata.Schema.IndexOf(column);
        return index < 0 ? throw new EngineException("DELTA_ZORDERING_COLUMN_DOES_NOT_EXIST", $"ZOrdering column {column} does not exist in data schema.")
            : target.Columns[index].Partition ? throw new EngineException("DELTA_ZORDERING_ON_PARTITION_COLUMN", $"{column} is a partition column. Z-Ordering can only be performed on data columns.")
            : new BoundSortKey(new BoundColumn(target.Output[index]), true, true);
    }

    private void Commit(Snapshot state, Expr? where, Seq<string> order, AddFile[] chosen, WrittenFiles written, DataFiles writer, Target target)
    {
        try
        {
            Transaction transaction = new(table, state) { SnapshotIsolation = true };
            transaction.ReadFiles.UnionWith(chosen.Select(f => f.Key));
            long now = table.Session.Time.GetUtcNow().ToUnixTimeMilliseconds();
            long[] sizes = [.. written.Files.Select(f => f.Size).Order()];
            long At(double share) => sizes.Length == 0 ? 0 : sizes[Math.Min(sizes.Length - 1, (int)(share * sizes.Length))];
            Operation operation = Operation.Of(
                "OPTIMIZE",
                [("predicate", Operation.List(where is null ? [] : [target.Text(where)])), ("zOrderBy", Operation.List(order)), ("auto", "false")],
                [
                    ("numAddedFiles", written.Files.Count), ("numRemovedFiles", chosen.Length), ("numAddedBytes", written.Bytes), ("numRemovedBytes", chosen.Sum(f => f.Size)),
                    ("minFileSize", At(0)), ("p25FileSize", At(0.25)), ("p50FileSize", At(0.5)), ("p75FileSize", At(0.75)), ("maxFileSize", At(1)),
                ]);
            transaction.Commit(operation, [.. chosen.Select(f => f.Remove(now, dataChange: false)), .. written.Files]);
        }
        catch
        {
            writer.Discard(written);
            throw;
        }
    }

    private StatementResult Result(int considered, AddFile[] removed, WrittenFiles written)
    {
        (string Name, long Value)[] metrics = [("numFilesAdded", written.Files.Count), ("numFilesRemoved", removed.Length), ("filesAddedBytes", written.Bytes), ("filesRemovedBytes", removed.Sum(f => f.Size)), ("totalConsideredFiles", considered)];
        StructType type = new(metrics.Select(m => new StructField(m.Name, SparkType.Long)).ToSeq());
        return StatementResult.Rows([[table.Location.UriOf("").TrimEnd('/'), new StructValue([.. metrics.Select(m => (object?)m.Value)])]], ("path", SparkType.String), ("metrics", type));
    }
}

/// <summary>VACUUM: removes files that no version within the retention names.</summary>
internal sealed class VacuumCommand(DeltaTable table)
{
    public StatementResult Run(double? hours, bool dryRun)
    {
        Snapshot state = table.ReadForWrite();
        long configured = Retention.Tombstones(state.Metadata), retention = hours is { } h ? (long)(h * 3_600_000) : configured;
        if (hours < 0)
        {
            throw new EngineException("DELTA_VACUUM_RETENTION_PERIOD_NEGATIVE", "Retention for Vacuum can't be less than 0.", ErrorKind.IllegalArgumentException);
        }

        bool checkedPeriod = !string.Equals(table.Session.Engine.Conf.Get("spark.databricks.delta.retentionDurationCheck.enabled"), "false", StringComparison.OrdinalIgnoreCase);
        if (retention < configured && checkedPeriod)
        {
            throw new EngineException(
                "DELTA_VACUUM_RETENTION_PERIOD_TOO_SHORT",
                string.Create(CultureInfo.InvariantCulture, $"Are you sure you would like to vacuum files with such a low retention period? If you have writers that are currently writing to this table, there is a risk that you may corrupt the state of your Delta table. The table keeps removed files for {configured / 3_600_000} hours."),
                ErrorKind.IllegalArgumentException,
                "if no other job writes or reads the table, set spark.databricks.delta.retentionDurationCheck.enabled = false");
        }

        DateTime cutoff = table.Session.Time.GetUtcNow().UtcDateTime.AddMilliseconds(-retention);
        HashSet<string> kept = [.. Kept(state, cutoff)];
        string[] gone = [.. Candidates(table.Location.Root, state).Where(f => !kept.Contains(f) && File.GetLastWriteTimeUtc(f) < cutoff).Order(StringComparer.Ordinal)];
        if (!dryRun)
        {
            foreach (string file in gone)
            {
                File.Delete(file);
            }

            RemoveStages(cutoff);
        }

        string Uri(string file) => table.Location.UriOf(LogPath.Encode(Path.GetRelativePath(table.Location.Root, file)));
        IEnumerable<object?[]> rows = dryRun ? gone.Select(f => new object?[] { Uri(f) }) : [[table.Location.UriOf("").TrimEnd('/')]];
        return StatementResult.Rows([.. rows], ("path", SparkType.String));
    }

    private IEnumerable<string> Kept(Snapshot state, DateTime cutoff)
    {
        long since = new DateTimeOffset(cutoff, TimeSpan.Zero).ToUnixTimeMilliseconds();
        IEnumerable<(string Path, VectorDescriptor? Vector)> named = state.Files.Values.Select(f => (f.Path, f.Vector)).Concat(state.Tombstones.Values.Where(t => (t.DeletionTimestamp ?? 0) >= since).Select(t => (t.Path, t.Vector)));
        foreach ((string path, VectorDescriptor? vector) in named)
        {
            yield return table.Location.FileOf(path);
            if (vector is { StorageType: "u" })
            {
                yield return table.Location.FileOf(DeletionVectors.RelativePath(vector.PathOrInline));
            }
        }
    }

    // Names with _ or . in front are not the table's, but a partition column may begin with _.
    private static IEnumerable<string> Candidates(string directory, Snapshot state)
    {
        foreach (string entry in Directory.EnumerateFileSystemEntries(directory))
        {
            string name = Path.GetFileName(entry);
            bool partition = state.Metadata.PartitionColumns.Any(c => name.StartsWith(c + "=", StringComparison.Ordinal));
            if ((name[0] is '_' or '.' && !partition && name is not ("_change_data" or "_delta_index")) || new FileInfo(entry).LinkTarget is not null)
            {
                continue;
            }

            if (Directory.Exists(entry))
            {
                foreach (string below in Candidates(entry, state))
                {
                    yield return below;
                }
            }
            else
            {
                yield return entry;
            }
        }
    }

    // What writers that were killed left behind.
    private void RemoveStages(DateTime cutoff)
    {
        foreach (string stage in Directory.EnumerateDirectories(table.Location.Root, DataFiles.StagePrefix + "*").Where(d => Directory.GetLastWriteTimeUtc(d) < cutoff).ToArray())
        {
            Directory.Delete(stage, recursive: true);
        }
    }
}
