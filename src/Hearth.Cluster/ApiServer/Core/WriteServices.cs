using System.Text.Json.Nodes;
using Hearth.Cluster.ApiServer.Admission;
using Hearth.Cluster.ApiServer.Registry;
using Hearth.Cluster.Store;
using Hearth.Kube.Client;
using Hearth.Kube.Schema;

namespace Hearth.Cluster.ApiServer.Core;

/// <summary>What every kind of write needs.</summary>
internal sealed class WriteServices(IObjectStore store, ObjectReader reader, AdmissionChain admission, TimeProvider time)
{
    private readonly List<ICommitListener> _listeners = [];

    public IObjectStore Store => store;

    public ObjectReader Reader => reader;

    public AdmissionChain Admission => admission;

    /// <summary>Now, in whole seconds as objects carry times.</summary>
    public DateTimeOffset Now => DateTimeOffset.FromUnixTimeSeconds(time.GetUtcNow().ToUnixTimeSeconds());

    /// <summary>Writes one value if the key is still at a revision (0: does not exist).</summary>
    /// <exception cref="KubeException">507: the disk did not take the write, which is not visible.</exception>
    public ValueTask<WriteResult> PutAsync(string key, ReadOnlyMemory<byte> value, long expectedRevision, CancellationToken ct) =>
        RefusableAsync(store.PutAsync(key, value, expectedRevision, ct));

    /// <summary>Removes a key if it is still at a revision.</summary>
    /// <inheritdoc cref="PutAsync"/>
    public ValueTask<WriteResult> DeleteAsync(string key, long expectedRevision, CancellationToken ct) =>
        RefusableAsync(store.DeleteAsync(key, expectedRevision, ct));

    /// <summary>Adds a listener; only while the server is put together.</summary>
    public void Listen(ICommitListener listener) => _listeners.Add(listener);

    public async ValueTask NotifyAsync(ResourceDefinition definition, ChangeType type, StoredObject written, bool created, CancellationToken ct)
    {
        foreach (var listener in _listeners)
        {
            await listener.CommittedAsync(definition, type, written, created, ct).ConfigureAwait(false);
        }
    }

    /// <summary>Refuses or drops fields that the kind does not have, as the request wants.</summary>
    /// <exception cref="KubeException">400.</exception>
    public static void CheckFields(ApiCall call, ResourceDefinition definition, JsonObject body)
    {
        var strict = call.FieldValidation != FieldValidation.Ignore;
        var unknown = strict ? new List<string>() : null;
        if (definition.IsCustom)
        {
            unknown?.AddRange(definition.UnknownFields?.Invoke(body) ?? []);
            definition.Prune?.Invoke(body);
        }
        else if (ApiTypes.BuiltIn.FindKind(definition.Type.ApiVersion, definition.Type.Kind) is { } type)
        {
            new TypedBody(definition.Type.Kind, definition.Type.Version, unknown).Shape(body, type, "");
        }

        if (unknown is not null)
        {
            Report(call, definition, unknown);
        }
    }

    private static async ValueTask<WriteResult> RefusableAsync(ValueTask<WriteResult> write)
    {
        try
        {
            return await write.ConfigureAwait(false);
        }
        catch (StoreWriteException e)
        {
            throw ApiErrors.InsufficientStorage(e.Message);
        }
    }

    private static void Report(ApiCall call, ResourceDefinition definition, List<string> unknown)
    {
        var faults = call.DuplicateFields.Select(f => $"duplicate field \"{f}\"").Concat(unknown.Select(f => $"unknown field \"{f}\"")).ToList();
        if (faults.Count > 0 && call.FieldValidation == FieldValidation.Strict)
        {
            throw ApiErrors.BadRequest(
                $"{definition.Type.Kind} in version \"{definition.Type.Version}\" cannot be handled as a {definition.Type.Kind}: strict decoding error: {string.Join(", ", faults)}");
        }

        call.Warnings.AddRange(faults);
    }
}
