using Hearth.Cluster.Controllers.Provisioning;
using Hearth.Kube.Client;
using Hearth.Kube.Core;
using Hearth.Kube.Events;
using Hearth.Kube.Objects;
using Hearth.Scheduling.Disruption;
using Hearth.Scheduling.Karpenter;
using Microsoft.Extensions.Logging;

namespace Hearth.Cluster.Controllers.Disruption;

/// <summary>
/// Takes away nodes that are no longer needed, as Karpenter's disruption controller: decides (<see cref="Emptiness"/>), taints, looks once more whether a pod has
/// slipped in, deletes the claim. Looks as soon as a node comes due and else every poll.
/// </summary>
public sealed partial class NodeDisruption
{
    private readonly IKubeClient _client;
    private readonly ClusterInformers _informers;
    private readonly Nominations _nominations;
    private readonly TimeSpan _poll;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly EventRecorder _events;
    private readonly NodeTermination _termination;
    private readonly PodEvents _podEvents;

    /// <summary>Subscribes to the informers; <see cref="RunAsync"/> starts.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="informers">Shared copies.</param>
    /// <param name="nominations">Shared with the provisioner.</param>
    /// <param name="poll">Longest time between two looks (Karpenter: 10 s).</param>
    /// <param name="time">Clock.</param>
    /// <param name="logger">Log.</param>
    public NodeDisruption(IKubeClient client, ClusterInformers informers, Nominations nominations, TimeSpan poll, TimeProvider time, ILogger logger)
    {
        (_client, _informers, _nominations, _poll, _time, _logger) = (client, informers, nominations, poll, time, logger);
        _events = new EventRecorder(client, "karpenter", null, time);
        _termination = new NodeTermination(client, informers, _events, time, logger);
        _podEvents = new PodEvents(time);
        informers.Pods.Changed += (type, pod) => _podEvents.See(type, pod);
    }

    /// <summary>Works until cancelled.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        await Task.WhenAll(_informers.Pods.Synced, _informers.Nodes.Synced, _informers.NodePools.Synced, _informers.NodeClaims.Synced).WaitAsync(ct).ConfigureAwait(false);
        while (!ct.IsCancellationRequested)
        {
            var wait = _poll;
            try
            {
                wait = await LookAsync(ct).ConfigureAwait(false);
            }
            catch (Exception e) when (e is KubeException or HttpRequestException or IOException)
            {
                LogFailed(_logger, e.Message);
            }

            await Task.Delay(wait, _time, ct).ConfigureAwait(false);
        }
    }

    /// <summary>One pass; answers how long until the next.</summary>
    private async Task<TimeSpan> LookAsync(CancellationToken ct)
    {
        var pools = Pools();
        var candidates = Candidates();
        if (Emptiness.Decide(candidates, pools, _time.GetUtcNow()) is { } command)
        {
            await Task.WhenAll(command.Candidates.Select(c => DisruptAsync(c, command.Reason, ct))).ConfigureAwait(false);
            return TimeSpan.FromMilliseconds(100);
        }

        var next = candidates.Where(c => pools.ContainsKey(c.Pool)).Select(c => Emptiness.DueAt(c, pools[c.Pool])).Min();
        var wait = next is { } due ? due - _time.GetUtcNow() : _poll;
        return wait < TimeSpan.FromMilliseconds(100) ? TimeSpan.FromMilliseconds(100) : wait > _poll ? _poll : wait;
    }

    private Dictionary<string, PoolDisruption> Pools()
    {
        var pools = new Dictionary<string, PoolDisruption>(StringComparer.Ordinal);
        foreach (var pool in _informers.NodePools.Items.Values)
        {
            try
            {
                pools[pool.Metadata.Name!] = PoolDisruption.From(pool);
            }
            catch (FormatException e)
            {
                LogPool(_logger, pool.Metadata.Name!, e.Message);
            }
        }

        return pools;
    }

    private List<DisruptionCandidate> Candidates()
    {
        var byNode = _informers.Pods.Items.Values.Where(p => !string.IsNullOrEmpty(p.Spec?.NodeName) && !p.IsFinished()).ToLookup(p => p.Spec!.NodeName!, StringComparer.Ordinal);
        var candidates = new List<DisruptionCandidate>();
        foreach (var claim in _informers.NodeClaims.Items.Values)
        {
            if (claim.Metadata.Label(KarpenterLabels.NodePool) is { } pool && claim.Status?.NodeName is { } name && _informers.Nodes.Find(null, name) is { } node)
            {
                candidates.Add(Candidate(claim, pool, node, [.. byNode[name]]));
            }
        }

        return candidates;
    }

    private DisruptionCandidate Candidate(NodeClaim claim, string pool, Node node, IReadOnlyList<Pod> pods) => new()
    {
        ClaimName = claim.Metadata.Name!,
        NodeName = node.Metadata.Name!,
        Pool = pool,
        Initialized = claim.Status!.Conditions.IsTrue(NodeClaimPatches.Initialized),
        Deleting = claim.Metadata.IsDeleting() || node.Metadata.IsDeleting(),
        Ready = node.Status?.Conditions.IsTrue("Ready") ?? false,
        Nominated = _nominations.IsNominated(node.Metadata.Name!) || _nominations.IsNominated(claim.Metadata.Name!),
        DoNotDisrupt = node.Metadata.Annotation(KarpenterLabels.DoNotDisrupt) == "true",
        PodBlock = pods.FirstOrDefault(p => p.Metadata.Annotation(KarpenterLabels.DoNotDisrupt) == "true")?.Metadata.Key(),
        ReschedulablePods = pods.Count(p => !p.Metadata.IsOwnedBy("DaemonSet") && !p.Metadata.IsOwnedBy("Node")),
        LastPodEvent = Latest(
            claim.Status.Conditions.Find(NodeClaimPatches.Initialized)?.LastTransitionTime, claim.Status.LastPodEventTime, _podEvents.Last(node.Metadata.Name!)),
    };

    private static DateTimeOffset Latest(params ReadOnlySpan<DateTimeOffset?> times)
    {
        var latest = DateTimeOffset.MinValue;
        foreach (var time in times)
        {
            latest = time > latest ? time.Value : latest;
        }

        return latest;
    }

    private async Task DisruptAsync(DisruptionCandidate candidate, string reason, CancellationToken ct)
    {
        if (_informers.Nodes.Find(null, candidate.NodeName) is not { } node || _informers.NodeClaims.Find(null, candidate.ClaimName) is not { } claim)
        {
            return;
        }

        await _termination.TaintAsync(node, ct).ConfigureAwait(false);
        var here = await _client.ListAsync<Pod>(null, new ListOptions { FieldSelector = $"spec.nodeName={candidate.NodeName}" }, ct).ConfigureAwait(false);
        if (here.Any(p => !p.IsFinished() && !p.Metadata.IsOwnedBy("DaemonSet") && !p.Metadata.IsOwnedBy("Node")))
        {
            var tainted = await _client.GetAsync<Node>(null, candidate.NodeName, ct).ConfigureAwait(false);
            await _termination.UntaintAsync(tainted, ct).ConfigureAwait(false);
            await _events.RecordAsync(node, new EventText("ConsolidationRejected", "a pod was bound while the node was being disrupted"), ct).ConfigureAwait(false);
            return;
        }

        var status = NodeClaimPatches.ConditionStatus(claim, _time.GetUtcNow(), "DisruptionReason", "True", reason, reason);
        status["lastPodEventTime"] = KubeTimeConverter.ToText(candidate.LastPodEvent);
        await _client.PatchStatusAsync(claim, status, ct).ConfigureAwait(false);
        await _events.RecordAsync(node, new EventText("DisruptionTerminating", $"Disrupting Node: {reason}"), ct).ConfigureAwait(false);
        await _events.RecordAsync(claim, new EventText("DisruptionTerminating", $"Disrupting NodeClaim: {reason}"), ct).ConfigureAwait(false);
        LogDisrupting(_logger, candidate.NodeName, candidate.Pool, reason);
        await _client.DeleteIfExistsAsync(claim.Ref(), DeleteOptions.Default, ct).ConfigureAwait(false);
        _podEvents.Forget(candidate.NodeName);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "disrupting node {Node} of pool {Pool}: {Reason}")]
    private static partial void LogDisrupting(ILogger logger, string node, string pool, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "disruption failed and will be tried again: {Problem}")]
    private static partial void LogFailed(ILogger logger, string problem);

    [LoggerMessage(Level = LogLevel.Warning, Message = "node pool {Pool} is not considered for disruption: {Problem}")]
    private static partial void LogPool(ILogger logger, string pool, string problem);
}
