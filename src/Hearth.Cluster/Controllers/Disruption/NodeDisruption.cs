using Hearth.Cluster.Controllers.Provisioning;
using Hearth.Cluster.Controllers.Simulation;
using Hearth.Kube.Client;
using Hearth.Kube.Core;
using Hearth.Kube.Events;
using Hearth.Kube.Objects;
using Hearth.Scheduling.Disruption;
using Hearth.Scheduling.Karpenter;
using Microsoft.Extensions.Logging;

namespace Hearth.Cluster.Controllers.Disruption;

/// <summary>
/// Takes away nodes that are no longer needed or no longer right, as Karpenter's disruption controller: emptiness, drift, consolidation of several nodes, consolidation
/// of one; the first that finds something ends the pass. Decisions are made in <c>Hearth.Scheduling.Disruption</c>; what was decided is looked at once more after
/// <see cref="DisruptionOptions.Validation"/> and then carried out beside the next passes.
/// </summary>
public sealed partial class NodeDisruption
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(100);

    /// <summary>Without any change the cluster is looked at every 10 s, as upstream: budgets and protections may depend on the time alone.</summary>
    private static readonly TimeSpan Whole = TimeSpan.FromSeconds(10);
    private readonly IKubeClient _client;
    private readonly ClusterInformers _informers;
    private readonly DisruptionOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly EventRecorder _events;
    private readonly KarpenterMetrics _metrics;
    private readonly PodEvents _podEvents;
    private readonly DisruptionReader _reader;
    private readonly ClaimConditions _conditions;
    private readonly CommandExecution _execution;
    private readonly DisruptionMemory _memory;
    private readonly List<Task> _commands = [];

    /// <summary>Subscribes to the informers; <see cref="RunAsync"/> starts.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="informers">Shared copies.</param>
    /// <param name="cloud">Where replacements come from.</param>
    /// <param name="nominations">Shared with the provisioner.</param>
    /// <param name="metrics">Counts what is done.</param>
    /// <param name="options">Times and gates.</param>
    /// <param name="time">Clock.</param>
    /// <param name="logger">Log.</param>
    public NodeDisruption(
        IKubeClient client, ClusterInformers informers, SimulatedCloud cloud, Nominations nominations, KarpenterMetrics metrics, DisruptionOptions options, TimeProvider time, ILogger logger)
    {
        (_client, _informers, _metrics, _options, _time, _logger) = (client, informers, metrics, options, time, logger);
        _events = new EventRecorder(client, "karpenter", null, time);
        _podEvents = new PodEvents(time);
        _reader = new DisruptionReader(informers, new PoolCatalog(informers, cloud), nominations, _podEvents, options, time);
        _conditions = new ClaimConditions(client, informers, cloud, time);
        _execution = new CommandExecution(client, informers, nominations, new NodeTermination(client, informers, _events, metrics, time, logger), _events, metrics, options, time, logger);
        _memory = new DisruptionMemory(options.Remembered, time);
        informers.Pods.Changed += (type, pod) =>
        {
            _podEvents.See(type, pod);
            _memory.Changed();
        };
        informers.Nodes.Changed += (type, node) => OnNode(type, node);
        informers.NodePools.Changed += (_, _) => _memory.Changed();
        informers.NodeClasses.Changed += (_, _) => _memory.Changed();
        informers.NodeClaims.Changed += (_, _) => _memory.Changed();
        informers.PodBudgets.Changed += (_, _) => _memory.Changed();
    }

    /// <summary>Works until cancelled.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        await _informers.Synced.WaitAsync(ct).ConfigureAwait(false);
        try
        {
            while (!ct.IsCancellationRequested)
            {
                var wait = _options.Poll;
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
        finally
        {
            await Task.WhenAll(_commands).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void OnNode(WatchEventType type, Node node)
    {
        _memory.Changed();
        if (type == WatchEventType.Deleted)
        {
            _podEvents.Forget(node.Metadata.Name!);
        }
    }

    private DisruptionWorld World() => _reader.Read(_execution.UnderWay, (pool, problem) => LogPool(_logger, pool, problem));

    /// <summary>One pass; answers how long until the next.</summary>
    private async Task<TimeSpan> LookAsync(CancellationToken ct)
    {
        _commands.RemoveAll(c => c.IsCompleted);
        if (_memory.IsQuiet(out var left))
        {
            return left < _options.Poll ? left : _options.Poll;
        }

        var stamp = _memory.Stamp;
        var world = World();
        await _conditions.UpdateAsync(world, ct).ConfigureAwait(false);
        await ReleaseStrayAsync(world, ct).ConfigureAwait(false);
        Report(world);
        foreach (var candidate in world.Candidates.Where(c => c is { Initialized: true, Deleting: false, Nominated: false }))
        {
            if (CandidateRules.BlockedBy(candidate, DisruptionReason.Underutilized) is { } why)
            {
                await TellAsync(candidate, new EventText("DisruptionBlocked", why), ct).ConfigureAwait(false);
            }
        }

        if (await DecideAsync(world, ct).ConfigureAwait(false) is not { } decided)
        {
            var quiet = UntilDue(world);
            var wait = quiet < _options.Poll ? quiet : _options.Poll;
            _memory.Looked(stamp, world.Candidates.Any(c => c.Nominated) ? wait : quiet); // a nomination ends without a sign
            return wait;
        }

        if (await ConfirmAsync(decided, ct).ConfigureAwait(false) is { } command)
        {
            (string, string)[] labels = [("decision", command.Decision), ("reason", command.Reason.ToLowerInvariant()), ("consolidation_type", command.Method)];
            _metrics.Count("voluntary_disruption_decisions_total", labels);
            foreach (var pool in command.Candidates.Select(c => c.Pool).Distinct(StringComparer.Ordinal))
            {
                _metrics.Count("voluntary_disruption_decisions_by_nodepool_total", [("nodepool", pool), .. labels]);
            }

            _execution.Take(command);
            _commands.Add(Task.Run(() => _execution.RunAsync(command, ct), CancellationToken.None));
        }

        return Soon;
    }

    private async Task<DisruptionCommand?> DecideAsync(DisruptionWorld world, CancellationToken ct)
    {
        if (Timed("empty", "empty", () => Emptiness.Decide(world)) is { } empty)
        {
            return empty;
        }

        var drift = Timed("drifted", "", () => DriftReplacement.Decide(world));
        foreach (var (candidate, why) in drift.Blocked)
        {
            await TellAsync(candidate, new EventText("DisruptionBlocked", why), ct).ConfigureAwait(false);
        }

        return drift.Command ?? await ConsolidateAsync(world, ct).ConfigureAwait(false);
    }

    private async Task<DisruptionCommand?> ConsolidateAsync(DisruptionWorld world, CancellationToken ct)
    {
        var candidates = Consolidation.Candidates(world);
        if (candidates.Count == 0 || _memory.IsKnownFruitless(candidates))
        {
            return null;
        }

        var stamp = _memory.Stamp;
        if (Timed("underutilized", "multi", () => MultiNodeConsolidation.Decide(world, Clock(_options.MultiNodePass, "multi"))) is { } several)
        {
            return several;
        }

        var single = Timed("underutilized", "single", () => SingleNodeConsolidation.Decide(world, _memory.Unseen, Clock(_options.SingleNodePass, "single")));
        foreach (var (candidate, why) in single.Unconsolidatable)
        {
            await TellAsync(candidate, new EventText("Unconsolidatable", why), ct).ConfigureAwait(false);
        }

        _memory.Unseen = single.Unseen;
        if (single.Command is null && single.Unseen.Count == 0)
        {
            _memory.Fruitless(stamp, candidates);
        }

        return single.Command;
    }

    private T Timed<T>(string reason, string type, Func<T> decide)
    {
        var started = _time.GetTimestamp();
        var decided = decide();
        _metrics.Observe("voluntary_disruption_decision_evaluation_duration_seconds", _time.GetElapsedTime(started), ("reason", reason), ("consolidation_type", type));
        return decided;
    }

    private Func<bool> Clock(TimeSpan limit, string method)
    {
        var started = _time.GetTimestamp();
        return () =>
        {
            var over = _time.GetElapsedTime(started) > limit;
            if (over)
            {
                _metrics.Count("voluntary_disruption_consolidation_timeouts_total", ("consolidation_type", method));
            }

            return over;
        };
    }

    /// <summary>What is left of a command after the time in which the cluster may change its mind; drift does not wait.</summary>
    private async Task<DisruptionCommand?> ConfirmAsync(DisruptionCommand command, CancellationToken ct)
    {
        if (command.Reason == DisruptionReason.Drifted)
        {
            return command;
        }

        await Task.Delay(_options.Validation, _time, ct).ConfigureAwait(false);
        var (confirmed, why) = DisruptionValidation.Again(World(), command);
        if (confirmed is null)
        {
            _metrics.Count("voluntary_disruption_failed_validations_total", ("consolidation_type", command.Method));
            foreach (var candidate in command.Candidates)
            {
                await TellAsync(candidate, new EventText("ConsolidationRejected", why!), ct).ConfigureAwait(false);
            }
        }

        return confirmed;
    }

    /// <summary>A taint without a command is left over from a process that ended in between, or from a command that failed: the node stays.</summary>
    private async Task ReleaseStrayAsync(DisruptionWorld world, CancellationToken ct)
    {
        var underWay = _execution.UnderWay;
        foreach (var candidate in world.Candidates.Where(c => !c.Deleting && !underWay.Contains(c.ClaimName)))
        {
            if (_informers.Nodes.Find(null, candidate.NodeName)?.Spec?.Taints?.Any(t => t.Key == KarpenterLabels.DisruptedTaint) == true
                && _informers.NodeClaims.Find(null, candidate.ClaimName) is { } claim && !claim.Metadata.IsDeleting()
                && await _client.FindAsync<NodeClaim>(null, candidate.ClaimName, ct).ConfigureAwait(false) is { } live && !live.Metadata.IsDeleting())
            {
                await _execution.ReleaseAsync(candidate, ct).ConfigureAwait(false);
            }
        }
    }

    private void Report(DisruptionWorld world)
    {
        _metrics.Set("voluntary_disruption_eligible_nodes", world.Candidates.Count(c => CandidateRules.IsEligible(c, DisruptionReason.Underutilized)), ("reason", "underutilized"));
        _metrics.Set("voluntary_disruption_eligible_nodes", world.Candidates.Count(c => c.Drift is not null && CandidateRules.IsEligible(c, DisruptionReason.Drifted)), ("reason", "drifted"));
        foreach (var (name, pool) in world.Pools)
        {
            var own = world.Candidates.Where(c => c.Pool == name && c.Initialized).ToArray();
            foreach (var reason in (string[])[DisruptionReason.Empty, DisruptionReason.Underutilized, DisruptionReason.Drifted])
            {
                // Upstream gives these two the reason as the API writes it, and takes what is under way off elsewhere.
                _metrics.Set("nodepools_allowed_disruptions", Budgets.Allowed(pool.Budgets, reason, own.Length, busy: 0, world.Now), ("nodepool", name), ("reason", reason));
                _metrics.Set("nodepools_nodes_consuming_budgets", own.Count(c => c.Deleting || !c.Ready), ("nodepool", name), ("reason", reason));
            }
        }
    }

    /// <summary>How long nothing comes due by the time alone.</summary>
    private TimeSpan UntilDue(DisruptionWorld world)
    {
        var next = world.Now + Whole;
        foreach (var candidate in world.Candidates.Where(c => c is { Initialized: true, Deleting: false }))
        {
            if (world.Pools.TryGetValue(candidate.Pool, out var pool) && pool.ConsolidateAfter is { } after && candidate.LastPodEvent + after is var due && due > world.Now && due < next)
            {
                next = due;
            }
        }

        var wait = next - _time.GetUtcNow();
        return wait < Soon ? Soon : wait;
    }

    private async Task TellAsync(DisruptionCandidate candidate, EventText text, CancellationToken ct)
    {
        if (!_memory.SaidLately(candidate.NodeName, text.Reason, text.Message) && _informers.Nodes.Find(null, candidate.NodeName) is { } node)
        {
            await _events.RecordAsync(node, text, ct).ConfigureAwait(false);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "disruption failed and will be tried again: {Problem}")]
    private static partial void LogFailed(ILogger logger, string problem);

    [LoggerMessage(Level = LogLevel.Warning, Message = "node pool {Pool} is not considered for disruption: {Problem}")]
    private static partial void LogPool(ILogger logger, string pool, string problem);
}
