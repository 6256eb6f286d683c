using Hearth.Cluster.ApiServer.Registry;
using Hearth.Kube.Objects;

namespace Hearth.Cluster.ApiServer.Core;

/// <summary>Where objects are in the store: <c>group/plural/[namespace/]name</c>, <c>core</c> standing for the group without a name.</summary>
internal static class StoreKeys
{
    /// <summary>Begin of the keys of a type, in one namespace or (null) all.</summary>
    public static string Prefix(ResourceDefinition definition, string? ns)
    {
        var type = definition.StoredAs ?? definition.Type;
        var root = $"{(type.Group.Length == 0 ? "core" : type.Group)}/{type.Plural}/";
        return type.Namespaced && !string.IsNullOrEmpty(ns) ? $"{root}{ns}/" : root;
    }

    public static string Key(ResourceDefinition definition, string? ns, string name) => Prefix(definition, ns) + name;

    /// <summary>Begin of the keys of a type that is not defined any more.</summary>
    public static string Prefix(ResourceType type) => $"{(type.Group.Length == 0 ? "core" : type.Group)}/{type.Plural}/";
}
