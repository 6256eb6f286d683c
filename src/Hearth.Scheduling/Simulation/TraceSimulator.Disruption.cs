using Hearth.Kube.Core;
using Hearth.Scheduling.Disruption;
using Hearth.Scheduling.Karpenter;

namespace Hearth.Scheduling.Simulation;

/// <content>Nodes of pools are taken away by Karpenter's own decisions: emptiness, then consolidation of several nodes, then of one; looked at twice, replacements first.</content>
public sealed partial class TraceSimulator
{
    /// <summary>Karpenter's own.</summary>
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(10);

    private readonly Dictionary<string, PoolDisruption> _rules = new(StringComparer.Ordinal);
    private TimeSpan? _lookAt;
    private long _looked = -1;
    private TimeSpan _lastLook = TimeSpan.MinValue;
    private bool _deciding;
    private int _consolidations;

    /// <summary>Plans the next look: not before something comes due, and not twice at the same.</summary>
    private void LookLater()
    {
        if (_deciding || NextDue() is not { } due)
        {
            return;
        }

        var earliest = _lastLook == TimeSpan.MinValue ? _now : _lastLook + Poll;
        var at = Max(due, earliest, _now);
        if (_lookAt is null || at < _lookAt)
        {
            _lookAt = at;
            At(at, () => Look(at));
        }
    }

    /// <summary>When the first node may go, by the time alone; null when nothing could be found that was not looked for already.</summary>
    private TimeSpan? NextDue()
    {
        TimeSpan? next = null;
        foreach (var node in Own())
        {
            if (RuleOf(node.Origin).ConsolidateAfter is { } after && (node.IsEmpty || RuleOf(node.Origin).Policy != PoolDisruption.WhenEmpty)
                && node.LastPodEvent + after is var due && (due > _lastLook || _looked != _changes) && !(due >= next))
            {
                next = due;
            }
        }

        return next;
    }

    private void Look(TimeSpan at)
    {
        if (_lookAt != at)
        {
            return; // another one was planned in its place
        }

        (_lookAt, _looked, _lastLook) = (null, _changes, _now);
        if (_deciding)
        {
            return;
        }

        var world = World();
        if ((Emptiness.Decide(world) ?? Consolidate(world)) is { } command)
        {
            _deciding = true;
            At(_now + DisruptionValidation.ConsolidationTtl, () => Confirm(command));
        }
    }

    private static DisruptionCommand? Consolidate(DisruptionWorld world) =>
        Consolidation.Candidates(world).Count == 0 ? null : MultiNodeConsolidation.Decide(world) ?? SingleNodeConsolidation.Decide(world).Command;

    private void Confirm(DisruptionCommand decided)
    {
        _deciding = false;
        if (DisruptionValidation.Again(World(), decided).Command is not { } command)
        {
            return;
        }

        SimulatedNode[] going = [.. command.Candidates.Select(c => _byName[c.NodeName])];
        _consolidations += command.Reason == DisruptionReason.Underutilized ? 1 : 0;
        Array.ForEach(going, Leave);
        var replacements = _nodes.Launch(command.Replacements, _now);
        if (replacements.Count < command.Replacements.Count)
        {
            Array.ForEach(going, Stay);
            return;
        }

        if (replacements.Count == 0)
        {
            Array.ForEach(going, Remove);
            return;
        }

        foreach (var node in replacements)
        {
            node.ExpectedUntil = _now + _request.BootTime.Longest;
            Boot(node);
        }

        AwaitReplacements(going, replacements);
    }

    /// <summary>What goes stays until what comes is there.</summary>
    private void AwaitReplacements(SimulatedNode[] going, IReadOnlyList<SimulatedNode> coming) => At(_now + _request.BootTime.Longest, () =>
    {
        foreach (var node in going.Where(n => n.Ended is null))
        {
            if (coming.Any(c => c.Ended is null))
            {
                Remove(node);
            }
            else
            {
                Stay(node);
            }
        }
    });

    private void Leave(SimulatedNode node)
    {
        node.Leaving = true;
        Cordon(node, true);
    }

    private void Stay(SimulatedNode node)
    {
        if (node.Interrupted)
        {
            return; // it is going all the same
        }

        node.Leaving = false;
        Cordon(node, false);
    }

    /// <summary>The taint that Karpenter gives a node that it is about to take away keeps new pods off.</summary>
    private void Cordon(SimulatedNode node, bool cordoned)
    {
        _changes++;
        node.Info.Unschedulable = cordoned;
    }

    private IEnumerable<SimulatedNode> Own() => _byName.Values.Where(n => n is { Ended: null, Leaving: false } && !_nodes.IsOfGroup(n));

    private PoolDisruption RuleOf(string pool)
    {
        if (!_rules.TryGetValue(pool, out var rule))
        {
            _rules[pool] = rule = _request.Disruption.GetValueOrDefault(pool) ?? PoolDisruption.From(new NodePool { Metadata = new() { Name = pool } });
        }

        return rule;
    }

    private DisruptionWorld World()
    {
        var blocks = new PodBlocks([], Clock);
        SimulatedNode[] nodes = [.. _byName.Values.Where(n => n.Ended is null && !_nodes.IsOfGroup(n)).OrderBy(n => n.Info.Name, StringComparer.Ordinal)];
        return new DisruptionWorld
        {
            Candidates = [.. nodes.Select(n => Candidate(n, blocks))],
            Pools = nodes.Select(n => n.Origin).Distinct(StringComparer.Ordinal).ToDictionary(p => p, RuleOf, StringComparer.Ordinal),
            Now = Clock,
            Launchable = _nodes.Pools(_now),
            Nodes = _nodes.Existing(_cluster),
            Pending = [.. _queue.CallingForNodes, .. nodes.Where(n => n.Leaving).SelectMany(n => n.Load).Select(p => p.Unbound())],
            Daemons = _nodes.Daemons,
        };
    }

    private DisruptionCandidate Candidate(SimulatedNode node, PodBlocks blocks)
    {
        Pod[] pods = [.. node.Load.Select(p => Object(p.Key)).OfType<Pod>()];
        return new DisruptionCandidate
        {
            ClaimName = node.Info.Name, NodeName = node.Info.Name, Pool = node.Origin, Initialized = true, Deleting = node.Leaving, Nominated = _now < node.ExpectedUntil,
            PodBlock = blocks.First(pods), Pods = [.. node.Load], DisruptionCost = EvictionCost.OfNode(pods), LastPodEvent = At(node.LastPodEvent),
            InstanceType = node.Type, CapacityType = node.CapacityType, Zone = node.Zone, PricePerHour = node.Price, Capacity = node.Capacity,
        };
    }

    private Pod? Object(string key) => _owners.TryGetValue(key, out var job) ? job.Pods.GetValueOrDefault(key)?.Object : _queue.Find(key);

    private static TimeSpan Max(TimeSpan a, TimeSpan b, TimeSpan c) => a > b ? a > c ? a : c : b > c ? b : c;
}
