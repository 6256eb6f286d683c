using Hearth.Scheduling.Resources;

namespace Hearth.Scheduling.Fit;

/// <summary>kube-scheduler's filters that look at one node, in its order; the first that fails gives the reasons.</summary>
public static class NodeFilters
{
    /// <summary>Why the node does not take the pod, or null when all filters pass.</summary>
    public static Refusal? Check(PodInfo pod, NodeInfo node)
    {
        if (node.Unschedulable && !Taints.Tolerated(new() { Key = Taints.Unschedulable, Effect = Taints.NoSchedule }, pod.Tolerations))
        {
            return Refusal.Final(Refusal.NodeUnschedulable);
        }

        if (pod.NodeName is { } wanted && !string.Equals(wanted, node.Name, StringComparison.Ordinal))
        {
            return Refusal.Final(Refusal.NodeName);
        }

        if (node.Taints.Count > 0 && Taints.FirstUntolerated(node.Taints, pod.Tolerations) is { } taint)
        {
            return Refusal.Final($"node(s) had untolerated taint {{{taint.Key}: {taint.Value}}}");
        }

        if (!pod.AcceptsLabels(node.Name, node.Labels))
        {
            return Refusal.Final(Refusal.NodeAffinity);
        }

        if (pod.HostPorts.Count > 0 && pod.HostPorts.Any(node.Uses))
        {
            return Refusal.Crowded(Refusal.HostPorts);
        }

        return Resources(pod.Requests, node) ?? Volumes(pod, node);
    }

    /// <summary>Which resources the node has too little left of.</summary>
    public static Refusal? Resources(in ResourceVector requests, NodeInfo node)
    {
        var free = node.Free;
        if (requests.FitsIn(free))
        {
            return null;
        }

        var reasons = new List<string>();
        if (requests.Pods > free.Pods)
        {
            reasons.Add(Refusal.TooManyPods);
        }

        foreach (var name in requests.Names())
        {
            if (name != ResourceNames.Pods && requests[name] > free[name])
            {
                reasons.Add($"Insufficient {name}");
            }
        }

        return reasons.Count == 0 ? null : new Refusal(reasons, requests.FitsIn(node.Allocatable));
    }

    private static Refusal? Volumes(PodInfo pod, NodeInfo node) =>
        pod.Volumes.Alternatives.Count > 0 && !VolumesReach(pod, node) ? Refusal.Final(Refusal.VolumeAffinity) : null;

    // Apart from its caller, so that only pods with volumes pay for the closure.
    private static bool VolumesReach(PodInfo pod, NodeInfo node) =>
        pod.Volumes.Alternatives.All(terms => terms.Any(t => t.Matches(node.Name, node.Labels)));
}
