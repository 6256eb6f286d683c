using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hearth.Engine.Types;

namespace Hearth.Engine.Catalog;

/// <summary>Databases, tables and views as JSON files: <c>DIR/DATABASE/TABLE.json</c>, a database is <c>DIR/DATABASE/_database.json</c>.
/// Every change is one atomic rename, so several sessions may share a directory.</summary>
public sealed class FileCatalog(string directory, TimeProvider time)
{
    public const string DefaultDatabase = "default";

    /// <summary>Directory of the catalog in a warehouse; its name keeps it out of listings of tables.</summary>
    public const string DirectoryName = ".hearth-catalog";

    private const string DatabaseFile = "_database.json";

    /// <summary>Databases, sorted; <c>default</c> always exists.</summary>
    public IReadOnlyList<string> Databases() => [.. (Directory.Exists(directory)
        ? Directory.EnumerateDirectories(directory).Select(d => Path.GetFileName(d)!).Where(n => File.Exists(Path.Combine(directory, n, DatabaseFile)))
        : []).Append(DefaultDatabase).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    public bool HasDatabase(string name) => name == DefaultDatabase || File.Exists(Path.Combine(directory, Key(name), DatabaseFile));

    /// <summary>The database, or null.</summary>
    public DatabaseInfo? FindDatabase(string name)
    {
        string file = Path.Combine(directory, Key(name), DatabaseFile);
        if (!File.Exists(file))
        {
            return name == DefaultDatabase ? new DatabaseInfo(name, null, null) : null;
        }

        JsonNode json = JsonNode.Parse(File.ReadAllText(file))!;
        return new DatabaseInfo(name, (string?)json["location"], (string?)json["comment"]);
    }

    public void CreateDatabase(DatabaseInfo database) => Write(
        Path.Combine(directory, Key(database.Name), DatabaseFile),
        new JsonObject { ["location"] = database.Location, ["comment"] = database.Comment });

    /// <summary>Removes a database and the entries of its tables; data stays.</summary>
    public void DropDatabase(string name) => Directory.Delete(Path.Combine(directory, Key(name)), recursive: true);

    /// <summary>Tables and views of a database, sorted by name.</summary>
    public IReadOnlyList<TableInfo> Tables(string database)
    {
        string path = Path.Combine(directory, Key(database));
        return Directory.Exists(path)
            ? [.. Directory.EnumerateFiles(path, "*.json").Where(f => Path.GetFileName(f) != DatabaseFile).Order(StringComparer.Ordinal).Select(f => Read(f)).OfType<TableInfo>()]
            : [];
    }

    /// <summary>The table or view, or null.</summary>
    public TableInfo? Find(string database, string name) => Read(FileOf(database, name));

    /// <summary>Stores a table or view, replacing one of the same name.</summary>
    public void Save(TableInfo table) => Write(FileOf(table.Database, table.Name), new JsonObject
    {
        ["database"] = table.Database,
        ["name"] = table.Name,
        ["kind"] = table.Kind,
        ["format"] = table.Format,
        ["schema"] = TypeJson.Write(table.Schema),
        ["partitionedBy"] = new JsonArray([.. table.PartitionedBy.Select(p => JsonValue.Create(p))]),
        ["location"] = table.Location,
        ["comment"] = table.Comment,
        ["options"] = Map(table.Options),
        ["properties"] = Map(table.Properties),
        ["viewText"] = table.ViewText,
        ["created"] = table.Created.ToString("O", CultureInfo.InvariantCulture),
    });

    public void Drop(TableInfo table) => File.Delete(FileOf(table.Database, table.Name));

    /// <summary>The time a new table is stamped with.</summary>
    public DateTimeOffset Now => time.GetUtcNow();

    private string FileOf(string database, string name) => Path.Combine(directory, Key(database), Key(name) + ".json");

    // A name is one path part, whatever it holds.
    private static string Key(string name) => Uri.EscapeDataString(name.ToLowerInvariant()).Replace(".", "%2E", StringComparison.Ordinal);

    private static JsonObject Map(IReadOnlyDictionary<string, string> values) => new(values.Select(p => KeyValuePair.Create(p.Key, (JsonNode?)JsonValue.Create(p.Value))));

    private static void Write(string file, JsonObject json)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        string temporary = $"{file}.{Guid.NewGuid():N}.tmp";
        File.WriteAllText(temporary, json.ToJsonString());
        File.Move(temporary, file, overwrite: true);
    }

    private static TableInfo? Read(string file)
    {
        string text;
        try
        {
            text = File.ReadAllText(file);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }

        using JsonDocument document = JsonDocument.Parse(text);
        JsonElement json = document.RootElement;
        return new TableInfo(
            json.GetProperty("database").GetString()!,
            json.GetProperty("name").GetString()!,
            json.GetProperty("kind").GetString()!,
            json.GetProperty("format").GetString()!,
            (StructType)TypeJson.Read(json.GetProperty("schema")),
            json.GetProperty("partitionedBy").EnumerateArray().Select(p => p.GetString()!).ToSeq(),
            json.GetProperty("location").GetString()!,
            json.GetProperty("comment").GetString(),
            Strings(json.GetProperty("options")),
            Strings(json.GetProperty("properties")),
            json.GetProperty("viewText").GetString(),
            json.GetProperty("created").GetDateTimeOffset());
    }

    private static Dictionary<string, string> Strings(JsonElement json) => json.EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetString()!, StringComparer.Ordinal);
}
