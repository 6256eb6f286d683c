using System.Text.Json.Nodes;
using Hearth.Aws.Http;
using Hearth.Aws.Tables;

namespace Hearth.Aws.Glue;

/// <summary>Databases.</summary>
internal static class DatabaseOperations
{
    private const int LargestPage = 100;

    /// <summary>The databases that the caller may see.</summary>
    public static Task ListAsync(GlueCall call)
    {
        call.Authorize(null);
        var (page, token) = call.Page([.. call.Catalog.Databases().Where(d => call.Shows(d.Name))], LargestPage);
        return call.Json.AnswerPageAsync("DatabaseList", page.Select(d => Write(call, d)), token);
    }

    public static Task GetAsync(GlueCall call) => call.Json.AnswerAsync(new JsonObject { ["Database"] = Write(call, call.RequireDatabase("Name")) });

    public static Task CreateAsync(GlueCall call)
    {
        var input = call.Json.RequiredMember("DatabaseInput");
        var name = call.Name(input, "Name");
        call.Authorize(name);
        var created = call.Time.GetUtcNow();
        return call.Catalog.CreateDatabase(Read(input, name, created, Prefixed(call.Json.Map("Tags"))))
            ? call.Json.AnswerAsync()
            : throw GlueCall.Exists($"Database {name} already exists.");
    }

    public static Task UpdateAsync(GlueCall call)
    {
        var known = call.RequireDatabase("Name");
        var input = call.Json.RequiredMember("DatabaseInput");
        var name = call.Name(input, "Name");
        if (name != known.Name)
        {
            throw GlueCall.Invalid($"A database cannot be renamed: DatabaseInput.Name is {name}, Name {known.Name}.");
        }

        call.Catalog.UpdateDatabase(Read(input, name, known.Created, TagOperations.TagsOf(known, keep: true)));
        return call.Json.AnswerAsync();
    }

    /// <summary>Removes the database with its tables, as Glue does; data stays.</summary>
    public static Task DeleteAsync(GlueCall call)
    {
        var known = call.RequireDatabase("Name");
        if (known.Name is "default")
        {
            throw GlueCall.Invalid("The database default is always there. Delete its tables instead.");
        }

        call.Catalog.DropDatabase(known.Name);
        return call.Json.AnswerAsync();
    }

    private static CatalogDatabase Read(JsonMembers input, string name, DateTimeOffset? created, IEnumerable<KeyValuePair<string, string>> tags)
    {
        if (input.Member("TargetDatabase") is not null || input.Member("FederatedDatabase") is not null)
        {
            throw AwsException.NotImplemented("links to databases of other catalogs (TargetDatabase, FederatedDatabase)", "Name the other catalog with CatalogId.");
        }

        var properties = (input.Map("Parameters") ?? new Dictionary<string, string>(StringComparer.Ordinal)).Concat(tags).ToDictionary(StringComparer.Ordinal);
        return new CatalogDatabase(name, input.Text("LocationUri") is { Length: > 0 } location ? location.TrimEnd('/') : null, input.Text("Description"), properties, created);
    }

    private static IEnumerable<KeyValuePair<string, string>> Prefixed(IReadOnlyDictionary<string, string>? tags) => tags?.Select(t => KeyValuePair.Create(TagOperations.Prefix + t.Key, t.Value)) ?? [];

    private static JsonObject Write(GlueCall call, CatalogDatabase database)
    {
        var written = new JsonObject
        {
            ["Name"] = database.Name,
            ["Parameters"] = GlueTable.Strings(database.Properties.Where(p => !p.Key.StartsWith(TagOperations.Prefix, StringComparison.Ordinal))),
            ["CreateTableDefaultPermissions"] = new JsonArray(new JsonObject { ["Principal"] = new JsonObject { ["DataLakePrincipalIdentifier"] = "IAM_ALLOWED_PRINCIPALS" }, ["Permissions"] = new JsonArray("ALL") }),
            ["CatalogId"] = call.CatalogId,
        };
        if (database.Location is { } location)
        {
            written["LocationUri"] = location;
        }

        if (database.Comment is { } comment)
        {
            written["Description"] = comment;
        }

        if (database.Created is { } created)
        {
            written["CreateTime"] = GlueTable.Seconds(created);
        }

        return written;
    }
}
