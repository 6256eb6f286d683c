using System.Text.Json.Nodes;
using Hearth.Aws.Http;
using Hearth.Aws.Tables;

namespace Hearth.Aws.Glue;

/// <summary>Tags of databases; tables have none, as with Glue. They are kept among the database's properties under a prefix of their own.</summary>
internal static class TagOperations
{
    /// <summary>What the keys of tags begin with among the properties.</summary>
    public const string Prefix = "hearth.tag.";

    private const int Most = 50;

    public static Task GetAsync(GlueCall call) => call.Json.AnswerAsync(new JsonObject
    {
        ["Tags"] = GlueTable.Strings(TagsOf(Require(call), keep: false)),
    });

    public static Task AddAsync(GlueCall call)
    {
        var database = Require(call);
        var added = call.Json.Map("TagsToAdd") ?? throw call.Json.Broken("TagsToAdd", "null", "Member must not be null");
        var properties = database.Properties.ToDictionary(StringComparer.Ordinal);
        foreach (var (key, value) in added)
        {
            properties[Prefix + key] = key.Length is > 0 and <= 128 && value.Length <= 256 ? value : throw GlueCall.Invalid($"The tag {key} is too long: keys have 1 to 128 characters, values at most 256.");
        }

        if (properties.Keys.Count(k => k.StartsWith(Prefix, StringComparison.Ordinal)) > Most)
        {
            throw GlueCall.Invalid($"A resource has at most {Most} tags.");
        }

        call.Catalog.UpdateDatabase(database with { Properties = properties });
        return call.Json.AnswerAsync();
    }

    public static Task RemoveAsync(GlueCall call)
    {
        var database = Require(call);
        var keys = call.Json.Texts("TagsToRemove");
        call.Catalog.UpdateDatabase(database with { Properties = database.Properties.Where(p => !keys.Contains(p.Key.StartsWith(Prefix, StringComparison.Ordinal) ? p.Key[Prefix.Length..] : null, StringComparer.Ordinal)).ToDictionary(StringComparer.Ordinal) });
        return call.Json.AnswerAsync();
    }

    /// <summary>Tags of a database, with the prefix of their properties when they are to be kept.</summary>
    public static IEnumerable<KeyValuePair<string, string>> TagsOf(CatalogDatabase database, bool keep) =>
        database.Properties.Where(p => p.Key.StartsWith(Prefix, StringComparison.Ordinal)).Select(p => keep ? p : KeyValuePair.Create(p.Key[Prefix.Length..], p.Value));

    private static CatalogDatabase Require(GlueCall call)
    {
        var arn = call.Json.Required("ResourceArn");
        var parts = arn.Split(':', 6);
        if (parts is not ["arn", "aws", "glue", _, _, var resource] || !resource.StartsWith("database/", StringComparison.Ordinal))
        {
            throw GlueCall.Invalid($"Only databases have tags here, not {arn}.");
        }

        var name = resource["database/".Length..].ToLowerInvariant();
        call.Authorize(name);
        return call.Catalog.FindDatabase(name) ?? throw GlueCall.NotFound($"Database {name} not found.");
    }
}
