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
    private readonly SolvePolicy _policy;
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
        _classes = new WishClasses(_topology, request.Pools.Any(p => p.Pool.Taints.Any(t => t.Effect == Taints.PreferNoSchedule)), request.Policy);
        _policy = request.Policy;
    }

    /// <summary>Plans. The same request gives the same plan.</summary>
    public static ProvisioningPlan Plan(ProvisioningRequest request)
    {
        var planner = new ProvisioningPlanner(request);
        planner.PlaceAll(Order(request.Pods));
        return new(planner.Emit(), planner._assigned, planner._unplaced) { Order = planner._placed };
    }

    /// <summary>What is asked of the cloud; a claim whose list of types, cut to what may be asked for at once, no longer has the values that its pool wants is not.</summary>
    private List<PlannedClaim> Emit()
    {
        var claims = new List<PlannedClaim>();
        foreach (var claim in _open.Select(ClaimEmission.Emit))
        {
            if (!_policy.BestEffortMinValues && MinValues.Violated(claim.Types, claim.Requirements) is { } key)
            {
                _unplaced.AddRange(claim.Pods.Select(p => new UnplacedPod(p, [Explanations.ForPool(claim.Pool.Name, default, $"minValues requirement is not met for label {key} with {ClaimEmission.MaxTypes} instance types")])));
                _placed.RemoveAll(p => claim.Pods.Contains(p));
                continue;
            }

            claims.Add(claim);
        }

        return claims;
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
        var failed = new Dictionary<string, IReadOnlyList<PoolReason>>(StringComparer.Ordinal);
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
    private IReadOnlyList<PoolReason>? Place(PodInfo pod, out bool mayChange)
    {
        mayChange = false;
        if (pod.Volumes.Blocked is { } blocked)
        {
            return [PoolReason.Of(blocked)];
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
            return [PoolReason.Of(e.Message)];
        }

        var reasons = new List<PoolReason>();
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
        return wanted.Reasons = reasons.Count == 0 ? [PoolReason.Of(NoPools())] : reasons;
    }

    private bool TryPlace(PodInfo pod, PodWishes wishes, List<PoolReason> reasons)
    {
        var rules = wishes.Rules(_topology);
        for (var i = wishes.RefusedBy; i < _nodes.Length; i++)
        {
            if (_nodes[i].TryAdd(pod, wishes, rules))
            {
                _assigned.Add(new(pod, _nodes[i].Name));
                return true;
            }

            wishes.RefusedBy += rules.IsFree && i == wishes.RefusedBy && _nodes[i].TakesAny ? 1 : 0;
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

    private bool TryOpen(PodInfo pod, PodWishes wishes, TopologyRules rules, List<PoolReason> reasons)
    {
        foreach (var budget in _pools)
        {
            var affordable = budget.Affordable();
            if (affordable.IsEmpty)
            {
                reasons.Add(Explanations.LimitsReached(budget.Pool.Name));
                continue;
            }

            var claim = OpenClaim.Open(budget.Pool, budget.Daemons, affordable, _open.Count + 1, _policy.BestEffortMinValues);
            if (claim.TryAdd(pod, wishes, rules, explain: true) is { } why)
            {
                reasons.Add(Explanations.ForPool(budget.Pool.Name, budget.Daemons.Least(budget.Pool.All), why));
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
