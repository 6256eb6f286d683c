using System.Diagnostics;
using Hearth.Engine.Binding;
using Hearth.Engine.Delta.Log;
using Hearth.Engine.Delta.Read;
using Hearth.Engine.Delta.Write;
using Hearth.Engine.Plans;
using Hearth.Engine.Sql;
using Hearth.Engine.Types;

namespace Hearth.Engine.Delta.Commands;

/// <summary>UPDATE.</summary>
internal sealed class UpdateCommand(DeltaTable table)
{
    /// <summary>Sets columns of the rows for which the condition is true.</summary>
    /// <returns>Rows updated.</returns>
    public long Run(Seq<Assignment> assignments, Expr? condition, Seq<string> qualifier, CancellationToken cancellationToken)
    {
        Stopwatch watch = Stopwatch.StartNew();
        Snapshot state = table.ReadForWrite();
        Target target = new(table, state.Metadata, qualifier);
        BoundExpr bound = condition is null ? new BoundLiteral(true, SparkType.Boolean) : target.Condition(condition, "UPDATE");
        BoundExpr?[] values = Assignments.Bind(assignments, target, new Scope(target.Output), "UPDATE");
        BoundExpr[] parts = [.. FilePruning.Split(bound)];
        FilePruning pruning = table.Pruning(target.Columns);
        IReadOnlyList<AddFile> candidates = condition is null ? state.Sorted : pruning.Prune(state.Sorted, parts, target.Output);
        Transaction transaction = new(table, state);
        DeleteCommand.Watch(transaction, pruning, condition is null ? [] : parts, target.Output);
        transaction.ReadFiles.UnionWith(candidates.Select(f => f.Key));
        BoundProject matching = new(new BoundFilter(target.Scan(candidates), bound), [new BoundColumn(target.File)], [target.File]);
        List<object?[]> counts = table.Session.Duck.Rows($"SELECT c0, count(*) FROM ({target.Sql(matching)}) m GROUP BY 1 ORDER BY 1", cancellationToken);
        if (counts.Count == 0)
        {
            return 0;
        }

        AddFile[] touched = [.. counts.Select(r => candidates[(int)(long)r[0]!])];
        long updated = counts.Sum(r => (long)r[1]!), now = table.Session.Time.GetUtcNow().ToUnixTimeMilliseconds();
        BoundExpr[] items = [.. target.Output.Select((column, i) => values[i] is { } value ? (BoundExpr)Choose(bound, value, column) : new BoundColumn(column))];
        DataFiles writer = new(table);
        WrittenFiles written = writer.Write(target.Project(target.Scan(touched), items), state.Metadata, dataChange: true, cancellationToken);
        try
        {
            List<(string, long)> metrics =
            [
                ("numRemovedFiles", touched.Length), ("numRemovedBytes", touched.Sum(f => f.Size)), ("numAddedFiles", written.Files.Count), ("numAddedBytes", written.Bytes),
                ("numUpdatedRows", updated), ("numCopiedRows", written.Rows - updated), ("numAddedChangeFiles", 0), ("executionTimeMs", watch.ElapsedMilliseconds),
            ];
            string[] predicate = condition is null ? [] : [target.Text(condition)];
            transaction.Commit(Operation.Of("UPDATE", [("predicate", Operation.List(predicate))], metrics), [.. touched.Select(f => f.Remove(now, dataChange: true)), .. written.Files]);
            return updated;
        }
        catch
        {
            writer.Discard(written);
            throw;
        }
    }

    private static BoundCase Choose(BoundExpr condition, BoundExpr value, BoundAttribute column) => new([new BoundBranch(condition, value)], new BoundColumn(column), column.Type);
}

/// <summary>Values of SET clauses.</summary>
internal static class Assignments
{
    /// <summary>For every column of the target its new value, or null when it stays.</summary>
    /// <exception cref="EngineException">A column is unknown, is set twice, or a value does not fit.</exception>
    public static BoundExpr?[] Bind(Seq<Assignment> assignments, Target target, Scope scope, string operation)
    {
        BoundExpr?[] values = new BoundExpr?[target.Output.Count];
        ExpressionBinder binder = new(target.Binder, scope);
        foreach (Assignment assignment in assignments)
        {
            int column = Column(assignment.Column, target);
            if (values[column] is not null)
            {
                throw new EngineException("DELTA_CONFLICT_SET_COLUMN", $"There is a conflict from these SET columns: {target.Output[column].Name}.", position: assignment.Value.At);
            }

            BoundExpr value = binder.Bind(assignment.Value);
            Target.CheckPlain(value, operation, assignment.Value.At);
            values[column] = StoreAssignment.Cast(value, target.Metadata.Schema.Fields[column]);
        }

        return values;
    }

    private static int Column(Seq<string> parts, Target target)
    {
        if (new Scope(target.Output).Find(parts, null) is not { } found)
        {
            throw Errors.UnresolvedColumn(parts, target.Output.Select(a => a.Name), null);
        }

        return found.Used == parts.Count ? target.Output.ToList().IndexOf(found.Column) : throw Errors.Unsupported($"setting a field of a struct ({string.Join('.', parts)})", hint: "set the whole struct, for example with named_struct(..)");
    }
}
