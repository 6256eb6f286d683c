using Hearth.Kube.Core;
using Hearth.Scheduling.Fit;
using Hearth.Scheduling.Preemption;

namespace Hearth.Scheduling.ClusterAutoscaler;

/// <summary>Which pods keep their node, and which may be moved to another (cluster-autoscaler, simulator/drainability).</summary>
public static class DrainRules
{
    /// <summary>Annotation of pods: <c>"true"</c> lets a pod be moved whatever else speaks against it, <c>"false"</c> forbids it.</summary>
    public const string SafeToEvict = "cluster-autoscaler.kubernetes.io/safe-to-evict";

    /// <summary>Annotation of pods that names volumes whose content may be lost.</summary>
    public const string SafeLocalVolumes = "cluster-autoscaler.kubernetes.io/safe-to-evict-local-volumes";

    private const string MirrorPod = "kubernetes.io/config.mirror";

    /// <summary>Whether a pod has to go elsewhere when its node goes; the pods of the node itself and of DaemonSets go with it.</summary>
    public static bool Moves(Pod pod) =>
        pod.Status?.Phase is not ("Succeeded" or "Failed") && pod.Metadata.DeletionTimestamp is null
        && pod.Metadata.Annotation(MirrorPod) is null && !IsOwnedBy(pod, "DaemonSet") && !IsOwnedBy(pod, "Node");

    /// <summary>Why a pod keeps its node, in upstream's words, or null when it may be moved.</summary>
    public static string? Blocks(Pod pod, AutoscalerOptions options, IReadOnlyList<PodBudget> budgets)
    {
        var safe = pod.Metadata.Annotation(SafeToEvict);
        if (safe == "true" || !Moves(pod))
        {
            return null;
        }

        var covering = budgets.Where(b => b.Covers(PodInfo.From(pod))).ToArray();
        if (safe == "false")
        {
            return "NotSafeToEvictAnnotation";
        }

        if (pod.Metadata.OwnerReferences?.Any(o => o.Controller == true) != true)
        {
            return "NotReplicated";
        }

        if (options.SystemPodsKeepNode && pod.Metadata.Namespace == "kube-system" && covering.Length == 0)
        {
            return "UnmovableKubeSystemPod";
        }

        return options.LocalStorageKeepsNode && HasLocalStorage(pod) ? "LocalStorageRequested" : covering.Any(b => b.Allowed < 1) ? "NotEnoughPdb" : null;
    }

    private static bool HasLocalStorage(Pod pod)
    {
        var safe = pod.Metadata.Annotation(SafeLocalVolumes)?.Split(',') ?? [];
        return pod.Spec?.Volumes?.Any(v => (v.EmptyDir is not null && v.EmptyDir.Medium != "Memory" || v.HostPath is not null) && !safe.Contains(v.Name)) == true;
    }

    private static bool IsOwnedBy(Pod pod, string kind) => pod.Metadata.OwnerReferences?.Any(o => o.Kind == kind && o.Controller == true) == true;
}
