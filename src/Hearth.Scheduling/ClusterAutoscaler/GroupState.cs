using Hearth.Scheduling.Fit;

namespace Hearth.Scheduling.ClusterAutoscaler;

/// <summary>A managed node group as the autoscaler sees it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Min">Fewest nodes.</param>
/// <param name="Max">Most nodes.</param>
/// <param name="Target">How many it is to have now (the desired size of its auto-scaling group).</param>
/// <param name="Present">How many of these have registered.</param>
/// <param name="Template">What a new node of it would be: labels, taints, allocatable. It needs no node to be there: a group can grow from zero.</param>
public sealed record GroupState(string Name, int Min, int Max, int Target, int Present, NodeInfo Template)
{
    private static readonly string[] Apart =
    [
        "kubernetes.io/hostname", "topology.kubernetes.io/zone", "topology.kubernetes.io/region", "failure-domain.beta.kubernetes.io/zone",
        "failure-domain.beta.kubernetes.io/region", "topology.ebs.csi.aws.com/zone", "topology.k8s.aws/zone-id", "eks.amazonaws.com/nodegroup", "alpha.eksctl.io/nodegroup-name",
    ];

    /// <summary>Why it is left alone for a while after a scale-up that failed, or null.</summary>
    public ScaleUpError? Backoff { get; init; }

    /// <summary>How many more nodes it may have.</summary>
    public int Room => Math.Max(0, Max - Target);

    /// <summary>A node of the group that is not there yet.</summary>
    /// <param name="name">Name to give it.</param>
    public NodeInfo NewNode(string name)
    {
        var labels = new Dictionary<string, string>(Template.Labels, StringComparer.Ordinal) { ["kubernetes.io/hostname"] = name };
        return new NodeInfo(name, labels, Template.Taints, Template.Allocatable);
    }

    /// <summary>Whether nodes of both groups are alike but for where they are: cpu and pods the same, memory within 1.5 %, labels the same but for those of place and group.</summary>
    public bool IsLike(GroupState other)
    {
        var (a, b) = (Template.Allocatable, other.Template.Allocatable);
        return a.MilliCpu == b.MilliCpu && a.Pods == b.Pods
            && Math.Abs(a.Memory - b.Memory) <= 0.015 * Math.Max(a.Memory, b.Memory)
            && Compared(Template).SequenceEqual(Compared(other.Template));
    }

    private static IEnumerable<KeyValuePair<string, string>> Compared(NodeInfo node) =>
        node.Labels.Where(l => !Apart.Contains(l.Key)).OrderBy(l => l.Key, StringComparer.Ordinal);
}
