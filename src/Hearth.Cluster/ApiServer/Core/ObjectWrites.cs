using System.Text.Json.Nodes;
using Hearth.Cluster.ApiServer.Kinds;
using Hearth.Cluster.ApiServer.Registry;
using Hearth.Kube.Client;

namespace Hearth.Cluster.ApiServer.Core;

/// <summary>The answer to a replacement or patch.</summary>
/// <param name="Object">The object as stored; null for computed bodies.</param>
/// <param name="Computed">A body that is not an object of the store (scale).</param>
/// <param name="Created">201 instead of 200.</param>
internal sealed record WriteAnswer(StoredObject? Object, JsonObject? Computed = null, bool Created = false)
{
    /// <summary>The body as a tree of its own.</summary>
    public JsonObject Body => Computed ?? Object!.ToTree();
}

/// <summary>PUT and PATCH of objects and of their parts.</summary>
internal sealed class ObjectWrites(WriteServices services, ObjectCreator creator, ObjectUpdater updater)
{
    private readonly ScaleWrites _scale = new(updater, services.Reader);

    /// <summary>Replaces an object or one of its parts.</summary>
    /// <exception cref="KubeException">400, 403, 404, 409, 422.</exception>
    public async Task<WriteAnswer> ReplaceAsync(
        ApiCall call, ResourceDefinition definition, string? ns, string name, string? subresource, JsonObject body, CancellationToken ct)
    {
        CheckWritable(definition, subresource);
        var wanted = (JsonObject)JsonTree.Normalize(body);
        if (subresource == "scale")
        {
            return await _scale.ReplaceAsync(call, definition, ns, name, wanted, ct).ConfigureAwait(false);
        }

        if (subresource is null && definition.Strategy.CreatesOnUpdate && services.Reader.Find(definition, ns, name) is null)
        {
            ObjectRules.CheckIdentity(definition, ns, name, wanted);
            wanted.Meta().Remove("resourceVersion");
            wanted.Meta()["name"] = name;
            return new WriteAnswer(await creator.CreateAsync(call, definition, ns, wanted, ct).ConfigureAwait(false), Created: true);
        }

        var change = subresource == "finalize"
            ? new ObjectChange(subresource, current => NamespaceRules.Finalize(current, wanted))
            : new ObjectChange(subresource, _ => wanted.DeepClone().AsObject());
        return new WriteAnswer(await updater.UpdateAsync(call, definition, ns, name, change, ct).ConfigureAwait(false));
    }

    /// <summary>Patches an object or one of its parts; an apply patch creates it when it is missing.</summary>
    /// <exception cref="KubeException">400, 403, 404, 409, 415, 422.</exception>
    public async Task<WriteAnswer> PatchAsync(ApiCall call, ResourceDefinition definition, string? ns, string name, KubePatch patch, CancellationToken ct)
    {
        CheckWritable(definition, patch.Subresource);
        if (patch.Subresource == "scale")
        {
            return await _scale.PatchAsync(call, definition, ns, name, patch, ct).ConfigureAwait(false);
        }

        if (patch.Type == PatchType.Apply)
        {
            return await new ApplyWrites(services, creator, updater).ApplyAsync(call, definition, ns, name, patch, ct).ConfigureAwait(false);
        }

        var change = new ObjectChange(patch.Subresource, current => ApiPatching.Apply(definition, current, patch.Type, patch.Body));
        return new WriteAnswer(await updater.UpdateAsync(call, definition, ns, name, change, ct).ConfigureAwait(false));
    }

    private static void CheckWritable(ResourceDefinition definition, string? subresource)
    {
        if (subresource is null)
        {
            return;
        }

        var found = definition.FindSubresource(subresource) ?? throw ApiErrors.NoSuchPath();
        if (subresource == "ephemeralcontainers")
        {
            throw ApiErrors.BadRequest("ephemeral containers are not supported by this cluster: its pods are processes, use kubectl logs, or run a pod of its own");
        }

        if (!found.Verbs.Contains("update", StringComparer.Ordinal))
        {
            throw ApiErrors.MethodNotAllowed();
        }
    }
}
