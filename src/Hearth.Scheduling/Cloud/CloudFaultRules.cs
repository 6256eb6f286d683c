using System.Globalization;
using System.IO.Enumeration;
using Hearth.Kube.Core;
using Hearth.Scheduling.Karpenter;
using Hearth.Scheduling.Provisioning;

namespace Hearth.Scheduling.Cloud;

/// <summary>Whom a fault hits and when. Chance comes from the fault's seed and the number of the draw alone: the same order of launches has the same luck.</summary>
public static class CloudFaultRules
{
    private static readonly TimeSpan Ec2Notice = TimeSpan.FromMinutes(2);

    /// <summary>When it stops working, or null when only its deletion ends it.</summary>
    /// <exception cref="FormatException">A duration cannot be read.</exception>
    public static DateTimeOffset? EndsAt(CloudFault fault) =>
        fault.Spec?.Duration is { } text && KarpenterDuration.Parse(text) is { } duration ? (fault.Metadata.CreationTimestamp ?? default) + duration : null;

    /// <summary>Whether it still works.</summary>
    public static bool IsActive(CloudFault fault, DateTimeOffset now) => fault.Metadata.DeletionTimestamp is null && !(EndsAt(fault) <= now);

    /// <summary>Whether a launch of this offering is refused.</summary>
    /// <param name="fault">Any fault.</param>
    /// <param name="offering">What would be launched.</param>
    /// <param name="draw">Number of the launch attempt.</param>
    /// <param name="now">The time.</param>
    public static bool Refuses(CloudFault fault, OfferingKey offering, long draw, DateTimeOffset now) =>
        fault.Spec?.Type == CloudFaultSpec.InsufficientCapacity && IsActive(fault, now)
        && Matches(fault.Spec, offering.InstanceType, offering.Zone, offering.CapacityType) && IsHit(fault.Spec, draw);

    /// <summary>
    /// When an interruption happens the next time, or null when it does not any more. Rounds that fell into a time when nothing ran are not made up for.
    /// </summary>
    public static DateTimeOffset? NextRound(CloudFault fault, DateTimeOffset now)
    {
        var (start, done) = (fault.Metadata.CreationTimestamp ?? now, fault.Status?.Rounds ?? 0);
        if (fault.Spec?.Type != CloudFaultSpec.SpotInterruption || !IsActive(fault, now))
        {
            return null;
        }

        if (done == 0)
        {
            return start;
        }

        return fault.Spec.Every is { } text && KarpenterDuration.Parse(text) is { Ticks: > 0 } every && start + (every * done) is var next && !(EndsAt(fault) <= next) ? next : null;
    }

    /// <summary>Nodes that one round hits, in the order of their age.</summary>
    /// <param name="fault">An interruption.</param>
    /// <param name="nodes">All nodes.</param>
    /// <param name="round">From 0.</param>
    public static IReadOnlyList<Node> Interrupted(CloudFault fault, IEnumerable<Node> nodes, int round)
    {
        var spec = fault.Spec ?? new CloudFaultSpec();
        return
        [
            .. nodes
                .Where(n => n.Metadata.DeletionTimestamp is null && IsSpotOf(n, spec)
                    && Matches(spec, n.Metadata.Label(KarpenterLabels.InstanceType) ?? "", n.Metadata.Label(KarpenterLabels.Zone) ?? "", KarpenterLabels.Spot))
                .OrderBy(n => n.Metadata.CreationTimestamp).ThenBy(n => n.Metadata.Name, StringComparer.Ordinal)
                .Where((_, i) => IsHit(spec, (round * 100_000L) + i)),
        ];
    }

    /// <summary>A spot node of a pool or of a managed node group that the fault speaks of. Naming one kind leaves out the other.</summary>
    private static bool IsSpotOf(Node node, CloudFaultSpec spec)
    {
        if (node.Metadata.Label(KarpenterLabels.NodePool) is { } pool)
        {
            return node.Metadata.Label(KarpenterLabels.CapacityType) == KarpenterLabels.Spot && (spec.NodePools is { Count: > 0 } || spec.NodeGroups is null or { Count: 0 }) && Listed(spec.NodePools, pool);
        }

        return node.Metadata.Label(KarpenterLabels.NodeGroup) is { } group && node.Metadata.Label(KarpenterLabels.NodeGroupCapacityType) == "SPOT"
            && (spec.NodeGroups is { Count: > 0 } || spec.NodePools is null or { Count: 0 }) && Listed(spec.NodeGroups, group);
    }

    /// <summary>Time from the notice to the end of the instance.</summary>
    /// <exception cref="FormatException">It cannot be read.</exception>
    public static TimeSpan Notice(CloudFault fault) => fault.Spec?.Notice is { } text ? KarpenterDuration.Parse(text) ?? Ec2Notice : Ec2Notice;

    private static bool Matches(CloudFaultSpec spec, string type, string zone, string capacityType) =>
        Listed(spec.InstanceTypes, type) && Listed(spec.Zones, zone) && Listed(spec.CapacityTypes, capacityType);

    private static bool Listed(IReadOnlyList<string>? patterns, string value) =>
        patterns is null or { Count: 0 } || patterns.Any(p => FileSystemName.MatchesSimpleExpression(p, value, ignoreCase: false));

    private static bool IsHit(CloudFaultSpec spec, long draw)
    {
        var number = ObjectHash.Fnv(string.Create(CultureInfo.InvariantCulture, $"{spec.Seed ?? 0}/{draw}"));
        number = (number ^ (number >> 33)) * 0xff51afd7ed558ccdUL; // FNV alone leaves the high bits of short texts alike
        number ^= number >> 33;
        return number / (double)ulong.MaxValue < (spec.Probability ?? 1);
    }
}
