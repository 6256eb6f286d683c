using Hearth.Scheduling.Fit;

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
    private readonly PodClasses _classes = new();
    private readonly List<OpenClaim> _open = [];
    private readonly List<PodAssignment> _assigned = [];
    private readonly List<UnplacedPod> _unplaced = [];
    private readonly bool _taintsAreWishes;

    private ProvisioningPlanner(ProvisioningRequest request)
    {
        _nodes = [.. request.Nodes.OrderByDescending(n => n.Initialized).ThenBy(n => n.Name, StringComparer.Ordinal).Select(n => new NodeSlot(n))];
        _pools =
        [
            .. request.Pools.Where(p => p.Pool.Types.Count > 0)
                .OrderByDescending(p => p.Pool.Weight).ThenByDescending(p => p.Pool.Name, StringComparer.Ordinal)
                .Select(p => new PoolBudget(p, request.Daemons)),
        ];
        _taintsAreWishes = request.Pools.Any(p => p.Pool.Taints.Any(t => t.Effect == Taints.PreferNoSchedule));
    }

    /// <summary>Plans. The same request gives the same plan.</summary>
    public static ProvisioningPlan Plan(ProvisioningRequest request)
    {
        var planner = new ProvisioningPlanner(request);
        foreach (var pod in Order(request.Pods))
        {
            planner.Place(pod);
        }

        return new(
            [.. planner._open.Select(ClaimEmission.Emit)],
            planner._assigned,
            planner._unplaced);
    }

    /// <summary>Karpenter's queue: cpu, then memory, largest first; then age, then uid.</summary>
    public static IEnumerable<PodInfo> Order(IEnumerable<PodInfo> pods) =>
        pods.OrderByDescending(p => p.Requests.MilliCpu).ThenByDescending(p => p.Requests.Memory).ThenBy(p => p.Created).ThenBy(p => p.Uid, StringComparer.Ordinal);

    private void Place(PodInfo pod)
    {
        if (Refusal(pod) is { } refusal)
        {
            _unplaced.Add(new(pod, [refusal]));
            return;
        }

        PodWishes? wishes;
        try
        {
            wishes = PodWishes.Of(pod);
        }
        catch (FormatException e)
        {
            _unplaced.Add(new(pod, [e.Message]));
            return;
        }

        var reasons = new List<string>();
        var podClass = _classes.Of(pod) << 6;
        for (var step = 0; wishes is not null; step++)
        {
            if (TryPlace(wishes, podClass + Math.Min(step, 63), reasons))
            {
                return;
            }

            wishes = wishes.Relax(_taintsAreWishes);
        }

        _unplaced.Add(new(pod, reasons.Count == 0 ? [NoPools()] : reasons));
    }

    private bool TryPlace(PodWishes wishes, int podClass, List<string> reasons)
    {
        foreach (var node in _nodes)
        {
            if (node.TryAdd(wishes))
            {
                _assigned.Add(new(wishes.Pod, node.Name));
                return true;
            }
        }

        for (var i = 0; i < _open.Count; i++)
        {
            if (_open[i].TryAdd(wishes, podClass, explain: false) is null)
            {
                Resort(i);
                return true;
            }
        }

        reasons.Clear();
        return TryOpen(wishes, podClass, reasons);
    }

    private bool TryOpen(PodWishes wishes, int podClass, List<string> reasons)
    {
        foreach (var budget in _pools)
        {
            var affordable = budget.Affordable();
            if (affordable.IsEmpty)
            {
                reasons.Add(Explanations.LimitsReached(budget.Pool.Name));
                continue;
            }

            var claim = OpenClaim.Open(budget.Pool, budget.Daemons, affordable);
            if (claim.TryAdd(wishes, podClass, explain: true) is { } why)
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

    private static string? Refusal(PodInfo pod)
    {
        if (pod.Volumes.Blocked is { } blocked)
        {
            return blocked;
        }

        return pod.PodAffinity.Count > 0 || pod.PodAntiAffinity.Count > 0 || pod.Spread.Any(s => s.Required)
            ? "required pod affinity, pod anti-affinity and DoNotSchedule topology spread are not considered when nodes are launched: prefer them instead, or let existing nodes take the pod"
            : null;
    }
}
