using System.Diagnostics;
using Hearth.Engine.Binding;
using Hearth.Engine.Delta.Log;
using Hearth.Engine.Delta.Read;
using Hearth.Engine.Delta.Write;
using Hearth.Engine.Plans;
using Hearth.Engine.Sql;
using Hearth.Engine.Types;

namespace Hearth.Engine.Delta.Commands;

/// <summary>What removing rows takes.</summary>
/// <param name="Actions">Removes of files, adds of the rows that stay.</param>
/// <param name="Deleted">Rows; null when files were dropped whole whose rows nobody counted.</param>
/// <param name="Copied">Rows that stay.</param>
/// <param name="Written">Files of the rows that stay.</param>
internal sealed record RemovedRows(List<DeltaAction> Actions, long? Deleted, long Copied, WrittenFiles Written);

/// <summary>DELETE FROM.</summary>
internal sealed class DeleteCommand(DeltaTable table)
{
    /// <summary>Deletes the rows for which the condition is true.</summary>
    /// <returns>Rows deleted; -1 when unknown.</returns>
    public long Run(Expr? condition, Seq<string> qualifier, CancellationToken cancellationToken)
    {
        Stopwatch watch = Stopwatch.StartNew();
        Snapshot state = table.ReadForWrite();
        Transaction transaction = new(table, state);
        DataFiles writer = new(table);
        RemovedRows removed = Rows(transaction, condition, writer, cancellationToken, qualifier);
        if (removed.Actions.Count == 0)
        {
            return 0;
        }

        try
        {
            ExpressionBinder binder = new(new Binder(new Session.SessionEnvironment(table.Session.Engine)), new Scope([]));
            RemoveFile[] files = [.. removed.Actions.OfType<RemoveFile>()];
            List<(string, long)> metrics =
            [
                ("numRemovedFiles", files.Length), ("numRemovedBytes", files.Sum(f => f.Size ?? 0)), ("numAddedFiles", removed.Written.Files.Count), ("numAddedBytes", removed.Written.Bytes),
                ("numCopiedRows", removed.Copied), ("numAddedChangeFiles", 0), ("executionTimeMs", watch.ElapsedMilliseconds),
            ];
            metrics.AddRange(removed.Deleted is { } n ? [("numDeletedRows", n)] : []);
            transaction.Commit(Operation.Of("DELETE", [("predicate", Operation.List(condition is null ? ["true"] : [binder.Pretty(condition)]))], metrics), removed.Actions);
            return removed.Deleted ?? -1;
        }
        catch
        {
            writer.Discard(removed.Written);
            throw;
        }
    }

    /// <summary>Finds the files with rows for which the condition is true and writes the other rows of those anew; commits nothing.</summary>
    public RemovedRows Rows(Transaction transaction, Expr? condition, DataFiles writer, CancellationToken cancellationToken, Seq<string>? qualifier = null)
    {
        Snapshot state = transaction.State;
        long now = table.Session.Time.GetUtcNow().ToUnixTimeMilliseconds();
        if (condition is null)
        {
            transaction.ReadsAll = true;
            IReadOnlyList<AddFile> all = state.Sorted;
            return new RemovedRows([.. all.Select(f => f.Remove(now, dataChange: true))], Sum(all), 0, WrittenFiles.None);
        }

        Target target = new(table, state.Metadata, qualifier ?? []);
        BoundExpr bound = target.Condition(condition, "DELETE");
        BoundExpr[] parts = [.. FilePruning.Split(bound)];
        FilePruning pruning = table.Pruning(target.Columns);
        IReadOnlyList<AddFile> candidates = pruning.Prune(state.Sorted, parts, target.Output);
        Watch(transaction, pruning, parts, target.Output);
        if (pruning.PartitionOnly(parts, target.Output))
        {
            return new RemovedRows([.. candidates.Select(f => f.Remove(now, dataChange: true))], Sum(candidates), 0, WrittenFiles.None);
        }

        transaction.ReadFiles.UnionWith(candidates.Select(f => f.Key));
        BoundScan scan = target.Scan(candidates);
        BoundProject matching = new(new BoundFilter(scan, bound), [new BoundColumn(target.File)], [target.File]);
        List<object?[]> counts = table.Session.Duck.Rows($"SELECT c0, count(*) FROM ({target.Sql(matching)}) m GROUP BY 1 ORDER BY 1", cancellationToken);
        AddFile[] touched = [.. counts.Select(r => candidates[(int)(long)r[0]!])];
        if (touched.Length == 0)
        {
            return new RemovedRows([], 0, 0, WrittenFiles.None);
        }

        BoundCall stays = new("(NOT coalesce({0}, false))", [bound], SparkType.Boolean, false);
        BoundScan rewritten = target.Scan(touched);
        WrittenFiles kept = writer.Write(target.Project(new BoundFilter(rewritten, stays), target.Output.Select(a => (BoundExpr)new BoundColumn(a))), state.Metadata, dataChange: true, cancellationToken);
        return new RemovedRows([.. touched.Select(f => f.Remove(now, dataChange: true)), .. kept.Files], counts.Sum(r => (long)r[1]!), kept.Rows, kept);
    }

    /// <summary>Others may add files outside of the partitions that a condition reads.</summary>
    public static void Watch(Transaction transaction, FilePruning pruning, BoundExpr[] conditions, Seq<BoundAttribute> output)
    {
        BoundExpr[] partition = [.. conditions.Where(c => pruning.PartitionOnly([c], output))];
        transaction.Reads = added => pruning.Prune(added, partition, output);
    }

    private static long? Sum(IReadOnlyList<AddFile> files)
    {
        long?[] rows = [.. files.Select(Target.LiveRows)];
        return rows.Any(r => r is null) ? null : rows.Sum();
    }
}
