using System.Text.Json;
using System.Text.Json.Nodes;
using Hearth.Engine.Catalog;
using Hearth.Engine.Functions;
using Hearth.Engine.Session;
using Hearth.Engine.Sql;
using Hearth.Engine.Types;

namespace Hearth.Engine.Protocol;

/// <summary>The catalog operations: scalars as <c>value</c>, lists as <c>rows</c> with Spark's field names.</summary>
internal sealed class CatalogRequests(EngineSession session)
{
    public JsonObject Answer(JsonElement request) => request.Text("action") switch
    {
        "currentCatalog" => Value("spark_catalog"),
        "listCatalogs" => Rows([new JsonObject { ["name"] = "spark_catalog", ["description"] = null }]),
        "currentDatabase" => Value(session.CurrentDatabase),
        "setCurrentDatabase" => SetDatabase(request.Text("name")),
        "listDatabases" => Rows(session.Catalog.Databases().Select(Database)),
        "getDatabase" => Rows([Database(session.Catalog.HasDatabase(request.Text("name")) ? request.Text("name") : throw NotFound(request.Text("name")))]),
        "databaseExists" => Value(session.Catalog.HasDatabase(request.Text("name").ToLowerInvariant())),
        "listTables" => Rows(Tables(request.TryText("db") ?? session.CurrentDatabase)),
        "getTable" => Rows([Find(request.Text("name")) ?? throw Binding.Errors.TableNotFound(ExprReader.NameParts(request.Text("name")), session.TemporaryViews, null)]),
        "tableExists" => Value(Find(request.Text("name")) is not null),
        "listColumns" => Rows(Columns(request.Text("table"))),
        "listFunctions" => Rows(FunctionTable.Names.Select(Function)),
        "functionExists" => Value(FunctionTable.Find(request.Text("name")) is not null),
        "isCached" => Value(false),
        "cacheTable" or "uncacheTable" or "refreshTable" or "clearCache" => Value(null),
        var other => throw JsonFields.Malformed($"unknown catalog action '{other}'"),
    };

    private static JsonObject Value(JsonNode? value) => new() { ["value"] = value };

    private static JsonObject Rows(IEnumerable<JsonNode> rows) => new() { ["rows"] = new JsonArray([.. rows]) };

    private static EngineException NotFound(string name) => new("SCHEMA_NOT_FOUND", $"The schema `{name}` cannot be found.");

    private JsonObject SetDatabase(string name)
    {
        session.CurrentDatabase = session.Catalog.HasDatabase(name.ToLowerInvariant()) ? name.ToLowerInvariant() : throw NotFound(name);
        return Value(null);
    }

    private JsonObject Database(string name)
    {
        DatabaseInfo? info = session.Catalog.FindDatabase(name);
        return new JsonObject { ["name"] = name, ["catalog"] = "spark_catalog", ["description"] = info?.Comment ?? (name == FileCatalog.DefaultDatabase ? "default database" : null), ["locationUri"] = info?.Location ?? session.Conf.Get(EngineOptions.WarehouseKey) };
    }

    private IEnumerable<JsonObject> Tables(string database) => session.Catalog.HasDatabase(database.ToLowerInvariant())
        ? session.Catalog.Tables(database.ToLowerInvariant()).Select(Table).Concat(session.TemporaryViews.Where(v => !v.Contains('.', StringComparison.Ordinal)).Select(Temporary))
        : throw NotFound(database);

    private static JsonObject Table(TableInfo table) => new()
    {
        ["name"] = table.Name, ["catalog"] = "spark_catalog", ["namespace"] = new JsonArray(table.Database), ["description"] = table.Comment, ["tableType"] = table.Kind, ["isTemporary"] = false,
    };

    private static JsonObject Temporary(string view) => new()
    {
        ["name"] = view, ["catalog"] = null, ["namespace"] = new JsonArray(), ["description"] = null, ["tableType"] = "TEMPORARY", ["isTemporary"] = true,
    };

    private JsonObject? Find(string name)
    {
        Seq<string> parts = ExprReader.NameParts(name);
        return parts.Count == 1 && session.TemporaryView(parts[0]) is not null ? Temporary(parts[0])
            : new SessionEnvironment(session).Find(parts) is { } table ? Table(table) : null;
    }

    private IEnumerable<JsonObject> Columns(string name)
    {
        Seq<string> parts = ExprReader.NameParts(name);
        Seq<string> partitions = new SessionEnvironment(session).Find(parts)?.PartitionedBy ?? [];
        return session.SchemaOf(new TableName(parts)).Fields.Select(f => new JsonObject
        {
            ["name"] = f.Name, ["description"] = f.Comment, ["dataType"] = f.ShownType, ["nullable"] = f.Nullable, ["isPartition"] = partitions.Contains(f.Name, StringComparer.OrdinalIgnoreCase), ["isBucket"] = false,
        });
    }

    private static JsonObject Function(string name) => new()
    {
        ["name"] = name, ["catalog"] = null, ["namespace"] = null, ["description"] = null, ["className"] = $"org.apache.spark.sql.catalyst.expressions.{name}", ["isTemporary"] = true,
    };
}
