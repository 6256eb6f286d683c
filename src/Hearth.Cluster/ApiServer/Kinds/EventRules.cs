using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hearth.Cluster.ApiServer.Core;
using Hearth.Cluster.ApiServer.Registry;

namespace Hearth.Cluster.ApiServer.Kinds;

/// <summary>Events are one collection with two faces: core/v1 (stored) and events.k8s.io/v1, whose fields are named otherwise.</summary>
internal static class EventRules
{
    private static readonly (string Core, string Modern)[] Renamed =
    [
        ("involvedObject", "regarding"), ("message", "note"), ("reportingComponent", "reportingController"),
        ("source", "deprecatedSource"), ("firstTimestamp", "deprecatedFirstTimestamp"), ("lastTimestamp", "deprecatedLastTimestamp"), ("count", "deprecatedCount"),
    ];

    private static readonly string[] ReferenceFields = ["kind", "namespace", "name", "uid", "apiVersion", "resourceVersion", "fieldPath"];

    public static IReadOnlyDictionary<string, Func<JsonElement, string?>> CoreFields { get; } = Fields("involvedObject", "reportingComponent", "source");

    public static IReadOnlyDictionary<string, Func<JsonElement, string?>> ModernFields { get; } = Fields("regarding", "reportingController", "deprecatedSource");

    public static ResourceStrategy Strategy { get; } = new() { CreatesOnUpdate = true };

    public static JsonObject ToModern(JsonObject tree) => Rename(tree, fromCore: true);

    public static JsonObject ToCore(JsonObject tree) => Rename(tree, fromCore: false);

    private static JsonObject Rename(JsonObject tree, bool fromCore)
    {
        var result = new JsonObject();
        foreach (var (name, value) in tree)
        {
            var pair = Array.Find(Renamed, r => string.Equals(fromCore ? r.Core : r.Modern, name, StringComparison.Ordinal));
            var to = pair.Core is null ? name : fromCore ? pair.Modern : pair.Core;
            result[to] = value?.DeepClone();
        }

        return result;
    }

    private static FrozenDictionary<string, Func<JsonElement, string?>> Fields(string reference, string reporter, string source)
    {
        var fields = new Dictionary<string, Func<JsonElement, string?>>(StringComparer.Ordinal)
        {
            ["reason"] = FieldReaders.Path("reason"),
            ["type"] = FieldReaders.Path("type"),
            [reporter] = FieldReaders.Path(reporter),
            ["source"] = root => root.Text(source, "component") ?? root.Text(reporter),
        };
        foreach (var field in ReferenceFields)
        {
            fields[$"{reference}.{field}"] = FieldReaders.Path($"{reference}.{field}");
        }

        return fields.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
