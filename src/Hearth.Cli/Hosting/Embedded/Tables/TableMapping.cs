using System.Text.Json.Nodes;
using Hearth.Aws.Tables;
using Hearth.Engine;
using Hearth.Engine.Catalog;
using Hearth.Engine.Sql;
using Hearth.Engine.Types;

namespace Hearth.Cli.Hosting.Embedded.Tables;

/// <summary>Tables of the engine's catalog as the AWS services see them, and back.</summary>
internal static class TableMapping
{
    // Spark has fewer types than a client may write (varchar(10), char): what was written comes back as long as the column is of the type that it became.
    private const string Types = "Types";

    public static CatalogTable ToCatalog(TableInfo table, DateTimeOffset updated)
    {
        var storage = table.Storage is { } text ? JsonNode.Parse(text) as JsonObject : null;
        CatalogColumn Column(StructField field) => new(
            field.Name, storage?[Types]?[field.Name] is JsonObject written && (string?)written["is"] == field.Type.SimpleName ? (string)written["given"]! : field.Type.SimpleName, field.Comment);
        bool IsKey(StructField field) => table.PartitionedBy.Contains(field.Name, StringComparer.OrdinalIgnoreCase);
        return new CatalogTable
        {
            Database = table.Database,
            Name = table.Name,
            Kind = table.Kind,
            Format = table.Format,
            Columns = [.. table.Schema.Fields.Where(f => !IsKey(f)).Select(Column)],
            PartitionKeys = [.. table.PartitionedBy.Select(p => table.Schema.IndexOf(p)).Where(i => i >= 0).Select(i => Column(table.Schema.Fields[i]))],
            Location = table.Location,
            Comment = table.Comment,
            Options = table.Options,
            Properties = table.Properties,
            ViewText = table.ViewText,
            Created = table.Created,
            Updated = updated < table.Created ? table.Created : updated,
            Storage = storage,
        };
    }

    /// <exception cref="CatalogException">A type is none of Spark's.</exception>
    public static TableInfo ToEngine(CatalogTable table)
    {
        var fields = table.Columns.Concat(table.PartitionKeys).Select(c => (Column: c, Field: Field(c))).ToArray();
        var storage = table.Storage?.DeepClone() as JsonObject;
        if (storage is not null)
        {
            storage[Types] = new JsonObject(fields.Where(f => f.Column.Type != f.Field.Type.SimpleName).DistinctBy(f => f.Field.Name).Select(f => KeyValuePair.Create(
                f.Field.Name, (JsonNode?)new JsonObject { ["given"] = f.Column.Type, ["is"] = f.Field.Type.SimpleName })));
        }

        return new TableInfo(
            table.Database,
            table.Name,
            table.Kind,
            table.Format,
            new StructType(fields.Select(f => f.Field).ToSeq()),
            table.PartitionKeys.Select(k => k.Name).ToSeq(),
            table.Location,
            table.Comment,
            table.Options,
            table.Properties,
            table.ViewText,
            table.Created)
        {
            Storage = storage?.ToJsonString(),
        };
    }

    private static StructField Field(CatalogColumn column)
    {
        try
        {
            return new StructField(column.Name, SqlParser.ParseType(column.Type), Nullable: true, column.Comment);
        }
        catch (EngineException e)
        {
            throw new CatalogException($"The type '{column.Type}' of column {column.Name} cannot be read: {e.Message}");
        }
    }
}
