using System.Collections.Concurrent;
using System.Globalization;
using System.Threading.Channels;
using Hearth.Cluster.Controllers.NodeGroups;
using Hearth.Cluster.Controllers.Provisioning;
using Hearth.Cluster.Controllers.Scheduler;
using Hearth.Cluster.Controllers.Simulation;
using Hearth.Kube.Client;
using Hearth.Kube.Core;
using Hearth.Kube.Events;
using Hearth.Kube.Objects;
using Hearth.Scheduling.ClusterAutoscaler;
using Hearth.Scheduling.Fit;
using Microsoft.Extensions.Logging;

namespace Hearth.Cluster.Controllers.Autoscaler;

/// <summary>
/// Cluster Autoscaler for managed node groups: raises a group's size for pods that wait (<see cref="ScaleUpPlanner"/>), removes nodes that are not needed
/// (<see cref="ScaleDownPlanner"/>, <see cref="NodeRemovals"/>), and says what it does in upstream's events and its status ConfigMap.
/// </summary>
public sealed partial class NodeGroupAutoscaler
{
    internal const string Component = "cluster-autoscaler";
    private const string PriorityMap = "cluster-autoscaler-priority-expander";
    private readonly IKubeClient _client;
    private readonly ClusterInformers _informers;
    private readonly GroupSizes _sizes;
    private readonly AutoscalerSettings _settings;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly EventRecorder _events;
    private readonly AutoscalerStatus _status;
    private readonly NodeRemovals _removals;
    private readonly PodVolumesReader _volumes;
    private readonly Dictionary<string, NodeInfo> _templates;
    private readonly Dictionary<string, (string Message, DateTimeOffset At)> _said = new(StringComparer.Ordinal);
    private readonly Channel<bool> _triggers = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private IReadOnlyDictionary<string, DateTimeOffset> _unneeded = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ScaleUpError> _failures = new(StringComparer.Ordinal);
    private readonly HashSet<string> _growing = new(StringComparer.Ordinal);
    private DateTimeOffset _lastScaleUp = DateTimeOffset.MinValue;
    private GroupBackoff _backoff = GroupBackoff.None;

    /// <summary>Subscribes to the informers; <see cref="RunAsync"/> starts.</summary>
    public NodeGroupAutoscaler(
        IKubeClient client, ClusterInformers informers, SimulatedCloud cloud, GroupSizes sizes, AutoscalerSettings settings, TimeProvider time, ILogger logger)
    {
        (_client, _informers, _sizes, _settings, _time, _logger) = (client, informers, sizes, settings, time, logger);
        _events = new EventRecorder(client, Component, null, time);
        _status = new AutoscalerStatus(client, time);
        _removals = new NodeRemovals(client, sizes, settings, _events, _status, time, logger);
        _volumes = new PodVolumesReader(informers);
        _templates = Templates(cloud);
        sizes.Failed += (group, error) =>
        {
            _failures[group] = error;
            _triggers.Writer.TryWrite(true);
        };
        informers.Pods.Changed += (type, pod) =>
        {
            if (type != WatchEventType.Deleted && ClusterSnapshot.IsProvisionable(pod))
            {
                _triggers.Writer.TryWrite(true);
            }
        };
    }

    /// <summary>Works until cancelled.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        await _informers.Synced.WaitAsync(ct).ConfigureAwait(false);
        await _sizes.LoadAsync(_client, ct).ConfigureAwait(false);
        await _removals.CleanUpAsync(_informers.Nodes.Items.Values, ct).ConfigureAwait(false);
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await LookAsync(ct).ConfigureAwait(false);
            }
            catch (Exception e) when (e is KubeException or HttpRequestException or IOException or FormatException)
            {
                LogFailed(_logger, e.Message);
            }

            await WaitAsync(ct).ConfigureAwait(false);
        }
    }

    private Dictionary<string, NodeInfo> Templates(SimulatedCloud cloud)
    {
        var templates = new Dictionary<string, NodeInfo>(StringComparer.Ordinal);
        foreach (var group in _sizes.Groups)
        {
            try
            {
                templates[group.Name] = NodeGroupTemplates.Expected(cloud, group);
            }
            catch (FormatException e)
            {
                LogNoTemplate(_logger, group.Name, e.Message);
            }
        }

        return templates;
    }

    /// <summary>Until a pod waits, or the time has come; then a moment more, for those that come with it.</summary>
    private async Task WaitAsync(CancellationToken ct)
    {
        using var limit = new CancellationTokenSource(_settings.ScanInterval, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, limit.Token);
        try
        {
            await _triggers.Reader.ReadAsync(either.Token).ConfigureAwait(false);
            await Task.Delay(_settings.Gather, _time, ct).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            // Time to look again.
        }
    }

    private async Task LookAsync(CancellationToken ct)
    {
        await FollowUpAsync(ct).ConfigureAwait(false);
        var snapshot = Snapshot();
        await _removals.ContinueAsync(snapshot, ct).ConfigureAwait(false);
        var grew = snapshot.Waiting.Count > 0 && await ScaleUpAsync(snapshot, ct).ConfigureAwait(false);
        if (!grew)
        {
            await ScaleDownAsync(snapshot, ct).ConfigureAwait(false);
        }

        await _status.WriteAsync(Snapshot().Groups, _unneeded.Count, grew, ct).ConfigureAwait(false);
    }

    private AutoscalerSnapshot Snapshot() => new(_informers, _sizes, _templates, _backoff, _time.GetUtcNow());

    /// <summary>
    /// What became of earlier scale-ups: a group that got its nodes is as good as new; one that gets none asks for no more than it has, and is left alone for a while.
    /// </summary>
    private async Task FollowUpAsync(CancellationToken ct)
    {
        foreach (var group in Snapshot().Groups)
        {
            if (_failures.TryRemove(group.Name, out var error))
            {
                _growing.Remove(group.Name);
                var missing = group.Target - group.Present;
                if (missing <= 0)
                {
                    continue;
                }

                _backoff = _backoff.Failed(group.Name, error, _time.GetUtcNow(), _settings.Options);
                LogBackoff(_logger, group.Name, missing, error.Message);
                if (Math.Max(group.Present, group.Min) is var size && size != group.Target) // below its minimum the group tries again by itself
                {
                    await _sizes.SetAsync(_client, group.Name, size, ct).ConfigureAwait(false);
                }

                await _status.SayAsync(
                    "ScaleUpFailed",
                    string.Create(CultureInfo.InvariantCulture, $"Failed adding {missing} nodes ({missing} unseen previously) to group {group.Name} due to {error.Class}.{error.Code}; source errors: {error.Message}"),
                    ct, warning: true).ConfigureAwait(false);
            }
            else if (group.Present >= group.Target && _growing.Remove(group.Name))
            {
                _backoff = _backoff.Succeeded(group.Name);
            }
        }
    }

    private async Task<bool> ScaleUpAsync(AutoscalerSnapshot snapshot, CancellationToken ct)
    {
        var decision = ScaleUpPlanner.Decide(new ScaleUpRequest
        {
            Pods = snapshot.WaitingInfo(_volumes), Cluster = snapshot.Cluster, Groups = snapshot.Groups, Options = _settings.Options, Priorities = await PrioritiesAsync(ct).ConfigureAwait(false),
        });
        var pods = snapshot.Waiting.ToDictionary(p => p.Metadata.Key(), StringComparer.Ordinal);
        foreach (var (group, by) in decision.Increases)
        {
            var size = group.Target + by;
            await _status.SayAsync("ScaledUpGroup", $"Scale-up: setting group {group.Name} size to {size} instead of {group.Target} (max: {group.Max})", ct).ConfigureAwait(false);
            await _sizes.SetAsync(_client, group.Name, size, ct).ConfigureAwait(false);
            _growing.Add(group.Name);
            LogScaledUp(_logger, group.Name, group.Target, size);
            _lastScaleUp = _time.GetUtcNow();
        }

        var text = $"pod triggered scale-up: [{string.Join(' ', decision.Increases)}]";
        foreach (var pod in decision.Helped)
        {
            await _events.RecordAsync(pods[pod.Key], new EventText("TriggeredScaleUp", text), ct).ConfigureAwait(false);
        }

        foreach (var unhelped in decision.Unhelped)
        {
            await ExplainAsync(pods[unhelped.Pod.Key], unhelped.Message(), ct).ConfigureAwait(false);
        }

        return decision.Increases.Count > 0;
    }

    private async Task ScaleDownAsync(AutoscalerSnapshot snapshot, CancellationToken ct)
    {
        var decision = ScaleDownPlanner.Decide(new ScaleDownRequest
        {
            Nodes = snapshot.Nodes(_removals.IsLeaving), Cluster = snapshot.Cluster, Unneeded = _unneeded, LastScaleUp = _lastScaleUp, Now = _time.GetUtcNow(),
            Budgets = snapshot.Budgets(), Options = _settings.Options,
        });
        _unneeded = decision.Unneeded;
        foreach (var removal in decision.Removals.Where(r => r.Moving.Count == 0 || !_removals.IsDraining))
        {
            await _removals.StartAsync(removal, ct).ConfigureAwait(false);
        }
    }

    private async Task<PriorityList?> PrioritiesAsync(CancellationToken ct)
    {
        if (!_settings.Options.Expanders.Contains(Expander.Priority))
        {
            return null;
        }

        try
        {
            var map = await _client.GetAsync<ConfigMap>(AutoscalerStatus.Namespace, PriorityMap, ct).ConfigureAwait(false);
            return PriorityList.Parse(map.Data?.GetValueOrDefault("priorities") ?? "");
        }
        catch (KubeException e) when (e.IsNotFound)
        {
            return null;
        }
        catch (FormatException e)
        {
            LogPriorities(_logger, PriorityMap, e.Message);
            return null;
        }
    }

    private async Task ExplainAsync(Pod pod, string message, CancellationToken ct)
    {
        var now = _time.GetUtcNow();
        var key = pod.Metadata.Uid ?? pod.Metadata.Key();
        if (_said.TryGetValue(key, out var said) && said.Message == message && now - said.At < _settings.SayAgain)
        {
            return;
        }

        foreach (var old in _said.Where(s => now - s.Value.At > _settings.SayAgain).Select(s => s.Key).ToArray())
        {
            _said.Remove(old);
        }

        _said[key] = (message, now);
        await _events.RecordAsync(pod, new EventText("NotTriggerScaleUp", message), ct).ConfigureAwait(false);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "node group {Group} grows from {From} to {To}")]
    private static partial void LogScaledUp(ILogger logger, string group, int from, int to);

    [LoggerMessage(Level = LogLevel.Warning, Message = "node group {Group} is left alone for a while: {Nodes} nodes did not come: {Problem}")]
    private static partial void LogBackoff(ILogger logger, string group, int nodes, string problem);

    [LoggerMessage(Level = LogLevel.Warning, Message = "node group {Group} is not scaled: {Problem}")]
    private static partial void LogNoTemplate(ILogger logger, string group, string problem);

    [LoggerMessage(Level = LogLevel.Warning, Message = "ConfigMap {Map} is passed over: {Problem}")]
    private static partial void LogPriorities(ILogger logger, string map, string problem);

    [LoggerMessage(Level = LogLevel.Warning, Message = "scaling failed and will be tried again: {Problem}")]
    private static partial void LogFailed(ILogger logger, string problem);
}
