using Hearth.Scheduling.Fit;
using Hearth.Scheduling.Resources;
using Hearth.Scheduling.YuniKorn.Configuration;
using Hearth.Scheduling.YuniKorn.Queues;

namespace Hearth.Scheduling.YuniKorn.Core;

/// <summary>
/// One pass over everything that waits. Within it room only shrinks, so what was refused once need not be asked again: neither an ask, nor another of its class,
/// nor an application or queue that could use nothing more.
/// </summary>
internal sealed class SchedulingRound(ResourceVector total)
{
    private readonly Dictionary<Application, AskCursor> _cursors = [];
    private readonly Dictionary<int, NodeRanking?> _rankings = [];

    /// <summary>Applications and queues that can use nothing more.</summary>
    public HashSet<object> Exhausted { get; } = [];

    /// <summary>Classes of pods that no node takes.</summary>
    public HashSet<int> Refused { get; } = [];

    /// <summary>What found no node, in the order of its turns.</summary>
    public List<Ask> Unplaced { get; } = [];

    /// <summary>Nodes that got a pod, in the order of that.</summary>
    public List<string> Filled { get; } = [];

    /// <summary>What the cluster has.</summary>
    public ResourceVector Total => total;

    public AskCursor CursorOf(Application application)
    {
        if (!_cursors.TryGetValue(application, out var cursor))
        {
            _cursors[application] = cursor = new AskCursor([.. application.Asks]);
        }

        return cursor;
    }

    /// <summary>The node for a pod, or null. From the second pod of a class on, the nodes are kept in order for it; while others keep pods away by anti-affinity, all are looked at each time.</summary>
    /// <param name="podClass">Negative for a pod that is like no other.</param>
    /// <param name="pod">The pod.</param>
    /// <param name="cluster">Nodes and pods.</param>
    /// <param name="config">Of the partition.</param>
    public NodeInfo? PickNode(int podClass, PodInfo pod, ClusterState cluster, PartitionConfig config)
    {
        if (podClass < 0 || pod.Volumes.Blocked is not null || cluster.PodsWithAntiAffinity.Count > 0 || _rankings.TryAdd(podClass, null))
        {
            return NodePicker.Pick(pod, cluster, config);
        }

        var ranking = _rankings[podClass] ??= new NodeRanking(pod, cluster, config, Filled.Count);
        return ranking.Best(pod, Filled);
    }

    /// <summary>The application of a leaf whose turn it is, or null.</summary>
    public Application? NextApplication(QueueNode queue)
    {
        Application? best = null;
        foreach (var application in queue.Applications.Values)
        {
            if (application.Asks.Count > 0 && !Exhausted.Contains(application) && (best is null || Compare(application, best, queue) < 0))
            {
                best = application;
            }
        }

        return best;
    }

    /// <summary>The child of a queue whose turn it is, or null.</summary>
    public QueueNode? NextChild(QueueNode queue)
    {
        QueueNode? best = null;
        foreach (var child in queue.Children)
        {
            if (child.Pending.Pods > 0 && !Exhausted.Contains(child) && (best is null || Compare(child, best, queue) < 0))
            {
                best = child;
            }
        }

        return best;
    }

    /// <summary>The highest priority that waits in a queue, as it is seen from outside.</summary>
    public static int PriorityOf(QueueNode queue)
    {
        if (queue.Settings.PriorityFence)
        {
            return queue.Settings.PriorityOffset;
        }

        var highest = int.MinValue;
        foreach (var application in queue.Applications.Values)
        {
            highest = application.Asks.Count > 0 ? Math.Max(highest, application.Asks.Min!.Priority) : highest;
        }

        foreach (var child in queue.Children)
        {
            highest = Math.Max(highest, PriorityOf(child));
        }

        return highest == int.MinValue ? highest : (int)Math.Clamp((long)highest + queue.Settings.PriorityOffset, int.MinValue + 1, int.MaxValue);
    }

    private int Compare(Application a, Application b, QueueNode queue)
    {
        var priority = b.Asks.Min!.Priority.CompareTo(a.Asks.Min!.Priority);
        var policy = queue.Settings.Sort == SortPolicy.Fair
            ? FairShare.OfApplication(a.Allocated, queue, total).CompareTo(FairShare.OfApplication(b.Allocated, queue, total))
            : 0;
        var age = a.Submitted.CompareTo(b.Submitted);
        policy = policy != 0 ? policy : age != 0 ? age : string.CompareOrdinal(a.Id, b.Id);
        var (first, second) = queue.Settings.PriorityFirst ? (priority, policy) : (policy, priority);
        return first != 0 ? first : second;
    }

    private int Compare(QueueNode a, QueueNode b, QueueNode parent)
    {
        var priority = PriorityOf(b).CompareTo(PriorityOf(a));
        var share = FairShare.OfQueue(a, total).CompareTo(FairShare.OfQueue(b, total));
        var (first, second) = parent.Settings.PriorityFirst ? (priority, share) : (share, priority);
        return first != 0 ? first : second != 0 ? second : string.CompareOrdinal(a.Name, b.Name);
    }

    /// <summary>Goes once through what an application asked for.</summary>
    internal sealed class AskCursor(Ask[] asks)
    {
        private int _next;

        public Ask? Next() => _next < asks.Length ? asks[_next++] : null;
    }
}
