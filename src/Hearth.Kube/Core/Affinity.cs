namespace Hearth.Kube.Core;
/// <summary>Where a pod wants or needs to be.</summary>
public sealed record Affinity
{
    public NodeAffinity? NodeAffinity { get; init; }
    public PodAffinity? PodAffinity { get; init; }
    public PodAffinity? PodAntiAffinity { get; init; }
}

/// <summary>By node labels.</summary>
public sealed record NodeAffinity
{
    public NodeSelector? RequiredDuringSchedulingIgnoredDuringExecution { get; init; }
    public IReadOnlyList<PreferredSchedulingTerm>? PreferredDuringSchedulingIgnoredDuringExecution { get; init; }
}

/// <summary>Terms are alternatives.</summary>
public sealed record NodeSelector
{
    public IReadOnlyList<NodeSelectorTerm>? NodeSelectorTerms { get; init; }
}

/// <summary>All expressions must hold.</summary>
public sealed record NodeSelectorTerm
{
    public IReadOnlyList<NodeSelectorRequirement>? MatchExpressions { get; init; }
    public IReadOnlyList<NodeSelectorRequirement>? MatchFields { get; init; }
}

/// <summary>Operator is In, NotIn, Exists, DoesNotExist, Gt or Lt.</summary>
public sealed record NodeSelectorRequirement
{
    public string? Key { get; init; }
    public string? Operator { get; init; }
    public IReadOnlyList<string>? Values { get; init; }
    public int? MinValues { get; init; }
}

/// <summary>A wish with a weight (1-100).</summary>
public sealed record PreferredSchedulingTerm
{
    public int? Weight { get; init; }
    public NodeSelectorTerm? Preference { get; init; }
}

/// <summary>By other pods.</summary>
public sealed record PodAffinity
{
    public IReadOnlyList<PodAffinityTerm>? RequiredDuringSchedulingIgnoredDuringExecution { get; init; }
    public IReadOnlyList<WeightedPodAffinityTerm>? PreferredDuringSchedulingIgnoredDuringExecution { get; init; }
}

/// <summary>Pods that match, within a topology.</summary>
public sealed record PodAffinityTerm
{
    public ObjectSelector? LabelSelector { get; init; }
    public IReadOnlyList<string>? Namespaces { get; init; }
    public ObjectSelector? NamespaceSelector { get; init; }
    public string? TopologyKey { get; init; }
    public IReadOnlyList<string>? MatchLabelKeys { get; init; }
    public IReadOnlyList<string>? MismatchLabelKeys { get; init; }
}

/// <summary>A wish with a weight (1-100).</summary>
public sealed record WeightedPodAffinityTerm
{
    public int? Weight { get; init; }
    public PodAffinityTerm? PodAffinityTerm { get; init; }
}

/// <summary>How evenly pods spread.</summary>
public sealed record TopologySpreadConstraint
{
    public int? MaxSkew { get; init; }
    public string? TopologyKey { get; init; }
    public string? WhenUnsatisfiable { get; init; }
    public ObjectSelector? LabelSelector { get; init; }
    public int? MinDomains { get; init; }
    public string? NodeAffinityPolicy { get; init; }
    public string? NodeTaintsPolicy { get; init; }
    public IReadOnlyList<string>? MatchLabelKeys { get; init; }
}

/// <summary>A taint a pod bears; operator is Equal (default) or Exists.</summary>
public sealed record Toleration
{
    public string? Key { get; init; }
    public string? Operator { get; init; }
    public string? Value { get; init; }
    public string? Effect { get; init; }
    public long? TolerationSeconds { get; init; }
}

/// <summary>A label selector as objects carry it (meta/v1 LabelSelector).</summary>
public sealed record ObjectSelector
{
    public IReadOnlyDictionary<string, string>? MatchLabels { get; init; }
    public IReadOnlyList<NodeSelectorRequirement>? MatchExpressions { get; init; }
}
