using System.Text.Json.Nodes;

namespace Hearth.Kube.Patches;

/// <summary>JSON Merge Patch, RFC 7386 (<c>application/merge-patch+json</c>).</summary>
public static class MergePatch
{
    /// <summary>The patched document: objects merge, null removes, everything else replaces. The input is not changed.</summary>
    public static JsonNode? Apply(JsonNode? document, JsonNode? patch)
    {
        if (patch is not JsonObject changes)
        {
            return patch?.DeepClone();
        }

        var result = document is JsonObject map ? map.DeepClone().AsObject() : [];
        foreach (var (name, change) in changes)
        {
            if (change is null)
            {
                result.Remove(name);
            }
            else
            {
                result[name] = Apply(result[name], change);
            }
        }

        return result;
    }
}
