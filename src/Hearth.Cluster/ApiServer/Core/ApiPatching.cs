using System.Text.Json.Nodes;
using Hearth.Cluster.ApiServer.Registry;
using Hearth.Kube.Client;
using Hearth.Kube.Patches;

namespace Hearth.Cluster.ApiServer.Core;

/// <summary>Applies patch documents to object trees.</summary>
internal static class ApiPatching
{
    private static readonly string[] CustomTypes = ["application/json-patch+json", "application/merge-patch+json", "application/apply-patch+yaml"];

    /// <summary>The wanted tree.</summary>
    /// <exception cref="KubeException">400 not a patch, 415 type not supported by the kind, 422 does not fit the object.</exception>
    public static JsonObject Apply(ResourceDefinition definition, JsonObject current, PatchType type, JsonNode patch)
    {
        try
        {
            var patched = type switch
            {
                PatchType.Json => JsonPatch.Apply(current, Array(patch)),
                PatchType.Merge => MergePatch.Apply(current, Object(patch)),
                PatchType.Strategic when definition.IsCustom => throw ApiErrors.UnsupportedMediaType(CustomTypes),
                PatchType.Strategic => StrategicMergePatch.Apply(current, Object(patch), Schema(definition)),
                _ => throw new ArgumentOutOfRangeException(nameof(type), type, "not a patch of a present object"),
            };
            return JsonTree.Normalize(patched) as JsonObject ?? throw ApiErrors.BadRequest("the patch makes the object something else than a JSON object");
        }
        catch (PatchException e)
        {
            throw Failure(definition, current, e);
        }
    }

    /// <summary>How the lists and maps of a kind merge.</summary>
    public static PatchSchema Schema(ResourceDefinition definition) =>
        definition.PatchSchema ?? PatchSchema.For(definition.Type.Group, definition.Type.Version, definition.Type.Kind);

    public static KubeException Failure(ResourceDefinition definition, JsonObject? current, PatchException e) => e.Failure switch
    {
        PatchFailure.DoesNotFit => new KubeException(422, "Invalid", $"the server rejected our request due to an error in our request: {e.Message}", new JsonObject
        {
            ["name"] = current?.Name(),
            ["kind"] = definition.Type.Kind,
        }),
        PatchFailure.UnsupportedType => ApiErrors.UnsupportedMediaType(CustomTypes),
        _ => ApiErrors.BadRequest($"error decoding patch: {e.Message}"),
    };

    private static JsonArray Array(JsonNode patch) =>
        patch as JsonArray ?? throw ApiErrors.BadRequest("error decoding patch: json: cannot unmarshal object into Go value of type jsonpatch.Patch");

    private static JsonObject Object(JsonNode patch) =>
        patch as JsonObject ?? throw ApiErrors.BadRequest("error decoding patch: json: cannot unmarshal array into Go value of type map[string]interface {}");
}
