using Hearth.Kube.Core;
using Hearth.Scheduling.Fit;
using Hearth.Scheduling.Preemption;

namespace Hearth.Scheduling.ClusterAutoscaler;

/// <summary>A node of a group and its pods, when it is asked whether it could go.</summary>
/// <param name="Node">Its object.</param>
/// <param name="Group">Its group.</param>
/// <param name="Pods">Pods on it.</param>
public sealed record ScaleDownNode(Node Node, GroupState Group, IReadOnlyList<Pod> Pods);

/// <summary>What a decision about fewer nodes depends on.</summary>
public sealed record ScaleDownRequest
{
    /// <summary>Nodes of groups.</summary>
    public required IReadOnlyList<ScaleDownNode> Nodes { get; init; }

    /// <summary>All nodes and pods. The decision works on a copy.</summary>
    public required ClusterState Cluster { get; init; }

    /// <summary>Since when each node has not been needed, as the last decision said.</summary>
    public required IReadOnlyDictionary<string, DateTimeOffset> Unneeded { get; init; }

    /// <summary>When nodes were last asked for.</summary>
    public DateTimeOffset LastScaleUp { get; init; }
    public required DateTimeOffset Now { get; init; }
    public IReadOnlyList<PodBudget> Budgets { get; init; } = [];
    public AutoscalerOptions Options { get; init; } = new();
}

/// <summary>A node that goes.</summary>
/// <param name="Node">With its group and pods.</param>
/// <param name="Moving">Pods that must move; none when the node is empty.</param>
/// <param name="Utilization">The larger of the requested shares of cpu and memory.</param>
public sealed record NodeRemoval(ScaleDownNode Node, IReadOnlyList<Pod> Moving, double Utilization);

/// <summary>Which nodes are not needed, which of them go now, and what keeps the others.</summary>
/// <param name="Unneeded">By name, since when.</param>
/// <param name="Removals">Nodes that go now.</param>
/// <param name="Kept">By name, upstream's word for why.</param>
public sealed record ScaleDownDecision(
    IReadOnlyDictionary<string, DateTimeOffset> Unneeded, IReadOnlyList<NodeRemoval> Removals, IReadOnlyDictionary<string, string> Kept);

/// <summary>
/// Cluster Autoscaler's scale-down: a node whose pods use little of it and all have a place elsewhere is not needed; when that has been so for long enough it goes.
/// Nodes are looked at by name, those that were not needed before first; pods that have been moved in thought stay there for the nodes that follow.
/// </summary>
public static class ScaleDownPlanner
{
    /// <summary>Annotation of nodes that keeps them.</summary>
    public const string Disabled = "cluster-autoscaler.kubernetes.io/scale-down-disabled";

    /// <summary>Decides.</summary>
    public static ScaleDownDecision Decide(ScaleDownRequest request)
    {
        var kept = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var removable = new List<NodeRemoval>();
        var thought = request.Cluster.Copy();
        foreach (var node in request.Nodes.OrderBy(n => !request.Unneeded.ContainsKey(n.Node.Metadata.Name!)).ThenBy(n => n.Node.Metadata.Name, StringComparer.Ordinal))
        {
            var name = node.Node.Metadata.Name!;
            var pods = node.Pods.Where(p => DrainRules.Moves(p) && (p.Spec?.Priority ?? 0) >= request.Options.ExpendableBelow).ToArray();
            var utilization = Utilization(node, request.Cluster);
            if (Keeps(node, pods, utilization, request) is { } reason)
            {
                kept[name] = reason;
            }
            else if (!MoveAll(name, pods, thought))
            {
                kept[name] = "NoPlaceToMovePods";
            }
            else
            {
                removable.Add(new NodeRemoval(node, pods, utilization));
            }
        }

        var unneeded = removable.ToDictionary(r => r.Node.Node.Metadata.Name!, r => Since(r, request), StringComparer.Ordinal);
        return new ScaleDownDecision(unneeded, Due(removable, unneeded, request, kept), kept);
    }

    private static DateTimeOffset Since(NodeRemoval removal, ScaleDownRequest request) =>
        request.Unneeded.TryGetValue(removal.Node.Node.Metadata.Name!, out var known) ? known : request.Now;

    private static double Utilization(ScaleDownNode node, ClusterState cluster)
    {
        if (cluster.Find(node.Node.Metadata.Name!) is not { } info)
        {
            return 1;
        }

        static double Share(long used, long of) => of <= 0 ? 0 : (double)used / of;
        return Math.Max(Share(info.Requested.MilliCpu, info.Allocatable.MilliCpu), Share(info.Requested.Memory, info.Allocatable.Memory));
    }

    private static string? Keeps(ScaleDownNode node, Pod[] pods, double utilization, ScaleDownRequest request)
    {
        if (node.Node.Metadata.Annotation(Disabled) == "true")
        {
            return "ScaleDownDisabledAnnotation";
        }

        if (utilization >= request.Options.UtilizationThreshold)
        {
            return "NotUnderutilized";
        }

        return pods.Select(p => DrainRules.Blocks(p, request.Options, request.Budgets) is { } why ? $"BlockedByPod: {p.Metadata.Namespace}/{p.Metadata.Name}: {why}" : null).FirstOrDefault(w => w is not null);
    }

    /// <summary>Takes the node away in thought and gives its pods places; undone when one finds none.</summary>
    private static bool MoveAll(string name, Pod[] pods, ClusterState thought)
    {
        var node = thought.Find(name);
        var infos = pods.Select(p => thought.FindPod($"{p.Metadata.Namespace}/{p.Metadata.Name}")).OfType<PodInfo>().Where(p => thought.NodeOf(p.Key) == name)
            .Concat(node?.Pods.Where(p => !pods.Any(o => $"{o.Metadata.Namespace}/{o.Metadata.Name}" == p.Key)).Where(p => p.NodeName != name && p.NodeName is not null) ?? [])
            .OrderByDescending(p => p.Priority).ThenBy(p => p.Key, StringComparer.Ordinal).ToArray();
        thought.RemoveNode(name);
        for (var i = 0; i < infos.Length; i++)
        {
            if (PodPlacer.Place(infos[i].Unbound(), thought).NodeName is not { } place)
            {
                if (node is not null)
                {
                    thought.SetNode(node);
                    Array.ForEach(infos[..i], p => thought.AddPod(p, name));
                }

                return false;
            }

            thought.AddPod(infos[i], place);
        }

        return true;
    }

    private static List<NodeRemoval> Due(List<NodeRemoval> removable, Dictionary<string, DateTimeOffset> unneeded, ScaleDownRequest request, SortedDictionary<string, string> kept)
    {
        var going = new List<NodeRemoval>();
        if (request.Now - request.LastScaleUp < request.Options.DelayAfterAdd)
        {
            return going;
        }

        var left = removable.Select(r => r.Node.Group).DistinctBy(g => g.Name).ToDictionary(g => g.Name, g => g.Target - g.Min, StringComparer.Ordinal);
        foreach (var removal in removable)
        {
            var name = removal.Node.Node.Metadata.Name!;
            var most = removal.Moving.Count == 0 ? request.Options.MostEmptyAtOnce : request.Options.MostDrainedAtOnce;
            if (request.Now - unneeded[name] < request.Options.UnneededTime)
            {
                kept[name] = "NotUnneededLongEnough";
            }
            else if (left[removal.Node.Group.Name] <= 0)
            {
                kept[name] = "NodeGroupMinSizeReached";
            }
            else if (going.Count(g => g.Moving.Count == 0 == (removal.Moving.Count == 0)) < most)
            {
                left[removal.Node.Group.Name]--;
                going.Add(removal);
            }
        }

        return going;
    }
}
