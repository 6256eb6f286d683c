using System.Globalization;
using Hearth.Kube.Core;

namespace Hearth.Scheduling.Disruption;

/// <summary>How much moving a pod counts (Karpenter, utils/disruption): 1, more with its priority and its deletion cost, between -10 and 10.</summary>
public static class EvictionCost
{
    private const string DeletionCost = "controller.kubernetes.io/pod-deletion-cost";

    /// <summary>Of one pod. A deletion cost that is not a number counts as none.</summary>
    public static double Of(Pod pod)
    {
        var deletion = double.TryParse(pod.Metadata.Annotation(DeletionCost), NumberStyles.Float, CultureInfo.InvariantCulture, out var cost) ? cost : 0;
        return Math.Clamp(1 + (deletion / Math.Pow(2, 27)) + ((pod.Spec?.Priority ?? 0) / Math.Pow(2, 25)), -10, 10);
    }

    /// <summary>Of a node with these pods to move: 1 when there is none. Pods that are glad to go do not make up for others.</summary>
    public static double OfNode(IEnumerable<Pod> pods) => 1 + pods.Sum(p => Math.Max(0, Of(p)));
}
