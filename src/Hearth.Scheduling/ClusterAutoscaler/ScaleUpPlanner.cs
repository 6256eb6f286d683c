using System.Globalization;
using Hearth.Scheduling.Fit;

namespace Hearth.Scheduling.ClusterAutoscaler;

/// <summary>
/// Cluster Autoscaler's scale-up: leaves out the pods that present or coming nodes take, asks for every group how many of its nodes the rest would need, lets the
/// expander choose, and spreads the nodes over groups that are alike. Ties that upstream leaves to chance go by name.
/// </summary>
public static class ScaleUpPlanner
{
    private const string Full = "max node group size reached";
    private const string LeftAlone = "in backoff after failed scale-up";

    /// <summary>Decides.</summary>
    public static ScaleUpDecision Decide(ScaleUpRequest request)
    {
        var (awaited, waiting) = Sift(request);
        var options = new List<NodeEstimate>();
        var fits = request.Groups.ToDictionary(g => g.Name, _ => new HashSet<string>(StringComparer.Ordinal), StringComparer.Ordinal);
        var reasons = waiting.ToDictionary(p => p.Key, _ => new Dictionary<string, int>(StringComparer.Ordinal), StringComparer.Ordinal);
        foreach (var group in request.Groups.OrderBy(g => g.Name, StringComparer.Ordinal))
        {
            fits[group.Name].UnionWith(FittingOn(group, waiting, request.Cluster, reasons));
        }

        foreach (var group in request.Groups.Where(MayGrow).OrderBy(g => g.Name, StringComparer.Ordinal))
        {
            var most = group.Room + (request.Options.BalanceSimilarGroups ? Alike(group, request.Groups, fits).Sum(g => g.Room) : 0);
            if (NodeEstimate.Of(group, [.. waiting.Where(p => fits[group.Name].Contains(p.Key))], request.Cluster, most) is { } option)
            {
                options.Add(option);
            }
        }

        var best = Choose(options, request);
        var unhelped = waiting.Where(p => !options.Any(o => fits[o.Group.Name].Contains(p.Key))).Select(p => new UnhelpedPod(p, reasons[p.Key])).ToArray();
        return best is null
            ? new([], [], unhelped, awaited)
            : new(Balance(best, request, fits), best.Pods, unhelped, awaited);
    }

    private static bool MayGrow(GroupState group) => group.Room > 0 && group.Backoff is null;

    /// <summary>Parts the pods into those that nodes which are there or coming take, and the rest; expendable ones are neither.</summary>
    private static (List<PodInfo> Awaited, List<PodInfo> Waiting) Sift(ScaleUpRequest request)
    {
        var cluster = request.Cluster;
        var coming = request.Groups.SelectMany(g => Enumerable.Range(0, Math.Max(0, g.Target - g.Present))
            .Select(i => g.NewNode(string.Create(CultureInfo.InvariantCulture, $"upcoming-{g.Name}-{i}")))).ToArray();
        Array.ForEach(coming, cluster.SetNode);
        var (awaited, waiting) = (new List<PodInfo>(), new List<PodInfo>());
        foreach (var pod in request.Pods.Where(p => p.Priority >= request.Options.ExpendableBelow).OrderByDescending(p => p.Priority).ThenBy(p => p.Created).ThenBy(p => p.Key, StringComparer.Ordinal))
        {
            if (PodPlacer.Place(pod, cluster).NodeName is { } node)
            {
                cluster.AddPod(pod, node);
                awaited.Add(pod);
            }
            else
            {
                waiting.Add(pod);
            }
        }

        awaited.ForEach(p => cluster.RemovePod(p.Key));
        Array.ForEach(coming, n => cluster.RemoveNode(n.Name));
        return (awaited, waiting);
    }

    /// <summary>The pods that an empty node of the group takes; for the others a reason is counted, and for all when the group is full or left alone.</summary>
    private static List<string> FittingOn(GroupState group, List<PodInfo> pods, ClusterState cluster, Dictionary<string, Dictionary<string, int>> reasons)
    {
        var node = group.NewNode($"template-node-for-{group.Name}");
        var fitting = new List<string>();
        cluster.SetNode(node);
        foreach (var pod in pods)
        {
            var refusal = new PlacementFilters(pod, cluster).Check(node);
            foreach (var reason in refusal?.Reasons ?? (group.Room == 0 ? [Full] : group.Backoff is not null ? [LeftAlone] : []))
            {
                reasons[pod.Key][reason] = reasons[pod.Key].GetValueOrDefault(reason) + 1;
            }

            if (refusal is null)
            {
                fitting.Add(pod.Key);
            }
        }

        cluster.RemoveNode(node.Name);
        return fitting;
    }

    private static NodeEstimate? Choose(List<NodeEstimate> options, ScaleUpRequest request)
    {
        IReadOnlyList<NodeEstimate> left = options;
        foreach (var expander in request.Options.Expanders)
        {
            left = Narrow(left, expander, request.Priorities);
        }

        return left.Count == 0 ? null : left[0];
    }

    private static IReadOnlyList<NodeEstimate> Narrow(IReadOnlyList<NodeEstimate> options, Expander expander, PriorityList? priorities) => expander switch
    {
        Expander.LeastWaste => Best(options, o => -o.Waste),
        Expander.MostPods => Best(options, o => o.Pods.Count),
        Expander.LeastNodes => Best(options, o => -o.Nodes),
        // Groups that no pattern names are left out, unless none is named at all.
        Expander.Priority when options.Any(o => priorities?.Of(o.Group.Name) is not null) => Best([.. options.Where(o => priorities!.Of(o.Group.Name) is not null)], o => priorities!.Of(o.Group.Name)!.Value),
        _ => options,
    };

    private static NodeEstimate[] Best(IReadOnlyList<NodeEstimate> options, Func<NodeEstimate, double> score)
    {
        if (options.Count == 0)
        {
            return [];
        }

        var best = options.Max(score);
        return [.. options.Where(o => score(o) >= best - 1e-9)];
    }

    private static IEnumerable<GroupState> Alike(GroupState group, IReadOnlyList<GroupState> groups, Dictionary<string, HashSet<string>> fits) =>
        groups.Where(g => g.Name != group.Name && MayGrow(g) && g.IsLike(group) && fits[g.Name].IsSupersetOf(fits[group.Name]));

    /// <summary>Node by node to the group with the fewest.</summary>
    private static GroupIncrease[] Balance(NodeEstimate best, ScaleUpRequest request, Dictionary<string, HashSet<string>> fits)
    {
        var groups = request.Options.BalanceSimilarGroups
            ? [best.Group, .. Alike(best.Group, request.Groups, fits)]
            : new List<GroupState> { best.Group };
        var more = groups.ToDictionary(g => g.Name, _ => 0, StringComparer.Ordinal);
        for (var i = 0; i < best.Nodes; i++)
        {
            var smallest = groups.Where(g => more[g.Name] < g.Room).OrderBy(g => g.Target + more[g.Name]).ThenBy(g => g.Name, StringComparer.Ordinal).FirstOrDefault();
            if (smallest is null)
            {
                break;
            }

            more[smallest.Name]++;
        }

        return [.. groups.Where(g => more[g.Name] > 0).OrderBy(g => g.Name, StringComparer.Ordinal).Select(g => new GroupIncrease(g, more[g.Name]))];
    }
}
