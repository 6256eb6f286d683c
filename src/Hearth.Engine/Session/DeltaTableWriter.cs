using Hearth.Engine.Binding;
using Hearth.Engine.Catalog;
using Hearth.Engine.Delta;
using Hearth.Engine.Delta.Commands;
using Hearth.Engine.Delta.Log;
using Hearth.Engine.Delta.Read;
using Hearth.Engine.Plans;
using Hearth.Engine.Sources;
using Hearth.Engine.Sql;
using Hearth.Engine.Types;

namespace Hearth.Engine.Session;

/// <summary>CREATE TABLE, INSERT, saveAsTable and save for the delta format. The catalog keeps name and place; columns and properties are in the table's log.</summary>
internal sealed class DeltaTableWriter(EngineSession session)
{
    private readonly SessionEnvironment _environment = new(session);

    /// <summary>Whether a statement makes a Delta table.</summary>
    public bool Makes(CreateTable create) => IsPath(create.Name) || (create.Format ?? session.Conf.Get("spark.sql.sources.default")) == "delta";

    private bool IsPath(Seq<string> name) => name.Count == 2 && name[0].Equals("delta", StringComparison.OrdinalIgnoreCase) && !session.Catalog.HasDatabase("delta");

    /// <summary>CREATE [OR REPLACE] TABLE [AS].</summary>
    public StatementResult Create(CreateTable create, CancellationToken cancellationToken)
    {
        if (IsPath(create.Name))
        {
            Make(create, create.Name[1], cancellationToken);
            return StatementResult.Nothing;
        }

        (string database, string name) = new StatementRunner(session).Qualify(create.Name);
        TableInfo? existing = session.Catalog.Find(database, name);
        if (existing is not null && !create.Replace)
        {
            return create.IfNotExists ? StatementResult.Nothing : throw TableWriter.Exists(database, name);
        }

        if (create.MustExist && existing is null)
        {
            throw Errors.TableNotFound(create.Name, _environment.RelationNames, create.At);
        }

        string? given = create.Location ?? create.Options.Get("path");
        string location = given ?? (existing is { Format: "delta" } ? existing.Location : new TableWriter(session).DefaultLocation(database, name));
        bool external = given is not null || (existing is { Format: "delta", Kind: "EXTERNAL" });
        Make(create, location, cancellationToken);
        Save(database, name, location, external, create.Comment);
        return StatementResult.Nothing;
    }

    private void Make(CreateTable create, string location, CancellationToken cancellationToken)
    {
        DeltaTable table = session.Delta.At(location);
        Dictionary<string, string> properties = create.Properties.All.Concat(create.Options.All.Where(o => o.Key.StartsWith("delta.", StringComparison.OrdinalIgnoreCase))).ToDictionary(StringComparer.Ordinal);
        if (create.Query is null)
        {
            new CreateCommand(table).Run(create.Columns, create.PartitionedBy, properties, create.Comment, create.Replace);
            return;
        }

        if (create.IfNotExists && table.Log.Latest() is not null)
        {
            return;
        }

        WriteSpec spec = new(create.Replace ? SaveMode.Overwrite : SaveMode.ErrorIfExists, create.PartitionedBy, create.Replace ? new Options([new("overwriteSchema", "true")]) : Options.None)
        {
            Operation = create.MustExist ? "REPLACE TABLE AS SELECT" : create.Replace ? "CREATE OR REPLACE TABLE AS SELECT" : "CREATE TABLE AS SELECT",
            Properties = properties,
            Description = create.Comment,
            Replace = create.Replace,
        };
        new WriteCommand(table).Run(session.Analyze(create.Query), spec, cancellationToken);
    }

    private void Save(string database, string name, string location, bool external, string? comment)
    {
        Metadata? metadata = session.Delta.At(location).Log.Latest()?.Metadata;
        Dictionary<string, string> none = new(StringComparer.Ordinal);
        session.Catalog.Save(new TableInfo(database, name, external ? "EXTERNAL" : "MANAGED", "delta", metadata?.Schema ?? new StructType([]), metadata?.PartitionColumns ?? [], location, comment, none, none, null, session.Catalog.Now));
    }

    /// <summary>INSERT; null when the target is no Delta table.</summary>
    public StatementResult? Insert(InsertInto insert, CancellationToken cancellationToken)
    {
        if (_environment.FindDelta(insert.Table) is not { AsOf: null } found)
        {
            return insert.ReplaceWhere is null ? null : throw Errors.Unsupported("INSERT INTO .. REPLACE WHERE of a table that is no Delta table");
        }

        TableInfo table = Info(found.Table, found.Qualifier);
        Relation arranged = new TableWriter(session).Arrange(insert, table);
        KeyValuePair<string, Expr?>[] constants = [.. insert.Partition.Where(p => p.Value is not null)];
        Expr? replace = insert.ReplaceWhere ?? (insert.Overwrite && constants.Length > 0 && !IsDynamic
            ? constants.Select(p => (Expr)new CallExpr("<=>", [new ColumnName([p.Key]), p.Value!])).Aggregate((a, b) => new CallExpr("and", [a, b]))
            : null);
        WriteSpec spec = new(insert.Overwrite ? SaveMode.Overwrite : SaveMode.Append, [], Options.None) { StoreAssignment = true, ByPosition = insert.IsByPosition, ReplaceWhere = replace };
        new WriteCommand(found.Table).Run(session.Analyze(arranged), spec, cancellationToken);
        return StatementResult.Nothing;
    }

    private bool IsDynamic => string.Equals(session.Conf.Get("spark.sql.sources.partitionOverwriteMode"), "dynamic", StringComparison.OrdinalIgnoreCase);

    private static TableInfo Info(DeltaTable table, Seq<string> qualifier)
    {
        Metadata metadata = table.Read().Metadata;
        Dictionary<string, string> none = new(StringComparer.Ordinal);
        return new TableInfo(qualifier[^2], qualifier[^1], "EXTERNAL", "delta", metadata.Schema, metadata.PartitionColumns, table.Location.Uri, null, none, none, null, default);
    }

    /// <summary>save(path).</summary>
    /// <returns>Rows written.</returns>
    public long Write(Relation relation, string path, WriteRequest request, CancellationToken cancellationToken) =>
        new WriteCommand(session.Delta.At(path)).Run(session.Analyze(relation), new WriteSpec(request.Mode, request.PartitionBy, request.Options), cancellationToken);

    /// <summary>saveAsTable and insertInto.</summary>
    /// <param name="relation">Rows.</param>
    /// <param name="existing">The table, or null when there is none.</param>
    /// <param name="name">Database and name.</param>
    /// <param name="request">Mode, options.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>Rows written.</returns>
    public long WriteTable(Relation relation, TableInfo? existing, (string Database, string Table) name, WriteRequest request, CancellationToken cancellationToken)
    {
        string location = existing?.Location ?? request.Options.Get("path") ?? request.Path ?? new TableWriter(session).DefaultLocation(name.Database, name.Table);
        DeltaTable table = session.Delta.At(location);
        if (request.ByPosition)
        {
            Relation named = new NameColumns(relation, table.Read().Metadata.Schema.Fields.Map(f => f.Name));
            return new WriteCommand(table).Run(session.Analyze(named), new WriteSpec(request.Mode == SaveMode.Overwrite ? SaveMode.Overwrite : SaveMode.Append, [], request.Options) { StoreAssignment = true, ByPosition = true }, cancellationToken);
        }

        bool there = table.Log.Latest() is not null;
        WriteSpec spec = new(request.Mode, request.PartitionBy, request.Options)
        {
            StoreAssignment = true,
            Operation = !there ? "CREATE TABLE AS SELECT" : request.Mode == SaveMode.Overwrite && existing is not null ? "CREATE OR REPLACE TABLE AS SELECT" : "WRITE",
            Properties = request.Properties ?? new Dictionary<string, string>(StringComparer.Ordinal),
            Replace = request.Replace,
            ReplaceWhere = request.ReplaceWhere,
        };
        long rows = new WriteCommand(table).Run(session.Analyze(relation), spec, cancellationToken);
        if (existing is null)
        {
            Save(name.Database, name.Table, location, request.Options.Get("path") is not null || request.Path is not null, null);
        }

        return rows;
    }

    /// <summary>Partitions (<c>a=1/b=2</c>) that have rows, sorted.</summary>
    public IEnumerable<string> Partitions(TableInfo info)
    {
        Snapshot state = session.Delta.At(info.Location).Read();
        IReadOnlyList<DeltaColumn> columns = [.. state.Metadata.PartitionColumns.Select(p => DeltaColumn.Of(state.Metadata).First(c => string.Equals(c.Field.Name, p, StringComparison.OrdinalIgnoreCase)))];
        return state.Files.Values.Select(f => string.Join('/', columns.Select(c => $"{c.Field.Name}={(FilePruning.ValueOf(f, c) is { } v ? PartitionPath.Escape(v) : FileListing.DefaultPartition)}"))).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
    }

    /// <summary>TRUNCATE TABLE; false when it is no Delta table.</summary>
    public bool Truncate(TruncateTable truncate, CancellationToken cancellationToken)
    {
        if (_environment.FindDelta(truncate.Name) is not { } found)
        {
            return false;
        }

        new DeleteCommand(found.Table).Run(null, found.Qualifier, cancellationToken);
        return true;
    }
}
