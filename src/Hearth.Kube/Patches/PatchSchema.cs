using System.Text.Json.Nodes;

namespace Hearth.Kube.Patches;

/// <summary>How the lists and maps of one kind merge: for strategic merge patch and for server-side apply.</summary>
public sealed class PatchSchema
{
    /// <summary>Nothing known: lists are replaced as a whole, objects merge, strategic merge patch is refused.</summary>
    public static PatchSchema Untyped { get; } = new();

    /// <summary>False for custom resources: their strategic merge patch is a 415.</summary>
    public bool SupportsStrategicMerge => false;

    /// <summary>A built-in kind, or <see cref="Untyped"/> when there is none of that name. <paramref name="group"/> is "" for the core group.</summary>
    public static PatchSchema For(string group, string version, string kind) => throw new NotSupportedException();

    /// <summary>A custom resource: its <c>openAPIV3Schema</c> with <c>x-kubernetes-list-type</c>, <c>-list-map-keys</c>, <c>-map-type</c>.</summary>
    public static PatchSchema ForCustomResource(JsonObject openApiV3Schema) => throw new NotSupportedException();
}
