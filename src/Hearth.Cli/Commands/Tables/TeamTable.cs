using System.Globalization;
using System.Text.Json.Nodes;
using Hearth.Engine.Catalog;

namespace Hearth.Cli.Commands.Tables;

/// <summary>A table of a team with its size.</summary>
/// <param name="Bucket">Bucket of the catalog that it is in; empty for the data directory's own.</param>
/// <param name="Table">The catalog's entry; columns of a Delta table are those of its log.</param>
/// <param name="Size">Its size; null where there is none.</param>
/// <param name="Problem">Why it cannot be read; null when it can.</param>
internal sealed record TeamTable(string Bucket, TableInfo Table, TableSize? Size, string? Problem)
{
    private static readonly string[] Units = ["B", "KiB", "MiB", "GiB", "TiB"];

    /// <summary>Name with its database.</summary>
    public string Name => $"{Table.Database}.{Table.Name}";

    /// <summary>What it is made of, in one word: a reader of manifests says so.</summary>
    public string Format => Table.ViewText is not null ? "view" : Table.Options.GetValueOrDefault("hearth.symlink") is "true" ? $"{Table.Format} (symlink)" : Table.Format;

    /// <summary>Rows, where they are known.</summary>
    public string Rows => Problem is not null ? "unreadable" : Size?.Rows?.ToString(CultureInfo.InvariantCulture) ?? "-";

    /// <summary>Bytes for people.</summary>
    public string Bytes
    {
        get
        {
            if (Size is null)
            {
                return "-";
            }

            var (size, unit) = ((double)Size.Bytes, 0);
            while (size >= 1024 && unit < Units.Length - 1)
            {
                size /= 1024;
                unit++;
            }

            return string.Create(CultureInfo.InvariantCulture, $"{size:0.#} {Units[unit]}");
        }
    }

    /// <summary>Everything, for programs.</summary>
    /// <param name="columns">Whether the columns and properties are part of it.</param>
    public JsonObject Document(bool columns)
    {
        var document = new JsonObject
        {
            ["bucket"] = Bucket.Length == 0 ? null : Bucket,
            ["database"] = Table.Database,
            ["name"] = Table.Name,
            ["type"] = Table.Kind,
            ["format"] = Table.ViewText is null ? Table.Format : null,
            ["location"] = Table.Location.Length == 0 ? null : Table.Location,
            ["partitionedBy"] = new JsonArray([.. Table.PartitionedBy.Select(p => JsonValue.Create(p))]),
            ["comment"] = Table.Comment,
            ["rows"] = Size?.Rows,
            ["bytes"] = Size?.Bytes,
            ["files"] = Size?.Files,
            ["version"] = Size?.Version,
        };
        if (Problem is not null)
        {
            document["problem"] = Problem;
        }

        if (columns)
        {
            document["created"] = Table.Created.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
            document["viewText"] = Table.ViewText;
            document["properties"] = new JsonObject(Table.Properties.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => KeyValuePair.Create(p.Key, (JsonNode?)p.Value)));
            document["columns"] = new JsonArray([.. Table.Schema.Fields.Select(f => new JsonObject { ["name"] = f.Name, ["type"] = f.Type.SimpleName, ["nullable"] = f.Nullable, ["comment"] = f.Comment })]);
        }

        return document;
    }
}
