namespace Hearth.Scheduling.Fit;

/// <summary>
/// Pods that have been promised the room that others are leaving (their <c>status.nominatedNodeName</c>). Pods of lower priority must not take it meanwhile.
/// </summary>
public sealed class Nominations
{
    private readonly Dictionary<string, (PodInfo Pod, string Node)> _byPod = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<PodInfo>> _byNode = new(StringComparer.Ordinal);

    /// <summary>How many there are.</summary>
    public int Count => _byPod.Count;

    /// <summary>The node a pod is promised, or null.</summary>
    public string? NodeOf(string podKey) => _byPod.TryGetValue(podKey, out var known) ? known.Node : null;

    /// <summary>Pods that are promised room on a node.</summary>
    public IReadOnlyList<PodInfo> On(string node) => _byNode.GetValueOrDefault(node) ?? (IReadOnlyList<PodInfo>)[];

    /// <summary>Promises a pod room on a node, in place of what it was promised.</summary>
    public void Set(PodInfo pod, string node)
    {
        Remove(pod.Key);
        _byPod[pod.Key] = (pod, node);
        if (!_byNode.TryGetValue(node, out var pods))
        {
            _byNode[node] = pods = [];
        }

        pods.Add(pod);
    }

    /// <summary>Takes a promise back; true when there was one.</summary>
    public bool Remove(string podKey)
    {
        if (!_byPod.Remove(podKey, out var known))
        {
            return false;
        }

        var pods = _byNode[known.Node];
        pods.RemoveAll(p => p.Key == podKey);
        if (pods.Count == 0)
        {
            _byNode.Remove(known.Node);
        }

        return true;
    }
}
