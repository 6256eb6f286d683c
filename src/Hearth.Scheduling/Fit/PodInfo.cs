using Hearth.Kube.Core;
using Hearth.Scheduling.Resources;

namespace Hearth.Scheduling.Fit;

/// <summary>A port that a pod takes of its node.</summary>
/// <param name="Protocol">TCP, UDP or SCTP.</param>
/// <param name="Port">1-65535.</param>
public readonly record struct HostPort(string Protocol, int Port);

/// <summary>What decides where a pod can be, worked out once from the pod. Immutable.</summary>
public sealed class PodInfo
{
    /// <summary>Reason of the condition DisruptionTarget that the scheduler gives its victims.</summary>
    public const string PreemptionReason = "PreemptionByScheduler";

    private static readonly IReadOnlyDictionary<string, string> NoLabels = new Dictionary<string, string>(StringComparer.Ordinal);

    private readonly KeyValuePair<string, string>[] _selector;

    private PodInfo(Pod pod, PodVolumes? volumes)
    {
        var spec = pod.Spec ?? new PodSpec();
        Name = pod.Metadata.Name ?? "";
        Namespace = pod.Metadata.Namespace ?? "";
        Key = $"{Namespace}/{Name}";
        Uid = pod.Metadata.Uid ?? Key;
        Labels = pod.Metadata.Labels ?? NoLabels;
        Created = pod.Metadata.CreationTimestamp ?? DateTimeOffset.MinValue;
        NodeName = string.IsNullOrEmpty(spec.NodeName) ? null : spec.NodeName;
        Requests = PodRequests.Of(spec);
        Scored = PodRequests.Scored(spec);
        Priority = spec.Priority ?? 0;
        Started = pod.Status?.StartTime;
        IsTerminating = pod.Metadata.DeletionTimestamp is not null;
        IsPreempted = IsTerminating && (pod.Status?.Conditions ?? []).Any(c => c is { Type: "DisruptionTarget", Status: "True", Reason: PreemptionReason });
        MayPreempt = !string.Equals(spec.PreemptionPolicy, "Never", StringComparison.Ordinal);
        Tolerations = spec.Tolerations ?? [];
        NodeSelector = spec.NodeSelector ?? NoLabels;
        _selector = [.. NodeSelector];
        var node = spec.Affinity?.NodeAffinity;
        RequiredNodeTerms = node?.RequiredDuringSchedulingIgnoredDuringExecution is { } required
            ? [.. (required.NodeSelectorTerms ?? []).Select(NodeTerm.From)]
            : null;
        PreferredNodeTerms = [.. (node?.PreferredDuringSchedulingIgnoredDuringExecution ?? []).Select(p => new WeightedNodeTerm(p.Weight ?? 1, NodeTerm.From(p.Preference)))];
        PodAffinity = Terms(spec.Affinity?.PodAffinity);
        PodAntiAffinity = Terms(spec.Affinity?.PodAntiAffinity);
        PreferredPodAffinity = Wishes(spec.Affinity?.PodAffinity);
        PreferredPodAntiAffinity = Wishes(spec.Affinity?.PodAntiAffinity);
        Spread = [.. (spec.TopologySpreadConstraints ?? []).Select(s => SpreadTerm.From(s, Labels))];
        HostPorts = [.. (spec.Containers ?? []).SelectMany(c => c.Ports ?? []).Where(p => p.HostPort > 0).Select(p => new HostPort(p.Protocol ?? "TCP", p.HostPort!.Value))];
        Volumes = volumes ?? PodVolumes.None;
    }

    /// <summary><c>namespace/name</c>.</summary>
    public string Key { get; }
    public string Name { get; }
    public string Namespace { get; }
    public string Uid { get; }
    public IReadOnlyDictionary<string, string> Labels { get; }
    public DateTimeOffset Created { get; }

    /// <summary>The node it is bound to, or null.</summary>
    public string? NodeName { get; private set; }

    /// <summary>What it takes of a node.</summary>
    public ResourceVector Requests { get; }

    /// <summary>What it counts as when nodes are scored.</summary>
    public ResourceVector Scored { get; }
    public int Priority { get; }
    public bool MayPreempt { get; }

    /// <summary>When its node took note of it; null when it has not.</summary>
    public DateTimeOffset? Started { get; }

    /// <summary>It is being deleted, and holds its room until it is gone.</summary>
    public bool IsTerminating { get; private set; }

    /// <summary>It is being deleted to make room for a pod of higher priority.</summary>
    public bool IsPreempted { get; private set; }
    public IReadOnlyList<Toleration> Tolerations { get; }
    public IReadOnlyDictionary<string, string> NodeSelector { get; }

    /// <summary>Alternatives, one of which must hold; null when there is no required node affinity.</summary>
    public IReadOnlyList<NodeTerm>? RequiredNodeTerms { get; }
    public IReadOnlyList<WeightedNodeTerm> PreferredNodeTerms { get; }
    public IReadOnlyList<PodTerm> PodAffinity { get; }
    public IReadOnlyList<PodTerm> PodAntiAffinity { get; }
    public IReadOnlyList<WeightedPodTerm> PreferredPodAffinity { get; }
    public IReadOnlyList<WeightedPodTerm> PreferredPodAntiAffinity { get; }

    /// <summary>Has affinity or anti-affinity to other pods, required or preferred.</summary>
    public bool HasPodAffinity => PodAffinity.Count + PodAntiAffinity.Count + PreferredPodAffinity.Count + PreferredPodAntiAffinity.Count > 0;
    public IReadOnlyList<SpreadTerm> Spread { get; }
    public IReadOnlyList<HostPort> HostPorts { get; }

    /// <summary>What its persistent volumes demand of a node.</summary>
    public PodVolumes Volumes { get; }

    /// <summary>From a pod and what is known of its claims.</summary>
    /// <exception cref="FormatException">A quantity in it cannot be read.</exception>
    public static PodInfo From(Pod pod, PodVolumes? volumes = null) => new(pod, volumes);

    /// <summary>Whether the node selector and the required node affinity accept a node.</summary>
    public bool AcceptsLabels(string nodeName, IReadOnlyDictionary<string, string> labels)
    {
        foreach (var (key, value) in _selector)
        {
            if (!labels.TryGetValue(key, out var actual) || !string.Equals(actual, value, StringComparison.Ordinal))
            {
                return false;
            }
        }

        return RequiredNodeTerms is null || OneTermMatches(nodeName, labels);
    }

    /// <summary>The same pod once it has been told to leave for a pod of higher priority.</summary>
    public PodInfo AsPreempted()
    {
        var copy = (PodInfo)MemberwiseClone();
        copy.IsTerminating = copy.IsPreempted = true;
        return copy;
    }

    /// <summary>The same pod as if it had no node yet: to see where else it could be.</summary>
    public PodInfo Unbound()
    {
        if (NodeName is null)
        {
            return this;
        }

        var copy = (PodInfo)MemberwiseClone();
        copy.NodeName = null;
        return copy;
    }

    private PodTerm[] Terms(Kube.Core.PodAffinity? source) =>
        source?.RequiredDuringSchedulingIgnoredDuringExecution is { Count: > 0 } terms ? [.. terms.Select(t => PodTerm.From(t, Namespace, Labels))] : [];

    private WeightedPodTerm[] Wishes(Kube.Core.PodAffinity? source) =>
        source?.PreferredDuringSchedulingIgnoredDuringExecution is { Count: > 0 } wishes
            ? [.. wishes.Where(w => w.PodAffinityTerm is not null).Select(w => new WeightedPodTerm(w.Weight ?? 1, PodTerm.From(w.PodAffinityTerm!, Namespace, Labels)))]
            : [];

    private bool OneTermMatches(string nodeName, IReadOnlyDictionary<string, string> labels) => RequiredNodeTerms!.Any(t => t.Matches(nodeName, labels));

    /// <inheritdoc/>
    public override string ToString() => Key;
}

/// <summary>What the persistent volumes of a pod demand of a node.</summary>
/// <param name="Alternatives">For each bound volume, the terms one of which a node must match.</param>
/// <param name="Blocked">Why the pod cannot be placed at all for its claims (upstream's words), or null.</param>
/// <param name="Unbound">Names of claims that get their volume when the pod has a node.</param>
public sealed record PodVolumes(IReadOnlyList<IReadOnlyList<NodeTerm>> Alternatives, string? Blocked, IReadOnlyList<string> Unbound)
{
    /// <summary>No persistent volumes.</summary>
    public static PodVolumes None { get; } = new([], null, []);
}
