using System.Text.Json.Nodes;
using Hearth.Kube.Client;
using Hearth.Kube.Core;
using Hearth.Kube.Informers;
using Hearth.Kube.Objects;
using Microsoft.Extensions.Logging;

namespace Hearth.Cluster.Controllers.Pods;

/// <summary>
/// Removes pods that nobody else will: those on nodes that no longer exist (after a moment, in case the node comes back), and those that were deleted before they
/// had a node (kube-controller-manager, pod garbage collector).
/// </summary>
public sealed partial class PodGarbage
{
    private readonly IKubeClient _client;
    private readonly ClusterInformers _informers;
    private readonly TimeSpan _quarantine;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly WorkQueue _queue;

    /// <summary>Subscribes to the informers; <see cref="RunAsync"/> starts.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="informers">Shared copies.</param>
    /// <param name="quarantine">How long a node must be missing (upstream: 40 s; a few suffice here, where nodes do not lose touch).</param>
    /// <param name="time">Clock.</param>
    /// <param name="logger">Log.</param>
    public PodGarbage(IKubeClient client, ClusterInformers informers, TimeSpan quarantine, TimeProvider time, ILogger logger)
    {
        (_client, _informers, _quarantine, _time, _logger) = (client, informers, quarantine, time, logger);
        _queue = new WorkQueue(time);
        informers.Nodes.Changed += OnNode;
        informers.Pods.Changed += OnPod;
    }

    /// <summary>Works until cancelled.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        await Task.WhenAll(_informers.Pods.Synced, _informers.Nodes.Synced).WaitAsync(ct).ConfigureAwait(false);
        foreach (var pod in _informers.Pods.Items.Values)
        {
            OnPod(WatchEventType.Added, pod);
        }

        await _queue.RunAsync(2, ReconcileAsync, (key, e) => LogFailed(_logger, key, e.Message), ct).ConfigureAwait(false);
    }

    private void OnNode(WatchEventType type, Node node)
    {
        if (type == WatchEventType.Deleted)
        {
            foreach (var pod in _informers.Pods.Items.Values.Where(p => p.Spec?.NodeName == node.Metadata.Name))
            {
                _queue.AddAfter(pod.Metadata.Key(), _quarantine);
            }
        }
    }

    private void OnPod(WatchEventType type, Pod pod)
    {
        if (type == WatchEventType.Deleted)
        {
            return;
        }

        if (pod.Spec?.NodeName is { Length: > 0 } node)
        {
            if (_informers.Nodes.Synced.IsCompleted && _informers.Nodes.Find(null, node) is null)
            {
                _queue.AddAfter(pod.Metadata.Key(), _quarantine);
            }
        }
        else if (pod.Metadata.IsDeleting())
        {
            _queue.Add(pod.Metadata.Key());
        }
    }

    private async Task<TimeSpan?> ReconcileAsync(string key, CancellationToken ct)
    {
        var parts = key.Split('/');
        if (_informers.Pods.Find(parts[0], parts[1]) is not { } pod || !await IsGarbageAsync(pod, ct).ConfigureAwait(false))
        {
            return null;
        }

        if (pod.Spec?.NodeName is not null && !pod.IsFinished())
        {
            var conditions = (pod.Status?.Conditions).With(_time.GetUtcNow(), "DisruptionTarget", "True", "DeletionByPodGC", "PodGC: node no longer exists");
            await _client.PatchStatusAsync(pod, new JsonObject { ["phase"] = "Failed", ["conditions"] = conditions.ToJson() }, ct).ConfigureAwait(false);
        }

        LogRemoving(_logger, key, pod.Spec?.NodeName ?? "none");
        await _client.DeleteIfExistsAsync(pod.Ref(), new DeleteOptions { GracePeriodSeconds = 0, Uid = pod.Metadata.Uid }, ct).ConfigureAwait(false);
        return null;
    }

    private async Task<bool> IsGarbageAsync(Pod pod, CancellationToken ct) =>
        pod.Spec?.NodeName is { Length: > 0 } node
            ? await _client.FindAsync<Node>(null, node, ct).ConfigureAwait(false) is null
            : pod.Metadata.IsDeleting() && pod.Metadata.Finalizers is null or { Count: 0 };

    [LoggerMessage(Level = LogLevel.Information, Message = "removing pod {Pod}: its node {Node} no longer exists")]
    private static partial void LogRemoving(ILogger logger, string pod, string node);

    [LoggerMessage(Level = LogLevel.Warning, Message = "pod garbage {Pod}: {Problem}")]
    private static partial void LogFailed(ILogger logger, string pod, string problem);
}
