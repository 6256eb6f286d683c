using System.Text.Json.Nodes;
using Hearth.Kube.Objects;

namespace Hearth.Cluster.ApiServer.Core;

/// <summary>The metadata that the server cares about, read from and written to object trees.</summary>
internal static class MetaTree
{
    public static JsonObject Meta(this JsonObject tree) => tree.Ensure("metadata");

    public static string? Name(this JsonObject tree) => tree.Obj("metadata").Str("name");

    public static string? Namespace(this JsonObject tree) => tree.Obj("metadata").Str("namespace");

    public static string? Uid(this JsonObject tree) => tree.Obj("metadata").Str("uid");

    public static string? ResourceVersion(this JsonObject tree) => NullIfEmpty(tree.Obj("metadata").Str("resourceVersion"));

    public static long? Generation(this JsonObject tree) => tree.Obj("metadata").Int("generation");

    public static string? DeletionTimestamp(this JsonObject tree) => tree.Obj("metadata").Str("deletionTimestamp");

    public static bool IsDeleting(this JsonObject tree) => tree.DeletionTimestamp() is not null;

    public static List<string> Finalizers(this JsonObject tree) => tree.Obj("metadata").Strings("finalizers");

    public static void SetFinalizers(this JsonObject tree, IReadOnlyCollection<string> finalizers)
    {
        if (finalizers.Count == 0)
        {
            tree.Meta().Remove("finalizers");
        }
        else
        {
            tree.Meta()["finalizers"] = new JsonArray([.. finalizers.Select(f => (JsonNode)f)]);
        }
    }

    /// <summary>Marks the object as being deleted: gone at the latest at <paramref name="at"/>.</summary>
    public static void MarkDeleting(this JsonObject tree, DateTimeOffset at, long graceSeconds)
    {
        tree.Meta()["deletionTimestamp"] = KubeTimeConverter.ToText(at);
        tree.Meta()["deletionGracePeriodSeconds"] = graceSeconds;
    }

    public static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
