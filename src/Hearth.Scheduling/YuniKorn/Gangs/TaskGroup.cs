using System.Text.Json.Nodes;
using Hearth.Kube.Quantities;
using Hearth.Scheduling.Resources;

namespace Hearth.Scheduling.YuniKorn.Gangs;

/// <summary>A group of a gang: so many pods of such a size, in such a place.</summary>
public sealed record TaskGroup
{
    public required string Name { get; init; }

    /// <summary>How many places are held; at least 1.</summary>
    public required int MinMember { get; init; }

    /// <summary>What one place is, by Kubernetes names of resources.</summary>
    public required IReadOnlyDictionary<string, Quantity> MinResource { get; init; }

    /// <summary>Extra labels of placeholders.</summary>
    public JsonObject? Labels { get; init; }

    /// <summary>Extra annotations of placeholders.</summary>
    public JsonObject? Annotations { get; init; }
    public JsonObject? NodeSelector { get; init; }
    public JsonArray? Tolerations { get; init; }
    public JsonObject? Affinity { get; init; }
    public JsonArray? TopologySpreadConstraints { get; init; }

    /// <summary>What one placeholder takes, itself included.</summary>
    public ResourceVector PerMember => ResourceVector.From(MinResource).With(ResourceNames.Pods, 1);

    /// <summary>What all placeholders of some groups take together.</summary>
    public static ResourceVector Total(IEnumerable<TaskGroup> groups) =>
        groups.Aggregate(ResourceVector.Zero, (sum, g) => sum + g.PerMember.Times(g.MinMember));
}
