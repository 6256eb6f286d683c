using Hearth.Kube.Core;
using Hearth.Scheduling.Fit;
using Hearth.Scheduling.Requirements;

namespace Hearth.Scheduling.Provisioning.Topology;

/// <summary>Which nodes take part in a pod's spread constraint (<c>nodeAffinityPolicy</c>, <c>nodeTaintsPolicy</c>): selector and required node affinity of the pod, its tolerations.</summary>
internal sealed class TopologyNodeFilter
{
    private readonly RequirementSet[]? _alternatives;
    private readonly IReadOnlyList<Toleration>? _tolerations;

    /// <summary>The filter of one constraint of a pod.</summary>
    /// <exception cref="FormatException">An operator or bound of its node affinity cannot be read.</exception>
    public TopologyNodeFilter(PodInfo pod, SpreadTerm term)
    {
        _tolerations = term.HonorsTaints ? pod.Tolerations : null;
        if (term.HonorsAffinity && (pod.NodeSelector.Count > 0 || pod.RequiredNodeTerms is { Count: > 0 }))
        {
            var selector = RequirementSet.OfLabels(pod.NodeSelector);
            _alternatives = pod.RequiredNodeTerms is { Count: > 0 } terms
                ? [.. terms.Select(t => selector.Add((t.Source.MatchExpressions ?? []).Select(Requirement.From)))]
                : [selector];
        }

        Identity = $"{string.Join("||", (_alternatives ?? []).Select(a => a.ToString()))}|{string.Join(';', (_tolerations ?? []).Select(t => $"{t.Key} {t.Operator} {t.Value} {t.Effect}"))}";
    }

    /// <summary>Equal for filters that let the same nodes pass.</summary>
    public string Identity { get; }

    /// <summary>Whether a node takes part.</summary>
    public bool Matches(IReadOnlyList<Taint> taints, RequirementSet node, Func<string, bool> mayBeUndefined) =>
        (_alternatives is null || Array.Exists(_alternatives, a => node.Conflict(a, mayBeUndefined) is null))
        && (_tolerations is null || Taints.FirstUntolerated(taints, _tolerations) is null);
}
