using System.Text.Json.Nodes;
using Hearth.Cluster.ApiServer.Registry;

namespace Hearth.Cluster.ApiServer.Discovery;

/// <summary>Discovery as one document a group version.</summary>
internal static class LegacyDiscovery
{
    public static JsonObject CoreVersions(string host) => new()
    {
        ["kind"] = "APIVersions",
        ["versions"] = new JsonArray("v1"),
        ["serverAddressByClientCIDRs"] = new JsonArray(new JsonObject { ["clientCIDR"] = "0.0.0.0/0", ["serverAddress"] = host }),
    };

    public static JsonObject Groups(ResourceCatalog.Snapshot snapshot) => new()
    {
        ["kind"] = "APIGroupList",
        ["apiVersion"] = "v1",
        ["groups"] = new JsonArray([.. GroupOrder.Groups(snapshot).Select(g => (JsonNode)GroupBody(snapshot, g))]),
    };

    public static JsonObject Group(ResourceCatalog.Snapshot snapshot, string group)
    {
        var body = new JsonObject { ["kind"] = "APIGroup", ["apiVersion"] = "v1" };
        foreach (var (name, value) in GroupBody(snapshot, group))
        {
            body[name] = value?.DeepClone();
        }

        return body;
    }

    public static JsonObject Resources(ResourceCatalog.Snapshot snapshot, string group, string version)
    {
        var resources = new JsonArray();
        foreach (var definition in snapshot.Definitions.Where(d => d.Type.Group == group && d.Type.Version == version).OrderBy(d => d.Type.Plural, StringComparer.Ordinal))
        {
            resources.Add((JsonNode)Resource(definition));
            foreach (var part in definition.Subresources.OrderBy(s => s.Name, StringComparer.Ordinal))
            {
                resources.Add((JsonNode)Part(definition, part));
            }
        }

        return new JsonObject
        {
            ["kind"] = "APIResourceList",
            ["apiVersion"] = "v1",
            ["groupVersion"] = group.Length == 0 ? version : $"{group}/{version}",
            ["resources"] = resources,
        };
    }

    private static JsonObject GroupBody(ResourceCatalog.Snapshot snapshot, string group)
    {
        var versions = GroupOrder.Versions(snapshot, group).Select(v => new JsonObject { ["groupVersion"] = $"{group}/{v}", ["version"] = v }).ToList();
        return new JsonObject
        {
            ["name"] = group,
            ["versions"] = new JsonArray([.. versions.Select(v => (JsonNode)v)]),
            ["preferredVersion"] = versions[0].DeepClone(),
        };
    }

    private static JsonObject Resource(ResourceDefinition definition)
    {
        var body = new JsonObject
        {
            ["name"] = definition.Type.Plural,
            ["singularName"] = definition.Singular,
            ["namespaced"] = definition.Type.Namespaced,
            ["kind"] = definition.Type.Kind,
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

        return body;
    }

    private static JsonObject Part(ResourceDefinition definition, Subresource part)
    {
        var body = new JsonObject
        {
            ["name"] = $"{definition.Type.Plural}/{part.Name}",
            ["singularName"] = "",
            ["namespaced"] = definition.Type.Namespaced,
        };
        if (part.Group is not null)
        {
            body["group"] = part.Group;
            body["version"] = part.Version;
        }

        body["kind"] = part.Kind;
        body["verbs"] = Texts(part.Verbs);
        return body;
    }

    private static JsonArray Texts(IReadOnlyList<string> texts) => new([.. texts.Select(t => (JsonNode)t)]);
}
