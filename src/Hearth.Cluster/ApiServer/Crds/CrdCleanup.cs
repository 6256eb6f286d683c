using System.Collections.Concurrent;
using Hearth.Cluster.ApiServer.Auth;
using Hearth.Cluster.ApiServer.Core;
using Hearth.Cluster.ApiServer.Kinds;
using Hearth.Cluster.ApiServer.Registry;
using Hearth.Cluster.Store;
using Hearth.Kube.Client;
using Microsoft.Extensions.Logging;

namespace Hearth.Cluster.ApiServer.Crds;

/// <summary>Deletes the instances of a definition that is being deleted, waits until the last one is gone, then lets the definition go.</summary>
internal sealed partial class CrdCleanup(ObjectReader reader, ObjectRemover remover, ObjectUpdater updater, ResourceCatalog catalog, ILogger logger) : ICommitListener, IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<string, Task> _running = new(StringComparer.Ordinal);
    private readonly ApiCall _call = new(UserInfo.Master("system:apiserver"));

    /// <summary>Goes on with what an earlier run did not finish.</summary>
    public void Resume()
    {
        foreach (var crd in reader.All(OtherKinds.CustomResourceDefinitions))
        {
            StartIfDeleted(crd);
        }
    }

    public ValueTask CommittedAsync(ResourceDefinition resource, ChangeType type, StoredObject written, bool created, CancellationToken ct)
    {
        if (resource.Type == OtherKinds.CustomResourceDefinitions.Type && type == ChangeType.Put)
        {
            StartIfDeleted(written);
        }

        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_running.Values).ConfigureAwait(false);
        _stopping.Dispose();
    }

    private void StartIfDeleted(StoredObject crd)
    {
        var waits = crd.Root.Text("metadata", "deletionTimestamp") is not null
            && crd.Root.Items("metadata", "finalizers").Any(f => f.GetString() == CrdRules.CleanupFinalizer);
        if (waits)
        {
            _ = _running.GetOrAdd($"{crd.Name}/{crd.Uid}", key => Task.Run(() => CleanAsync(key, crd.Name), CancellationToken.None));
        }
    }

    private async Task CleanAsync(string key, string name)
    {
        try
        {
            if (catalog.Current.Definitions.FirstOrDefault(d => d.IsCustom && d.Type.GroupResource == name) is { } definition)
            {
                await DeleteInstancesAsync(definition, _stopping.Token).ConfigureAwait(false);
            }

            var change = new ObjectChange("finalize", tree =>
            {
                tree.SetFinalizers([.. tree.Finalizers().Where(f => f != CrdRules.CleanupFinalizer)]);
                return tree;
            });
            await updater.UpdateAsync(_call, OtherKinds.CustomResourceDefinitions, null, name, change, _stopping.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The server stops; the next one goes on.
        }
        catch (KubeException e) when (e.IsNotFound)
        {
            // Gone already.
        }
        catch (Exception e) when (e is KubeException or StoreException)
        {
            LogFailed(e, name);
        }
        finally
        {
            _running.TryRemove(key, out _);
        }
    }

    private async Task DeleteInstancesAsync(ResourceDefinition definition, CancellationToken ct)
    {
        using var watch = reader.Watch(definition, null, new WatchQuery { ResourceVersion = JsonTree.Text(reader.Revision) });
        foreach (var item in reader.List(definition, null, ListQuery.All).Items)
        {
            try
            {
                await remover.DeleteAsync(_call, definition, item.Namespace, item.Name, RemoveOptions.Default, ct).ConfigureAwait(false);
            }
            catch (KubeException e) when (e.IsNotFound)
            {
                // Somebody else deleted it.
            }
        }

        while (reader.List(definition, null, new ListQuery { Limit = 1 }).Items.Count > 0)
        {
            if (await watch.ReadAsync(ct).ConfigureAwait(false) is null)
            {
                throw new OperationCanceledException("the store closed");
            }
        }
    }
}
