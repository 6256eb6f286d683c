using System.Text.Json.Nodes;
using Hearth.Cluster.ApiServer.Registry;

namespace Hearth.Cluster.ApiServer.Core;

/// <summary>Between the stored form of an object and the version that a request speaks.</summary>
internal static class ObjectConversion
{
    public static byte[] FromStored(ResourceDefinition definition, ObjectDocument document)
    {
        var tree = JsonObject.Create(document.Root)!;
        tree = definition.FromStored?.Invoke(tree) ?? tree;
        Stamp(tree, definition.Type.Kind, definition.Type.ApiVersion);
        return ObjectCodec.Encode(tree);
    }

    public static byte[] ToStored(ResourceDefinition definition, JsonObject tree)
    {
        if (definition.ToStored is { } convert)
        {
            tree = convert(tree);
        }

        var stored = definition.StoredAs ?? definition.Type;
        Stamp(tree, stored.Kind, stored.ApiVersion);
        var bytes = ObjectCodec.Encode(tree);
        Stamp(tree, definition.Type.Kind, definition.Type.ApiVersion);
        return bytes;
    }

    private static void Stamp(JsonObject tree, string kind, string apiVersion)
    {
        tree["kind"] = kind;
        tree["apiVersion"] = apiVersion;
    }
}
