using System.Globalization;
using System.Text.Json.Nodes;
using Hearth.Kube.Client;
using Hearth.Kube.Core;
using Hearth.Kube.Events;
using Hearth.Kube.Informers;
using Hearth.Kube.Objects;
using Hearth.Scheduling.Karpenter;
using Microsoft.Extensions.Logging;

namespace Hearth.Cluster.Controllers.NodeGroups;

/// <summary>
/// What EKS does about spot interruptions in managed node groups: the node is cordoned and drained through the eviction API, its group launches another, and when
/// the notice is over the instance is gone whatever is left on it. The time of its end is an annotation of the node: a restart goes on where it was.
/// </summary>
public sealed partial class NodeGroupInterruptions
{
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(2);
    private readonly IKubeClient _client;
    private readonly ClusterInformers _informers;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly EventRecorder _events;
    private readonly WorkQueue _queue;

    /// <summary>Subscribes to the informers; <see cref="RunAsync"/> starts.</summary>
    public NodeGroupInterruptions(IKubeClient client, ClusterInformers informers, TimeProvider time, ILogger logger)
    {
        (_client, _informers, _time, _logger) = (client, informers, time, logger);
        _events = new EventRecorder(client, "eks-node-group", null, time);
        _queue = new WorkQueue(time);
        informers.Nodes.Changed += (type, node) =>
        {
            if (type != WatchEventType.Deleted && EndOf(node) is not null)
            {
                _queue.Add(node.Metadata.Name!);
            }
        };
    }

    /// <summary>Works until cancelled.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        await Task.WhenAll(_informers.Nodes.Synced, _informers.Pods.Synced).WaitAsync(ct).ConfigureAwait(false);
        await _queue.RunAsync(1, ReconcileAsync, (name, e) => LogFailed(_logger, name, e.Message), ct).ConfigureAwait(false);
    }

    /// <summary>Takes an instance back: from now on nothing new comes to its node.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="node">A node of a managed node group.</param>
    /// <param name="ends">When the instance ends.</param>
    /// <param name="ct">Cancellation.</param>
    public static async Task<bool> BeginAsync(IKubeClient client, Node node, DateTimeOffset ends, CancellationToken ct)
    {
        if (node.Metadata.Annotation(KarpenterLabels.InstanceEnds) is not null)
        {
            return false;
        }

        var patch = new JsonObject
        {
            ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [KarpenterLabels.InstanceEnds] = ends.UtcDateTime.ToString("O", CultureInfo.InvariantCulture) } },
            ["spec"] = new JsonObject { ["unschedulable"] = true },
        };
        await client.PatchAsync(node.Ref(), KubePatch.Merge(patch), ct).ConfigureAwait(false);
        return true;
    }

    private static DateTimeOffset? EndOf(Node node) =>
        node.Metadata.Label(KarpenterLabels.NodeGroup) is not null
        && DateTimeOffset.TryParse(node.Metadata.Annotation(KarpenterLabels.InstanceEnds), CultureInfo.InvariantCulture, out var end) ? end : null;

    private async Task<TimeSpan?> ReconcileAsync(string name, CancellationToken ct)
    {
        if (await _client.FindAsync<Node>(null, name, ct).ConfigureAwait(false) is not { } node || EndOf(node) is not { } ends)
        {
            return null;
        }

        var now = _time.GetUtcNow();
        if (ends <= now)
        {
            await _client.DeleteIfExistsAsync(node.Ref(), DeleteOptions.Default, ct).ConfigureAwait(false);
            await _events.RecordAsync(node, new EventText("InstanceTerminated", $"the spot instance of {name} was taken back (simulated)", Warning: true), ct).ConfigureAwait(false);
            LogEnded(_logger, name);
            return null;
        }

        foreach (var pod in _informers.Pods.Items.Values.Where(p => p.Spec?.NodeName == name && !p.IsFinished() && !p.Metadata.IsDeleting() && !p.Metadata.IsOwnedBy("DaemonSet")))
        {
            await EvictAsync(pod, ct).ConfigureAwait(false);
        }

        return ends - now < Again ? ends - now : Again;
    }

    /// <summary>A disruption budget may hold a pod up: it is asked again, until the instance ends.</summary>
    private async Task EvictAsync(Pod pod, CancellationToken ct)
    {
        var body = new JsonObject
        {
            ["apiVersion"] = "policy/v1", ["kind"] = "Eviction", ["metadata"] = new JsonObject { ["name"] = pod.Metadata.Name, ["namespace"] = pod.Metadata.Namespace },
        };
        try
        {
            await _client.PostAsync(pod.Ref(), "eviction", body, ct).ConfigureAwait(false);
        }
        catch (KubeException e) when (e.IsNotFound || e.Code == 429)
        {
            // Gone already, or later.
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "the simulated spot instance of {Node} is taken back")]
    private static partial void LogEnded(ILogger logger, string node);

    [LoggerMessage(Level = LogLevel.Warning, Message = "interrupted node {Node}: {Problem}")]
    private static partial void LogFailed(ILogger logger, string node, string problem);
}
