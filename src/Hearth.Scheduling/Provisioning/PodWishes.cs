using Hearth.Kube.Core;
using Hearth.Scheduling.Fit;
using Hearth.Scheduling.Requirements;

namespace Hearth.Scheduling.Provisioning;

/// <summary>
/// What a pod asks of a node in Karpenter's way: the first of its alternatives and the heaviest of its wishes count as demands; when nothing can be found, one
/// is given up after the other (kubernetes-sigs/karpenter, scheduling/preferences.go). Immutable.
/// </summary>
internal sealed class PodWishes
{
    private readonly int _firstTerm;
    private readonly IReadOnlyList<WeightedNodeTerm> _preferred;

    private PodWishes(PodInfo pod, int firstTerm, IReadOnlyList<WeightedNodeTerm> preferred, IReadOnlyList<Toleration> tolerations)
    {
        Pod = pod;
        _firstTerm = firstTerm;
        _preferred = preferred;
        Tolerations = tolerations;
        var requirements = RequirementSet.OfLabels(pod.NodeSelector);
        if (pod.RequiredNodeTerms is { Count: > 0 } terms)
        {
            requirements = requirements.Add(Demands(terms[firstTerm]));
        }

        Strict = requirements;
        Requirements = preferred.Count > 0 ? requirements.Add(Demands(preferred[0].Term)) : requirements;
    }

    public PodInfo Pod { get; }

    /// <summary>Demands with the wishes that are still held.</summary>
    public RequirementSet Requirements { get; }

    /// <summary>Demands alone.</summary>
    public RequirementSet Strict { get; }

    public IReadOnlyList<Toleration> Tolerations { get; }

    /// <summary>All demands and wishes.</summary>
    /// <exception cref="FormatException">An operator or bound cannot be read.</exception>
    public static PodWishes Of(PodInfo pod) =>
        new(pod, 0, [.. pod.PreferredNodeTerms.OrderByDescending(p => p.Weight)], pod.Tolerations);

    /// <summary>With one thing given up, or null when there is nothing left to give up.</summary>
    /// <param name="taintsAreWishes">Some pool has a PreferNoSchedule taint.</param>
    public PodWishes? Relax(bool taintsAreWishes)
    {
        if (Pod.RequiredNodeTerms is { } terms && _firstTerm + 1 < terms.Count)
        {
            return new(Pod, _firstTerm + 1, _preferred, Tolerations);
        }

        if (_preferred.Count > 0)
        {
            return new(Pod, _firstTerm, [.. _preferred.Skip(1)], Tolerations);
        }

        var tolerated = Tolerations.Any(t => t is { Key: null, Operator: "Exists", Effect: Taints.PreferNoSchedule });
        return taintsAreWishes && !tolerated
            ? new(Pod, _firstTerm, _preferred, [.. Tolerations, new Toleration { Operator = "Exists", Effect = Taints.PreferNoSchedule }])
            : null;
    }

    private static IEnumerable<Requirement> Demands(NodeTerm term) => (term.Source.MatchExpressions ?? []).Select(Requirement.From);
}
