using System.Text.Json.Nodes;
using Hearth.Cluster.ApiServer.Registry;

namespace Hearth.Cluster.ApiServer.Discovery;

/// <summary>Discovery as one document for everything (apidiscovery.k8s.io).</summary>
internal static class AggregatedDiscovery
{
    public static JsonObject Build(ResourceCatalog.Snapshot snapshot, bool core, string version) => new()
    {
        ["kind"] = "APIGroupDiscoveryList",
        ["apiVersion"] = $"apidiscovery.k8s.io/{version}",
        ["metadata"] = new JsonObject(),
        ["items"] = new JsonArray([.. (core ? [""] : GroupOrder.Groups(snapshot)).Select(g => (JsonNode)Group(snapshot, g))]),
    };

    private static JsonObject Group(ResourceCatalog.Snapshot snapshot, string group) => new()
    {
        ["metadata"] = group.Length == 0 ? new JsonObject() : new JsonObject { ["name"] = group },
        ["versions"] = new JsonArray([.. GroupOrder.Versions(snapshot, group).Select(v => (JsonNode)Version(snapshot, group, v))]),
    };

    private static JsonObject Version(ResourceCatalog.Snapshot snapshot, string group, string version) => new()
    {
        ["version"] = version,
        ["resources"] = new JsonArray([.. snapshot.Definitions
            .Where(d => d.Type.Group == group && d.Type.Version == version)
            .OrderBy(d => d.Type.Plural, StringComparer.Ordinal)
            .Select(d => (JsonNode)Resource(d))]),
        ["freshness"] = "Current",
    };

    private static JsonObject Resource(ResourceDefinition definition)
    {
        var type = definition.Type;
        var body = new JsonObject
        {
            ["resource"] = type.Plural,
            ["responseKind"] = Kind(type.Group, type.Version, type.Kind),
            ["scope"] = type.Namespaced ? "Namespaced" : "Cluster",
            ["singularResource"] = definition.Singular,
            ["verbs"] = Texts(definition.Verbs),
        };
        if (definition.ShortNames.Count > 0)
        {
            body["shortNames"] = Texts(definition.ShortNames);
        }

        if (definition.Categories.Count > 0)
        {
            body["categories"] = Texts(definition.Categories);
        }

        if (definition.Subresources.Count > 0)
        {
            body["subresources"] = new JsonArray([.. definition.Subresources.Select(s => (JsonNode)new JsonObject
            {
                ["subresource"] = s.Name,
                ["responseKind"] = Kind(s.Group ?? type.Group, s.Version ?? type.Version, s.Kind),
                ["verbs"] = Texts(s.Verbs),
            })]);
        }

        return body;
    }

    private static JsonObject Kind(string group, string version, string kind) => new() { ["group"] = group, ["version"] = version, ["kind"] = kind };

    private static JsonArray Texts(IReadOnlyList<string> texts) => new([.. texts.Select(t => (JsonNode)t)]);
}
