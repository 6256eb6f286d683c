using System.Text.Json;
using System.Text.Json.Nodes;
using Hearth.Engine.Types;

namespace Hearth.Engine.Delta.Log;

/// <summary>Actions as lines of JSON.</summary>
internal static class ActionJson
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The action of a line; null for one that this reader need not know.</summary>
    /// <exception cref="JsonException">The line is not JSON.</exception>
    public static DeltaAction? Read(string line)
    {
        using JsonDocument document = JsonDocument.Parse(line);
        foreach (JsonProperty property in document.RootElement.EnumerateObject())
        {
            if (property.Value.ValueKind == JsonValueKind.Object && Read(property.Name, property.Value) is { } action)
            {
                return action;
            }
        }

        return null;
    }

    private static DeltaAction? Read(string kind, JsonElement json) => kind switch
    {
        "add" => new AddFile(Needed(json, "path"), Values(json, "partitionValues") ?? None, Long(json, "size") ?? 0, Long(json, "modificationTime") ?? 0, Flag(json, "dataChange"), Text(json, "stats"), Vector(json)),
        "remove" => new RemoveFile(Needed(json, "path"), Long(json, "deletionTimestamp"), Flag(json, "dataChange"), Values(json, "partitionValues"), Long(json, "size"), Vector(json)),
        "metaData" => new Metadata(Needed(json, "id"), Text(json, "name"), Text(json, "description"), Text(json, "schemaString") ?? """{"type":"struct","fields":[]}""", Texts(json, "partitionColumns"), Strings(json, "configuration"), Long(json, "createdTime")),
        "protocol" => new TableProtocol((int)(Long(json, "minReaderVersion") ?? 1), (int)(Long(json, "minWriterVersion") ?? 1), Texts(json, "readerFeatures"), Texts(json, "writerFeatures")),
        "txn" => new SetTransaction(Needed(json, "appId"), Long(json, "version") ?? 0, Long(json, "lastUpdated")),
        "domainMetadata" => new DomainMetadata(Needed(json, "domain"), Text(json, "configuration") ?? "", Flag(json, "removed")),
        "sidecar" => new Sidecar(Needed(json, "path")),
        "commitInfo" => new CommitInfo((JsonObject)JsonNode.Parse(json.GetRawText())!),
        _ => null,
    };

    private static readonly Dictionary<string, string?> None = new(StringComparer.Ordinal);

    /// <summary>One line, without its end.</summary>
    public static string Write(DeltaAction action) => (action switch
    {
        AddFile a => Named("add", new JsonObject
        {
            ["path"] = a.Path, ["partitionValues"] = Map(a.PartitionValues), ["size"] = a.Size, ["modificationTime"] = a.ModificationTime, ["dataChange"] = a.DataChange, ["stats"] = a.Stats, ["deletionVector"] = Vector(a.Vector),
        }),
        RemoveFile r => Named("remove", new JsonObject
        {
            ["path"] = r.Path, ["deletionTimestamp"] = r.DeletionTimestamp, ["dataChange"] = r.DataChange, ["extendedFileMetadata"] = r.PartitionValues is not null,
            ["partitionValues"] = r.PartitionValues is null ? null : Map(r.PartitionValues), ["size"] = r.Size, ["deletionVector"] = Vector(r.Vector),
        }),
        Metadata m => Named("metaData", new JsonObject
        {
            ["id"] = m.Id, ["name"] = m.Name, ["description"] = m.Description, ["format"] = new JsonObject { ["provider"] = "parquet", ["options"] = new JsonObject() }, ["schemaString"] = m.SchemaText,
            ["partitionColumns"] = List(m.PartitionColumns), ["configuration"] = Map(m.Configuration), ["createdTime"] = m.CreatedTime,
        }),
        TableProtocol p => Named("protocol", new JsonObject
        {
            ["minReaderVersion"] = p.MinReader, ["minWriterVersion"] = p.MinWriter,
            ["readerFeatures"] = p.MinReader >= 3 ? List(p.ReaderFeatures) : null, ["writerFeatures"] = p.MinWriter >= 7 ? List(p.WriterFeatures) : null,
        }),
        SetTransaction t => Named("txn", new JsonObject { ["appId"] = t.AppId, ["version"] = t.Version, ["lastUpdated"] = t.LastUpdated }),
        DomainMetadata d => Named("domainMetadata", new JsonObject { ["domain"] = d.Domain, ["configuration"] = d.Configuration, ["removed"] = d.Removed }),
        CommitInfo c => Named("commitInfo", (JsonObject)c.Fields.DeepClone()),
        _ => throw new InvalidOperationException($"{action.GetType().Name} is not written to commits."),
    }).ToJsonString(Plain);

    // Fields without a value are left out; null inside a map stays.
    private static JsonObject Named(string kind, JsonObject fields)
    {
        foreach (string empty in fields.Where(f => f.Value is null).Select(f => f.Key).ToArray())
        {
            fields.Remove(empty);
        }

        return new JsonObject { [kind] = fields };
    }

    private static JsonObject Map<T>(IReadOnlyDictionary<string, T> values) => new(values.Select(p => KeyValuePair.Create(p.Key, p.Value is string text ? (JsonNode?)JsonValue.Create(text) : null)));

    private static JsonArray List(Seq<string> values) => new([.. values.Select(v => (JsonNode?)JsonValue.Create(v))]);

    private static JsonObject? Vector(VectorDescriptor? vector)
    {
        if (vector is null)
        {
            return null;
        }

        JsonObject json = new() { ["storageType"] = vector.StorageType, ["pathOrInlineDv"] = vector.PathOrInline };
        if (vector.Offset is { } offset)
        {
            json["offset"] = offset;
        }

        json["sizeInBytes"] = vector.SizeInBytes;
        json["cardinality"] = vector.Cardinality;
        return json;
    }

    private static VectorDescriptor? Vector(JsonElement json) => json.TryGetProperty("deletionVector", out JsonElement v) && v.ValueKind == JsonValueKind.Object
        ? new VectorDescriptor(Needed(v, "storageType"), Needed(v, "pathOrInlineDv"), Long(v, "offset"), (int)(Long(v, "sizeInBytes") ?? 0), Long(v, "cardinality") ?? 0)
        : null;

    private static string Needed(JsonElement json, string name) => Text(json, name) ?? throw new JsonException($"an action has no {name}");

    private static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out JsonElement v) && v.ValueKind == JsonValueKind.String ? v.GetString() : null;

    private static long? Long(JsonElement json, string name) => json.TryGetProperty(name, out JsonElement v) && v.ValueKind == JsonValueKind.Number ? v.GetInt64() : null;

    private static bool Flag(JsonElement json, string name) => json.TryGetProperty(name, out JsonElement v) && v.ValueKind == JsonValueKind.True;

    private static Seq<string> Texts(JsonElement json, string name) => json.TryGetProperty(name, out JsonElement v) && v.ValueKind == JsonValueKind.Array ? v.EnumerateArray().Select(i => i.GetString()!).ToSeq() : [];

    private static Dictionary<string, string> Strings(JsonElement json, string name) => (Values(json, name) ?? None).Where(p => p.Value is not null).ToDictionary(p => p.Key, p => p.Value!, StringComparer.Ordinal);

    private static Dictionary<string, string?>? Values(JsonElement json, string name) => json.TryGetProperty(name, out JsonElement v) && v.ValueKind == JsonValueKind.Object
        ? v.EnumerateObject().ToDictionary(p => p.Name, p => p.Value.ValueKind == JsonValueKind.String ? p.Value.GetString() : null, StringComparer.Ordinal)
        : null;
}
