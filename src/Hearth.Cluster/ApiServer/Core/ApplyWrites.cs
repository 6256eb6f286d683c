using System.Text.Json.Nodes;
using Hearth.Cluster.ApiServer.Registry;
using Hearth.Kube.Client;
using Hearth.Kube.Patches;

namespace Hearth.Cluster.ApiServer.Core;

/// <summary>Server-side apply: merges what one manager wants, and creates the object when it is missing.</summary>
internal sealed class ApplyWrites(WriteServices services, ObjectCreator creator, ObjectUpdater updater)
{
    /// <exception cref="KubeException">400, 404 (sub-resource of a missing object), 409 conflicts with other managers, 422.</exception>
    public async Task<WriteAnswer> ApplyAsync(ApiCall call, ResourceDefinition definition, string? ns, string name, KubePatch patch, CancellationToken ct)
    {
        var intent = CheckIntent(definition, name, patch);
        while (true)
        {
            try
            {
                if (patch.Subresource is null && services.Reader.Find(definition, ns, name) is null)
                {
                    var fresh = Merge(call, definition, null, intent, patch);
                    fresh.Meta()["name"] = name;
                    return new WriteAnswer(await creator.CreateAsync(call, definition, ns, fresh, ct, applied: true).ConfigureAwait(false), Created: true);
                }

                var change = new ObjectChange(patch.Subresource, current => Merge(call, definition, current, intent, patch), ManagesFields: true);
                return new WriteAnswer(await updater.UpdateAsync(call, definition, ns, name, change, ct).ConfigureAwait(false));
            }
            catch (KubeException e) when (e.IsAlreadyExists)
            {
                // Created by somebody else between the look and the creation: merge with theirs.
            }
        }
    }

    private static JsonObject CheckIntent(ResourceDefinition definition, string name, KubePatch patch)
    {
        var intent = JsonTree.Normalize(patch.Body) as JsonObject ?? throw ApiErrors.BadRequest("error decoding YAML: the patch is not an object");
        var errors = new FieldErrors();
        if (string.IsNullOrEmpty(patch.FieldManager))
        {
            errors.Required("fieldManager", "is required for apply patch");
            throw ApiErrors.Invalid(new Hearth.Kube.Objects.ResourceType("meta.k8s.io", "v1", "patchoptions", "PatchOptions", false), "", errors);
        }

        if (intent.Obj("metadata").Arr("managedFields") is { Count: > 0 })
        {
            throw ApiErrors.BadRequest("metadata.managedFields must be nil");
        }

        ObjectRules.CheckIdentity(definition, intent.Namespace(), name, intent);
        return intent;
    }

    private JsonObject Merge(ApiCall call, ResourceDefinition definition, JsonObject? live, JsonObject intent, KubePatch patch)
    {
        try
        {
            var manager = new FieldManager(patch.FieldManager!, definition.Type.ApiVersion, services.Now, patch.Subresource ?? "");
            var result = ServerSideApply.Apply(live, intent, manager, patch.Force, ApiPatching.Schema(definition));
            return result.Object ?? throw Conflict(result);
        }
        catch (PatchException e)
        {
            throw ApiPatching.Failure(definition, live, e);
        }
    }

    private static KubeException Conflict(ApplyResult result) => new(409, "Conflict", result.ConflictMessage, new JsonObject
    {
        ["causes"] = new JsonArray([.. result.Conflicts.Select(c => (JsonNode)ApiErrors.Cause(
            "FieldManagerConflict", c.Message, c.Field))]),
    });
}
