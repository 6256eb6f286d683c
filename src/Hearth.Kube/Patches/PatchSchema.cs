using System.Text.Json.Nodes;
using Hearth.Kube.Schema;

namespace Hearth.Kube.Patches;

/// <summary>How the lists and maps of one kind merge: for strategic merge patch and for server-side apply.</summary>
public sealed class PatchSchema
{
    private PatchSchema(Shape root, bool supportsStrategicMerge) => (Root, SupportsStrategicMerge) = (root, supportsStrategicMerge);

    /// <summary>Nothing known: lists are replaced as a whole, objects merge, strategic merge patch is refused.</summary>
    public static PatchSchema Untyped { get; } = new(Shape.Unknown, supportsStrategicMerge: false);

    /// <summary>False for custom resources: their strategic merge patch is a 415.</summary>
    public bool SupportsStrategicMerge { get; }

    internal Shape Root { get; }

    /// <summary>A built-in kind, or <see cref="Untyped"/> when there is none of that name. <paramref name="group"/> is "" for the core group.</summary>
    public static PatchSchema For(string group, string version, string kind) =>
        ApiTypes.BuiltIn.FindKind(group.Length == 0 ? version : $"{group}/{version}", kind) is { } type
            ? new PatchSchema(new TypeShape(type), supportsStrategicMerge: true)
            : Untyped;

    /// <summary>A custom resource: its <c>openAPIV3Schema</c> with <c>x-kubernetes-list-type</c>, <c>-list-map-keys</c>, <c>-map-type</c>.</summary>
    public static PatchSchema ForCustomResource(JsonObject openApiV3Schema) =>
        new(new CustomResourceShape(openApiV3Schema), supportsStrategicMerge: false);
}
