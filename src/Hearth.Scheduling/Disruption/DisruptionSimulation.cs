using Hearth.Scheduling.Fit;
using Hearth.Scheduling.Provisioning;

namespace Hearth.Scheduling.Disruption;

/// <summary>What would happen if nodes went: the provisioner's own plan without them (Karpenter, disruption/helpers.go).</summary>
internal static class DisruptionSimulation
{
    /// <summary>The plan, and why it would leave a pod that has a place now without one (null when it would not).</summary>
    public static (ProvisioningPlan Plan, string? Problem) Without(DisruptionWorld world, IReadOnlyList<DisruptionCandidate> gone)
    {
        var names = gone.Select(c => c.NodeName).ToHashSet(StringComparer.Ordinal);
        var moved = gone.SelectMany(c => c.Pods).ToDictionary(p => p.Key, StringComparer.Ordinal);
        var plan = ProvisioningPlanner.Plan(new ProvisioningRequest
        {
            Pods = [.. world.Pending.Where(p => !moved.ContainsKey(p.Key)), .. moved.Values],
            Pools = [.. world.Launchable.Select(p => Without(p, gone))],
            Nodes = Destinations(world, names),
            Daemons = world.Daemons,
            Namespaces = world.Namespaces,
            Policy = world.Policy,
        });
        return (plan, Problem(world, plan, moved));
    }

    /// <summary>A node that is itself still inside its pool's time takes no pods of candidates, only those that wait anyway (v1.14).</summary>
    private static ExistingNode[] Destinations(DisruptionWorld world, HashSet<string> gone)
    {
        var waiting = world.Pending.Select(p => p.Key).ToHashSet(StringComparer.Ordinal);
        var settling = world.Candidates
            .Where(c => c.Initialized && world.Pools.TryGetValue(c.Pool, out var pool) && pool.ConsolidateAfter is not null && !c.IsConsolidatable(pool, world.Now))
            .Select(c => c.NodeName).ToHashSet(StringComparer.Ordinal);
        return [.. world.Nodes.Where(n => !gone.Contains(n.Name)).Select(n => settling.Contains(n.Name) ? n with { OnlyFor = waiting } : n)];
    }

    private static PoolState Without(PoolState pool, IReadOnlyList<DisruptionCandidate> gone)
    {
        var own = gone.Where(c => c.Pool == pool.Pool.Name).ToArray();
        return own.Length == 0 ? pool : pool with { Used = own.Aggregate(pool.Used, (used, c) => used - c.Capacity), Nodes = pool.Nodes - own.Length };
    }

    private static string? Problem(DisruptionWorld world, ProvisioningPlan plan, Dictionary<string, PodInfo> moved)
    {
        if (plan.Unplaced.FirstOrDefault(u => moved.ContainsKey(u.Pod.Key)) is { } left)
        {
            return $"not all pods would schedule, {left.Pod.Key} => {string.Join("; ", left.Reasons)}";
        }

        var ready = world.Nodes.Where(n => n.Initialized).Select(n => n.Name).ToHashSet(StringComparer.Ordinal);
        return plan.OnExisting.FirstOrDefault(a => moved.ContainsKey(a.Pod.Key) && !ready.Contains(a.NodeName)) is { } early
            ? $"not all pods would schedule, {early.Pod.Key} => would schedule against uninitialized node/{early.NodeName}"
            : null;
    }
}
