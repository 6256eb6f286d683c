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
    public static CatalogTable ToCatalog(TableInfo table, DateTimeOffset updated)
    {
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
            Updated = updated,
            Storage = table.Storage is { } storage ? JsonNode.Parse(storage) as JsonObject : null,
        };
    }

    /// <exception cref="CatalogException">A type is none of Spark's.</exception>
    public static TableInfo ToEngine(CatalogTable table) => new(
        table.Database,
        table.Name,
        table.Kind,
        table.Format,
        new StructType(table.Columns.Concat(table.PartitionKeys).Select(Field).ToSeq()),
        table.PartitionKeys.Select(k => k.Name).ToSeq(),
        table.Location,
        table.Comment,
        table.Options,
        table.Properties,
        table.ViewText,
        table.Created)
    {
        Storage = table.Storage?.ToJsonString(),
    };

    private static CatalogColumn Column(StructField field) => new(field.Name, field.Type.SimpleName, field.Comment);

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
