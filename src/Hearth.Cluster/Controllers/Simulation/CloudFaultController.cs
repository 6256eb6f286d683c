using System.Globalization;
using System.Text.Json.Nodes;
using Hearth.Cluster.Controllers.NodeGroups;
using Hearth.Cluster.Controllers.Provisioning;
using Hearth.Kube.Client;
using Hearth.Kube.Core;
using Hearth.Kube.Events;
using Hearth.Kube.Informers;
using Hearth.Kube.Objects;
using Hearth.Scheduling.Cloud;
using Hearth.Scheduling.Karpenter;
using Hearth.Scheduling.Provisioning;
using Microsoft.Extensions.Logging;

namespace Hearth.Cluster.Controllers.Simulation;

/// <summary>
/// Makes declared faults happen, and does what Karpenter's interruption controller does about spot interruptions: events, the offering is avoided, the claim is deleted so that
/// the node drains while a replacement is planned. When the notice is over the instance ends whatever is left on it.
/// </summary>
public sealed partial class CloudFaultController
{
    private readonly IKubeClient _client;
    private readonly ClusterInformers _informers;
    private readonly SimulatedCloud _cloud;
    private readonly KarpenterMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly EventRecorder _events;
    private readonly EventRecorder _nodeGroups;
    private readonly Informer<CloudFault> _faults;
    private readonly WorkQueue _queue;

    /// <summary>Subscribes; <see cref="RunAsync"/> starts.</summary>
    public CloudFaultController(IKubeClient client, ClusterInformers informers, SimulatedCloud cloud, KarpenterMetrics metrics, TimeProvider time, ILogger logger)
    {
        (_client, _informers, _cloud, _metrics, _time, _logger) = (client, informers, cloud, metrics, time, logger);
        _events = new EventRecorder(client, "karpenter", null, time);
        _nodeGroups = new EventRecorder(client, "eks-node-group", null, time);
        _queue = new WorkQueue(time);
        _faults = new Informer<CloudFault>(client, time: time);
        _faults.Changed += (_, fault) =>
        {
            cloud.Capacity.SetFaults(_faults.Items.Values);
            _queue.Add(fault.Metadata.Name!);
        };
        cloud.Capacity.Refused += _queue.Add;
    }

    /// <summary>Works until cancelled.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        var watch = _faults.RunAsync(ct);
        await _informers.Synced.WaitAsync(ct).ConfigureAwait(false);
        await Task.WhenAll(watch, _queue.RunAsync(1, ReconcileAsync, (name, e) => LogFailed(_logger, name, e.Message), ct)).ConfigureAwait(false);
    }

    private async Task<TimeSpan?> ReconcileAsync(string name, CancellationToken ct)
    {
        // A round must not happen twice because the local copy does not know of it yet.
        if (await _client.FindAsync<CloudFault>(null, name, ct).ConfigureAwait(false) is not { } fault || fault.Metadata.DeletionTimestamp is not null)
        {
            return null;
        }

        try
        {
            return await HappenAsync(fault, ct).ConfigureAwait(false);
        }
        catch (FormatException e)
        {
            await SayAsync(fault, new CloudFaultStatus { Phase = "Invalid", Message = e.Message }, ct).ConfigureAwait(false);
            return null;
        }
    }

    private async Task<TimeSpan?> HappenAsync(CloudFault fault, CancellationToken ct)
    {
        var now = _time.GetUtcNow();
        var status = fault.Status ?? new CloudFaultStatus();
        if (CloudFaultRules.NextRound(fault, now) is { } due && due <= now)
        {
            // Read afresh: a round passes over what a local copy does not show yet, and does not come back.
            var nodes = await _client.ListAsync<Node>(null, ListOptions.All, ct).ConfigureAwait(false);
            var hit = CloudFaultRules.Interrupted(fault, nodes, status.Rounds ?? 0);
            status = status with { Rounds = (status.Rounds ?? 0) + 1, Hits = (status.Hits ?? 0) + hit.Count };
            fault = await SayAsync(fault, status with { Phase = "Active" }, ct).ConfigureAwait(false);
            foreach (var node in hit)
            {
                await InterruptAsync(node, CloudFaultRules.Notice(fault), ct).ConfigureAwait(false);
            }
        }

        if (fault.Spec?.Type == CloudFaultSpec.InsufficientCapacity && _cloud.Capacity.Hits(fault.Metadata.Name!) is var hits && hits > (status.Hits ?? 0))
        {
            status = status with { Hits = hits };
        }

        var next = CloudFaultRules.NextRound(fault, now);
        var over = !CloudFaultRules.IsActive(fault, now) || (fault.Spec?.Type == CloudFaultSpec.SpotInterruption && next is null);
        await SayAsync(fault, status with { Phase = over ? "Over" : "Active" }, ct).ConfigureAwait(false);
        var until = over ? null : next ?? CloudFaultRules.EndsAt(fault);
        return until is { } at ? (at > now ? at - now : TimeSpan.FromMilliseconds(1)) : null;
    }

    private async Task<CloudFault> SayAsync(CloudFault fault, CloudFaultStatus status, CancellationToken ct) => fault.Status == status ? fault : await _client.PatchStatusAsync(
        fault, KubeJson.Write(fault with { Status = status })["status"]!.DeepClone().AsObject(), ct).ConfigureAwait(false);

    private async Task InterruptAsync(Node node, TimeSpan notice, CancellationToken ct)
    {
        if (node.Metadata.Label(KarpenterLabels.NodeGroup) is not null)
        {
            var end = _time.GetUtcNow() + notice;
            if (await NodeGroupInterruptions.BeginAsync(_client, node, end, ct).ConfigureAwait(false))
            {
                LogInterrupted(_logger, node.Metadata.Name!, end);
                await _nodeGroups.RecordAsync(
                    node, new EventText("SpotInterrupted", $"Node {node.Metadata.Name} event: Spot interruption warning was triggered (simulated)", Warning: true), ct).ConfigureAwait(false);
            }

            return;
        }

        var claims = await _client.ListAsync<NodeClaim>(null, ListOptions.All, ct).ConfigureAwait(false);
        var claim = claims.FirstOrDefault(c => c.Status?.NodeName == node.Metadata.Name);
        if (claim is null || claim.Metadata.DeletionTimestamp is not null)
        {
            return;
        }

        _metrics.Count("interruption_received_messages_total", ("message_type", "spot_interrupted"));
        _metrics.Disrupted(claim, "spot_interrupted");
        var ends = _time.GetUtcNow() + notice;
        LogInterrupted(_logger, node.Metadata.Name!, ends);
        await TellAsync(node, claim, "SpotInterrupted", "Spot interruption warning was triggered (simulated)", ct).ConfigureAwait(false);
        await TellAsync(node, claim, "TerminatingOnInterruption", "Interruption triggered termination", ct).ConfigureAwait(false);
        _cloud.Capacity.Avoid(new OfferingKey(KarpenterLabels.Spot, node.Metadata.Label(KarpenterLabels.InstanceType) ?? "", node.Metadata.Label(KarpenterLabels.Zone) ?? ""));
        var annotations = new JsonObject { [KarpenterLabels.InstanceEnds] = ends.UtcDateTime.ToString("O", CultureInfo.InvariantCulture) };
        await _client.PatchAsync(claim.Ref(), KubePatch.Merge(new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = annotations } }), ct).ConfigureAwait(false);
        await _client.DeleteIfExistsAsync(claim.Ref(), DeleteOptions.Default, ct).ConfigureAwait(false);
    }

    private async Task TellAsync(Node node, NodeClaim claim, string reason, string message, CancellationToken ct)
    {
        await _events.RecordAsync(node, new EventText(reason, $"Node {node.Metadata.Name} event: {message}", Warning: true), ct).ConfigureAwait(false);
        await _events.RecordAsync(claim, new EventText(reason, $"NodeClaim {claim.Metadata.Name} event: {message}", Warning: true), ct).ConfigureAwait(false);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "simulated spot interruption of {Node}: its instance ends at {Ends}")]
    private static partial void LogInterrupted(ILogger logger, string node, DateTimeOffset ends);

    [LoggerMessage(Level = LogLevel.Warning, Message = "cloud fault {Fault}: {Problem}")]
    private static partial void LogFailed(ILogger logger, string fault, string problem);
}
