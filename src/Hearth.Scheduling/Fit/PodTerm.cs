using Hearth.Kube.Core;
using Hearth.Kube.Selectors;

namespace Hearth.Scheduling.Fit;

/// <summary>One term of pod affinity or anti-affinity: pods that match, within one topology domain.</summary>
public sealed class PodTerm
{
    private readonly LabelSelector? _selector;
    private readonly LabelSelector? _namespaceSelector;
    private readonly IReadOnlyList<string> _namespaces;
    private string? _identity;

    private PodTerm(PodAffinityTerm source, string ownNamespace, IReadOnlyDictionary<string, string> ownLabels)
    {
        TopologyKey = source.TopologyKey ?? "";
        _selector = Selectors.Narrow(Selectors.Compile(source.LabelSelector), source.MatchLabelKeys, source.MismatchLabelKeys, ownLabels);
        _namespaceSelector = Selectors.Compile(source.NamespaceSelector);
        _namespaces = source.Namespaces is { Count: > 0 } named ? named : source.NamespaceSelector is null ? [ownNamespace] : [];
    }

    /// <summary>Label of nodes that names the domain.</summary>
    public string TopologyKey { get; }

    /// <summary>Equal for terms that speak of the same pods and the same domains.</summary>
    public string Identity => _identity ??= $"{TopologyKey}|{string.Join(',', _namespaces.Order(StringComparer.Ordinal))}|{Selectors.Identity(_namespaceSelector)}|{Selectors.Identity(_selector)}";

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
    private string? _identity;

    private SpreadTerm(TopologySpreadConstraint source, IReadOnlyDictionary<string, string> ownLabels)
    {
        TopologyKey = source.TopologyKey ?? "";
        MaxSkew = source.MaxSkew ?? 1;
        MinDomains = source.MinDomains ?? 1;
        Required = !string.Equals(source.WhenUnsatisfiable, "ScheduleAnyway", StringComparison.Ordinal);
        HonorsAffinity = !string.Equals(source.NodeAffinityPolicy, "Ignore", StringComparison.Ordinal);
        HonorsTaints = string.Equals(source.NodeTaintsPolicy, "Honor", StringComparison.Ordinal);
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

    /// <summary><c>nodeAffinityPolicy</c>: only nodes that the pod's selector and required node affinity accept take part (unless said otherwise).</summary>
    public bool HonorsAffinity { get; }

    /// <summary><c>nodeTaintsPolicy</c>: nodes whose taints the pod does not tolerate take no part (only if said so).</summary>
    public bool HonorsTaints { get; }

    /// <summary>Equal for constraints that ask for the same; which nodes take part depends on the pod besides.</summary>
    public string Identity => _identity ??= $"{TopologyKey}|{MaxSkew}|{MinDomains}|{HonorsAffinity}|{HonorsTaints}|{Selectors.Identity(_selector)}";

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

    /// <summary>Whether a node's domain takes part.</summary>
    public bool Includes(PodInfo pod, NodeInfo node) =>
        (!HonorsAffinity || pod.AcceptsLabels(node.Name, node.Labels))
        && (!HonorsTaints || Taints.FirstUntolerated(node.Taints, pod.Tolerations) is null);
}
