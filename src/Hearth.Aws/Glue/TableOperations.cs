using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Hearth.Aws.Http;
using Hearth.Aws.Tables;

namespace Hearth.Aws.Glue;

/// <summary>Tables and views.</summary>
internal static class TableOperations
{
    private const int LargestPage = 100;

    /// <summary>Tables of a database that the caller may see; Expression is a regular expression for the whole name.</summary>
    public static Task ListAsync(GlueCall call)
    {
        var database = call.RequireDatabase("DatabaseName");
        var matches = Pattern(call.Json.Text("Expression"));
        var (page, token) = call.Page([.. call.Catalog.Tables(database.Name).Where(t => matches(t.Name) && call.Shows(database.Name, t.Name))], LargestPage);
        var named = call.Json.Texts("AttributesToGet");
        return call.Json.AnswerPageAsync("TableList", page.Select(t => Write(call, t, named)), token);
    }

    public static Task GetAsync(GlueCall call) => call.Json.AnswerAsync(new JsonObject { ["Table"] = GlueTable.Write(call.RequireTable("Name"), call.CatalogId) });

    /// <summary>The one version there is: the catalog keeps no old ones. Those of a Delta table are in its log.</summary>
    public static Task VersionsAsync(GlueCall call)
    {
        var table = call.RequireTable("TableName");
        return call.Json.AnswerPageAsync("TableVersions", [new JsonObject { ["Table"] = GlueTable.Write(table, call.CatalogId), ["VersionId"] = "0" }], null);
    }

    /// <summary>Tables of all databases whose name, comment, columns or database hold a text.</summary>
    public static Task SearchAsync(GlueCall call)
    {
        call.Authorize(null);
        var (text, filters) = (call.Json.Text("SearchText")?.Trim('"') ?? "", call.Json.Items("Filters"));
        var found = call.Catalog.Databases().SelectMany(d => call.Catalog.Tables(d.Name)).Where(t => call.Shows(t.Database, t.Name) && Holds(t, text) && filters.All(f => Fits(t, f)));
        var (page, token) = call.Page([.. found], 1000);
        return call.Json.AnswerPageAsync("TableList", page.Select(t => GlueTable.Write(t, call.CatalogId)), token);
    }

    public static Task CreateAsync(GlueCall call)
    {
        var input = call.Json.RequiredMember("TableInput");
        var (database, name) = (call.Name(call.Json, "DatabaseName"), call.Name(input, "Name"));
        call.Authorize(database, name);
        _ = call.Catalog.FindDatabase(database) ?? throw GlueCall.NotFound($"Database {database} not found.");
        if (call.Json.Member("OpenTableFormatInput") is not null)
        {
            throw AwsException.NotImplemented("Iceberg tables (OpenTableFormatInput)", "Make a Delta or Parquet table.");
        }

        return call.Catalog.Save(GlueTable.Read(input, database, name, call.Time.GetUtcNow()), replace: false)
            ? call.Json.AnswerAsync()
            : throw GlueCall.Exists($"Table {name} already exists.");
    }

    public static Task UpdateAsync(GlueCall call)
    {
        var input = call.Json.RequiredMember("TableInput");
        var (database, name) = (call.Name(call.Json, "DatabaseName"), call.Name(input, "Name"));
        call.Authorize(database, name);
        _ = call.Catalog.FindDatabase(database) ?? throw GlueCall.NotFound($"Database {database} not found.");
        var known = call.Catalog.FindTable(database, name) ?? throw GlueCall.NotFound($"Table {name} not found.");
        call.Catalog.Save(GlueTable.Read(input, database, name, known.Created), replace: true);
        return call.Json.AnswerAsync();
    }

    /// <summary>Removes the entry; data stays, as with Glue.</summary>
    public static Task DeleteAsync(GlueCall call)
    {
        call.Catalog.DropTable(call.RequireTable("Name"));
        return call.Json.AnswerAsync();
    }

    public static Task DeleteManyAsync(GlueCall call)
    {
        var database = call.RequireDatabase("DatabaseName");
        var errors = new List<JsonObject>();
        foreach (var name in call.Json.Texts("TablesToDelete").Select(n => n.ToLowerInvariant()))
        {
            call.Authorize(database.Name, name);
            if (call.Catalog.FindTable(database.Name, name) is { } table)
            {
                call.Catalog.DropTable(table);
            }
            else
            {
                errors.Add(new JsonObject { ["TableName"] = name, ["ErrorDetail"] = new JsonObject { ["ErrorCode"] = "EntityNotFoundException", ["ErrorMessage"] = $"Table {name} not found." } });
            }
        }

        return call.Json.AnswerAsync(errors.Count == 0 ? [] : new JsonObject { ["Errors"] = new JsonArray([.. errors]) });
    }

    private static JsonObject Write(GlueCall call, CatalogTable table, IReadOnlyList<string> named)
    {
        var whole = GlueTable.Write(table, call.CatalogId);
        if (named.Count == 0)
        {
            return whole;
        }

        var some = new JsonObject { ["Name"] = table.Name, ["DatabaseName"] = table.Database };
        if (named.Contains("TABLE_TYPE", StringComparer.Ordinal))
        {
            some["TableType"] = whole["TableType"]!.DeepClone();
        }

        return some;
    }

    private static Func<string, bool> Pattern(string? expression)
    {
        if (string.IsNullOrEmpty(expression))
        {
            return _ => true;
        }

        try
        {
            // Glue's patterns also use a lone star for anything.
            var text = expression is "*" ? ".*" : expression;
            var pattern = new Regex($"^(?:{text})$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
            return pattern.IsMatch;
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw GlueCall.Invalid($"The expression '{expression}' is not a regular expression: {e.Message}");
        }
    }

    private static bool Holds(CatalogTable table, string text) => text.Length == 0
        || new[] { table.Name, table.Database, table.Comment ?? "" }.Concat(table.Columns.Concat(table.PartitionKeys).Select(c => c.Name)).Any(t => t.Contains(text, StringComparison.OrdinalIgnoreCase));

    private static bool Fits(CatalogTable table, JsonMembers filter)
    {
        var value = filter.Text("Value") ?? "";
        return filter.Text("Key") switch
        {
            "DatabaseName" => table.Database.Equals(value, StringComparison.OrdinalIgnoreCase),
            "Name" or "TableName" => table.Name.Equals(value, StringComparison.OrdinalIgnoreCase),
            var key => throw AwsException.NotImplemented($"the filter {key} of SearchTables", "DatabaseName and Name are there; SearchText looks into everything."),
        };
    }
}
