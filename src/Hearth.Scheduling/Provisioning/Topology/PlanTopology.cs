using Hearth.Scheduling.Fit;
using Hearth.Scheduling.Karpenter;

namespace Hearth.Scheduling.Provisioning.Topology;

/// <summary>
/// Everything that pods of one plan want of each other and of the pods that are already there (Karpenter, scheduling/topology.go). Groups are made for all pods
/// before the first is placed, so that each placement counts in all of them.
/// </summary>
internal sealed class PlanTopology
{
    private readonly LabelClasses _classes = new();
    private readonly Dictionary<string, TopologyGroup> _groups = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TopologyGroup> _inverse = new(StringComparer.Ordinal);
    private readonly Dictionary<int, TopologyGroup[]> _counting = [];
    private readonly Dictionary<int, TopologyGroup[]> _forbidding = [];
    private readonly Dictionary<int, List<NodeSlot>> _bound = [];
    private readonly IReadOnlyList<NodeSlot> _nodes;
    private readonly IReadOnlyList<PoolInfo> _pools;
    private readonly NamespaceLabels _namespaces;

    private PlanTopology(IReadOnlyList<NodeSlot> nodes, IReadOnlyList<PoolInfo> pools, NamespaceLabels namespaces) => (_nodes, _pools, _namespaces) = (nodes, pools, namespaces);

    /// <summary>Reads all pods, or answers null when no pod means anything to another.</summary>
    public static PlanTopology? Of(ProvisioningRequest request, IReadOnlyList<NodeSlot> nodes)
    {
        var wanting = request.Pods.Where(Wants).ToArray();
        if (wanting.Length == 0 && !nodes.Any(n => n.Pods.Any(p => p.PodAntiAffinity.Count > 0)))
        {
            return null;
        }

        var topology = new PlanTopology(nodes, [.. request.Pools.Select(p => p.Pool)], request.Namespaces ?? new NamespaceLabels());
        topology.Count([.. request.Pods.Select(p => p.Key)]);
        foreach (var pod in wanting)
        {
            topology.Register(pod);
        }

        return topology;
    }

    /// <summary>The class of a pod as selectors see it.</summary>
    public int ClassOf(PodInfo pod) => _classes.Of(pod);

    /// <summary>What other pods mean to a pod with these wishes.</summary>
    public TopologyRules RulesOf(PodWishes wishes)
    {
        var own = wishes.Affinity.Select(t => Find("a", t))
            .Concat(wishes.AntiAffinity.Select(t => Find("n", t)))
            .Concat(wishes.Spread.Select(t => _groups.GetValueOrDefault(SpreadKey(wishes.Pod, t))))
            .OfType<TopologyGroup>().Distinct();
        var labels = _classes.Of(wishes.Pod);
        var rules = own.Concat(Selecting(_inverse, _forbidding, labels))
            .Select(g => new TopologyRule(g, g.Selects(labels)))
            .OrderByDescending(r => r.Group.ByHost);
        var protects = wishes.Pod.PodAntiAffinity.Select(t => _inverse[t.Identity]).Distinct();
        return new TopologyRules([.. rules], Selecting(_groups, _counting, labels), [.. protects]);
    }

    private static bool Wants(PodInfo pod) => pod.HasPodAffinity || pod.Spread.Count > 0;

    private TopologyGroup? Find(string kind, PodTerm term) => _groups.GetValueOrDefault(kind + term.Identity);

    private static string SpreadKey(PodInfo pod, SpreadTerm term) => $"s{pod.Namespace}|{term.Identity}|{new TopologyNodeFilter(pod, term).Identity}";

    private static TopologyGroup[] Selecting(Dictionary<string, TopologyGroup> groups, Dictionary<int, TopologyGroup[]> known, int labels)
    {
        if (!known.TryGetValue(labels, out var selecting))
        {
            known[labels] = selecting = [.. groups.Values.Where(g => g.Selects(labels))];
        }

        return selecting;
    }

    /// <summary>Pods that are there; those that this plan moves do not count, nor do those that are going.</summary>
    private void Count(HashSet<string> moved)
    {
        foreach (var node in _nodes)
        {
            foreach (var pod in node.Pods)
            {
                if (pod.IsTerminating || moved.Contains(pod.Key))
                {
                    continue;
                }

                var labels = _classes.Of(pod);
                if (!_bound.TryGetValue(labels, out var places))
                {
                    _bound[labels] = places = [];
                }

                places.Add(node);
                foreach (var term in pod.PodAntiAffinity)
                {
                    var group = Protection(term);
                    if (node.Domain(term.TopologyKey) is { } domain)
                    {
                        group.Record(domain);
                    }
                }
            }
        }
    }

    private void Register(PodInfo pod)
    {
        foreach (var term in pod.PodAffinity.Concat(pod.PreferredPodAffinity.Select(w => w.Term)))
        {
            Add("a" + term.Identity, () => new AffinityGroup(term, _namespaces, _classes));
        }

        foreach (var term in pod.PodAntiAffinity.Concat(pod.PreferredPodAntiAffinity.Select(w => w.Term)))
        {
            Add("n" + term.Identity, () => new AntiAffinityGroup(term, _namespaces, _classes));
        }

        foreach (var term in pod.PodAntiAffinity)
        {
            Protection(term);
        }

        foreach (var term in pod.Spread)
        {
            TryAddSpread(pod, term);
        }
    }

    private void TryAddSpread(PodInfo pod, SpreadTerm term)
    {
        try
        {
            var filter = new TopologyNodeFilter(pod, term);
            Add($"s{pod.Namespace}|{term.Identity}|{filter.Identity}", () => new SpreadGroup(term, pod.Namespace, filter, _classes));
        }
        catch (FormatException)
        {
            // The pod's node affinity cannot be read: it is refused for that when its turn comes.
        }
    }

    private TopologyGroup Protection(PodTerm term)
    {
        if (!_inverse.TryGetValue(term.Identity, out var group))
        {
            _inverse[term.Identity] = group = new AntiAffinityGroup(term, _namespaces, _classes);
            RegisterDomains(group);
        }

        return group;
    }

    private void Add(string identity, Func<TopologyGroup> make)
    {
        if (_groups.ContainsKey(identity))
        {
            return;
        }

        var group = _groups[identity] = make();
        RegisterDomains(group);
        foreach (var (labels, places) in _bound)
        {
            if (!group.Selects(labels))
            {
                continue;
            }

            foreach (var node in places)
            {
                if (node.Domain(group.Key) is { } domain && group.Includes(node.Taints, node.Labels, static _ => false))
                {
                    group.Record(domain);
                }
            }
        }
    }

    /// <summary>Domains of nodes and pools that take part. Hosts need none: a new one is always possible.</summary>
    private void RegisterDomains(TopologyGroup group)
    {
        if (group.ByHost)
        {
            return;
        }

        foreach (var pool in _pools.Where(p => group.Includes(p.Taints, p.Requirements, KarpenterLabels.WellKnown.Contains)))
        {
            foreach (var domain in pool.Domains(group.Key))
            {
                group.Register(domain);
            }
        }

        foreach (var node in _nodes)
        {
            if (node.Domain(group.Key) is { } domain && group.Includes(node.Taints, node.Labels, static _ => false))
            {
                group.Register(domain);
            }
        }
    }
}
