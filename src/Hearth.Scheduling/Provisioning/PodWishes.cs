using Hearth.Kube.Core;
using Hearth.Scheduling.Fit;
using Hearth.Scheduling.Provisioning.Topology;
using Hearth.Scheduling.Requirements;

namespace Hearth.Scheduling.Provisioning;

/// <summary>
/// What the pods of one class ask of a node in Karpenter's way: the first of their alternatives and all of their wishes count as demands; when nothing can be found,
/// one is given up after the other (kubernetes-sigs/karpenter, scheduling/preferences.go). Belongs to one plan.
/// </summary>
internal sealed class PodWishes
{
    private readonly Held _held;
    private TopologyRules? _rules;

    private PodWishes(PodInfo pod, Held held)
    {
        (Pod, _held) = (pod, held);
        var requirements = RequirementSet.OfLabels(pod.NodeSelector);
        if (pod.RequiredNodeTerms is { Count: > 0 } terms)
        {
            requirements = requirements.Add(Demands(terms[held.FirstTerm]));
        }

        Strict = requirements;
        Requirements = held.Node.Count > 0 ? requirements.Add(Demands(held.Node[0].Term)) : requirements;
    }

    /// <summary>One pod of the class.</summary>
    public PodInfo Pod { get; }

    /// <summary>Demands with the wishes that are still held.</summary>
    public RequirementSet Requirements { get; }

    /// <summary>Demands alone.</summary>
    public RequirementSet Strict { get; }

    public IReadOnlyList<Toleration> Tolerations => _held.Tolerations;

    /// <summary>Pod affinity, the wishes among it that are still held.</summary>
    public IEnumerable<PodTerm> Affinity => Pod.PodAffinity.Concat(_held.Near.Select(w => w.Term));

    /// <summary>Pod anti-affinity, the wishes among it that are still held.</summary>
    public IEnumerable<PodTerm> AntiAffinity => Pod.PodAntiAffinity.Concat(_held.Apart.Select(w => w.Term));

    /// <summary>Topology spread, the wishes among it that are still held.</summary>
    public IEnumerable<SpreadTerm> Spread => Pod.Spread.Where(s => s.Required).Concat(_held.Spread);

    /// <summary>All demands and wishes.</summary>
    /// <exception cref="FormatException">An operator or bound cannot be read.</exception>
    public static PodWishes Of(PodInfo pod, SolvePolicy? policy = null) => new(pod, policy?.IgnorePreferences == true ? new Held(0, [], [], [], [], pod.Tolerations) : new Held(
        0,
        [.. pod.PreferredPodAffinity.OrderByDescending(p => p.Weight)],
        [.. pod.PreferredPodAntiAffinity.OrderByDescending(p => p.Weight)],
        [.. pod.PreferredNodeTerms.OrderByDescending(p => p.Weight)],
        [.. pod.Spread.Where(s => !s.Required)],
        pod.Tolerations));

    /// <summary>
    /// So many present nodes, from the first on, have refused the class for good: they only fill, and what they are does not change. Holds for one plan, and only where no rule
    /// about other pods can change a no into a yes.
    /// </summary>
    public int RefusedBy { get; set; }

    /// <summary>What other pods mean to the class, worked out once.</summary>
    public TopologyRules Rules(PlanTopology? topology) => _rules ??= topology?.RulesOf(this) ?? TopologyRules.None;

    /// <summary>With one thing given up, or null when there is nothing left to give up.</summary>
    /// <param name="taintsAreWishes">Some pool has a PreferNoSchedule taint.</param>
    public PodWishes? Relax(bool taintsAreWishes)
    {
        if (Pod.RequiredNodeTerms is { } terms && _held.FirstTerm + 1 < terms.Count)
        {
            return new(Pod, _held with { FirstTerm = _held.FirstTerm + 1 });
        }

        if (_held.Near.Count > 0)
        {
            return new(Pod, _held with { Near = [.. _held.Near.Skip(1)] });
        }

        if (_held.Apart.Count > 0)
        {
            return new(Pod, _held with { Apart = [.. _held.Apart.Skip(1)] });
        }

        if (_held.Node.Count > 0)
        {
            return new(Pod, _held with { Node = [.. _held.Node.Skip(1)] });
        }

        if (_held.Spread.Count > 0)
        {
            return new(Pod, _held with { Spread = [.. _held.Spread.Skip(1)] });
        }

        var tolerated = Tolerations.Any(t => t is { Key: null, Operator: "Exists", Effect: Taints.PreferNoSchedule });
        return taintsAreWishes && !tolerated
            ? new(Pod, _held with { Tolerations = [.. Tolerations, new Toleration { Operator = "Exists", Effect = Taints.PreferNoSchedule }] })
            : null;
    }

    private static IEnumerable<Requirement> Demands(NodeTerm term) => (term.Source.MatchExpressions ?? []).Select(Requirement.From);

    /// <summary>What is not given up yet, heaviest first.</summary>
    private sealed record Held(
        int FirstTerm, IReadOnlyList<WeightedPodTerm> Near, IReadOnlyList<WeightedPodTerm> Apart, IReadOnlyList<WeightedNodeTerm> Node, IReadOnlyList<SpreadTerm> Spread,
        IReadOnlyList<Toleration> Tolerations);
}
