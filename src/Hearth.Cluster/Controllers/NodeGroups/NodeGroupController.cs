using System.Globalization;
using Hearth.Cluster.Controllers.Provisioning;
using Hearth.Cluster.Controllers.Simulation;
using Hearth.Kube.Client;
using Hearth.Kube.Core;
using Hearth.Kube.Informers;
using Hearth.Platform;
using Hearth.Scheduling.ClusterAutoscaler;
using Hearth.Scheduling.Karpenter;
using Hearth.Scheduling.Provisioning;
using Microsoft.Extensions.Logging;

namespace Hearth.Cluster.Controllers.NodeGroups;

/// <summary>
/// EKS managed node groups: keeps each group's desired number of (simulated) nodes (<see cref="GroupSizes"/>), spread over its zones. A node that is deleted is
/// replaced, as its auto-scaling group would; nodes beyond the desired number are left for who lowered it to choose among. The nodes of the declaration are there from the
/// start; later ones take as long as the simulated cloud takes.
/// </summary>
public sealed partial class NodeGroupController
{
    private const string Slot = "hearth.dev/nodegroup-slot";

    /// <summary>An auto-scaling group that gets no instances tries again.</summary>
    private static readonly TimeSpan TryAgain = TimeSpan.FromMinutes(1);
    private readonly IKubeClient _client;
    private readonly ClusterInformers _informers;
    private readonly SimulatedCloud _cloud;
    private readonly GroupSizes _sizes;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly WorkQueue _queue;
    private readonly Dictionary<string, NodeGroup> _groups;
    private readonly HashSet<string> _begun = new(StringComparer.Ordinal);

    /// <summary>Instances on their way to be nodes, by group and slot. A process that ends forgets them, and the next one launches anew.</summary>
    private readonly Dictionary<(string Group, int Slot), Booting> _booting = [];

    /// <summary>Subscribes to the informers; <see cref="RunAsync"/> starts.</summary>
    public NodeGroupController(IKubeClient client, ClusterInformers informers, SimulatedCloud cloud, GroupSizes sizes, TimeProvider time, ILogger logger)
    {
        (_client, _informers, _cloud, _sizes, _time, _logger) = (client, informers, cloud, sizes, time, logger);
        _groups = sizes.Groups.ToDictionary(g => g.Name, StringComparer.Ordinal);
        sizes.Changed += name => _queue!.Add(name);
        _queue = new WorkQueue(time);
        informers.Nodes.Changed += (_, node) =>
        {
            if (node.Metadata.Label(KarpenterLabels.NodeGroup) is { } group)
            {
                _queue.Add(group);
            }
        };
    }

    /// <summary>Works until cancelled.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        await _informers.Nodes.Synced.WaitAsync(ct).ConfigureAwait(false);
        await _sizes.LoadAsync(_client, ct).ConfigureAwait(false);
        foreach (var name in _groups.Keys)
        {
            _queue.Add(name);
        }

        await _queue.RunAsync(1, ReconcileAsync, (key, e) => LogFailed(_logger, key, e.Message), ct).ConfigureAwait(false);
    }

    private async Task<TimeSpan?> ReconcileAsync(string name, CancellationToken ct)
    {
        if (!_groups.TryGetValue(name, out var group))
        {
            return null;
        }

        var present = await _client.ListAsync<Node>(null, new ListOptions { LabelSelector = $"{KarpenterLabels.NodeGroup}={name}" }, ct).ConfigureAwait(false);
        foreach (var unreported in present.Where(n => n.Status?.Allocatable is null or { Count: 0 }))
        {
            await ReportAsync(group, unreported, ct).ConfigureAwait(false); // the process ended between the two writes
        }

        var names = present.Select(n => n.Metadata.Name!).Concat(_informers.Nodes.Items.Keys).ToHashSet(StringComparer.Ordinal);
        foreach (var (key, launch) in _booting.Where(b => b.Key.Group == name && b.Value.Ready <= _time.GetUtcNow()).ToArray())
        {
            await RegisterAsync(group, key.Slot, launch, names, ct).ConfigureAwait(false);
            _booting.Remove(key);
            present = [.. present, await _client.GetAsync<Node>(null, launch.Name!, ct).ConfigureAwait(false)];
        }

        var taken = present.Select(n => n.Metadata.Annotation(Slot)).ToHashSet();
        // An instance that is being taken back counts no more: its group has another launched before it ends (EKS' capacity rebalancing).
        var missing = _sizes.Of(name) - present.Count(n => !n.Metadata.IsDeleting() && n.Metadata.Annotation(KarpenterLabels.InstanceEnds) is null);
        missing = Forget(name, missing - _booting.Keys.Count(b => b.Group == name));
        for (var slot = 0; missing > 0; slot++)
        {
            if (!taken.Contains(SlotText(slot)) && !_booting.ContainsKey((name, slot)))
            {
                missing--;
                if (!await AddAsync(group, slot, names, ct).ConfigureAwait(false))
                {
                    _sizes.Fail(name, ScaleUpError.NoCapacity);
                    LogNoCapacity(_logger, name, missing + 1);
                    return TryAgain;
                }
            }
        }

        _begun.Add(name);
        return _booting.Where(b => b.Key.Group == name).Select(b => (TimeSpan?)(b.Value.Ready - _time.GetUtcNow())).Min() is { } next ? next > TimeSpan.Zero ? next : TimeSpan.FromMilliseconds(1) : null;
    }

    /// <summary>Instances that nobody wants any more before they are nodes; how many are missing then.</summary>
    private int Forget(string group, int missing)
    {
        foreach (var key in _booting.Keys.Where(b => b.Group == group).OrderByDescending(b => b.Slot).Take(Math.Max(0, -missing)).ToArray())
        {
            _booting.Remove(key);
            missing++;
        }

        return missing;
    }

    /// <summary>False when there is no capacity for any of its types in any of its zones.</summary>
    private async Task<bool> AddAsync(NodeGroup group, int slot, HashSet<string> names, CancellationToken ct)
    {
        var zone = group.Zones[slot % group.Zones.Count];
        _ = NodeGroupTemplates.Choose(_cloud, group, zone);
        var choice = NodeGroupTemplates.Attempts(_cloud, group, zone)
            .FirstOrDefault(c => !_cloud.Capacity.Refuses(new(c.Offering.CapacityType, c.Offer.Type.Name, c.Offering.Zone), avoid: false));
        if (choice is null)
        {
            return false;
        }

        var launch = new Booting(Guid.NewGuid().ToString(), choice, _time.GetUtcNow());
        if (_begun.Contains(group.Name) && _cloud.BootTime(launch.Seed) is { Ticks: > 0 } boot)
        {
            _booting[(group.Name, slot)] = launch with { Ready = launch.Ready + boot };
            return true;
        }

        await RegisterAsync(group, slot, launch, names, ct).ConfigureAwait(false);
        return true;
    }

    private async Task RegisterAsync(NodeGroup group, int slot, Booting launch, HashSet<string> names, CancellationToken ct)
    {
        var (seed, choice) = (launch.Seed, launch.Choice);
        var instance = new SimulatedInstance(seed, choice);
        var (_, name) = _cloud.Address(seed, names.Contains);
        names.Add(name);
        var labels = NodeGroupTemplates.Labels(_cloud, group, instance);
        var node = SimulatedNode.Create(instance, name, labels, NodeGroupTemplates.Taints(group), null, null);
        var annotations = new Dictionary<string, string>(node.Metadata.Annotations!, StringComparer.Ordinal) { [Slot] = SlotText(slot) };
        node = await _client.CreateAsync(node with { Metadata = node.Metadata with { Annotations = annotations } }, ct).ConfigureAwait(false);
        await ReportAsync(group, node, ct).ConfigureAwait(false);
        launch.Name = name;
        LogAdded(_logger, name, group.Name, choice.Offer.Type.Name, choice.Offering.Zone);
    }

    private async Task ReportAsync(NodeGroup group, Node node, CancellationToken ct)
    {
        var choice = NodeGroupTemplates.Recall(_cloud, group, node.Metadata) ?? NodeGroupTemplates.Choose(_cloud, group, node.Metadata.Label(KarpenterLabels.Zone) ?? group.Zones[0]);
        var address = System.Net.IPAddress.Parse(node.Metadata.Name!.Split('.')[0]["ip-".Length..].Replace('-', '.'));
        var instance = new SimulatedInstance(node.Metadata.Uid!, choice);
        var status = SimulatedNode.Status(instance, node.Metadata.Name!, address, _cloud.Options.KubeletVersion, _time.GetUtcNow());
        await _client.PatchStatusAsync(node, NodeClaimPatches.Of(status), ct).ConfigureAwait(false);
    }

    /// <summary>An instance that was launched.</summary>
    private sealed record Booting(string Seed, LaunchChoice Choice, DateTimeOffset Ready)
    {
        /// <summary>Of its node, once there is one.</summary>
        public string? Name { get; set; }
    }

    private static string SlotText(int slot) => slot.ToString(CultureInfo.InvariantCulture);

    [LoggerMessage(Level = LogLevel.Information, Message = "added node {Node} to group {Group}: simulated {Type} in {Zone}")]
    private static partial void LogAdded(ILogger logger, string node, string group, string type, string zone);

    [LoggerMessage(Level = LogLevel.Warning, Message = "node group {Group}: no capacity for {Nodes} nodes, tried again in a minute (simulated)")]
    private static partial void LogNoCapacity(ILogger logger, string group, int nodes);

    [LoggerMessage(Level = LogLevel.Warning, Message = "node group {Group}: {Problem}")]
    private static partial void LogFailed(ILogger logger, string group, string problem);
}
