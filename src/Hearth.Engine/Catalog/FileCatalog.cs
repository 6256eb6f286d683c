using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hearth.Engine.Delta.Log;
using Hearth.Engine.Sources;
using Hearth.Engine.Types;

namespace Hearth.Engine.Catalog;

/// <summary>Databases, tables and views as JSON files: <c>DIR/DATABASE/TABLE.json</c>, a database is <c>DIR/DATABASE/_database.json</c>.
/// Every change is one atomic rename or link of a finished file, so several sessions may share a directory and any of them may be killed.</summary>
/// <param name="directory">Where the files are.</param>
/// <param name="time">The clock.</param>
/// <param name="objects">Whether it lies in object storage, where there are no symbolic links: one that a job planted is not followed.</param>
/// <param name="local">The local path of a table's location, for entries that change together with the table's files.</param>
public sealed partial class FileCatalog(string directory, TimeProvider time, bool objects = false, Func<string, string>? local = null)
{
    public const string DefaultDatabase = "default";

    /// <summary>Directory of the catalog in a warehouse; its name keeps it out of listings of tables.</summary>
    public const string DirectoryName = ".hearth-catalog";

    private const string DatabaseFile = "_database.json";

    /// <summary>Databases, sorted; <c>default</c> always exists.</summary>
    public IReadOnlyList<string> Databases() => [.. (Exists(directory)
        ? Directory.EnumerateDirectories(directory).Where(d => Path.GetFileName(d)[0] != '.' && !IsLink(d) && File.Exists(Path.Combine(d, DatabaseFile))).Select(d => Uri.UnescapeDataString(Path.GetFileName(d)))
        : []).Append(DefaultDatabase).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    public bool HasDatabase(string name) => name == DefaultDatabase || Text(DatabaseFileOf(name)) is not null;

    /// <summary>The database, or null.</summary>
    public DatabaseInfo? FindDatabase(string name)
    {
        string file = DatabaseFileOf(name);
        if (Text(file) is not { } text)
        {
            return name == DefaultDatabase ? new DatabaseInfo(name, null, null) : null;
        }

        using JsonDocument document = Parse(file, text);
        JsonElement json = document.RootElement;
        return new DatabaseInfo(name, json.GetProperty("location").GetString(), json.GetProperty("comment").GetString())
        {
            Properties = json.TryGetProperty("properties", out JsonElement properties) ? Strings(properties) : new Dictionary<string, string>(StringComparer.Ordinal),
            Created = json.TryGetProperty("created", out JsonElement created) && created.ValueKind == JsonValueKind.String ? created.GetDateTimeOffset() : null,
        };
    }

    /// <summary>Stores a database, replacing one of the same name.</summary>
    public void CreateDatabase(DatabaseInfo database) => Write(DatabaseFileOf(database.Name), Json(database), replace: true);

    /// <summary>Stores a database unless there is one of the name; of several that try at once one gets it.</summary>
    public bool TryCreateDatabase(DatabaseInfo database) => Write(DatabaseFileOf(database.Name), Json(database), replace: false);

    /// <summary>Removes a database and the entries of its tables in one step; data stays.</summary>
    public void DropDatabase(string name)
    {
        string gone = Path.Combine(directory, $".dropped-{Guid.NewGuid():N}");
        Directory.Move(Path.Combine(directory, Key(name)), gone);
        Directory.Delete(gone, recursive: true);
    }

    /// <summary>Tables and views of a database, sorted by name.</summary>
    public IReadOnlyList<TableInfo> Tables(string database)
    {
        string path = Path.Combine(directory, Key(database));
        return Exists(path)
            ? [.. Directory.EnumerateFiles(path, "*.json").Where(f => Path.GetFileName(f) != DatabaseFile).Order(StringComparer.Ordinal).Select(Read).OfType<TableInfo>()]
            : [];
    }

    /// <summary>The table or view, or null.</summary>
    public TableInfo? Find(string database, string name) => Read(FileOf(database, name));

    /// <summary>Stores a table or view, replacing one of the same name.</summary>
    public void Save(TableInfo table) => Write(FileOf(table.Database, table.Name), Json(table), replace: true);

    /// <summary>
    /// Says what a table will be once its new files are there: from the moment that its location holds the file <paramref name="mark"/>, which comes in one step with
    /// them, the entry is <paramref name="next"/>. Before that, and if it never happens, it stays as it is. <see cref="Save"/> of the new entry ends it.
    /// </summary>
    public void Announce(TableInfo table, TableInfo next, string mark)
    {
        JsonObject json = Json(table);
        json["next"] = new JsonObject { ["mark"] = mark, ["entry"] = Json(next) };
        Write(FileOf(table.Database, table.Name), json, replace: true);
    }

    /// <summary>Stores a table or view unless there is one of the name; of several that try at once one gets it.</summary>
    public bool TryAdd(TableInfo table) => Write(FileOf(table.Database, table.Name), Json(table), replace: false);

    public void Drop(TableInfo table) => File.Delete(FileOf(table.Database, table.Name));

    /// <summary>When the entry of a table was last changed; null when there is none.</summary>
    public DateTimeOffset? Changed(string database, string name) => File.Exists(FileOf(database, name)) ? File.GetLastWriteTimeUtc(FileOf(database, name)) : null;

    /// <summary>The time a new table is stamped with.</summary>
    public DateTimeOffset Now => time.GetUtcNow();

    private string FileOf(string database, string name) => Path.Combine(directory, Key(database), Key(name) + ".json");

    private string DatabaseFileOf(string name) => Path.Combine(directory, Key(name), DatabaseFile);

    // A name is one path part, whatever it holds.
    private static string Key(string name) => Uri.EscapeDataString(name.ToLowerInvariant()).Replace(".", "%2E", StringComparison.Ordinal);

    private bool IsLink(string path) => objects && ObjectLinks.Is(path);

    private bool Exists(string path) => Directory.Exists(path) && !IsLink(directory) && !IsLink(path);

    private static JsonObject Json(DatabaseInfo database) => new()
    {
        ["location"] = database.Location,
        ["comment"] = database.Comment,
        ["properties"] = Map(database.Properties),
        ["created"] = database.Created?.ToString("O", CultureInfo.InvariantCulture),
    };

    private static JsonObject Json(TableInfo table) => new()
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
        ["storage"] = table.Storage,
    };

    private static JsonObject Map(IReadOnlyDictionary<string, string> values) => new(values.Select(p => KeyValuePair.Create(p.Key, (JsonNode?)JsonValue.Create(p.Value))));

    private bool Write(string file, JsonObject json, bool replace)
    {
        string parent = Path.GetDirectoryName(file)!;
        if (IsLink(directory) || IsLink(parent))
        {
            throw new EngineException("PATH_NOT_FOUND", $"The catalog {parent} is a symbolic link, which is no object.", hint: "remove the link");
        }

        Directory.CreateDirectory(parent);
        string temporary = $"{file}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (FileStream stream = new(temporary, FileMode.CreateNew, FileAccess.Write))
            {
                stream.Write(System.Text.Encoding.UTF8.GetBytes(json.ToJsonString()));
                stream.Flush(flushToDisk: true);
            }

            if (!replace)
            {
                return PutIfAbsent.Link(temporary, file);
            }

            File.Move(temporary, file, overwrite: true);
            return true;
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    private string? Text(string file)
    {
        try
        {
            return IsLink(directory) || IsLink(Path.GetDirectoryName(file)!) || IsLink(file) ? null : File.ReadAllText(file);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private static JsonDocument Parse(string file, string text)
    {
        try
        {
            return JsonDocument.Parse(text);
        }
        catch (JsonException error)
        {
            throw new EngineException("CATALOG_ENTRY_MALFORMED", $"The catalog entry {file} is not valid JSON.", ErrorKind.SparkRuntimeException, "remove the file and make the table again over its data: CREATE TABLE .. LOCATION", inner: error);
        }
    }

    private TableInfo? Read(string file)
    {
        if (Text(file) is not { } text)
        {
            return null;
        }

        using JsonDocument document = Parse(file, text);
        TableInfo table = Of(document.RootElement);
        return document.RootElement.TryGetProperty("next", out JsonElement next) && Of(next.GetProperty("entry")) is var entry && local is not null
            && File.Exists(Path.Combine(local(entry.Location), next.GetProperty("mark").GetString()!)) ? entry : table;
    }

    private static TableInfo Of(JsonElement json) => new(
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
        json.GetProperty("created").GetDateTimeOffset())
    {
        Storage = json.TryGetProperty("storage", out JsonElement storage) ? storage.GetString() : null,
    };

    private static Dictionary<string, string> Strings(JsonElement json) => json.EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetString()!, StringComparer.Ordinal);
}
