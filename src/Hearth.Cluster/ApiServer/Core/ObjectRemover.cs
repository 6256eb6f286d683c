using System.Text.Json.Nodes;
using Hearth.Cluster.ApiServer.Admission;
using Hearth.Cluster.ApiServer.Registry;
using Hearth.Cluster.Store;
using Hearth.Kube.Objects;

namespace Hearth.Cluster.ApiServer.Core;

/// <summary>How to delete, from body or query of the request.</summary>
internal sealed record RemoveOptions
{
    public static readonly RemoveOptions Default = new();

    /// <summary>Seconds; 0 at once; null: the kind's default.</summary>
    public long? GracePeriodSeconds { get; init; }

    /// <summary><c>Background</c>, <c>Foreground</c>, <c>Orphan</c>, or null.</summary>
    public string? PropagationPolicy { get; init; }

    public string? Uid { get; init; }

    public string? ResourceVersion { get; init; }
}

/// <summary>What a deletion led to.</summary>
/// <param name="Object">The object: its last state, or as it waits for its end.</param>
/// <param name="Gone">False: finalizers or a grace period keep it.</param>
internal sealed record Removal(StoredObject Object, bool Gone);

/// <summary>Deletes objects: grace periods, finalizers, preconditions.</summary>
internal sealed class ObjectRemover(WriteServices services)
{
    private const string ForegroundFinalizer = "foregroundDeletion";
    private const string OrphanFinalizer = "orphan";

    /// <exception cref="Hearth.Kube.Client.KubeException">403, 404, 409 (precondition).</exception>
    public async Task<Removal> DeleteAsync(ApiCall call, ResourceDefinition definition, string? ns, string name, RemoveOptions options, CancellationToken ct)
    {
        while (true)
        {
            var current = services.Reader.Get(definition, ns, name);
            var old = current.ToTree();
            CheckPreconditions(definition, old, options);
            var request = new AdmissionRequest(call, definition, null, AdmissionOperation.Delete, ns, name, old, old);
            services.Admission.Admit(request);
            services.Admission.Validate(request);
            var tree = current.ToTree();
            if (!Stays(definition, tree, options))
            {
                if (await RemoveAsync(call, definition, ns, current, ct).ConfigureAwait(false) is { } gone)
                {
                    return new Removal(gone, Gone: true);
                }

                continue;
            }

            if (JsonTree.Same(tree, old))
            {
                return new Removal(current, Gone: false);
            }

            if (await MarkAsync(call, definition, ns, current, tree, ct).ConfigureAwait(false) is { } marked)
            {
                return new Removal(marked, Gone: false);
            }
        }
    }

    /// <summary>Whether an object that is being deleted has nothing left that keeps it.</summary>
    public bool IsGoneWith(ResourceDefinition definition, JsonObject tree) =>
        tree.IsDeleting()
        && tree.Finalizers().Count == 0
        && definition.Strategy.Holds?.Invoke(tree) != true
        && (tree.Obj("metadata").Int("deletionGracePeriodSeconds") ?? 0) == 0;

    /// <summary>Takes the object out of the store; null when somebody else changed it first.</summary>
    public async Task<StoredObject?> RemoveAsync(ApiCall call, ResourceDefinition definition, string? ns, StoredObject current, CancellationToken ct)
    {
        if (call.DryRun)
        {
            return current;
        }

        var result = await services.DeleteAsync(StoreKeys.Key(definition, ns, current.Name), current.Revision, ct).ConfigureAwait(false);
        if (!result.Committed)
        {
            // A missing key is as good as a removed one; the next look answers 404.
            return null;
        }

        var written = services.Reader.Show(definition, result.Current!.Value);
        await services.NotifyAsync(definition, ChangeType.Delete, written, created: false, ct).ConfigureAwait(false);
        return written;
    }

    private async Task<StoredObject?> MarkAsync(
        ApiCall call, ResourceDefinition definition, string? ns, StoredObject current, JsonObject tree, CancellationToken ct)
    {
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

    /// <summary>Puts the deletion into the tree; false when the object can go at once.</summary>
    private bool Stays(ResourceDefinition definition, JsonObject tree, RemoveOptions options)
    {
        ApplyPolicy(tree, options.PropagationPolicy);
        var grace = definition.Strategy.Grace?.Invoke(tree, options.GracePeriodSeconds) ?? 0;
        var held = tree.Finalizers().Count > 0 || definition.Strategy.Holds?.Invoke(tree) == true;
        if (grace == 0 && !held)
        {
            return false;
        }

        var meta = tree.Meta();
        if (!tree.IsDeleting())
        {
            tree.MarkDeleting(services.Now.AddSeconds(grace), grace);
            if (tree.Generation() is { } generation)
            {
                meta["generation"] = generation + 1;
            }

            definition.Strategy.OnDeleting?.Invoke(tree);
        }
        else if (grace < (meta.Int("deletionGracePeriodSeconds") ?? 0))
        {
            // A later deletion may only shorten the grace, counted from the first one.
            var first = DateTimeOffset.Parse(tree.DeletionTimestamp()!, System.Globalization.CultureInfo.InvariantCulture)
                .AddSeconds(-(meta.Int("deletionGracePeriodSeconds") ?? 0));
            tree.MarkDeleting(first.AddSeconds(grace), grace);
        }

        return true;
    }

    private static void ApplyPolicy(JsonObject tree, string? policy)
    {
        if (policy is null)
        {
            return;
        }

        var finalizers = tree.Finalizers();
        finalizers.RemoveAll(f => f is ForegroundFinalizer or OrphanFinalizer);
        if (policy == "Foreground")
        {
            finalizers.Add(ForegroundFinalizer);
        }
        else if (policy == "Orphan")
        {
            finalizers.Add(OrphanFinalizer);
        }

        tree.SetFinalizers(finalizers);
    }

    private static void CheckPreconditions(ResourceDefinition definition, JsonObject old, RemoveOptions options)
    {
        if (options.PropagationPolicy is { } policy && policy is not ("Background" or "Foreground" or "Orphan"))
        {
            var errors = new FieldErrors();
            errors.NotSupported("propagationPolicy", policy, "Foreground", "Background", "Orphan");
            throw ApiErrors.Invalid(new ResourceType("meta.k8s.io", "v1", "deleteoptions", "DeleteOptions", false), "", errors);
        }

        if (options.Uid is { Length: > 0 } uid && !string.Equals(uid, old.Uid(), StringComparison.Ordinal))
        {
            throw ApiErrors.Conflict(definition.Type, old.Name()!, $"Precondition failed: UID in precondition: {uid}, UID in object meta: {old.Uid()}");
        }

        if (options.ResourceVersion is { Length: > 0 } version && !string.Equals(version, old.ResourceVersion(), StringComparison.Ordinal))
        {
            throw ApiErrors.Conflict(
                definition.Type, old.Name()!, $"Precondition failed: ResourceVersion in precondition: {version}, ResourceVersion in object meta: {old.ResourceVersion()}");
        }
    }
}
