using Hearth.Kube.Core;
using Hearth.Kube.Selectors;

namespace Hearth.Scheduling.Fit;

/// <summary>One term of pod affinity or anti-affinity: pods that match, within one topology domain.</summary>
public sealed class PodTerm
{
    private readonly LabelSelector? _selector;
    private readonly LabelSelector? _namespaceSelector;
    private readonly IReadOnlyList<string> _namespaces;

    private PodTerm(PodAffinityTerm source, string ownNamespace, IReadOnlyDictionary<string, string> ownLabels)
    {
        TopologyKey = source.TopologyKey ?? "";
        _selector = Selectors.Narrow(Selectors.Compile(source.LabelSelector), source.MatchLabelKeys, source.MismatchLabelKeys, ownLabels);
        _namespaceSelector = Selectors.Compile(source.NamespaceSelector);
        _namespaces = source.Namespaces is { Count: > 0 } named ? named : source.NamespaceSelector is null ? [ownNamespace] : [];
    }

    /// <summary>Label of nodes that names the domain.</summary>
    public string TopologyKey { get; }

    /// <summary>From an object's term.</summary>
    /// <param name="source">The term.</param>
    /// <param name="ownNamespace">Namespace of the pod that has it.</param>
    /// <param name="ownLabels">Labels of the pod that has it, for <c>matchLabelKeys</c>.</param>
    public static PodTerm From(PodAffinityTerm source, string ownNamespace, IReadOnlyDictionary<string, string> ownLabels) => new(source, ownNamespace, ownLabels);

    /// <summary>Whether a pod is one of those the term speaks of: of one of its namespaces, or of one whose labels its namespace selector matches.</summary>
    public bool Matches(PodInfo pod, NamespaceLabels namespaces) =>
        _selector is not null
        && (_namespaces.Contains(pod.Namespace, StringComparer.Ordinal) || _namespaceSelector?.Matches(namespaces.Of(pod.Namespace)) == true)
        && _selector.Matches(pod.Labels);
}

/// <summary>A wish of a pod: domains with pods that match it are better (or, for anti-affinity, worse) by its weight (1-100).</summary>
public sealed record WeightedPodTerm(int Weight, PodTerm Term);

/// <summary>A topology spread constraint, ready to be matched.</summary>
public sealed class SpreadTerm
{
    private readonly LabelSelector? _selector;
    private readonly bool _honorsAffinity;
    private readonly bool _honorsTaints;

    private SpreadTerm(TopologySpreadConstraint source, IReadOnlyDictionary<string, string> ownLabels)
    {
        TopologyKey = source.TopologyKey ?? "";
        MaxSkew = source.MaxSkew ?? 1;
        MinDomains = source.MinDomains ?? 1;
        Required = !string.Equals(source.WhenUnsatisfiable, "ScheduleAnyway", StringComparison.Ordinal);
        _honorsAffinity = !string.Equals(source.NodeAffinityPolicy, "Ignore", StringComparison.Ordinal);
        _honorsTaints = string.Equals(source.NodeTaintsPolicy, "Honor", StringComparison.Ordinal);
        _selector = Selectors.Narrow(Selectors.Compile(source.LabelSelector), source.MatchLabelKeys, null, ownLabels);
    }

    /// <summary>Label of nodes that names the domain.</summary>
    public string TopologyKey { get; }

    /// <summary>Largest allowed difference of pod counts between domains.</summary>
    public int MaxSkew { get; }

    /// <summary>With fewer eligible domains than this the lowest count is taken to be 0.</summary>
    public int MinDomains { get; }

    /// <summary>DoNotSchedule, as against ScheduleAnyway.</summary>
    public bool Required { get; }

    /// <summary>From an object's constraint.</summary>
    public static SpreadTerm From(TopologySpreadConstraint source, IReadOnlyDictionary<string, string> ownLabels) => new(source, ownLabels);

    /// <summary>Whether a pod of the same namespace counts; one that is being deleted does not.</summary>
    public bool Matches(PodInfo pod, string ns) =>
        _selector is not null && !pod.IsTerminating && string.Equals(pod.Namespace, ns, StringComparison.Ordinal) && _selector.Matches(pod.Labels);

    /// <summary>How many pods of a node count.</summary>
    public int Count(NodeInfo node, string ns)
    {
        var count = 0;
        foreach (var pod in node.Pods)
        {
            count += Matches(pod, ns) ? 1 : 0;
        }

        return count;
    }

    /// <summary>Whether a node's domain takes part: <c>nodeAffinityPolicy</c> (Honor unless said otherwise) and <c>nodeTaintsPolicy</c> (Ignore unless said otherwise).</summary>
    public bool Includes(PodInfo pod, NodeInfo node) =>
        (!_honorsAffinity || pod.AcceptsLabels(node.Name, node.Labels))
        && (!_honorsTaints || Taints.FirstUntolerated(node.Taints, pod.Tolerations) is null);
}
