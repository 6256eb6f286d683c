using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Hearth.Aws.Glue;
using Hearth.Aws.Http;
using Hearth.Aws.Tables;

namespace Hearth.Aws.Athena;

/// <summary>Data catalogs, databases and tables, in Athena's shape; the rights are those of Glue.</summary>
internal static class MetadataOperations
{
    private const int LargestPage = 50;

    /// <summary><c>AwsDataCatalog</c>, the caller's own, and each team's by its name.</summary>
    public static Task CatalogsAsync(AthenaCall call)
    {
        var names = call.Settings.Catalogs.VisibleTo(call.Json.Http.Caller).Select(c => c.Name).Prepend(CatalogAccess.Default);
        var (page, token) = call.Page([.. names], LargestPage);
        return call.Json.AnswerPageAsync("DataCatalogsSummary", page.Select(n => new JsonObject { ["CatalogName"] = n, ["Type"] = "GLUE" }), token);
    }

    public static Task CatalogAsync(AthenaCall call)
    {
        var name = call.Json.Required("Name");
        var catalog = call.Settings.Catalogs.Of(call.Json.Http.Caller, name, AthenaCall.Invalid);
        return call.Json.AnswerAsync(new JsonObject { ["DataCatalog"] = new JsonObject { ["Name"] = name, ["Type"] = "GLUE", ["Description"] = $"Tables of team {catalog.Team}", ["Parameters"] = new JsonObject { ["catalog-id"] = catalog.Name } } });
    }

    public static Task DatabasesAsync(AthenaCall call)
    {
        var catalog = Named(call);
        var (page, token) = call.Page([.. catalog.Databases().Where(d => Refusal(call, "glue:GetDatabases", catalog, d.Name, null) is null)], LargestPage);
        return call.Json.AnswerPageAsync("DatabaseList", page.Select(Write), token);
    }

    public static Task DatabaseAsync(AthenaCall call) => call.Json.AnswerAsync(new JsonObject { ["Database"] = Write(Find(call, Named(call), "glue:GetDatabase")) });

    public static Task TablesAsync(AthenaCall call)
    {
        var catalog = Named(call);
        var database = Find(call, catalog, "glue:GetTables");
        var matches = Pattern(call.Json.Text("Expression"));
        var (page, token) = call.Page([.. catalog.Tables(database.Name).Where(t => matches(t.Name) && Refusal(call, "glue:GetTables", catalog, database.Name, t.Name) is null)], LargestPage);
        return call.Json.AnswerPageAsync("TableMetadataList", page.Select(Write), token);
    }

    public static Task TableAsync(AthenaCall call)
    {
        var catalog = Named(call);
        var database = Find(call, catalog, "glue:GetTable");
        var name = call.Json.Required("TableName").ToLowerInvariant();
        if (Refusal(call, "glue:GetTable", catalog, database.Name, name) is { } sentence)
        {
            throw Metadata(sentence);
        }

        return call.Json.AnswerAsync(new JsonObject { ["TableMetadata"] = Write(catalog.FindTable(database.Name, name) ?? throw Metadata($"EntityNotFoundException: Table {database.Name}.{name} not found.")) });
    }

    private static IDataCatalog Named(AthenaCall call) => call.Settings.Catalogs.Of(call.Json.Http.Caller, call.Json.Required("CatalogName"), AthenaCall.Invalid);

    private static CatalogDatabase Find(AthenaCall call, IDataCatalog catalog, string action)
    {
        var name = call.Json.Required("DatabaseName").ToLowerInvariant();
        if (Refusal(call, action, catalog, name, null) is { } sentence)
        {
            throw Metadata(sentence);
        }

        return catalog.FindDatabase(name) ?? throw Metadata($"EntityNotFoundException: Database {name} not found.");
    }

    private static string? Refusal(AthenaCall call, string action, IDataCatalog catalog, string database, string? table)
    {
        var access = call.Settings.Catalogs;
        return table is null
            ? access.Refusal(call.Json.Http.Caller, action, catalog, access.CatalogArn, access.DatabaseArn(database))
            : access.Refusal(call.Json.Http.Caller, action, catalog, access.CatalogArn, access.DatabaseArn(database), access.TableArn(database, table));
    }

    private static AwsException Metadata(string message) => new(400, "MetadataException", message);

    private static Func<string, bool> Pattern(string? expression)
    {
        try
        {
            return string.IsNullOrEmpty(expression) ? _ => true : new Regex(expression is "*" ? ".*" : expression, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking).IsMatch;
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw AthenaCall.Invalid($"The expression '{expression}' is not a regular expression: {e.Message}");
        }
    }

    private static JsonObject Write(CatalogDatabase database)
    {
        var written = new JsonObject { ["Name"] = database.Name, ["Parameters"] = GlueTable.Strings(database.Properties.Where(p => !p.Key.StartsWith(TagOperations.Prefix, StringComparison.Ordinal))) };
        if (database.Comment is { } comment)
        {
            written["Description"] = comment;
        }

        return written;
    }

    private static JsonObject Write(CatalogTable table)
    {
        var glue = GlueTable.Write(table, "");
        var parameters = GlueTable.Parameters(table);
        var descriptor = glue["StorageDescriptor"]!.AsObject();
        parameters.TryAdd("location", table.Location);
        parameters.TryAdd("inputformat", (string?)descriptor["InputFormat"] ?? "");
        parameters.TryAdd("outputformat", (string?)descriptor["OutputFormat"] ?? "");
        parameters.TryAdd("serde.serialization.lib", (string?)descriptor["SerdeInfo"]?["SerializationLibrary"] ?? "");
        return new JsonObject
        {
            ["Name"] = table.Name,
            ["CreateTime"] = GlueTable.Seconds(table.Created),
            ["TableType"] = (string?)glue["TableType"],
            ["Columns"] = descriptor["Columns"]!.DeepClone(),
            ["PartitionKeys"] = glue["PartitionKeys"]!.DeepClone(),
            ["Parameters"] = GlueTable.Strings(parameters),
        };
    }
}
