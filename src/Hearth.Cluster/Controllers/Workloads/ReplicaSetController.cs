using System.Globalization;
using System.Text.Json.Nodes;
using Hearth.Cluster.Controllers.Jobs;
using Hearth.Kube.Client;
using Hearth.Kube.Core;
using Hearth.Kube.Events;
using Hearth.Kube.Informers;
using Hearth.Kube.Objects;
using Microsoft.Extensions.Logging;

namespace Hearth.Cluster.Controllers.Workloads;

/// <summary>Keeps as many pods of a replica set as it asks for. Pods without an owner are not adopted.</summary>
public sealed partial class ReplicaSetController
{
    private const string DeletionCost = "controller.kubernetes.io/pod-deletion-cost";
    private readonly IKubeClient _client;
    private readonly ClusterInformers _informers;
    private readonly Informer<ReplicaSet> _sets;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly EventRecorder _events;
    private readonly WorkQueue _queue;
    private readonly OwnedPods _pods = new(ReplicaSet.Type.Kind);

    /// <summary>Subscribes to the informers; <see cref="RunAsync"/> starts.</summary>
    public ReplicaSetController(IKubeClient client, ClusterInformers informers, Informer<ReplicaSet> sets, TimeProvider time, ILogger logger)
    {
        (_client, _informers, _sets, _time, _logger) = (client, informers, sets, time, logger);
        _events = new EventRecorder(client, "replicaset-controller", null, time);
        _queue = new WorkQueue(time);
        sets.Changed += (type, set) =>
        {
            if (type == WatchEventType.Deleted)
            {
                _pods.Forget(set.Metadata.Uid!);
            }
            else
            {
                _queue.Add(set.Metadata.Key());
            }
        };
        informers.Pods.Changed += (type, pod) =>
        {
            if (_pods.Apply(type, pod) is { } key)
            {
                _queue.Add(key);
            }
        };
    }

    /// <summary>Works until cancelled.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        await Task.WhenAll(_sets.Synced, _informers.Pods.Synced).WaitAsync(ct).ConfigureAwait(false);
        await _queue.RunAsync(2, ReconcileAsync, (key, e) => LogFailed(_logger, key, e.Message), ct).ConfigureAwait(false);
    }

    private async Task<TimeSpan?> ReconcileAsync(string key, CancellationToken ct)
    {
        var slash = key.IndexOf('/', StringComparison.Ordinal);
        var set = await _client.FindAsync<ReplicaSet>(key[..slash], key[(slash + 1)..], ct).ConfigureAwait(false);
        if (set is null || set.Metadata.IsDeleting())
        {
            return null;
        }

        var own = _pods[set.Metadata.Uid!];
        var (pods, coming) = own.Look();
        var active = pods.Where(p => !p.IsFinished() && !p.Metadata.IsDeleting()).ToArray();
        var missing = (set.Spec?.Replicas ?? 1) - active.Length - coming.Count;
        for (; missing > 0; missing--)
        {
            await CreateAsync(set, own, ct).ConfigureAwait(false);
        }

        foreach (var pod in InOrderOfLoss(active).Take(-missing))
        {
            await DeleteAsync(set, own, pod, ct).ConfigureAwait(false);
        }

        return await WriteAsync(set, active, ct).ConfigureAwait(false);
    }

    private async Task CreateAsync(ReplicaSet set, OwnedPods.Of own, CancellationToken ct)
    {
        var name = $"{set.Metadata.Name}-{JobPods.Suffix()}";
        own.Expect(name);
        try
        {
            await _client.CreateAsync(Pod.Type, set.Metadata.Namespace, PodTemplates.Pod(set.Spec?.Template, ReplicaSet.Type, set.Metadata, name), ct).ConfigureAwait(false);
        }
        catch (KubeException e)
        {
            own.Unexpect(name);
            await _events.RecordAsync(set, new EventText("FailedCreate", $"Error creating: {e.Message}", Warning: true), ct).ConfigureAwait(false);
            throw;
        }

        await _events.RecordAsync(set, new EventText("SuccessfulCreate", $"Created pod: {name}"), ct).ConfigureAwait(false);
    }

    private async Task DeleteAsync(ReplicaSet set, OwnedPods.Of own, Pod pod, CancellationToken ct)
    {
        own.ExpectGone(pod.Metadata.Uid!);
        try
        {
            await _client.DeleteIfExistsAsync(pod.Ref(), new DeleteOptions { Uid = pod.Metadata.Uid }, ct).ConfigureAwait(false);
        }
        catch (KubeException)
        {
            own.UnexpectGone(pod.Metadata.Uid!);
            throw;
        }

        await _events.RecordAsync(set, new EventText("SuccessfulDelete", $"Deleted pod: {pod.Metadata.Name}"), ct).ConfigureAwait(false);
    }

    /// <summary>Which pods go first: without a node, not ready, cheap to lose, together with others of the set on one node, young (upstream's ActivePodsWithRanks).</summary>
    internal static IEnumerable<Pod> InOrderOfLoss(IReadOnlyCollection<Pod> pods)
    {
        var together = pods.CountBy(p => p.Spec?.NodeName ?? "").ToDictionary(StringComparer.Ordinal);
        return pods
            .OrderBy(p => !string.IsNullOrEmpty(p.Spec?.NodeName))
            .ThenBy(p => p.Status?.Phase == "Running")
            .ThenBy(PodTemplates.IsReady)
            .ThenBy(p => int.TryParse(p.Metadata.Annotation(DeletionCost), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var cost) ? cost : 0)
            .ThenByDescending(p => together[p.Spec?.NodeName ?? ""])
            .ThenByDescending(p => PodTemplates.ReadySince(p))
            .ThenByDescending(p => p.Metadata.CreationTimestamp)
            .ThenBy(p => p.Metadata.Name, StringComparer.Ordinal);
    }

    private async Task<TimeSpan?> WriteAsync(ReplicaSet set, Pod[] active, CancellationToken ct)
    {
        var now = _time.GetUtcNow();
        var wait = set.Spec?.MinReadySeconds ?? 0;
        var status = new ReplicaSetStatus
        {
            Replicas = active.Length, FullyLabeledReplicas = active.Length, ReadyReplicas = active.Count(PodTemplates.IsReady),
            AvailableReplicas = active.Count(p => PodTemplates.IsAvailable(p, wait, now)), ObservedGeneration = set.Metadata.Generation,
        };
        if (status != set.Status)
        {
            await _client.PatchStatusAsync(set, KubeJson.Write(set with { Status = status })["status"]!.DeepClone().AsObject(), ct).ConfigureAwait(false);
        }

        return status.AvailableReplicas < status.ReadyReplicas ? TimeSpan.FromSeconds(wait) : null;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "replica set {Set}: {Problem}")]
    private static partial void LogFailed(ILogger logger, string set, string problem);
}
