using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Hearth.Kube.Core;
using Hearth.Kube.Objects;
using Hearth.Kube.Quantities;

namespace Hearth.Scheduling.Karpenter;

/// <summary>A pool of nodes that Karpenter may launch (karpenter.sh/v1, cluster scope).</summary>
public sealed record NodePool : IKubeObject<NodePool>
{
    /// <inheritdoc/>
    public static ResourceType Type { get; } = new("karpenter.sh", "v1", "nodepools", "NodePool", false);

    /// <inheritdoc/>
    [JsonIgnore]
    public static JsonTypeInfo<NodePool> Json => KarpenterJson.Default.NodePool;

    /// <inheritdoc/>
    public ObjectMeta Metadata { get; init; } = new();
    public NodePoolSpec? Spec { get; init; }
    public NodePoolStatus? Status { get; init; }
}

/// <summary>What the pool may launch and when it lets nodes go.</summary>
public sealed record NodePoolSpec
{
    public NodeClaimTemplate? Template { get; init; }
    public Disruption? Disruption { get; init; }

    /// <summary>By resource, and <c>nodes</c>; absent means unlimited.</summary>
    public IReadOnlyDictionary<string, Quantity>? Limits { get; init; }

    /// <summary>1-100, absent is 0; higher first.</summary>
    public int? Weight { get; init; }
}

/// <summary>What every claim of the pool begins with.</summary>
public sealed record NodeClaimTemplate
{
    public NodeClaimTemplateMetadata? Metadata { get; init; }
    public NodeClaimSpec? Spec { get; init; }
}

/// <summary>Labels and annotations of the pool's nodes.</summary>
public sealed record NodeClaimTemplateMetadata
{
    public IReadOnlyDictionary<string, string>? Labels { get; init; }
    public IReadOnlyDictionary<string, string>? Annotations { get; init; }
}

/// <summary>When nodes may be taken away.</summary>
public sealed record Disruption
{
    /// <summary>WhenEmpty, WhenEmptyOrUnderutilized (default) or Balanced.</summary>
    public string? ConsolidationPolicy { get; init; }

    /// <summary>A duration or <c>Never</c>; default <c>0s</c>.</summary>
    public string? ConsolidateAfter { get; init; }

    /// <summary>Absent: 10 % of the nodes at a time; an empty list: no bound.</summary>
    public IReadOnlyList<Budget>? Budgets { get; init; }
}

/// <summary>How many nodes of a pool may be disrupted at a time.</summary>
public sealed record Budget
{
    /// <summary>A count or a percentage.</summary>
    public string? Nodes { get; init; }

    /// <summary>Empty, Underutilized, Drifted; absent means all.</summary>
    public IReadOnlyList<string>? Reasons { get; init; }

    /// <summary>Cron expression (UTC) from whose hits the budget holds for <see cref="Duration"/>.</summary>
    public string? Schedule { get; init; }
    public string? Duration { get; init; }
}

/// <summary>What the pool has.</summary>
public sealed record NodePoolStatus
{
    public IReadOnlyDictionary<string, Quantity>? Resources { get; init; }
    public long? Nodes { get; init; }
    public IReadOnlyList<Condition>? Conditions { get; init; }
}
