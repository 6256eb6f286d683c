using Hearth.Engine.Binding;
using Hearth.Engine.Delta.Log;
using Hearth.Engine.Delta.Read;
using Hearth.Engine.Delta.Write;
using Hearth.Engine.Plans;
using Hearth.Engine.Printing;
using Hearth.Engine.Session;
using Hearth.Engine.Sql;
using Hearth.Engine.Types;

namespace Hearth.Engine.Delta.Commands;

/// <summary>The target of UPDATE, DELETE and MERGE: its columns under a name, and scans of some of its files.</summary>
internal sealed class Target
{
    private readonly DeltaTable _table;

    /// <param name="table">The table.</param>
    /// <param name="metadata">Its columns; with schema evolution also those that come with this change.</param>
    /// <param name="qualifier">Alias or table name parts.</param>
    /// <param name="binder">Gives column identities, or null for a new one.</param>
    public Target(DeltaTable table, Metadata metadata, Seq<string> qualifier, Binder? binder = null)
    {
        _table = table;
        Metadata = metadata;
        Binder = binder ?? new Binder(new SessionEnvironment(table.Session.Engine));
        Columns = DeltaColumn.Of(metadata);
        Output = Columns.Select(c => Binder.NewAttribute(c.Field.Name, c.Field.Type, true, qualifier)).ToSeq();
        File = Binder.NewAttribute(ScanSql.FileNumber, SparkType.Long, false);
        Row = Binder.NewAttribute(ScanSql.RowNumber, SparkType.Long, false);
    }

    public Metadata Metadata { get; }

    public Binder Binder { get; }

    public IReadOnlyList<DeltaColumn> Columns { get; }

    /// <summary>The table's columns.</summary>
    public Seq<BoundAttribute> Output { get; }

    /// <summary>Number of the file in the list that is scanned.</summary>
    public BoundAttribute File { get; }

    /// <summary>Number of the row in its file.</summary>
    public BoundAttribute Row { get; }

    /// <summary>The rows of files with <see cref="File"/> and <see cref="Row"/> after the table's columns.</summary>
    public BoundScan Scan(IReadOnlyList<AddFile> files) => new(
        new ScanSql(_table, Columns, _table.Session.Engine.Zone).From(files, rowIds: true),
        [.. Columns.Select(c => DuckTypes.Quote(c.Field.Name)), ScanSql.FileNumber, ScanSql.RowNumber],
        [.. Output, File, Row]);

    /// <summary>Binds a condition over the columns.</summary>
    /// <exception cref="EngineException">It has a subquery, or a name or type is wrong.</exception>
    public BoundExpr Condition(Expr condition, string operation)
    {
        BoundExpr bound = new ExpressionBinder(Binder, new Scope(Output)).BindCondition(condition, operation);
        CheckPlain(bound, operation, condition.At);
        return bound;
    }

    /// <summary>Subqueries and aggregates are not allowed in conditions and values of changes.</summary>
    public static void CheckPlain(BoundExpr expr, string operation, SourcePosition? at)
    {
        if (expr.Has<BoundExists>() || expr.Has<BoundInQuery>() || expr.Has<BoundScalarQuery>())
        {
            throw new EngineException("DELTA_UNSUPPORTED_SUBQUERY", $"Subqueries are not supported in the {operation}.", hint: "write it as MERGE INTO with the query as its source", position: at);
        }

        if (expr.HasAggregate() || expr.Has<BoundWindow>())
        {
            throw new EngineException("DELTA_AGGREGATION_NOT_SUPPORTED", $"Aggregate functions are not supported in the {operation}.", position: at);
        }
    }

    /// <summary>Text of an expression, for the history.</summary>
    public string Text(Expr expr) => new ExpressionBinder(Binder, new Scope(Output)).Pretty(expr);

    /// <summary>SQL of a plan whose columns are c0, c1, ..</summary>
    public string Sql(BoundPlan plan) => SqlPrinter.PrintQuery(plan, _table.Session.Engine.Zone);

    /// <summary>Projects to the table's columns.</summary>
    public BoundProject Project(BoundPlan plan, IEnumerable<BoundExpr> values)
    {
        BoundExpr[] items = [.. values];
        return new BoundProject(plan, items.ToSeq(), items.Select((v, i) => Binder.NewAttribute(Output[i].Name, v.Type, true)).ToSeq());
    }

    /// <summary>Rows of a file that are live; null when its statistics do not say.</summary>
    public static long? LiveRows(AddFile file) => FileStats.Read(file.Stats)?.NumRecords - (file.Vector?.Cardinality ?? 0);
}
