using Hearth.Scheduling.Fit;
using Hearth.Scheduling.Karpenter;
using Hearth.Scheduling.Requirements;

namespace Hearth.Scheduling.Provisioning.Topology;

/// <summary>What a pod asks a group.</summary>
/// <param name="Wanted">The domains that the pod's demands allow; null for all.</param>
/// <param name="Counted">The pod is itself one of those that the group counts.</param>
/// <param name="Here">Counted pods that are on the same new node while its domain is open.</param>
internal readonly record struct DomainQuestion(Requirement? Wanted, bool Counted, int Here);

/// <summary>
/// How many of the pods that a rule speaks of are in each domain of a label, while a plan fills nodes; shared by all pods with the same rule (Karpenter,
/// scheduling/topologygroup.go). Domains are those of present nodes and those that pools can launch into.
/// </summary>
internal abstract class TopologyGroup(string key, Func<PodInfo, bool> matches, LabelClasses classes)
{
    private readonly SortedDictionary<string, int> _counts = new(StringComparer.Ordinal);
    private readonly Dictionary<int, bool> _selects = [];

    /// <summary>Label that names the domain.</summary>
    public string Key => key;

    /// <summary>Every node is a domain of its own, and a new one is always possible.</summary>
    public bool ByHost => string.Equals(key, KarpenterLabels.Hostname, StringComparison.Ordinal);

    /// <summary>Upstream's name of this kind of rule.</summary>
    public abstract string Kind { get; }

    /// <summary>A domain that was refused is refused for the rest of the plan: counts only grow.</summary>
    public abstract bool RefusesForGood { get; }

    /// <summary>Whether a node that lacks the label can take the pod.</summary>
    public abstract bool AcceptsUnlabelled { get; }

    /// <summary>Whether a pod counts in every domain that its new node could still be in, not only in the one it is known to be in.</summary>
    public virtual bool CountsEveryPossible => false;

    /// <summary>Counted pods on new nodes whose domain is open.</summary>
    public int Floating { get; private set; }

    /// <summary>Counted pods in known domains.</summary>
    public int Total { get; private set; }

    /// <summary>Domains that are known, in order of name, with their counts.</summary>
    public IReadOnlyDictionary<string, int> Counts => _counts;

    /// <summary>Whether the rule speaks of pods of a class.</summary>
    public bool Selects(int labelClass)
    {
        if (!_selects.TryGetValue(labelClass, out var selects))
        {
            _selects[labelClass] = selects = matches(classes.Sample(labelClass));
        }

        return selects;
    }

    /// <summary>Whether pods on nodes like this one are counted.</summary>
    public virtual bool Includes(IReadOnlyList<Kube.Core.Taint> taints, RequirementSet node, Func<string, bool> mayBeUndefined) => true;

    /// <summary>Whether a domain can take the pod now.</summary>
    public abstract bool Accepts(string domain, DomainQuestion question);

    /// <summary>
    /// Ways in which a new node whose domain is still open can take the pod, best first: what its label must be then (null: as it is). Empty when there is none.
    /// </summary>
    /// <param name="open">What the node's label may be; null for anything.</param>
    /// <param name="question">The pod.</param>
    public abstract IEnumerable<Requirement?> Options(Requirement? open, DomainQuestion question);

    /// <summary>A domain that is there, without pods so far as is known.</summary>
    public void Register(string domain) => _counts.TryAdd(domain, 0);

    /// <summary>Pods are in a domain.</summary>
    public void Record(string domain, int pods = 1)
    {
        _counts[domain] = Count(domain) + pods;
        Total += pods;
    }

    /// <summary>Pods are on a new node whose domain is open (negative: it is no longer).</summary>
    public void Float(int pods) => Floating += pods;

    /// <summary>Why no domain will do, in Karpenter's words.</summary>
    public string Explain(Requirement? wanted, Requirement? open)
    {
        var shown = string.Join(", ", _counts.Take(5).Select(c => $"{c.Key}: {c.Value}")) + (_counts.Count > 5 ? $" and {_counts.Count - 5} other(s)" : "");
        return $"unsatisfiable topology constraint for {Kind}, key={Key} (counts = {shown}, podDomains = {wanted ?? Requirement.Exists(Key)}, nodeDomains = {open ?? Requirement.Exists(Key)})";
    }

    protected int Count(string domain) => _counts.GetValueOrDefault(domain);

    protected bool Knows(string domain) => _counts.ContainsKey(domain);

    /// <summary>Known domains that both the pod and the node allow, in order of name.</summary>
    protected IEnumerable<string> Common(Requirement? open, Requirement? wanted) =>
        _counts.Keys.Where(d => open?.Allows(d) != false && wanted?.Allows(d) != false);
}
