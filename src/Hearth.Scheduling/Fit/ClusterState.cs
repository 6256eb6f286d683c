namespace Hearth.Scheduling.Fit;

/// <summary>
/// Nodes and the pods on them, kept current by whoever decides: the live scheduler feeds it from watches and adds pods it has just placed, the planner from a trace.
/// Not thread-safe: one decision at a time.
/// </summary>
public sealed class ClusterState
{
    private readonly SortedDictionary<string, NodeInfo> _nodes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _nodeOfPod = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Dictionary<string, PodInfo>> _orphans = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PodInfo> _withAntiAffinity = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PodInfo> _withAffinity = new(StringComparer.Ordinal);
    private readonly Dictionary<int, int> _priorities = [];
    private readonly Dictionary<string, PodInfo> _pods = new(StringComparer.Ordinal);
    private NodeInfo[]? _ordered;

    /// <summary>Nodes in name order.</summary>
    public NodeInfo[] Nodes => _ordered ??= [.. _nodes.Values];

    /// <summary>Pods on nodes that have required anti-affinity, which newcomers must respect.</summary>
    public IReadOnlyCollection<PodInfo> PodsWithAntiAffinity => _withAntiAffinity.Values;

    /// <summary>Pods on nodes that have affinity or anti-affinity of any kind, which make places better or worse for newcomers.</summary>
    public IReadOnlyCollection<PodInfo> PodsWithAffinity => _withAffinity.Values;

    /// <summary>Labels of namespaces.</summary>
    public NamespaceLabels Namespaces { get; } = new();

    /// <summary>Pods that wait for room that others are leaving.</summary>
    public Nominations Nominations { get; } = new();

    /// <summary>Whether some pod has a lower priority: whether preemption can help at all.</summary>
    public bool HasPodsBelow(int priority)
    {
        foreach (var known in _priorities.Keys)
        {
            if (known < priority)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>A pod that is on a node, or null.</summary>
    public PodInfo? FindPod(string podKey) => _pods.GetValueOrDefault(podKey);

    /// <summary>A node, or null.</summary>
    public NodeInfo? Find(string name) => _nodes.GetValueOrDefault(name);

    /// <summary>The node a pod is on, or null.</summary>
    public string? NodeOf(string podKey) => _nodeOfPod.GetValueOrDefault(podKey);

    /// <summary>A copy to try things on. Promises of room are not copied.</summary>
    public ClusterState Copy()
    {
        var copy = new ClusterState();
        foreach (var node in Nodes)
        {
            copy.SetNode(new NodeInfo(node.Name, node.Labels, node.Taints, node.Allocatable, node.Unschedulable));
        }

        foreach (var (key, pod) in _pods)
        {
            copy.AddPod(pod, _nodeOfPod[key]);
        }

        copy.Namespaces.TakeFrom(Namespaces);
        return copy;
    }

    /// <summary>Adds a node or replaces what is known of it; its pods stay.</summary>
    public void SetNode(NodeInfo node)
    {
        if (_nodes.TryGetValue(node.Name, out var known))
        {
            foreach (var pod in known.Pods)
            {
                node.Add(pod);
            }
        }
        else if (_orphans.Remove(node.Name, out var waiting))
        {
            foreach (var pod in waiting.Values)
            {
                node.Add(pod);
            }
        }

        _nodes[node.Name] = node;
        _ordered = null;
    }

    /// <summary>Takes a node away. Pods that are still said to be on it are kept aside in case it comes back.</summary>
    public void RemoveNode(string name)
    {
        if (_nodes.Remove(name, out var node))
        {
            _orphans[name] = node.Pods.ToDictionary(p => p.Key, StringComparer.Ordinal);
            _ordered = null;
        }
    }

    /// <summary>Puts a pod on a node (which need not be known yet); a pod known elsewhere moves.</summary>
    public void AddPod(PodInfo pod, string nodeName)
    {
        RemovePod(pod.Key);
        _nodeOfPod[pod.Key] = nodeName;
        Index(pod);

        if (_nodes.TryGetValue(nodeName, out var node))
        {
            node.Add(pod);
            return;
        }

        if (!_orphans.TryGetValue(nodeName, out var waiting))
        {
            _orphans[nodeName] = waiting = new(StringComparer.Ordinal);
        }

        waiting[pod.Key] = pod;
    }

    /// <summary>Takes a pod away; true when it was somewhere.</summary>
    public bool RemovePod(string key)
    {
        if (!_nodeOfPod.Remove(key, out var nodeName))
        {
            return false;
        }

        Unindex(key);
        _nodes.GetValueOrDefault(nodeName)?.Remove(key);
        if (_orphans.TryGetValue(nodeName, out var waiting) && waiting.Remove(key) && waiting.Count == 0)
        {
            _orphans.Remove(nodeName);
        }

        return true;
    }

    private void Index(PodInfo pod)
    {
        _pods[pod.Key] = pod;
        _priorities[pod.Priority] = _priorities.GetValueOrDefault(pod.Priority) + 1;
        if (pod.HasPodAffinity)
        {
            _withAffinity[pod.Key] = pod;
        }

        if (pod.PodAntiAffinity.Count > 0)
        {
            _withAntiAffinity[pod.Key] = pod;
        }
    }

    private void Unindex(string key)
    {
        if (_pods.Remove(key, out var pod) && --_priorities[pod.Priority] == 0)
        {
            _priorities.Remove(pod.Priority);
        }

        _withAffinity.Remove(key);
        _withAntiAffinity.Remove(key);
    }
}
