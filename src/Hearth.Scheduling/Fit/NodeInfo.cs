using Hearth.Kube.Core;
using Hearth.Scheduling.Resources;

namespace Hearth.Scheduling.Fit;

/// <summary>A node and the pods on it, as decisions see them. Only <see cref="ClusterState"/> changes the pods.</summary>
public sealed class NodeInfo
{
    private readonly Dictionary<string, PodInfo> _pods = new(StringComparer.Ordinal);
    private readonly Dictionary<HostPort, int> _ports = [];

    /// <summary>A node without pods.</summary>
    public NodeInfo(string name, IReadOnlyDictionary<string, string> labels, IReadOnlyList<Taint> taints, in ResourceVector allocatable, bool unschedulable = false)
    {
        Name = name;
        Labels = labels;
        Taints = taints;
        Allocatable = allocatable;
        Unschedulable = unschedulable;
        HasSoftTaints = taints.Any(t => t.Effect == Fit.Taints.PreferNoSchedule);
    }

    public string Name { get; }
    public IReadOnlyDictionary<string, string> Labels { get; }
    public IReadOnlyList<Taint> Taints { get; }
    public ResourceVector Allocatable { get; }

    /// <summary>Has PreferNoSchedule taints.</summary>
    public bool HasSoftTaints { get; }

    /// <summary>Cordoned.</summary>
    public bool Unschedulable { get; internal set; }

    /// <summary>Requests of the pods on it.</summary>
    public ResourceVector Requested { get; private set; }

    /// <summary>What its pods count as when nodes are scored.</summary>
    public ResourceVector Scored { get; private set; }

    /// <summary>What is left; a component can be negative when allocatable shrank.</summary>
    public ResourceVector Free => Allocatable - Requested;

    /// <summary>Pods on it, in no particular order.</summary>
    public IReadOnlyCollection<PodInfo> Pods => _pods.Values;

    /// <summary>From a node object, without pods.</summary>
    public static NodeInfo From(Node node) => new(
        node.Metadata.Name!,
        node.Metadata.Labels ?? new Dictionary<string, string>(StringComparer.Ordinal),
        node.Spec?.Taints ?? [],
        ResourceVector.From(node.Status?.Allocatable ?? node.Status?.Capacity),
        node.Spec?.Unschedulable ?? false);

    /// <summary>A copy that can be changed without changing this one.</summary>
    internal NodeInfo Copy()
    {
        var copy = new NodeInfo(Name, Labels, Taints, Allocatable, Unschedulable);
        foreach (var pod in _pods.Values)
        {
            copy.Add(pod);
        }

        return copy;
    }

    /// <summary>Whether some pod on it has a lower priority.</summary>
    public bool HasPodsBelow(int priority)
    {
        foreach (var pod in _pods.Values)
        {
            if (pod.Priority < priority)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether a pod holds the port.</summary>
    public bool Uses(HostPort port) => _ports.ContainsKey(port);

    internal bool Add(PodInfo pod)
    {
        if (!_pods.TryAdd(pod.Key, pod))
        {
            return false;
        }

        Requested += pod.Requests;
        Scored += pod.Scored;
        foreach (var port in pod.HostPorts)
        {
            _ports[port] = _ports.GetValueOrDefault(port) + 1;
        }

        return true;
    }

    internal PodInfo? Remove(string key)
    {
        if (!_pods.Remove(key, out var pod))
        {
            return null;
        }

        Requested -= pod.Requests;
        Scored -= pod.Scored;
        foreach (var port in pod.HostPorts)
        {
            if (--_ports[port] == 0)
            {
                _ports.Remove(port);
            }
        }

        return pod;
    }
}
