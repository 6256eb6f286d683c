namespace Hearth.Scheduling.Fit;

/// <summary>
/// All filters for one pod on one state. Where pods of at least its priority have been promised room, a node must take the pod both with them and without them
/// (kube-scheduler, RunFilterPluginsWithNominatedPods): with them so that they are not robbed, without because they are not there yet.
/// </summary>
public sealed class PlacementFilters
{
    private readonly TopologyFilters? _topology;

    /// <summary>Counts what depends on other pods.</summary>
    public PlacementFilters(PodInfo pod, ClusterState cluster)
    {
        (Pod, Cluster) = (pod, cluster);
        _topology = TopologyFilters.For(pod, cluster);
    }

    /// <summary>Whom it is about.</summary>
    public PodInfo Pod { get; }

    /// <summary>The state.</summary>
    public ClusterState Cluster { get; }

    /// <summary>Why the node does not take the pod, or null.</summary>
    public Refusal? Check(NodeInfo node)
    {
        if (Cluster.Nominations.Count > 0 && Promised(node) is { Length: > 0 } promised && CheckWith(node, promised) is { } refusal)
        {
            return refusal;
        }

        return CheckAlone(node);
    }

    /// <summary>The same for a node as it would be.</summary>
    /// <param name="node">A copy of a node with other pods on it.</param>
    /// <param name="gone">Pods that have left it.</param>
    internal Refusal? CheckWithout(NodeInfo node, IReadOnlyCollection<PodInfo> gone)
    {
        Shift(node, gone, away: true);
        try
        {
            return Check(node);
        }
        finally
        {
            Shift(node, gone, away: false);
        }
    }

    private Refusal? CheckAlone(NodeInfo node) => NodeFilters.Check(Pod, node) ?? _topology?.Check(node);

    private Refusal? CheckWith(NodeInfo node, PodInfo[] promised)
    {
        var fuller = node.Copy();
        foreach (var other in promised)
        {
            fuller.Add(other);
            _topology?.Add(other, node);
        }

        try
        {
            return CheckAlone(fuller);
        }
        finally
        {
            Shift(node, promised, away: true);
        }
    }

    private void Shift(NodeInfo node, IReadOnlyCollection<PodInfo> pods, bool away)
    {
        if (_topology is null)
        {
            return;
        }

        foreach (var other in pods)
        {
            if (away)
            {
                _topology.Remove(other, node);
            }
            else
            {
                _topology.Add(other, node);
            }
        }
    }

    private PodInfo[] Promised(NodeInfo node) =>
        [.. Cluster.Nominations.On(node.Name).Where(p => p.Priority >= Pod.Priority && p.Key != Pod.Key)];
}
