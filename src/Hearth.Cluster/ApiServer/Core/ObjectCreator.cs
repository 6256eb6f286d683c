using System.Text.Json.Nodes;
using Hearth.Cluster.ApiServer.Admission;
using Hearth.Cluster.ApiServer.Registry;
using Hearth.Cluster.Store;

namespace Hearth.Cluster.ApiServer.Core;

/// <summary>Creates objects.</summary>
internal sealed class ObjectCreator(WriteServices services)
{
    /// <summary>Creates an object from a body, which this method may change.</summary>
    /// <param name="applied">The body carries its managedFields already (server-side apply).</param>
    /// <exception cref="Hearth.Kube.Client.KubeException">400, 403, 404 (namespace), 409 (name taken), 422.</exception>
    public async Task<StoredObject> CreateAsync(ApiCall call, ResourceDefinition definition, string? ns, JsonObject body, CancellationToken ct, bool applied = false)
    {
        ObjectRules.CheckIdentity(definition, ns, null, body);
        if (body.ResourceVersion() is not null)
        {
            throw ApiErrors.BadRequest("resourceVersion should not be set on objects to be created");
        }

        WriteServices.CheckFields(call, definition, body);
        var meta = body.Meta();
        var generate = string.IsNullOrEmpty(meta.Str("name")) ? MetaTree.NullIfEmpty(meta.Str("generateName")) : null;
        for (var attempt = 1; ; attempt++)
        {
            var tree = generate is null ? body : body.DeepClone().AsObject();
            if (generate is not null)
            {
                tree.Meta()["name"] = NameGenerator.Generate(generate);
            }

            var created = await TryCreateAsync(call, definition, ns, tree, applied, ct).ConfigureAwait(false);
            if (created is not null)
            {
                return created;
            }

            if (generate is null)
            {
                throw ApiErrors.AlreadyExists(definition.Type, tree.Name()!);
            }

            if (attempt == NameGenerator.Attempts)
            {
                throw ApiErrors.NameNotGenerated(definition.Type, tree.Name()!);
            }
        }
    }

    private async Task<StoredObject?> TryCreateAsync(ApiCall call, ResourceDefinition definition, string? ns, JsonObject tree, bool applied, CancellationToken ct)
    {
        Complete(call, definition, ns, tree);
        var key = StoreKeys.Key(definition, ns, tree.Name()!);
        if (!applied)
        {
            FieldOwnership.AfterCreate(call, definition, tree, services.Now);
        }

        var bytes = ObjectConversion.ToStored(definition, tree);
        if (call.DryRun)
        {
            return services.Store.Get(key) is null ? services.Reader.Show(ObjectCodec.Encode(tree), 0) : null;
        }

        var result = await services.PutAsync(key, bytes, 0, ct).ConfigureAwait(false);
        if (!result.Committed)
        {
            return null;
        }

        var written = services.Reader.Show(definition, result.Current!.Value);
        await services.NotifyAsync(definition, ChangeType.Put, written, created: true, ct).ConfigureAwait(false);
        return written;
    }

    private void Complete(ApiCall call, ResourceDefinition definition, string? ns, JsonObject tree)
    {
        var strategy = definition.Strategy;
        ObjectRules.OwnNewMetadata(definition, ns, tree, services.Now);
        if (definition.HasStatus)
        {
            tree.Remove("status");
        }

        strategy.Default?.Invoke(tree);
        strategy.PrepareCreate?.Invoke(tree, call, services.Now);
        var request = new AdmissionRequest(call, definition, null, AdmissionOperation.Create, ns, tree.Name() ?? "", tree, null);
        services.Admission.Admit(request);
        var errors = new FieldErrors();
        ObjectRules.ValidateMetadata(definition, tree, errors);
        strategy.Validate?.Invoke(tree, errors);
        strategy.ValidateCreate?.Invoke(tree, errors);
        if (errors.Any)
        {
            throw ApiErrors.Invalid(definition.Type, tree.Name() ?? "", errors);
        }

        services.Admission.Validate(request);
    }
}
