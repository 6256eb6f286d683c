using Hearth.Kube.Core;
using Hearth.Scheduling.Fit;
using Hearth.Scheduling.Karpenter;
using Hearth.Scheduling.Provisioning.Topology;
using Hearth.Scheduling.Requirements;
using Hearth.Scheduling.Resources;

namespace Hearth.Scheduling.Provisioning;

/// <summary>A node, or a claim that will become one, which pods may go to before anything is launched.</summary>
/// <param name="Name">Of the node, or of the claim while there is no node.</param>
/// <param name="Labels">Of the node; for a claim those it will give its node.</param>
/// <param name="Taints">Those a pod must tolerate; without the ones that go away while a node starts.</param>
/// <param name="Free">Allocatable without bound pods and without daemons that are still to come.</param>
/// <param name="Initialized">Initialised nodes are filled first.</param>
/// <param name="HostPorts">Taken.</param>
public sealed record ExistingNode(
    string Name, IReadOnlyDictionary<string, string> Labels, IReadOnlyList<Taint> Taints, ResourceVector Free, bool Initialized, IReadOnlyCollection<HostPort> HostPorts)
{
    /// <summary>Keys of the only pods that it takes; null when it takes any.</summary>
    public IReadOnlySet<string>? OnlyFor { get; init; }

    /// <summary>Pods on it: others want to be near them, or apart.</summary>
    public IReadOnlyCollection<PodInfo> Pods { get; init; } = [];

    /// <summary>A node with the pods it has.</summary>
    public static ExistingNode From(NodeInfo node, bool initialized = true) => new(
        node.Name, node.Labels,
        node.Unschedulable ? [.. node.Taints, new Taint { Key = Hearth.Scheduling.Fit.Taints.Unschedulable, Effect = Hearth.Scheduling.Fit.Taints.NoSchedule }] : node.Taints,
        node.Free.Floor(), initialized, [.. node.Pods.SelectMany(p => p.HostPorts)]) { Pods = node.Pods };
}

/// <summary>An existing node while a plan fills it.</summary>
internal sealed class NodeSlot(ExistingNode node)
{
    private HashSet<HostPort>? _ports = node.HostPorts.Count > 0 ? [.. node.HostPorts] : null;
    private ResourceVector _free = node.Free;
    private RequirementSet? _labels;

    public string Name => node.Name;

    /// <summary>It takes any pod, not only certain ones: a refusal holds for all pods that ask for the same.</summary>
    public bool TakesAny => node.OnlyFor is null;

    /// <summary>Its labels as requirements; made when a rule about other pods asks for them.</summary>
    public RequirementSet Labels => _labels ??= RequirementSet.OfLabels(node.Labels);
    public IReadOnlyList<Taint> Taints => node.Taints;
    public IReadOnlyCollection<PodInfo> Pods => node.Pods;

    /// <summary>The domain of a label that it is in, or null. Until a node says otherwise its name is its host.</summary>
    public string? Domain(string key) => node.Labels.TryGetValue(key, out var domain) ? domain : key == KarpenterLabels.Hostname ? node.Name : null;

    /// <summary>Takes the pod if everything holds. Labels that the node lacks count as a no.</summary>
    public bool TryAdd(PodInfo pod, PodWishes wishes, TopologyRules rules)
    {
        if (!pod.Requests.FitsIn(_free)
            || node.OnlyFor?.Contains(pod.Key) == false
            || node.Taints.Any(t => !Hearth.Scheduling.Fit.Taints.Tolerated(t, wishes.Tolerations))
            || (_ports is not null && pod.HostPorts.Any(_ports.Contains))
            || !HasAll(wishes.Requirements)
            || !VolumesReach(pod)
            || (!rules.IsFree && rules.ForbiddenBy(this, wishes.Strict) is not null))
        {
            return false;
        }

        _free -= pod.Requests;
        if (pod.HostPorts.Count > 0)
        {
            (_ports ??= []).UnionWith(pod.HostPorts);
        }

        rules.Record(this);
        return true;
    }

    private bool HasAll(RequirementSet wanted)
    {
        foreach (var requirement in wanted.Items)
        {
            var value = Label(requirement.Key);
            if (value is null ? !requirement.AllowsAbsence : !requirement.Allows(value))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>A label by its present name, wherever the node has it under an older one.</summary>
    private string? Label(string key)
    {
        if (node.Labels.TryGetValue(key, out var value))
        {
            return value;
        }

        foreach (var older in KarpenterLabels.OlderNames(key))
        {
            if (node.Labels.TryGetValue(older, out value))
            {
                return value;
            }
        }

        return null;
    }

    private bool VolumesReach(PodInfo pod) =>
        pod.Volumes.Alternatives.All(terms => terms.Any(t => t.Matches(node.Name, node.Labels)));
}
