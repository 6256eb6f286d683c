using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Hearth.Cluster.Controllers.Simulation;
using Hearth.Kube.Client;
using Hearth.Kube.Core;
using Hearth.Kube.Events;
using Hearth.Kube.Informers;
using Hearth.Kube.Objects;
using Hearth.Scheduling.Karpenter;
using Microsoft.Extensions.Logging;

namespace Hearth.Cluster.Controllers.Provisioning;

/// <summary>
/// The life of a claim as Karpenter leads it: launched by the (simulated) cloud, registered as a node, initialised when its startup taints are gone, terminated
/// when it is deleted.
/// </summary>
public sealed partial class NodeClaimLifecycle
{
    private readonly IKubeClient _client;
    private readonly ClusterInformers _informers;
    private readonly SimulatedCloud _cloud;
    private readonly KarpenterMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly EventRecorder _events;
    private readonly NodeTermination _termination;
    private readonly WorkQueue _queue;
    private readonly ConcurrentDictionary<string, byte> _watchedForExpiry = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> _names = new(StringComparer.Ordinal);

    /// <summary>Subscribes to the informers; <see cref="RunAsync"/> starts.</summary>
    public NodeClaimLifecycle(IKubeClient client, ClusterInformers informers, SimulatedCloud cloud, KarpenterMetrics metrics, TimeProvider time, ILogger logger)
    {
        (_client, _informers, _cloud, _metrics, _time, _logger) = (client, informers, cloud, metrics, time, logger);
        _events = new EventRecorder(client, "karpenter", null, time);
        _termination = new NodeTermination(client, informers, _events, metrics, time, logger);
        _queue = new WorkQueue(time);
        informers.NodeClaims.Changed += (_, claim) => _queue.Add(claim.Metadata.Name!);
        informers.NodeClasses.Changed += (_, _) => AddWhere(c => !c.Status?.Conditions.IsTrue(NodeClaimPatches.Launched) ?? true);
        informers.Nodes.Changed += (_, node) => OnNode(node);
        informers.Pods.Changed += (_, pod) => OnPod(pod);
    }

    /// <summary>Works until cancelled.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        await _informers.Synced.WaitAsync(ct).ConfigureAwait(false);
        await _queue.RunAsync(8, ReconcileAsync, (key, e) => LogFailed(_logger, key, e.Message), ct).ConfigureAwait(false);
    }

    private void AddWhere(Func<NodeClaim, bool> wanted)
    {
        foreach (var claim in _informers.NodeClaims.Items.Values.Where(wanted))
        {
            _queue.Add(claim.Metadata.Name!);
        }
    }

    private void OnNode(Node node)
    {
        if (node.Metadata.OwnerReferences?.FirstOrDefault(o => o.Kind == NodeClaim.Type.Kind) is { } owner)
        {
            _queue.Add(owner.Name);
        }
    }

    /// <summary>A pod that leaves a draining node lets its termination go on.</summary>
    private void OnPod(Pod pod)
    {
        if (pod.Spec?.NodeName is { Length: > 0 } name && _informers.Nodes.Find(null, name) is { } node && node.Metadata.Label(KarpenterLabels.NodePool) is not null)
        {
            AddWhere(c => c.Metadata.IsDeleting() && c.Status?.NodeName == name);
        }
    }

    private async Task<TimeSpan?> ReconcileAsync(string name, CancellationToken ct)
    {
        if (_informers.NodeClaims.Find(null, name) is not { } claim)
        {
            return null;
        }

        if (claim.Metadata.IsDeleting())
        {
            return await _termination.ContinueAsync(claim, ct).ConfigureAwait(false);
        }

        if (!claim.Status?.Conditions.IsTrue(NodeClaimPatches.Initialized) ?? true)
        {
            // The local copy may be older than this controller's own last write: a step must not be taken twice.
            if (await _client.FindAsync<NodeClaim>(null, name, ct).ConfigureAwait(false) is not { } live)
            {
                return null;
            }

            claim = live;
        }

        if (!claim.Status?.Conditions.IsTrue(NodeClaimPatches.Launched) ?? true)
        {
            return await LaunchAsync(claim, ct).ConfigureAwait(false);
        }

        if (!claim.Status!.Conditions.IsTrue(NodeClaimPatches.Initialized))
        {
            return await RegisterAsync(claim, ct).ConfigureAwait(false);
        }

        if (claim.Status.NodeName is { } nodeName && _informers.Nodes.Find(null, nodeName) is { } node && node.Metadata.IsDeleting())
        {
            await _client.DeleteIfExistsAsync(claim.Ref(), DeleteOptions.Default, ct).ConfigureAwait(false); // somebody deleted the node: its claim goes with it
        }

        return Expires(claim) is { } left ? await ExpireAsync(claim, left, ct).ConfigureAwait(false) : null;
    }

    private async Task<TimeSpan?> LaunchAsync(NodeClaim claim, CancellationToken ct)
    {
        if (_informers.NodeClasses.Find(null, claim.Spec?.NodeClassRef?.Name ?? "") is not { } nodeClass)
        {
            return await GiveUpAsync(claim, "NodeClassNotReady", $"EC2NodeClass \"{claim.Spec?.NodeClassRef?.Name}\" not found", ct).ConfigureAwait(false);
        }

        SimulatedInstance? instance;
        var started = _time.GetTimestamp();
        try
        {
            instance = _cloud.Launch(claim, nodeClass);
            _metrics.Observe("cloudprovider_duration_seconds", _time.GetElapsedTime(started), ("controller", "nodeclaim.lifecycle"), ("method", "Create"), ("provider", "aws"));
        }
        catch (FormatException e)
        {
            return await GiveUpAsync(claim, "NodeClassNotReady", e.Message, ct).ConfigureAwait(false);
        }

        if (instance is null)
        {
            _metrics.Count("cloudprovider_errors_total", ("controller", "nodeclaim.lifecycle"), ("method", "Create"), ("provider", "aws"), ("error", "InsufficientCapacityError"));
            return await GiveUpAsync(claim, "InsufficientCapacityError", $"NodeClaim {claim.Metadata.Name} event: no instance type satisfies its requirements, or none of those that do has capacity now", ct).ConfigureAwait(false);
        }

        await _client.PatchAsync(claim.Ref(), KubePatch.Merge(NodeClaimPatches.LaunchedMetadata(claim, instance, nodeClass, _cloud.Options.Region)), ct).ConfigureAwait(false);
        var launched = await _client.PatchStatusAsync(claim, NodeClaimPatches.LaunchedStatus(claim, instance, nodeClass, _time.GetUtcNow()), ct).ConfigureAwait(false);
        LogLaunched(_logger, claim.Metadata.Name!, instance.Choice.Offer.Type.Name, instance.Choice.Offering.Zone, instance.Choice.Offering.CapacityType, instance.Choice.Offering.PricePerHour);
        return _cloud.BootTime(instance.Uid) is { Ticks: > 0 } boot ? boot : await RegisterAsync(launched, ct).ConfigureAwait(false);
    }

    /// <summary>Karpenter deletes a claim that cannot be launched; the pods it was for are planned again.</summary>
    private async Task<TimeSpan?> GiveUpAsync(NodeClaim claim, string reason, string message, CancellationToken ct)
    {
        await _events.RecordAsync(claim, new EventText(reason, message, Warning: true), ct).ConfigureAwait(false);
        await _client.DeleteIfExistsAsync(claim.Ref(), DeleteOptions.Default, ct).ConfigureAwait(false);
        return null;
    }

    private async Task<TimeSpan?> RegisterAsync(NodeClaim claim, CancellationToken ct)
    {
        var launchedAt = claim.Status?.Conditions.Find(NodeClaimPatches.Launched)?.LastTransitionTime ?? _time.GetUtcNow();
        var booted = launchedAt + _cloud.BootTime(claim.Metadata.Uid!);
        if (booted > _time.GetUtcNow())
        {
            return booted - _time.GetUtcNow();
        }

        var node = FindNode(claim) ?? await CreateNodeAsync(claim, ct).ConfigureAwait(false);
        var initialized = !(claim.Spec?.StartupTaints ?? []).Any(s => node.Spec?.Taints?.Any(t => t.Key == s.Key && t.Effect == s.Effect) == true);
        if (initialized && node.Metadata.Label(KarpenterLabels.Initialized) is null)
        {
            var label = new JsonObject { ["metadata"] = new JsonObject { ["labels"] = new JsonObject { [KarpenterLabels.Initialized] = "true" } } };
            await _client.PatchAsync(node.Ref(), KubePatch.Merge(label), ct).ConfigureAwait(false);
        }

        await _client.PatchStatusAsync(claim, NodeClaimPatches.RegisteredStatus(claim, node, initialized, _time.GetUtcNow()), ct).ConfigureAwait(false);
        return null;
    }

    private Node? FindNode(NodeClaim claim) =>
        _informers.Nodes.Items.Values.FirstOrDefault(n => n.Spec?.ProviderID == claim.Status?.ProviderID && n.Status?.Allocatable is not null);

    private async Task<Node> CreateNodeAsync(NodeClaim claim, CancellationToken ct)
    {
        var instance = Recall(claim) ?? throw new InvalidOperationException($"the instance of claim {claim.Metadata.Name} cannot be told from its labels, or its EC2NodeClass is gone");
        var (address, name) = _cloud.Address(instance.Uid, n => IsTaken(n, claim));
        var labels = NodeClaimPatches.Labels(claim, instance, _cloud.Options.Region);
        labels[KarpenterLabels.Registered] = "true";
        if (claim.Spec?.StartupTaints is null or { Count: 0 })
        {
            labels[KarpenterLabels.Initialized] = "true";
        }

        var owner = new OwnerReference
        {
            ApiVersion = NodeClaim.Type.ApiVersion, Kind = NodeClaim.Type.Kind, Name = claim.Metadata.Name!, Uid = claim.Metadata.Uid!, BlockOwnerDeletion = true,
        };
        var node = SimulatedNode.Create(
            instance, name, labels, [.. claim.Spec?.Taints ?? [], .. claim.Spec?.StartupTaints ?? []], owner, [KarpenterLabels.TerminationFinalizer]);
        try
        {
            node = await _client.CreateAsync(node, ct).ConfigureAwait(false);
        }
        catch (KubeException e) when (e.IsAlreadyExists)
        {
            node = await _client.GetAsync<Node>(null, name, ct).ConfigureAwait(false);
        }

        var now = _time.GetUtcNow();
        node = await _client.PatchStatusAsync(node, NodeClaimPatches.Of(SimulatedNode.Status(instance, name, address, _cloud.Options.KubeletVersion, now)), ct).ConfigureAwait(false);
        _metrics.Count("nodes_created_total", ("nodepool", claim.Metadata.Label(KarpenterLabels.NodePool) ?? ""), ("zone", claim.Metadata.Label(KarpenterLabels.Zone) ?? ""));
        await _events.RecordAsync(node, new EventText("RegisteredNode", $"Node {node.Metadata.Name} registered: simulated {instance.Choice.Offer.Type.Name}"), ct).ConfigureAwait(false);
        return node;
    }

    /// <summary>The instance behind a launched claim, from what the claim says: nothing is kept in memory, so a restart goes on where it was.</summary>
    private SimulatedInstance? Recall(NodeClaim claim) =>
        _informers.NodeClasses.Find(null, claim.Spec?.NodeClassRef?.Name ?? "") is { } nodeClass ? _cloud.Recall(claim, nodeClass) : null;

    /// <summary>
    /// A claim always gets the same name, also when its node is there but has not reported yet; else it would register twice. Names are reserved here as well, for
    /// claims that register at the same time.
    /// </summary>
    private bool IsTaken(string nodeName, NodeClaim claim) => _informers.Nodes.Find(null, nodeName) is { } node
        ? node.Spec?.ProviderID != claim.Status?.ProviderID
        : _names.GetOrAdd(nodeName, claim.Metadata.Uid!) != claim.Metadata.Uid;

    private TimeSpan? Expires(NodeClaim claim)
    {
        if (claim.Spec?.ExpireAfter is not { } text || KarpenterDuration.Parse(text) is not { } age || claim.Metadata.CreationTimestamp is not { } created)
        {
            return null;
        }

        return created + age - _time.GetUtcNow();
    }

    private async Task<TimeSpan?> ExpireAsync(NodeClaim claim, TimeSpan left, CancellationToken ct)
    {
        if (left > TimeSpan.Zero)
        {
            return _watchedForExpiry.TryAdd(claim.Metadata.Uid!, 0) ? left : null; // one timer a claim, however often it is looked at
        }

        LogExpired(_logger, claim.Metadata.Name!);
        _metrics.Disrupted(claim, "expired");
        await _client.DeleteIfExistsAsync(claim.Ref(), DeleteOptions.Default, ct).ConfigureAwait(false);
        return null;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "launched {Claim}: simulated {Type} in {Zone}, {CapacityType}, {Price} USD/h")]
    private static partial void LogLaunched(ILogger logger, string claim, string type, string zone, string capacityType, decimal price);

    [LoggerMessage(Level = LogLevel.Information, Message = "nodeclaim {Claim} has expired")]
    private static partial void LogExpired(ILogger logger, string claim);

    [LoggerMessage(Level = LogLevel.Warning, Message = "nodeclaim {Claim}: {Problem}")]
    private static partial void LogFailed(ILogger logger, string claim, string problem);
}
