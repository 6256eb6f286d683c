using System.Text.Json.Nodes;
using Hearth.Kube.Client;
using Hearth.Kube.Core;
using Hearth.Kube.Informers;
using Hearth.Kube.Objects;
using Microsoft.Extensions.Logging;

namespace Hearth.Cluster.Controllers.Namespaces;

/// <summary>Empties namespaces that are being deleted, then finalizes them.</summary>
public sealed partial class NamespaceController
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(250);
    private readonly IKubeClient _client;
    private readonly IResourceCatalog _catalog;
    private readonly ClusterInformers _informers;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly WorkQueue _queue;

    /// <summary>Subscribes to the informers; <see cref="RunAsync"/> starts.</summary>
    public NamespaceController(IKubeClient client, IResourceCatalog catalog, ClusterInformers informers, TimeProvider time, ILogger logger)
    {
        (_client, _catalog, _informers, _time, _logger) = (client, catalog, informers, time, logger);
        _queue = new WorkQueue(time);
        informers.Namespaces.Changed += (_, ns) =>
        {
            if (ns.Metadata.IsDeleting())
            {
                _queue.Add(ns.Metadata.Name!);
            }
        };
    }

    /// <summary>Works until cancelled.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        await _informers.Namespaces.Synced.WaitAsync(ct).ConfigureAwait(false);
        await _queue.RunAsync(2, ReconcileAsync, (key, e) => LogFailed(_logger, key, e.Message), ct).ConfigureAwait(false);
    }

    private async Task<TimeSpan?> ReconcileAsync(string name, CancellationToken ct)
    {
        if (_informers.Namespaces.Find(null, name) is not { } ns || !ns.Metadata.IsDeleting() || ns.Spec?.Finalizers is null or { Count: 0 })
        {
            return null;
        }

        var left = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var held = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var type in (await _catalog.ListTypesAsync(ct).ConfigureAwait(false)).Where(t => t.Namespaced))
        {
            await EmptyAsync(type, name, left, held, ct).ConfigureAwait(false);
        }

        if (left.Count == 0)
        {
            await FinalizeAsync(ns, ct).ConfigureAwait(false);
            return null;
        }

        await ReportAsync(ns, left, held, ct).ConfigureAwait(false);
        return LookAgain;
    }

    private async Task EmptyAsync(ResourceType type, string ns, SortedDictionary<string, int> left, SortedDictionary<string, int> held, CancellationToken ct)
    {
        var items = (await _client.ListAsync(type, ns, ListOptions.All, ct).ConfigureAwait(false)).Items;
        foreach (var item in items)
        {
            var meta = item["metadata"]!.AsObject();
            if (meta["deletionTimestamp"] is null)
            {
                var target = new ObjectRef(type, ns, meta["name"]!.GetValue<string>());
                await _client.DeleteIfExistsAsync(target, new DeleteOptions { PropagationPolicy = "Background" }, ct).ConfigureAwait(false);
            }
        }

        var after = items.Count == 0 ? items : (await _client.ListAsync(type, ns, ListOptions.All, ct).ConfigureAwait(false)).Items;
        if (after.Count > 0)
        {
            left[type.GroupResource] = after.Count;
        }

        foreach (var finalizer in after.SelectMany(i => i["metadata"]!["finalizers"] as JsonArray ?? []).Select(f => f!.GetValue<string>()))
        {
            held[finalizer] = held.GetValueOrDefault(finalizer) + 1;
        }
    }

    private async Task FinalizeAsync(Namespace ns, CancellationToken ct)
    {
        var body = KubeJson.Write(new Namespace { Metadata = new ObjectMeta { Name = ns.Metadata.Name, Uid = ns.Metadata.Uid }, Spec = new NamespaceSpec { Finalizers = [] } });
        try
        {
            await _client.ReplaceAsync(ns.Ref(), body, "finalize", ct).ConfigureAwait(false);
            LogRemoved(_logger, ns.Metadata.Name!);
        }
        catch (KubeException e) when (e.IsNotFound)
        {
            // Gone already.
        }
    }

    private async Task ReportAsync(Namespace ns, SortedDictionary<string, int> left, SortedDictionary<string, int> held, CancellationToken ct)
    {
        var now = _time.GetUtcNow();
        var conditions = (ns.Status?.Conditions)
            .With(now, "NamespaceDeletionDiscoveryFailure", "False", "ResourcesDiscovered", "All resources successfully discovered")
            .With(now, "NamespaceDeletionGroupVersionParsingFailure", "False", "ParsedGroupVersions", "All legacy kube types successfully parsed")
            .With(now, "NamespaceDeletionContentFailure", "False", "ContentDeleted", "All content successfully deleted, may be waiting on finalization")
            .With(now, "NamespaceContentRemaining", "True", "SomeResourcesRemain",
                "Some resources are remaining: " + string.Join(", ", left.Select(l => $"{l.Key} has {l.Value} resource instances")))
            .With(now, "NamespaceFinalizersRemaining", held.Count > 0 ? "True" : "False", held.Count > 0 ? "SomeFinalizersRemain" : "ContentHasNoFinalizers",
                held.Count > 0 ? "Some content in the namespace has finalizers remaining: " + string.Join(", ", held.Select(h => $"{h.Key} in {h.Value} resource instances")) : "All content-preserving finalizers finished");
        if (!Conditions.Same(ns.Status?.Conditions, conditions))
        {
            await _client.PatchStatusAsync(ns, new JsonObject { ["conditions"] = conditions.ToJson() }, ct).ConfigureAwait(false);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "namespace {Namespace} is empty and removed")]
    private static partial void LogRemoved(ILogger logger, string @namespace);

    [LoggerMessage(Level = LogLevel.Warning, Message = "namespace {Namespace}: {Problem}")]
    private static partial void LogFailed(ILogger logger, string @namespace, string problem);
}
