using Hearth.Engine.Binding;
using Hearth.Engine.Catalog;
using Hearth.Engine.Delta;
using Hearth.Engine.Delta.Commands;
using Hearth.Engine.Sql;
using Hearth.Engine.Types;

namespace Hearth.Engine.Session;

/// <summary>Statements over Delta tables, named in the catalog or by path.</summary>
internal sealed class DeltaStatements(EngineSession session)
{
    private readonly SessionEnvironment _environment = new(session);

    /// <summary>Runs a statement; null when it is not one of these.</summary>
    public StatementResult? Run(Statement statement, CancellationToken cancellationToken)
    {
        switch (statement)
        {
            case UpdateTable update:
                (DeltaTable updated, Seq<string> updatedName) = Require(update.Table, "UPDATE", update.At);
                return Affected(new UpdateCommand(updated).Run(update.Assignments, update.Where, Qualifier(update.Alias, updatedName), cancellationToken));
            case DeleteFrom delete:
                (DeltaTable deleted, Seq<string> deletedName) = Require(delete.Table, "DELETE", delete.At);
                return Affected(new DeleteCommand(deleted).Run(delete.Where, Qualifier(delete.Alias, deletedName), cancellationToken));
            case MergeInto merge:
                return Merge(merge, cancellationToken);
            case DescribeHistory history:
                return new HistoryCommand(Require(history.Table, "DESCRIBE HISTORY", history.At).Table).History(history.Limit);
            case DescribeDetail detail:
                TableInfo? info = _environment.Find(detail.Table);
                return new HistoryCommand(Require(detail.Table, "DESCRIBE DETAIL", detail.At).Table).Detail(info is null ? null : $"spark_catalog.{info.Database}.{info.Name}");
            case RestoreTable restore:
                return new RestoreCommand(Require(restore.Table, "RESTORE", restore.At).Table).Run(_environment.AsOf(restore.Version, restore.Timestamp));
            case OptimizeTable optimize:
                return new OptimizeCommand(Require(optimize.Table, "OPTIMIZE", optimize.At).Table).Run(optimize.Where, optimize.ZOrder, cancellationToken);
            case VacuumTable vacuum:
                return new VacuumCommand(Require(vacuum.Table, "VACUUM", vacuum.At).Table).Run(vacuum.Hours, vacuum.DryRun);
            case ConvertToDelta convert:
                return Convert(convert);
            case GenerateFor generate:
                return Generate(generate);
            case AlterTable alter:
                return Alter(alter, cancellationToken);
            default:
                return null;
        }
    }

    private (DeltaTable Table, Seq<string> Qualifier) Require(Seq<string> name, string operation, SourcePosition? at)
    {
        if (_environment.FindDelta(name) is { } found)
        {
            return found.AsOf is null ? (found.Table, found.Qualifier) : throw Errors.Unsupported($"{operation} of an old version of a table", at);
        }

        TableInfo table = _environment.Find(name) ?? throw Errors.TableNotFound(name, _environment.RelationNames, at);
        throw new EngineException("UNSUPPORTED_FEATURE.TABLE_OPERATION", $"The feature is not supported: Table `{table.Database}`.`{table.Name}` does not support {operation}: it is {(table.ViewText is null ? $"a {table.Format} table" : "a view")}.", hint: "make it a Delta table: CREATE TABLE .. USING DELTA", position: at);
    }

    private static Seq<string> Qualifier(string? alias, Seq<string> name) => alias is null ? name : [alias];

    private static StatementResult Affected(long rows) => StatementResult.Rows([[rows]], ("num_affected_rows", SparkType.Long));

    private StatementResult Merge(MergeInto merge, CancellationToken cancellationToken)
    {
        (DeltaTable table, Seq<string> name) = Require(merge.Table, "MERGE", merge.At);
        bool evolve = merge.SchemaEvolution || string.Equals(session.Conf.Get("spark.databricks.delta.schema.autoMerge.enabled"), "true", StringComparison.OrdinalIgnoreCase);
        MergeCounts counts = new MergeCommand(table).Run(merge with { SchemaEvolution = evolve }, Qualifier(merge.Alias, name), cancellationToken);
        return StatementResult.Rows(
            [[counts.Affected, counts.Updated, counts.Deleted, counts.Inserted]],
            ("num_affected_rows", SparkType.Long), ("num_updated_rows", SparkType.Long), ("num_deleted_rows", SparkType.Long), ("num_inserted_rows", SparkType.Long));
    }

    private StatementResult Convert(ConvertToDelta convert)
    {
        if (_environment.Find(convert.Table) is { } table)
        {
            if (table.Format is not ("parquet" or "delta"))
            {
                throw new EngineException("DELTA_CONVERT_NON_PARQUET_TABLE", $"CONVERT TO DELTA only supports parquet tables, but `{table.Name}` is a {table.Format} table.");
            }

            StructType? partitions = convert.PartitionedBy ?? (table.PartitionedBy.Count == 0 ? null : new StructType(table.PartitionedBy.Map(p => table.Schema.Fields[table.Schema.IndexOf(p)])));
            new ConvertCommand(session.Delta.At(table.Location)).Run(partitions);
            session.Catalog.Save(table with { Format = "delta" });
            return StatementResult.Nothing;
        }

        if (convert.Table.Count != 2 || convert.Table[0].ToLowerInvariant() is not ("parquet" or "delta"))
        {
            throw Errors.TableNotFound(convert.Table, _environment.RelationNames, convert.At);
        }

        new ConvertCommand(session.Delta.At(convert.Table[1])).Run(convert.PartitionedBy);
        return StatementResult.Nothing;
    }

    private StatementResult Generate(GenerateFor generate)
    {
        if (!generate.Mode.Equals("symlink_format_manifest", StringComparison.OrdinalIgnoreCase))
        {
            throw new EngineException("DELTA_UNSUPPORTED_GENERATE_MODE", $"Specified mode '{generate.Mode}' is not supported. Supported modes are: symlink_format_manifest.", ErrorKind.IllegalArgumentException);
        }

        DeltaTable table = Require(generate.Table, "GENERATE", generate.At).Table;
        new Manifest(table).Generate(table.Read());
        return StatementResult.Nothing;
    }

    private StatementResult Alter(AlterTable alter, CancellationToken cancellationToken)
    {
        if (alter.Change is RenameTable rename)
        {
            return Rename(alter, rename);
        }

        if (_environment.Find(alter.Table) is { ViewText: null } plain && plain.Format != "delta")
        {
            new FileTableChanges(session).Run(plain, alter.Change, alter.At);
            return StatementResult.Nothing;
        }

        if (alter.Change is AddPartitions or DropPartitions or RecoverPartitions or SetLocation)
        {
            throw Errors.Unsupported("ALTER TABLE .. PARTITION or SET LOCATION of a Delta table: its log has the partitions", alter.At);
        }

        new AlterCommand(Require(alter.Table, "ALTER TABLE", alter.At).Table).Run(alter.Change, cancellationToken);
        return StatementResult.Nothing;
    }

    // The name of a table changes, also the place of one whose data the catalog keeps.
    private StatementResult Rename(AlterTable alter, RenameTable rename)
    {
        TableInfo table = _environment.Find(alter.Table) ?? throw Errors.TableNotFound(alter.Table, _environment.RelationNames, alter.At);
        (string database, string name) = new StatementRunner(session).Qualify(rename.Name.Count == 1 ? [table.Database, rename.Name[0]] : rename.Name);
        if (session.Catalog.Find(database, name) is not null)
        {
            throw new EngineException("TABLE_OR_VIEW_ALREADY_EXISTS", $"Cannot rename to `{database}`.`{name}` because it already exists.");
        }

        TableInfo moved = table with { Database = database, Name = name };
        if (table.Kind == "MANAGED")
        {
            moved = moved with { Location = new TableWriter(session).DefaultLocation(database, name) };
            string from = session.LocalPath(table.Location), to = session.LocalPath(moved.Location);
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            if (Directory.Exists(from))
            {
                Directory.Move(from, to);
            }
        }

        session.Catalog.Save(moved);
        session.Catalog.Drop(table);
        return StatementResult.Nothing;
    }
}
