using System.Globalization;
using System.Text.Json.Nodes;
using Hearth.Kube.Objects;

namespace Hearth.Kube.Patches;

/// <summary>One entry of managedFields.</summary>
internal sealed record ManagerEntry(string Manager, string Operation, string ApiVersion, string Subresource, string? Time, FieldSet Fields)
{
    public const string Apply = "Apply";
    public const string Update = "Update";

    /// <summary>The same manager doing the same kind of write; an applier keeps its entry over API versions.</summary>
    public bool IsOf(FieldManager manager, string operation) => Manager == manager.Manager
        && Operation == operation
        && Subresource == manager.Subresource
        && (operation == Apply || ApiVersion == manager.ApiVersion);

    public static ManagerEntry New(FieldManager manager, string operation, FieldSet fields) =>
        new(manager.Manager, operation, manager.ApiVersion, manager.Subresource, KubeTimeConverter.ToText(manager.Time), fields);
}

/// <summary>Reading and writing <c>metadata.managedFields</c>.</summary>
internal static class ManagerEntries
{
    private const string Member = "managedFields";

    public static bool Has(JsonObject? value) => value?["metadata"] is JsonObject meta && meta[Member] is not null;

    /// <summary>True for <c>[]</c> and <c>[{}]</c>, by which a client forgets all ownership.</summary>
    public static bool IsReset(JsonObject value) =>
        value["metadata"]?[Member] is JsonArray entries && entries.All(entry => entry is JsonObject { Count: 0 });

    public static List<ManagerEntry> Read(JsonObject? value) => value?["metadata"]?[Member] is JsonArray entries
        ? entries.OfType<JsonObject>().Select(ReadOne).ToList()
        : [];

    public static void Write(JsonObject value, IEnumerable<ManagerEntry> entries)
    {
        var meta = value["metadata"] as JsonObject ?? (JsonObject)(value["metadata"] = new JsonObject());
        var kept = entries.Where(entry => !entry.Fields.IsEmpty)
            .OrderBy(entry => entry.Operation, StringComparer.Ordinal)
            .ThenBy(entry => entry.Time, StringComparer.Ordinal)
            .ThenBy(entry => entry.Manager, StringComparer.Ordinal)
            .ThenBy(entry => entry.ApiVersion, StringComparer.Ordinal)
            .ThenBy(entry => entry.Subresource, StringComparer.Ordinal)
            .Select(WriteOne).ToArray<JsonNode>();
        meta.Remove(Member);
        if (kept.Length > 0)
        {
            meta[Member] = new JsonArray(kept);
        }
    }

    private static ManagerEntry ReadOne(JsonObject entry) => new(
        Text(entry, "manager"), Text(entry, "operation"), Text(entry, "apiVersion"), Text(entry, "subresource"), entry["time"]?.ToString(),
        FieldSet.FromJson(entry["fieldsV1"] as JsonObject ?? []));

    private static JsonObject WriteOne(ManagerEntry entry)
    {
        var json = new JsonObject { ["manager"] = entry.Manager, ["operation"] = entry.Operation, ["apiVersion"] = entry.ApiVersion };
        if (entry.Time is not null)
        {
            json["time"] = entry.Time;
        }

        json["fieldsType"] = "FieldsV1";
        json["fieldsV1"] = entry.Fields.ToJson();
        if (entry.Subresource.Length > 0)
        {
            json["subresource"] = entry.Subresource;
        }

        return json;
    }

    private static string Text(JsonObject entry, string name) => Convert.ToString(entry[name]?.ToString(), CultureInfo.InvariantCulture) ?? "";
}
