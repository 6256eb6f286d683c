using System.Diagnostics;
using System.Globalization;
using Hearth.Engine.Binding;
using Hearth.Engine.Delta.Log;
using Hearth.Engine.Delta.Read;
using Hearth.Engine.Delta.Write;
using Hearth.Engine.Plans;
using Hearth.Engine.Sql;
using Hearth.Engine.Types;

namespace Hearth.Engine.Delta.Commands;

/// <summary>Rows that a MERGE changed.</summary>
internal sealed record MergeCounts(long Updated, long Deleted, long Inserted)
{
    public long Affected => Updated + Deleted + Inserted;
}

/// <summary>MERGE INTO: joins the rows of the target with those of a source; for each row the first clause that applies decides.</summary>
internal sealed class MergeCommand(DeltaTable table)
{
    /// <summary>Merges.</summary>
    /// <param name="merge">Source, condition and clauses.</param>
    /// <param name="qualifier">Alias or name parts of the target.</param>
    /// <param name="cancellationToken">Stops; the table stays as it was.</param>
    public MergeCounts Run(MergeInto merge, Seq<string> qualifier, CancellationToken cancellationToken)
    {
        Stopwatch watch = Stopwatch.StartNew();
        Snapshot state = table.ReadForWrite();
        Binder binder = new(new Session.SessionEnvironment(table.Session.Engine));
        BoundPlan source = ScanPruning.Apply(binder.Bind(merge.Source));
        Metadata metadata = MergePlan.Evolve(state.Metadata, merge, source.Output);
        Target target = new(table, metadata, qualifier, binder);
        MergePlan plan = new(merge, target, source.Output);
        using MergeSource kept = MergeSource.Keep(table.Session, target, source, cancellationToken);
        MergeRun run = new(table, state, metadata, target, plan, kept);
        return run.Execute(watch, cancellationToken);
    }
}

/// <summary>The rows of a source, computed once: a source that is not deterministic must not differ between the passes.</summary>
internal sealed class MergeSource : IDisposable
{
    private readonly DeltaSession _session;

    private MergeSource(DeltaSession session, string name, Seq<BoundAttribute> output, long rows)
    {
        _session = session;
        Name = name;
        Rows = rows;
        Scan = new BoundScan(name, output.Select((_, i) => string.Create(CultureInfo.InvariantCulture, $"c{i}")).ToSeq(), output);
    }

    public string Name { get; }

    public long Rows { get; }

    public BoundScan Scan { get; }

    public static MergeSource Keep(DeltaSession session, Target target, BoundPlan source, CancellationToken cancellationToken)
    {
        string name = $"hearth_cache.merge_{Guid.NewGuid():N}";
        string rows = source.Output.Count == 0 ? throw new EngineException("EMPTY_SCHEMA_NOT_SUPPORTED_FOR_DATASOURCE", "The source of a MERGE needs at least one column.") : target.Sql(source);
        session.Duck.Run(connection => connection.Execute($"CREATE TABLE {name} AS {rows}", cancellationToken));
        return new MergeSource(session, name, source.Output, (long)session.Duck.Rows($"SELECT count(*) FROM {name}", cancellationToken)[0][0]!);
    }

    /// <inheritdoc/>
    public void Dispose() => _session.Duck.Run(connection => connection.Execute($"DROP TABLE IF EXISTS {Name}"));
}

/// <summary>The passes of a MERGE over one state of the table.</summary>
internal sealed class MergeRun(DeltaTable table, Snapshot state, Metadata metadata, Target target, MergePlan plan, MergeSource source)
{
    private readonly DataFiles _writer = new(table);
    private readonly BoundAttribute _inTarget = target.Binder.NewAttribute("__t", SparkType.Boolean, true);
    private readonly BoundAttribute _inSource = target.Binder.NewAttribute("__s", SparkType.Boolean, true);

    private sealed record Touched(IReadOnlyList<AddFile> Files, long Updated, long Deleted, long UpdatedBySource, long DeletedBySource)
    {
        public static readonly Touched Nothing = new([], 0, 0, 0, 0);
    }

    public MergeCounts Execute(Stopwatch watch, CancellationToken cancellationToken)
    {
        BoundExpr[] parts = [.. FilePruning.Split(plan.On)];
        BoundExpr[] onTarget = [.. parts.Where(p => p.Walk().OfType<BoundColumn>().All(c => target.Output.Contains(c.Attribute)))];
        FilePruning pruning = table.Pruning(target.Columns);
        IReadOnlyList<AddFile> candidates = plan.BySource.Count > 0 ? state.Sorted : pruning.Prune(state.Sorted, onTarget, target.Output);
        if (plan.BySource.Count == 0)
        {
            candidates = new MergePruning(table, target, source).Prune(candidates, parts, cancellationToken);
        }

        Transaction transaction = new(table, state);
        DeleteCommand.Watch(transaction, pruning, plan.BySource.Count > 0 ? [] : onTarget, target.Output);
        transaction.ReadFiles.UnionWith(candidates.Select(f => f.Key));
        Touched touched = plan.Matched.Count + plan.BySource.Count == 0 ? Touched.Nothing : Find(candidates, parts, cancellationToken);
        WrittenFiles written = plan.Matched.Count + plan.BySource.Count == 0 ? Insert(candidates, cancellationToken)
            : plan.Matched.Count == 0 ? RewriteUnmatched(touched.Files, candidates, cancellationToken)
            : touched.Files.Count > 0 ? Rewrite(touched.Files, cancellationToken)
            : plan.Inserts.Count > 0 ? Insert(candidates, cancellationToken)
            : WrittenFiles.None;
        try
        {
            return Commit(transaction, touched, written, watch, cancellationToken);
        }
        catch
        {
            _writer.Discard(written);
            throw;
        }
    }

    private BoundProject Flagged(BoundPlan input, BoundAttribute flag) => new(input, [.. input.Output.Select(a => (BoundExpr)new BoundColumn(a)), new BoundLiteral(true, SparkType.Boolean)], [.. input.Output, flag]);

    private BoundJoin Join(IReadOnlyList<AddFile> files, JoinKind kind)
    {
        BoundProject left = Flagged(target.Scan(files), _inTarget), right = Flagged(source.Scan, _inSource);
        return new BoundJoin(left, right, kind, plan.On, false, [.. left.Output, .. right.Output]);
    }

    private static BoundExpr Is(BoundAttribute flag, bool set) => new BoundCall(set ? "({0} IS NOT NULL)" : "({0} IS NULL)", [new BoundColumn(flag)], SparkType.Boolean, false);

    // Which files have rows that change, and how many; finds rows that match twice.
    private Touched Find(IReadOnlyList<AddFile> candidates, BoundExpr[] parts, CancellationToken cancellationToken)
    {
        BoundJoin join = Join(candidates, plan.BySource.Count > 0 ? JoinKind.Left : JoinKind.Inner);
        BoundCall pair = new("CASE WHEN {0} THEN 1 END", [Is(_inSource, true)], SparkType.Int, true);
        BoundExpr[] items = [new BoundColumn(target.File), new BoundColumn(target.Row), plan.Action(Is(_inTarget, true), Is(_inSource, true)), pair];
        BoundProject projected = new(join, items.ToSeq(), items.Select((e, i) => target.Binder.NewAttribute($"m{i}", e.Type, true)).ToSeq());
        string rows = UniqueSource(parts, cancellationToken)
            ? $"SELECT c0 AS f, c2 AS a, coalesce(c3, 0) AS n FROM ({target.Sql(projected)}) p"
            : $"SELECT c0 AS f, any_value(c2) AS a, count(c3) AS n FROM ({target.Sql(projected)}) p GROUP BY c0, c1";
        List<object?[]> found = table.Session.Duck.Rows($"SELECT f, CAST(a AS BIGINT), count(*), CAST(max(n) AS BIGINT) FROM ({rows}) r GROUP BY 1, 2 ORDER BY 1, 2", cancellationToken);
        if (found.Any(r => (long)r[3]! > 1) && plan.Matched.Count > 0 && !plan.OneUnconditionalDelete)
        {
            throw new EngineException("DELTA_MULTIPLE_SOURCE_ROW_MATCHING_TARGET_ROW_IN_MERGE", "Cannot perform Merge as multiple source rows matched and attempted to modify the same target row in the Delta table in possibly conflicting ways.", ErrorKind.UnsupportedOperationException, "make the source unique in the columns of the ON condition, for example with row_number()");
        }

        HashSet<long> files = [];
        long[] sums = new long[4];
        foreach (object?[] row in found)
        {
            long action = (long)row[1]!;
            // A file whose rows all stay is read again only if a row of the source must not be taken for one without a match.
            if (action >= 0 || (plan.Inserts.Count > 0 && plan.Matched.Count > 0 && (long)row[3]! > 0))
            {
                files.Add((long)row[0]!);
            }

            if (action >= 0)
            {
                sums[(plan.Deletes.Contains((int)action) ? 1 : 0) + (action >= plan.Matched.Count ? 2 : 0)] += (long)row[2]!;
            }
        }

        return new Touched([.. files.Order().Select(f => candidates[(int)f])], sums[0] + sums[2], sums[1] + sums[3], sums[2], sums[3]);
    }

    // With a unique key on the source's side no row of the target matches twice.
    private bool UniqueSource(BoundExpr[] parts, CancellationToken cancellationToken)
    {
        if (plan.BySource.Count > 0)
        {
            return false;
        }

        List<BoundExpr> keys = [];
        foreach (BoundCall equal in parts.OfType<BoundCall>().Where(c => c.Template == "({0} = {1})"))
        {
            if (Within(equal.Args[0], target.Output) && Within(equal.Args[1], source.Scan.Output))
            {
                keys.Add(equal.Args[1]);
            }
            else if (Within(equal.Args[1], target.Output) && Within(equal.Args[0], source.Scan.Output))
            {
                keys.Add(equal.Args[0]);
            }
        }

        if (keys.Count == 0)
        {
            return false;
        }

        BoundProject projected = new(source.Scan, keys.ToSeq(), keys.Select((k, i) => target.Binder.NewAttribute($"k{i}", k.Type, true)).ToSeq());
        string names = string.Join(", ", keys.Select((_, i) => $"c{i.ToString(CultureInfo.InvariantCulture)}"));
        return table.Session.Duck.Rows($"SELECT 1 FROM ({target.Sql(projected)}) k WHERE {string.Join(" AND ", keys.Select((_, i) => $"c{i.ToString(CultureInfo.InvariantCulture)} IS NOT NULL"))} GROUP BY {names} HAVING count(*) > 1 LIMIT 1", cancellationToken).Count == 0;
    }

    private static bool Within(BoundExpr expr, Seq<BoundAttribute> columns) => expr.Has<BoundColumn>() && expr.Walk().OfType<BoundColumn>().All(c => columns.Contains(c.Attribute));

    // Files of the touched rows, anew; with insert clauses also the rows of the source that match nothing.
    private WrittenFiles Rewrite(IReadOnlyList<AddFile> files, CancellationToken cancellationToken)
    {
        BoundJoin join = Join(files, plan.Inserts.Count > 0 ? JoinKind.Full : JoinKind.Left);
        BoundAttribute action = target.Binder.NewAttribute("__a", SparkType.Int, true);
        BoundProject decided = new(join, [.. join.Output.Select(a => (BoundExpr)new BoundColumn(a)), plan.Action(Is(_inTarget, true), Is(_inSource, true))], [.. join.Output, action]);
        BoundFilter kept = new(decided, plan.Keeps(action));
        return _writer.Write(target.Project(kept, plan.Values(action)), metadata, dataChange: true, cancellationToken);
    }

    // No clause for matches: a row of the target may match often, and must not become several.
    private WrittenFiles RewriteUnmatched(IReadOnlyList<AddFile> files, IReadOnlyList<AddFile> candidates, CancellationToken cancellationToken)
    {
        WrittenFiles inserted = Insert(candidates, cancellationToken);
        if (files.Count == 0)
        {
            return inserted;
        }

        BoundScan scan = target.Scan(files);
        BoundAttribute action = target.Binder.NewAttribute("__a", SparkType.Int, true);
        BoundExists matched = new(new BoundFilter(source.Scan, plan.On));
        BoundProject decided = new(scan, [.. scan.Output.Select(a => (BoundExpr)new BoundColumn(a)), plan.Action(new BoundLiteral(true, SparkType.Boolean), matched, MergeWhen.NotMatchedBySource)], [.. scan.Output, action]);
        WrittenFiles kept = _writer.Write(target.Project(new BoundFilter(decided, plan.Keeps(action)), plan.Values(action, MergeWhen.NotMatchedBySource)), metadata, dataChange: true, cancellationToken);
        return new WrittenFiles([.. kept.Files, .. inserted.Files], kept.Rows + inserted.Rows);
    }

    private WrittenFiles Insert(IReadOnlyList<AddFile> files, CancellationToken cancellationToken)
    {
        if (plan.Inserts.Count == 0)
        {
            return WrittenFiles.None;
        }

        BoundAttribute action = target.Binder.NewAttribute("__a", SparkType.Int, true);
        BoundJoin unmatched = new(source.Scan, target.Scan(files), JoinKind.LeftAnti, plan.On, false, source.Scan.Output);
        BoundLiteral yes = new(true, SparkType.Boolean), no = new(false, SparkType.Boolean);
        BoundProject decided = new(unmatched, [.. unmatched.Output.Select(a => (BoundExpr)new BoundColumn(a)), plan.Action(no, yes, MergeWhen.NotMatched)], [.. unmatched.Output, action]);
        return _writer.Write(target.Project(new BoundFilter(decided, plan.Keeps(action)), plan.Values(action, MergeWhen.NotMatched)), metadata, dataChange: true, cancellationToken);
    }

    private MergeCounts Commit(Transaction transaction, Touched touched, WrittenFiles written, Stopwatch watch, CancellationToken cancellationToken)
    {
        long live = touched.Files.Sum(f => Target.LiveRows(f) ?? Count(f));
        long copied = live - touched.Updated - touched.Deleted, inserted = written.Rows - touched.Updated - copied;
        MergeCounts counts = new(touched.Updated, touched.Deleted, inserted);
        DeltaAction[] schema = ReferenceEquals(metadata, state.Metadata) ? [] : [.. CreateCommand.MetadataActions(state, metadata)];
        if (touched.Files.Count == 0 && written.Files.Count == 0 && schema.Length == 0)
        {
            return counts;
        }

        cancellationToken.ThrowIfCancellationRequested();
        long now = table.Session.Time.GetUtcNow().ToUnixTimeMilliseconds();
        List<(string, long)> metrics =
        [
            ("numSourceRows", source.Rows), ("numTargetRowsInserted", inserted), ("numTargetRowsUpdated", touched.Updated), ("numTargetRowsDeleted", touched.Deleted), ("numTargetRowsCopied", copied),
            ("numTargetRowsMatchedUpdated", touched.Updated - touched.UpdatedBySource), ("numTargetRowsMatchedDeleted", touched.Deleted - touched.DeletedBySource),
            ("numTargetRowsNotMatchedBySourceUpdated", touched.UpdatedBySource), ("numTargetRowsNotMatchedBySourceDeleted", touched.DeletedBySource), ("numOutputRows", written.Rows),
            ("numTargetFilesAdded", written.Files.Count), ("numTargetFilesRemoved", touched.Files.Count), ("numTargetBytesAdded", written.Bytes), ("numTargetBytesRemoved", touched.Files.Sum(f => f.Size)),
            ("executionTimeMs", watch.ElapsedMilliseconds),
        ];
        transaction.Commit(Operation.Of("MERGE", plan.Parameters(), metrics), [.. schema, .. touched.Files.Select(f => f.Remove(now, dataChange: true)), .. written.Files]);
        return counts;
    }

    private long Count(AddFile file)
    {
        BoundScan scan = target.Scan([file]);
        BoundProject row = new(scan, [new BoundColumn(target.Row)], [target.Row]);
        return (long)table.Session.Duck.Rows($"SELECT count(*) FROM ({target.Sql(row)}) n")[0][0]!;
    }
}
