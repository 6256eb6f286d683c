using System.Text.Json.Nodes;
using Hearth.Kube.Client;
using Hearth.Kube.Informers;
using Hearth.Kube.Objects;
using Microsoft.Extensions.Logging;

namespace Hearth.Cluster.Controllers.GarbageCollection;

/// <summary>
/// Deletes objects whose owners are gone, lets owners that are deleted in the foreground wait for their dependents, and frees the dependents of owners that are
/// deleted with policy Orphan (kube-controller-manager, garbage collector).
/// </summary>
public sealed partial class GarbageCollector
{
    private readonly IKubeClient _client;
    private readonly IResourceCatalog _catalog;
    private readonly ILogger _logger;
    private readonly TypeWatches _watches;
    private readonly OwnerGraph _graph = new();
    private readonly WorkQueue _queue;

    /// <summary>Ready to run.</summary>
    public GarbageCollector(IKubeClient client, IResourceCatalog catalog, TimeProvider time, ILogger logger)
    {
        (_client, _catalog, _logger) = (client, catalog, logger);
        _queue = new WorkQueue(time);
        _watches = new TypeWatches(client, catalog, time, OnChanged);
    }

    /// <summary>Collects until cancelled.</summary>
    public Task RunAsync(CancellationToken ct) => Task.WhenAll(
        _watches.RunAsync(ct),
        _queue.RunAsync(4, ReconcileAsync, (key, e) => LogFailed(_logger, key, e.Message), ct));

    private void OnChanged(WatchEventType type, ResourceType kind, JsonObject json)
    {
        var item = GraphObject.Read(kind, json);
        if (type == WatchEventType.Deleted)
        {
            var owners = _graph.Find(item.Uid)?.Owners ?? item.Owners;
            _graph.Remove(item.Uid);
            foreach (var dependent in _graph.DependentsOf(item.Uid))
            {
                _queue.Add(dependent.Uid);
            }

            foreach (var owner in owners)
            {
                _queue.Add(owner.Uid); // it may have waited for this one
            }

            return;
        }

        _graph.Set(item);
        if (item.Owners.Count > 0 || item.WaitsForDependents || item.Orphans)
        {
            _queue.Add(item.Uid);
        }
    }

    private async Task<TimeSpan?> ReconcileAsync(string uid, CancellationToken ct)
    {
        if (_graph.Find(uid) is not { } item)
        {
            return null;
        }

        if (item.Orphans)
        {
            await OrphanAsync(item, ct).ConfigureAwait(false);
        }
        else if (item.WaitsForDependents)
        {
            await ForegroundAsync(item, ct).ConfigureAwait(false);
        }

        if (!item.Deleting && item.Owners.Count > 0)
        {
            await CheckOwnersAsync(item, ct).ConfigureAwait(false);
        }

        return null;
    }

    /// <summary>Deletes the object when none of its owners is there; else takes references to absent owners out of it.</summary>
    private async Task CheckOwnersAsync(GraphObject item, CancellationToken ct)
    {
        var absent = new List<OwnerReference>();
        var waiting = false;
        var solid = false;
        foreach (var owner in item.Owners)
        {
            switch (await StateAsync(item, owner, ct).ConfigureAwait(false))
            {
                case OwnerState.Absent:
                    absent.Add(owner);
                    break;
                case OwnerState.WaitingForDependents when owner.BlockOwnerDeletion == true:
                    waiting = true;
                    break;
                default:
                    solid = true;
                    break;
            }
        }

        if (solid)
        {
            if (absent.Count > 0 || waiting)
            {
                await KeepOwnersAsync(item, o => !absent.Contains(o), ct).ConfigureAwait(false);
            }
        }
        else
        {
            await DeleteAsync(item, waiting && _graph.DependentsOf(item.Uid).Count > 0 ? "Foreground" : "Background", ct).ConfigureAwait(false);
        }
    }

    private async Task<OwnerState> StateAsync(GraphObject item, OwnerReference owner, CancellationToken ct)
    {
        var types = await _catalog.ListTypesAsync(ct).ConfigureAwait(false);
        var group = owner.ApiVersion.Contains('/', StringComparison.Ordinal) ? owner.ApiVersion.Split('/')[0] : "";
        if (types.FirstOrDefault(t => t.Group == group && t.Kind == owner.Kind) is not { } type)
        {
            return OwnerState.Present; // the kind is not served now: nothing can be said about the owner, so nothing is deleted
        }

        if (type.Namespaced && item.Ref.Namespace is null)
        {
            return OwnerState.Present; // a cluster-scoped object cannot have such an owner; upstream warns and leaves it alone
        }

        try
        {
            var json = await _client.GetAsync(new ObjectRef(type, type.Namespaced ? item.Ref.Namespace : null, owner.Name), ct).ConfigureAwait(false);
            var live = GraphObject.Read(type, json);
            return live.Uid != owner.Uid ? OwnerState.Absent : live.WaitsForDependents ? OwnerState.WaitingForDependents : OwnerState.Present;
        }
        catch (KubeException e) when (e.IsNotFound)
        {
            return OwnerState.Absent;
        }
    }

    private async Task DeleteAsync(GraphObject item, string policy, CancellationToken ct)
    {
        var own = item.Finalizers.Contains(GraphObject.OrphanFinalizer, StringComparer.Ordinal) ? "Orphan"
            : item.Finalizers.Contains(GraphObject.ForegroundFinalizer, StringComparer.Ordinal) ? "Foreground" : policy;
        try
        {
            LogCollecting(_logger, item.Ref, own);
            await _client.DeleteIfExistsAsync(item.Ref, new DeleteOptions { PropagationPolicy = own, Uid = item.Uid }, ct).ConfigureAwait(false);
        }
        catch (KubeException e) when (e.Code == 409)
        {
            // Another object has the name now: the one in question is gone.
        }
    }

    private async Task ForegroundAsync(GraphObject owner, CancellationToken ct)
    {
        var blocking = _graph.DependentsOf(owner.Uid).Where(d => d.Owners.Any(o => o.Uid == owner.Uid && o.BlockOwnerDeletion == true)).ToArray();
        if (blocking.Length == 0)
        {
            await DropFinalizerAsync(owner, GraphObject.ForegroundFinalizer, ct).ConfigureAwait(false);
        }

        foreach (var dependent in _graph.DependentsOf(owner.Uid).Where(d => !d.Deleting))
        {
            _queue.Add(dependent.Uid);
        }
    }

    private async Task OrphanAsync(GraphObject owner, CancellationToken ct)
    {
        foreach (var dependent in _graph.DependentsOf(owner.Uid))
        {
            await KeepOwnersAsync(dependent, o => o.Uid != owner.Uid, ct).ConfigureAwait(false);
        }

        await DropFinalizerAsync(owner, GraphObject.OrphanFinalizer, ct).ConfigureAwait(false);
    }

    private async Task KeepOwnersAsync(GraphObject item, Func<OwnerReference, bool> keep, CancellationToken ct)
    {
        var kept = item.Owners.Where(keep).Select(o => (JsonNode)new JsonObject
        {
            ["apiVersion"] = o.ApiVersion, ["kind"] = o.Kind, ["name"] = o.Name, ["uid"] = o.Uid, ["controller"] = o.Controller, ["blockOwnerDeletion"] = o.BlockOwnerDeletion,
        }).ToArray();
        await PatchAsync(item, "ownerReferences", kept, ct).ConfigureAwait(false);
    }

    private Task DropFinalizerAsync(GraphObject item, string finalizer, CancellationToken ct) =>
        PatchAsync(item, "finalizers", [.. item.Finalizers.Where(f => f != finalizer).Select(f => (JsonNode)f)], ct);

    private async Task PatchAsync(GraphObject item, string member, JsonNode[] value, CancellationToken ct)
    {
        var patch = new JsonObject { ["metadata"] = new JsonObject { ["uid"] = item.Uid, [member] = new JsonArray(value) } };
        try
        {
            await _client.PatchAsync(item.Ref, KubePatch.Merge(patch), ct).ConfigureAwait(false);
        }
        catch (KubeException e) when (e.IsNotFound || e.Code == 409)
        {
            // Gone, or another object has the name now.
        }
    }

    private enum OwnerState
    {
        Present,
        Absent,
        WaitingForDependents,
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "collecting {Object} ({Policy})")]
    private static partial void LogCollecting(ILogger logger, ObjectRef @object, string policy);

    [LoggerMessage(Level = LogLevel.Warning, Message = "garbage collector: {Uid}: {Problem}")]
    private static partial void LogFailed(ILogger logger, string uid, string problem);
}
