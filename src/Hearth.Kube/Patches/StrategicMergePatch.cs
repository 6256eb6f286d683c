using System.Text.Json.Nodes;

namespace Hearth.Kube.Patches;

/// <summary>Strategic merge patch of built-in kinds (<c>application/strategic-merge-patch+json</c>).</summary>
public static class StrategicMergePatch
{
    /// <summary>The patched object; the inputs are not changed.</summary>
    /// <exception cref="PatchException">Malformed directives; <see cref="PatchFailure.UnsupportedType"/> for a schema that does not support it.</exception>
    public static JsonObject Apply(JsonObject live, JsonObject patch, PatchSchema schema) => throw new NotSupportedException();
}
