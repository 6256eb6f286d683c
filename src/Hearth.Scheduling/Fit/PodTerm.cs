using Hearth.Kube.Core;
using Hearth.Kube.Selectors;

namespace Hearth.Scheduling.Fit;

/// <summary>One term of pod affinity or anti-affinity: pods that match, within one topology domain.</summary>
public sealed class PodTerm
{
    private readonly LabelSelector? _selector;
    private readonly IReadOnlyList<string> _namespaces;

    private PodTerm(PodAffinityTerm source, string ownNamespace)
    {
        TopologyKey = source.TopologyKey ?? "";
        _selector = Selectors.Compile(source.LabelSelector);
        HasNamespaceSelector = source.NamespaceSelector is { } byLabel && (byLabel.MatchLabels?.Count > 0 || byLabel.MatchExpressions?.Count > 0);
        AllNamespaces = source.NamespaceSelector is not null && !HasNamespaceSelector;
        _namespaces = source.Namespaces is { Count: > 0 } named ? named : source.NamespaceSelector is null ? [ownNamespace] : [];
    }

    /// <summary>Label of nodes that names the domain.</summary>
    public string TopologyKey { get; }

    /// <summary>An empty namespace selector means every namespace.</summary>
    public bool AllNamespaces { get; }

    /// <summary>A namespace selector by labels, which is not supported yet.</summary>
    public bool HasNamespaceSelector { get; }

    /// <summary>From an object's term.</summary>
    public static PodTerm From(PodAffinityTerm source, string ownNamespace) => new(source, ownNamespace);

    /// <summary>Whether a pod is one of those the term speaks of.</summary>
    public bool Matches(PodInfo pod) =>
        _selector is not null && (AllNamespaces || _namespaces.Contains(pod.Namespace, StringComparer.Ordinal)) && _selector.Matches(pod.Labels);
}

/// <summary>A topology spread constraint, ready to be matched.</summary>
public sealed class SpreadTerm
{
    private readonly LabelSelector? _selector;

    private SpreadTerm(TopologySpreadConstraint source)
    {
        TopologyKey = source.TopologyKey ?? "";
        MaxSkew = source.MaxSkew ?? 1;
        MinDomains = source.MinDomains ?? 1;
        Required = !string.Equals(source.WhenUnsatisfiable, "ScheduleAnyway", StringComparison.Ordinal);
        _selector = Selectors.Compile(source.LabelSelector);
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
    public static SpreadTerm From(TopologySpreadConstraint source) => new(source);

    /// <summary>Whether a pod of the same namespace counts.</summary>
    public bool Matches(PodInfo pod, string ns) =>
        _selector is not null && string.Equals(pod.Namespace, ns, StringComparison.Ordinal) && _selector.Matches(pod.Labels);
}
