using System.Text.Json.Nodes;
using Hearth.Cluster.ApiServer.Admission;
using Hearth.Cluster.ApiServer.Registry;
using Hearth.Cluster.Store;

namespace Hearth.Cluster.ApiServer.Core;

/// <summary>One change of an object, as a function of its present state.</summary>
/// <param name="Subresource"><c>status</c>, another sub-resource, or null for the object.</param>
/// <param name="Change">From the present tree (its own copy, with resource version) to the wanted one.</param>
/// <param name="ManagesFields">The change wrote <c>managedFields</c> itself (server-side apply).</param>
internal sealed record ObjectChange(string? Subresource, Func<JsonObject, JsonObject> Change, bool ManagesFields = false);

/// <summary>Replaces and patches objects.</summary>
internal sealed class ObjectUpdater(WriteServices services, ObjectRemover remover)
{
    private const int Attempts = 100;

    /// <summary>
    /// Applies a change to the present state, again when somebody else was faster. A resource version that the change sets itself is a precondition.
    /// </summary>
    /// <exception cref="Hearth.Kube.Client.KubeException">400, 403, 404, 409, 422.</exception>
    public async Task<StoredObject> UpdateAsync(ApiCall call, ResourceDefinition definition, string? ns, string name, ObjectChange change, CancellationToken ct)
    {
        for (var attempt = 1; attempt <= Attempts; attempt++)
        {
            var current = services.Reader.Get(definition, ns, name);
            var updated = await TryUpdateAsync(call, definition, ns, current, change, ct).ConfigureAwait(false);
            if (updated is not null)
            {
                return updated;
            }
        }

        throw ApiErrors.Modified(definition.Type, name);
    }

    private async Task<StoredObject?> TryUpdateAsync(
        ApiCall call, ResourceDefinition definition, string? ns, StoredObject current, ObjectChange change, CancellationToken ct)
    {
        var old = current.ToTree();
        var tree = change.Change(current.ToTree());
        CheckPreconditions(definition, tree, old, change);
        tree = Complete(call, definition, ns, tree, old, change);
        if (JsonTree.Same(tree, old))
        {
            return current;
        }

        if (!change.ManagesFields)
        {
            FieldOwnership.AfterUpdate(call, definition, change.Subresource, tree, old, services.Now);
        }

        if (remover.IsGoneWith(definition, tree))
        {
            return await remover.RemoveAsync(call, definition, ns, current, ct).ConfigureAwait(false);
        }

        if (call.DryRun)
        {
            return services.Reader.Show(ObjectCodec.Encode(tree), current.Revision);
        }

        var key = StoreKeys.Key(definition, ns, current.Name);
        var result = await services.PutAsync(key, ObjectConversion.ToStored(definition, tree), current.Revision, ct).ConfigureAwait(false);
        if (!result.Committed)
        {
            return null;
        }

        var written = services.Reader.Show(definition, result.Current!.Value);
        await services.NotifyAsync(definition, ChangeType.Put, written, created: false, ct).ConfigureAwait(false);
        return written;
    }

    private static void CheckPreconditions(ResourceDefinition definition, JsonObject tree, JsonObject old, ObjectChange change)
    {
        var name = old.Name()!;
        ObjectRules.CheckIdentity(definition, old.Namespace(), name, tree);
        var uid = MetaTree.NullIfEmpty(tree.Uid());
        if (uid is not null && !string.Equals(uid, old.Uid(), StringComparison.Ordinal))
        {
            throw ApiErrors.Conflict(definition.Type, name, $"Precondition failed: UID in precondition: {uid}, UID in object meta: {old.Uid()}");
        }

        var version = tree.ResourceVersion();
        if (version is null && definition.Strategy.RequiresResourceVersion && change.Subresource is null)
        {
            var errors = new FieldErrors();
            errors.Add("metadata.resourceVersion", "FieldValueInvalid", "Invalid value: 0x0: must be specified for an update");
            throw ApiErrors.Invalid(definition.Type, name, errors);
        }

        if (version is not null && !string.Equals(version, old.ResourceVersion(), StringComparison.Ordinal))
        {
            throw ApiErrors.Modified(definition.Type, name);
        }
    }

    private JsonObject Complete(ApiCall call, ResourceDefinition definition, string? ns, JsonObject tree, JsonObject old, ObjectChange change)
    {
        var strategy = definition.Strategy;
        WriteServices.CheckFields(call, definition, tree);
        if (string.Equals(change.Subresource, "status", StringComparison.Ordinal))
        {
            tree = WithStatusOf(tree, old);
            strategy.PrepareStatus?.Invoke(tree, old);
        }
        else
        {
            ObjectRules.KeepMetadata(definition, tree, old);
            if (definition.HasStatus && change.Subresource is null)
            {
                tree.SetOrRemove("status", old["status"]?.DeepClone());
            }

            strategy.Default?.Invoke(tree);
            if (!string.Equals(change.Subresource, "finalize", StringComparison.Ordinal))
            {
                strategy.PrepareUpdate?.Invoke(tree, old); // finalize is the one write that may change what updates must keep
            }
        }

        ObjectRules.CountGeneration(definition, tree, old);
        var request = new AdmissionRequest(call, definition, change.Subresource, AdmissionOperation.Update, ns, old.Name()!, tree, old);
        services.Admission.Admit(request);
        Validate(definition, tree, old, change);
        services.Admission.Validate(request);
        return tree;
    }

    private static void Validate(ResourceDefinition definition, JsonObject tree, JsonObject old, ObjectChange change)
    {
        var errors = new FieldErrors();
        ObjectRules.ValidateMetadata(definition, tree, errors);
        ObjectRules.ValidateFinalizers(tree, old, errors);
        definition.Strategy.Validate?.Invoke(tree, errors);
        if (change.Subresource is null)
        {
            definition.Strategy.ValidateUpdate?.Invoke(tree, old, errors);
        }

        if (errors.Any)
        {
            throw ApiErrors.Invalid(definition.Type, old.Name()!, errors);
        }
    }

    private static JsonObject WithStatusOf(JsonObject tree, JsonObject old)
    {
        var result = old.DeepClone().AsObject();
        result.SetOrRemove("status", tree["status"]?.DeepClone());
        if (tree.Meta()["managedFields"] is { } managed)
        {
            result.Meta()["managedFields"] = managed.DeepClone();
        }

        return result;
    }
}
