using System.Text.Json.Nodes;
using Hearth.Engine.Binding;
using Hearth.Engine.Delta.Log;
using Hearth.Engine.Delta.Read;
using Hearth.Engine.Delta.Write;
using Hearth.Engine.Plans;
using Hearth.Engine.Sql;
using Hearth.Engine.Types;

namespace Hearth.Engine.Delta.Commands;

/// <summary>ALTER TABLE: changes of the metadata.</summary>
internal sealed class AlterCommand(DeltaTable table)
{
    public void Run(Alteration change, CancellationToken cancellationToken)
    {
        Snapshot state = table.ReadForWrite();
        switch (change)
        {
            case AddColumns add:
                Commit(state, Add(state.Metadata, add), "ADD COLUMNS", ("columns", new JsonArray([.. add.Columns.Select(c => (JsonNode?)new JsonObject { ["column"] = TypeJson.Write(new StructType([c.Field]))["fields"]![0]!.DeepClone() })]).ToJsonString()));
                break;
            case AlterColumn alter:
                Commit(state, Alter(state, alter, cancellationToken), "CHANGE COLUMN", ("column", new JsonObject { ["name"] = alter.Name }.ToJsonString()));
                break;
            case SetProperties set:
                Commit(state, state.Metadata with { Configuration = Merged(state.Metadata.Configuration, CreateCommand.Stored(set.Properties.All.ToDictionary(StringComparer.Ordinal))) }, "SET TBLPROPERTIES", ("properties", Json(set.Properties.All)));
                break;
            case UnsetProperties unset:
                Commit(state, Unset(state.Metadata, unset), "UNSET TBLPROPERTIES", ("properties", Operation.List(unset.Keys)), ("ifExists", unset.IfExists ? "true" : "false"));
                break;
            case AddConstraint add:
                AddCheck(state, add, cancellationToken);
                break;
            case DropConstraint drop:
                DropCheck(state, drop);
                break;
            default:
                throw DeltaErrors.Unsupported($"ALTER TABLE {change.GetType().Name}");
        }
    }

    private void Commit(Snapshot state, Metadata metadata, string operation, params (string, string)[] parameters) =>
        new Transaction(table, state).Commit(Operation.Of(operation, parameters), [.. CreateCommand.MetadataActions(state, metadata)]);

    private static string Json(IEnumerable<KeyValuePair<string, string>> values) => new JsonObject(values.Select(p => KeyValuePair.Create(p.Key, (JsonNode?)JsonValue.Create(p.Value)))).ToJsonString();

    private static Dictionary<string, string> Merged(IReadOnlyDictionary<string, string> old, Dictionary<string, string> added)
    {
        Dictionary<string, string> all = new(old, StringComparer.Ordinal);
        foreach ((string key, string value) in added)
        {
            all[key] = value;
        }

        return all;
    }

    private static Metadata Unset(Metadata metadata, UnsetProperties unset)
    {
        Dictionary<string, string> left = new(metadata.Configuration, StringComparer.Ordinal);
        foreach (string key in unset.Keys)
        {
            if (!left.Remove(key) && !unset.IfExists)
            {
                throw new EngineException("DELTA_UNSET_NON_EXISTENT_PROPERTY", $"Attempted to unset non-existent property '{key}' in the table.", hint: "UNSET TBLPROPERTIES IF EXISTS");
            }
        }

        return metadata with { Configuration = left };
    }

    private static Metadata Add(Metadata metadata, AddColumns add)
    {
        foreach (AddedColumn column in add.Columns)
        {
            if (metadata.Schema.IndexOf(column.Field.Name) >= 0)
            {
                throw new EngineException("FIELDS_ALREADY_EXISTS", $"Cannot add column, because `{column.Field.Name}` already exists in {metadata.Schema.SimpleName}.");
            }

            if (!column.Field.Nullable)
            {
                throw new EngineException("DELTA_ADD_COLUMN_NOT_NULL", $"NOT NULL is not supported in ALTER TABLE ADD COLUMNS: the rows that are there have no value for {column.Field.Name}.", hint: "add the column, fill it with UPDATE, and add a CHECK constraint");
            }

            SchemaText.Check(new StructType([column.Field]));
            metadata = metadata.WithSchema(SchemaText.Add(metadata.SchemaText, [column.Field], column.First ? 0 : column.After is { } after ? Find(metadata, after) + 1 : null));
        }

        return metadata;
    }

    private static int Find(Metadata metadata, string column) => metadata.Schema.IndexOf(column) is >= 0 and var index ? index : throw Errors.UnresolvedColumn([column], metadata.Schema.Fields.Select(f => f.Name), null);

    private Metadata Alter(Snapshot state, AlterColumn alter, CancellationToken cancellationToken)
    {
        Metadata metadata = state.Metadata;
        int column = Find(metadata, alter.Name);
        StructField field = metadata.Schema.Fields[column];
        if (alter.Type is { } type && !SchemaText.SameType(type, field.Type))
        {
            throw new EngineException("DELTA_UNSUPPORTED_ALTER_TABLE_CHANGE_COL_OP", $"ALTER TABLE CHANGE COLUMN is not supported for changing column {field.Name} from {field.Type.SimpleName} to {type.SimpleName}.", hint: "write the table anew with overwriteSchema");
        }

        if (alter.Nullable == false && field.Nullable)
        {
            Require(state, new CallExpr("isnotnull", [new ColumnName([field.Name])]), cancellationToken, rows => new EngineException("DELTA_NOT_NULL_CONSTRAINT_VIOLATED", $"Cannot make the column {field.Name} NOT NULL: {rows} rows have no value.", ErrorKind.SparkRuntimeException));
        }

        string text = SchemaText.Change(metadata.SchemaText, column, json =>
        {
            json["nullable"] = alter.Nullable ?? field.Nullable;
            if (alter.Comment is not null)
            {
                JsonObject own = json["metadata"] as JsonObject ?? [];
                own["comment"] = alter.Comment;
                json["metadata"] = own.DeepClone();
            }
        });
        int to = alter.First ? 0 : alter.After is { } after ? Find(metadata, after) is var at && at < column ? at + 1 : at : column;
        return metadata.WithSchema(to == column ? text : SchemaText.Move(text, column, to));
    }

    private void AddCheck(Snapshot state, AddConstraint add, CancellationToken cancellationToken)
    {
        string key = Constraints.Prefix + add.Name.ToLowerInvariant();
        if (state.Metadata.Configuration.ContainsKey(key))
        {
            throw new EngineException("DELTA_CONSTRAINT_ALREADY_EXISTS", $"Constraint '{add.Name}' already exists. Please delete the old constraint first.");
        }

        Require(state, add.Condition, cancellationToken, rows => new EngineException("DELTA_NEW_CHECK_CONSTRAINT_VIOLATION", $"{rows} rows in {table.Location.Uri} violate the new CHECK constraint ({add.Text})."));
        Commit(state, state.Metadata with { Configuration = Merged(state.Metadata.Configuration, new Dictionary<string, string>(StringComparer.Ordinal) { [key] = add.Text }) }, "ADD CONSTRAINT", ("name", add.Name), ("expr", add.Text));
    }

    private void DropCheck(Snapshot state, DropConstraint drop)
    {
        Dictionary<string, string> left = new(state.Metadata.Configuration, StringComparer.Ordinal);
        if (left.Remove(Constraints.Prefix + drop.Name.ToLowerInvariant()))
        {
            Commit(state, state.Metadata with { Configuration = left }, "DROP CONSTRAINT", ("name", drop.Name));
        }
        else if (!drop.IfExists)
        {
            throw new EngineException("DELTA_CONSTRAINT_DOES_NOT_EXIST", $"Cannot drop nonexistent constraint {drop.Name} from table {table.Location.Uri}. To avoid throwing an error, provide the parameter IF EXISTS.");
        }
    }

    // Every row that is there must satisfy a new rule; a condition that is NULL does not.
    private void Require(Snapshot state, Expr condition, CancellationToken cancellationToken, Func<long, EngineException> error)
    {
        Target target = new(table, state.Metadata, []);
        BoundExpr bound = target.Condition(condition, "CHECK");
        BoundFilter violating = new(target.Scan(state.Sorted), new BoundCall("(NOT coalesce({0}, false))", [bound], SparkType.Boolean, false));
        BoundProject rows = new(violating, [new BoundColumn(target.Row)], [target.Row]);
        long count = (long)table.Session.Duck.Rows($"SELECT count(*) FROM ({target.Sql(rows)}) v", cancellationToken)[0][0]!;
        if (count > 0)
        {
            throw error(count);
        }
    }
}
