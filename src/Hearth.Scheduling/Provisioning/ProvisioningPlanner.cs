using Hearth.Scheduling.Fit;
using Hearth.Scheduling.Provisioning.Topology;

namespace Hearth.Scheduling.Provisioning;

/// <summary>
/// Which nodes to launch for pods that nobody takes: Karpenter's simulation (kubernetes-sigs/karpenter, controllers/provisioning/scheduling). Large pods first;
/// each goes to the first present node that takes it, else to the least filled new node that does, else opens a new node of the first pool (by weight) that can.
/// Ties that upstream leaves to chance are decided by order of creation and by name.
/// </summary>
public sealed class ProvisioningPlanner
{
    private readonly NodeSlot[] _nodes;
    private readonly PoolBudget[] _pools;
    private readonly PlanTopology? _topology;
    private readonly WishClasses _classes;
    private readonly List<OpenClaim> _open = [];
    private readonly List<PodAssignment> _assigned = [];
    private readonly List<UnplacedPod> _unplaced = [];
    private readonly List<PodInfo> _placed = [];

    private ProvisioningPlanner(ProvisioningRequest request)
    {
        _nodes = [.. request.Nodes.OrderByDescending(n => n.Initialized).ThenBy(n => n.Name, StringComparer.Ordinal).Select(n => new NodeSlot(n))];
        _pools =
        [
            .. request.Pools.Where(p => p.Pool.Types.Count > 0)
                .OrderByDescending(p => p.Pool.Weight).ThenByDescending(p => p.Pool.Name, StringComparer.Ordinal)
                .Select(p => new PoolBudget(p, request.Daemons)),
        ];
        _topology = PlanTopology.Of(request, _nodes);
        _classes = new WishClasses(_topology, request.Pools.Any(p => p.Pool.Taints.Any(t => t.Effect == Taints.PreferNoSchedule)));
    }

    /// <summary>Plans. The same request gives the same plan.</summary>
    public static ProvisioningPlan Plan(ProvisioningRequest request)
    {
        var planner = new ProvisioningPlanner(request);
        planner.PlaceAll(Order(request.Pods));
        return new([.. planner._open.Select(ClaimEmission.Emit)], planner._assigned, planner._unplaced) { Order = planner._placed };
    }

    /// <summary>Karpenter's queue: cpu, then memory, largest first; then age, then uid.</summary>
    public static IEnumerable<PodInfo> Order(IEnumerable<PodInfo> pods) =>
        pods.OrderByDescending(p => p.Requests.MilliCpu).ThenByDescending(p => p.Requests.Memory).ThenBy(p => p.Created).ThenBy(p => p.Uid, StringComparer.Ordinal);

    /// <summary>
    /// Round after round as long as one finds a place: a pod that wants to be near another may come before it. Each time it begins with all its wishes.
    /// </summary>
    private void PlaceAll(IEnumerable<PodInfo> pods)
    {
        var all = pods.ToList();
        var failed = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        var queue = all;
        for (var placed = -1; queue.Count > 0 && placed != _placed.Count;)
        {
            placed = _placed.Count;
            var again = new List<PodInfo>();
            foreach (var pod in queue)
            {
                if (Place(pod, out var mayChange) is not { } reasons)
                {
                    failed.Remove(pod.Key);
                    continue;
                }

                failed[pod.Key] = reasons;
                if (mayChange)
                {
                    again.Add(pod);
                }
            }

            queue = again;
        }

        _unplaced.AddRange(all.Where(p => failed.ContainsKey(p.Key)).Select(p => new UnplacedPod(p, failed[p.Key])));
    }

    /// <summary>Null when the pod has a place, else why not.</summary>
    private IReadOnlyList<string>? Place(PodInfo pod, out bool mayChange)
    {
        mayChange = false;
        if (pod.Volumes.Blocked is { } blocked)
        {
            return [blocked];
        }

        PodClass wanted;
        try
        {
            wanted = _classes.Of(pod);
            if (wanted.FailedAt == _placed.Count || (wanted.FailedAt is not null && !wanted.MayChange))
            {
                mayChange = wanted.MayChange;
                return wanted.Reasons;
            }
        }
        catch (FormatException e)
        {
            return [e.Message];
        }

        var reasons = new List<string>();
        for (var step = 0; wanted.Step(step) is { } wishes; step++)
        {
            if (TryPlace(pod, wishes, reasons))
            {
                _placed.Add(pod);
                return null;
            }
        }

        mayChange = wanted.MayChange;
        wanted.FailedAt = _placed.Count;
        return wanted.Reasons = reasons.Count == 0 ? [NoPools()] : reasons;
    }

    private bool TryPlace(PodInfo pod, PodWishes wishes, List<string> reasons)
    {
        var rules = wishes.Rules(_topology);
        foreach (var node in _nodes)
        {
            if (node.TryAdd(pod, wishes, rules))
            {
                _assigned.Add(new(pod, node.Name));
                return true;
            }
        }

        for (var i = 0; i < _open.Count; i++)
        {
            if (_open[i].TryAdd(pod, wishes, rules, explain: false) is null)
            {
                Resort(i);
                return true;
            }
        }

        reasons.Clear();
        return TryOpen(pod, wishes, rules, reasons);
    }

    private bool TryOpen(PodInfo pod, PodWishes wishes, TopologyRules rules, List<string> reasons)
    {
        foreach (var budget in _pools)
        {
            var affordable = budget.Affordable();
            if (affordable.IsEmpty)
            {
                reasons.Add(Explanations.LimitsReached(budget.Pool.Name));
                continue;
            }

            var claim = OpenClaim.Open(budget.Pool, budget.Daemons, affordable, _open.Count + 1);
            if (claim.TryAdd(pod, wishes, rules, explain: true) is { } why)
            {
                reasons.Add(Explanations.ForPool(budget.Pool.Name, budget.Daemons, why));
                continue;
            }

            budget.Spend(claim.Types);
            _open.Add(claim);
            Resort(_open.Count - 1);
            return true;
        }

        return false;
    }

    /// <summary>Keeps open claims in order of pod count; among equals the one that reached the count first stays first.</summary>
    private void Resort(int index)
    {
        var claim = _open[index];
        while (index + 1 < _open.Count && _open[index + 1].Pods.Count <= claim.Pods.Count)
        {
            _open[index] = _open[index + 1];
            index++;
        }

        while (index > 0 && _open[index - 1].Pods.Count > claim.Pods.Count)
        {
            _open[index] = _open[index - 1];
            index--;
        }

        _open[index] = claim;
    }

    private string NoPools() => _pools.Length == 0 ? "no nodepools found that are ready and have instance types" : "no nodepool took it";
}
