using Hearth.Engine.Binding;
using Hearth.Engine.Catalog;
using Hearth.Engine.Sources;
using Hearth.Engine.Sql;
using Hearth.Engine.Types;

namespace Hearth.Engine.Session;

/// <summary>ALTER TABLE of tables that are directories of files: columns, properties, location, and partitions, which are directories.</summary>
internal sealed class FileTableChanges(EngineSession session)
{
    public void Run(TableInfo table, Alteration change, SourcePosition? at)
    {
        switch (change)
        {
            case AddColumns add:
                session.Catalog.Save(table with { Schema = Added(table, add) });
                break;
            case AlterColumn { Type: null, Nullable: null, First: false, After: null, Comment: { } comment } column:
                int index = table.Schema.IndexOf(column.Name) is >= 0 and var i ? i : throw Errors.UnresolvedColumn([column.Name], table.Schema.Fields.Select(f => f.Name), at);
                session.Catalog.Save(table with { Schema = new StructType(table.Schema.Fields.Select((f, n) => n == index ? f with { Comment = comment } : f).ToSeq()) });
                break;
            case SetProperties set:
                session.Catalog.Save(table with { Properties = table.Properties.Where(p => set.Properties.Get(p.Key) is null).Concat(set.Properties.All).ToDictionary(StringComparer.Ordinal) });
                break;
            case UnsetProperties unset:
                session.Catalog.Save(table with { Properties = table.Properties.Where(p => !unset.Keys.Contains(p.Key, StringComparer.Ordinal)).ToDictionary(StringComparer.Ordinal) });
                break;
            case SetLocation moved:
                session.Catalog.Save(table with { Location = moved.Location, Kind = "EXTERNAL" });
                break;
            case RecoverPartitions:
                break;
            case AddPartitions add:
                foreach (Seq<KeyValuePair<string, string>> partition in add.Partitions)
                {
                    Add(table, partition, add.IfNotExists);
                }

                break;
            case DropPartitions drop:
                foreach (Seq<KeyValuePair<string, string>> partition in drop.Partitions)
                {
                    Drop(table, partition, drop.IfExists);
                }

                break;
            default:
                throw new EngineException("UNSUPPORTED_FEATURE.TABLE_OPERATION", $"The feature is not supported: Table `{table.Database}`.`{table.Name}` does not support this ALTER TABLE: it is a {table.Format} table.", hint: "make it a Delta table: CREATE TABLE .. USING DELTA", position: at);
        }
    }

    // Partition columns stay last.
    private static StructType Added(TableInfo table, AddColumns add)
    {
        List<StructField> data = [.. table.Schema.Fields.Where(f => !IsPartition(table, f.Name))];
        foreach (AddedColumn column in add.Columns)
        {
            if (table.Schema.IndexOf(column.Field.Name) >= 0)
            {
                throw new EngineException("COLUMN_ALREADY_EXISTS", $"The column `{column.Field.Name.ToLowerInvariant()}` already exists. Consider to choose another name or rename the existing column.");
            }

            data.Add(column.First || column.After is not null ? throw Errors.Unsupported("FIRST and AFTER in ALTER TABLE of a table of files") : column.Field);
        }

        return new StructType([.. data, .. table.Schema.Fields.Where(f => IsPartition(table, f.Name))]);
    }

    private static bool IsPartition(TableInfo table, string name) => table.PartitionedBy.Contains(name, StringComparer.OrdinalIgnoreCase);

    private void Add(TableInfo table, Seq<KeyValuePair<string, string>> partition, bool unless)
    {
        string directory = DirectoryOf(table, partition, whole: true);
        if (Directory.Exists(directory) && !unless)
        {
            throw new EngineException("PARTITIONS_ALREADY_EXIST", $"Cannot ADD or RENAME TO partition(s) {Text(partition)} in table `{table.Database}`.`{table.Name}` because they already exist.");
        }

        Directory.CreateDirectory(directory);
    }

    private void Drop(TableInfo table, Seq<KeyValuePair<string, string>> partition, bool ifExists)
    {
        string directory = DirectoryOf(table, partition, whole: false);
        if (Directory.Exists(directory))
        {
            // Gone in one step; the rest is cleaning up.
            string gone = DirectoryCommit.StageOf(session.LocalPath(table.Location));
            Directory.Move(directory, gone);
            Directory.Delete(gone, recursive: true);
        }
        else if (!ifExists)
        {
            throw new EngineException("PARTITIONS_NOT_FOUND", $"The partition(s) {Text(partition)} cannot be found in table `{table.Database}`.`{table.Name}`.");
        }
    }

    private static string Text(Seq<KeyValuePair<string, string>> partition) => $"PARTITION ({string.Join(", ", partition.Select(p => $"`{p.Key}` = {p.Value}"))})";

    // The partition columns in the table's order; the last ones may be left out when they are dropped.
    private string DirectoryOf(TableInfo table, Seq<KeyValuePair<string, string>> partition, bool whole)
    {
        string[] given = [.. table.PartitionedBy.Take(partition.Count)];
        if (partition.Count == 0 || (whole && partition.Count != table.PartitionedBy.Count) || !given.All(name => partition.Any(p => p.Key.Equals(name, StringComparison.OrdinalIgnoreCase))))
        {
            throw new EngineException("INVALID_PARTITION_SPEC", $"{Text(partition)} does not name the partition columns ({string.Join(", ", table.PartitionedBy)}) of the table `{table.Database}`.`{table.Name}` from the first one on.");
        }

        return Path.Combine([session.LocalPath(table.Location), .. given.Select(name => $"{PartitionPath.Escape(name)}={PartitionPath.Escape(partition.First(p => p.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value)}")]);
    }
}
