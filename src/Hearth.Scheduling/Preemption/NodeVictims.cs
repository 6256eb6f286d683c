using Hearth.Scheduling.Fit;

namespace Hearth.Scheduling.Preemption;

/// <summary>The pods that must leave one node, most important first, and how many of them break a disruption budget.</summary>
/// <param name="Node">The node.</param>
/// <param name="Pods">At least one.</param>
/// <param name="Violations">Pods whose loss no budget allows.</param>
public sealed record NodeVictims(NodeInfo Node, IReadOnlyList<PodInfo> Pods, int Violations)
{
    /// <summary>Higher priority first; of equals, the one that started earlier (kube-scheduler, MoreImportantPod). A pod that has not started counts as starting now.</summary>
    public static IComparer<PodInfo> Importance { get; } = Comparer<PodInfo>.Create(static (a, b) =>
    {
        var order = b.Priority.CompareTo(a.Priority);
        order = order != 0 ? order : Start(a).CompareTo(Start(b));
        return order != 0 ? order : string.CompareOrdinal(a.Key, b.Key);
    });

    /// <summary>
    /// The fewest pods that must go from a node (SelectVictimsOnNode): all of lower priority are taken away, and as many as possible come back, those first that
    /// a budget protects and then by importance.
    /// </summary>
    /// <param name="filters">For the pod that needs room.</param>
    /// <param name="node">The node.</param>
    /// <param name="budgets">Budgets.</param>
    /// <param name="refusal">Why that does not help, when the answer is null.</param>
    public static NodeVictims? Find(PlacementFilters filters, NodeInfo node, IReadOnlyList<PodBudget> budgets, out Refusal? refusal)
    {
        var gone = new List<PodInfo>();
        var copy = node.Copy();
        foreach (var pod in node.Pods.Where(p => p.Priority < filters.Pod.Priority))
        {
            copy.Remove(pod.Key);
            gone.Add(pod);
        }

        refusal = gone.Count == 0 ? Refusal.Final(PreemptionPlanner.NoVictims) : filters.CheckWithout(copy, gone);
        if (refusal is not null)
        {
            return null;
        }

        gone.Sort(Importance);
        var (violating, others) = PodBudget.Part([.. gone], budgets);
        var broken = violating.Count(p => !Reprieve(filters, copy, gone, p));
        foreach (var pod in others)
        {
            Reprieve(filters, copy, gone, pod);
        }

        return new NodeVictims(node, gone, broken);
    }

    /// <summary>Puts a pod back if the other still fits then.</summary>
    private static bool Reprieve(PlacementFilters filters, NodeInfo copy, List<PodInfo> gone, PodInfo pod)
    {
        copy.Add(pod);
        var at = gone.IndexOf(pod);
        gone.RemoveAt(at);
        if (filters.CheckWithout(copy, gone) is null)
        {
            return true;
        }

        copy.Remove(pod.Key);
        gone.Insert(at, pod);
        return false;
    }

    /// <summary>When the earliest of the most important victims started.</summary>
    internal DateTimeOffset EarliestStart => Pods.Where(p => p.Priority == Pods[0].Priority).Min(Start);

    private static DateTimeOffset Start(PodInfo pod) => pod.Started ?? DateTimeOffset.MaxValue;
}
