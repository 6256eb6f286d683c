using Hearth.Cli.Commands.Job.Explain;
using Hearth.Jobs.Spark;
using Hearth.Kube.Core;
using Hearth.Scheduling.Fit;
using Hearth.Scheduling.Karpenter;
using Hearth.Scheduling.Provisioning;
using Hearth.Scheduling.Requirements;

namespace Hearth.Cli.Commands.Lint.Placing;

/// <summary>What keeps a pod from every node, the nearest miss of all pools and groups: later ones are further from fitting.</summary>
internal enum Obstacle
{
    None,
    Limit,
    Size,
    Offering,
    Taint,
    Architecture,
    Selector,
}

/// <summary>Where one pod of a job could be.</summary>
/// <param name="Role">Driver or executor.</param>
/// <param name="Pod">The pod.</param>
/// <param name="Place">The pool or node group that takes it; null when none does.</param>
/// <param name="Refusals">What each pool and group has against it.</param>
internal sealed record RolePlacement(SparkRole Role, PodInfo Pod, string? Place, IReadOnlyList<(PoolRefusal Refusal, Obstacle Obstacle)> Refusals)
{
    /// <summary>What would have to change first.</summary>
    public Obstacle Obstacle => Place is not null ? Obstacle.None : Refusals.Count == 0 ? Obstacle.Selector : Refusals.Min(r => r.Obstacle);

    /// <summary>The refusals of the nearest misses.</summary>
    public IEnumerable<PoolRefusal> Nearest => Refusals.Where(r => r.Obstacle == Obstacle).Select(r => r.Refusal);

    /// <summary>Asks every group and pool of a platform.</summary>
    public static RolePlacement Of(SparkRole role, Pod pod, PlatformNodes nodes)
    {
        var info = PodInfo.From(pod);
        var groups = nodes.Groups.GroupBy(g => g.Group, StringComparer.Ordinal).Select(g => (g.Key, Refusals: g.Select(n => Refusal(n, info)).ToArray())).ToArray();
        if (groups.FirstOrDefault(g => g.Refusals.Contains(null)) is { Key: { } group })
        {
            return new RolePlacement(role, info, group, []);
        }

        var plan = ProvisioningPlanner.Plan(new ProvisioningRequest { Pods = [info], Pools = nodes.Pools, Daemons = nodes.Daemons });
        if (plan.Claims is [var claim])
        {
            return new RolePlacement(role, info, claim.Pool.Name, []);
        }

        var pools = nodes.Pools.ToDictionary(p => p.Pool.Name, p => p.Pool, StringComparer.Ordinal);
        var refusals = plan.Unplaced.SelectMany(u => SchedulingMessage.Pools(u.Message)).Where(r => r.Pool is not null).Select(r => (r, ObstacleOf(r, pools[r.Pool!], info)));
        return new RolePlacement(role, info, null, [.. refusals, .. groups.Select(g => g.Refusals.OfType<(PoolRefusal, Obstacle Obstacle)>().MinBy(r => r.Obstacle))]);
    }

    private static Obstacle ObstacleOf(PoolRefusal refusal, PoolInfo pool, PodInfo pod) => refusal.Kind switch
    {
        PoolRefusalKind.Limit => SelectorFits(pool, pod, without: "") ? Obstacle.Limit : Obstacle.Selector,
        PoolRefusalKind.Size => Obstacle.Size,
        PoolRefusalKind.Taint => SelectorFits(pool, pod, without: "") ? Obstacle.Taint : Obstacle.Selector,
        PoolRefusalKind.Requirement when refusal.Subject == KarpenterLabels.Arch && SelectorFits(pool, pod, KarpenterLabels.Arch) => Obstacle.Architecture,
        PoolRefusalKind.Requirement => Obstacle.Selector,
        _ => Obstacle.Offering,
    };

    /// <summary>Karpenter looks at limits and taints before labels; for a person it is the labels that say which pool was meant.</summary>
    private static bool SelectorFits(PoolInfo pool, PodInfo pod, string without) =>
        pod.NodeSelector.Where(s => s.Key != without).All(s => pool.Requirements.Find(s.Key)?.Allows(s.Value) ?? KarpenterLabels.WellKnown.Contains(s.Key));

    private static (PoolRefusal, Obstacle)? Refusal(GroupNode node, PodInfo pod)
    {
        if (!pod.AcceptsLabels(node.Group, node.Labels))
        {
            var other = pod.NodeSelector.FirstOrDefault(s => node.Labels.GetValueOrDefault(s.Key) != s.Value);
            var onlyArch = other.Key == KarpenterLabels.Arch && pod.NodeSelector.Count(s => node.Labels.GetValueOrDefault(s.Key) != s.Value) == 1;
            return (new PoolRefusal(node.Group, PoolRefusalKind.Requirement, "its labels are others", other.Key ?? ""), onlyArch ? Obstacle.Architecture : Obstacle.Selector);
        }

        if (Taints.FirstUntolerated(node.Taints, pod.Tolerations) is { } taint)
        {
            var text = $"{taint.Key}={taint.Value}:{taint.Effect}";
            return (new PoolRefusal(node.Group, PoolRefusalKind.Taint, $"the pod does not tolerate its taint {text}", text), Obstacle.Taint);
        }

        return pod.Requests.FitsIn(node.Free) ? null : (new PoolRefusal(node.Group, PoolRefusalKind.Size, "no instance type has enough resources", ""), Obstacle.Size);
    }
}
