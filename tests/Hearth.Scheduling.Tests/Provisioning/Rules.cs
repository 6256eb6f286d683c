using Hearth.Kube.Core;

namespace Hearth.Scheduling.Tests.Provisioning;

/// <summary>Short ways to say what pods want of each other.</summary>
internal static class Rules
{
    public const string Zone = "topology.kubernetes.io/zone";
    public const string Host = "kubernetes.io/hostname";
    public const string Capacity = "karpenter.sh/capacity-type";

    public static ObjectSelector Of(string labels) => new() { MatchLabels = Build.Map(labels) };

    public static TopologySpreadConstraint Spread(string key, string labels, int skew = 1, int? minDomains = null, bool required = true, string? affinity = null, string? taints = null, string[]? match = null) => new()
    {
        TopologyKey = key, LabelSelector = Of(labels), MaxSkew = skew, MinDomains = minDomains, WhenUnsatisfiable = required ? "DoNotSchedule" : "ScheduleAnyway",
        NodeAffinityPolicy = affinity, NodeTaintsPolicy = taints, MatchLabelKeys = match,
    };

    public static Affinity Near(string key, string labels, bool required = true) => new() { PodAffinity = Terms(key, labels, required) };

    public static Affinity Apart(string key, string labels, bool required = true, ObjectSelector? namespaces = null) => new() { PodAntiAffinity = Terms(key, labels, required, namespaces) };

    private static PodAffinity Terms(string key, string labels, bool required, ObjectSelector? namespaces = null)
    {
        var term = new PodAffinityTerm { TopologyKey = key, LabelSelector = Of(labels), NamespaceSelector = namespaces };
        return required
            ? new PodAffinity { RequiredDuringSchedulingIgnoredDuringExecution = [term] }
            : new PodAffinity { PreferredDuringSchedulingIgnoredDuringExecution = [new WeightedPodAffinityTerm { Weight = 10, PodAffinityTerm = term }] };
    }
}
