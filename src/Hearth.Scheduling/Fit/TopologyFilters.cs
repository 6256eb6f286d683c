namespace Hearth.Scheduling.Fit;

/// <summary>
/// kube-scheduler's filters that look at other pods: topology spread (DoNotSchedule) and required pod affinity and anti-affinity. Counted once for a pod,
/// then asked for each node; the counts follow when pods are taken away or added to see what would be.
/// </summary>
public sealed class TopologyFilters
{
    private readonly PodInfo _pod;
    private readonly NamespaceLabels _namespaces;
    private readonly SpreadTerm[] _spreadTerms;
    private readonly Dictionary<string, int>[] _spread;
    private readonly int?[] _minimum;
    private readonly Dictionary<string, int>[] _affinity;
    private readonly Dictionary<string, int>[] _antiAffinity;
    private readonly Dictionary<(string Key, string Value), int> _forbidden = [];

    private TopologyFilters(PodInfo pod, ClusterState cluster)
    {
        (_pod, _namespaces) = (pod, cluster.Namespaces);
        _spreadTerms = [.. pod.Spread.Where(s => s.Required)];
        _spread = [.. _spreadTerms.Select(t => CountSpread(t, cluster))];
        _minimum = new int?[_spread.Length];
        _affinity = [.. pod.PodAffinity.Select(t => CountMatches(t, MatchesAffinity, cluster))];
        _antiAffinity = [.. pod.PodAntiAffinity.Select(t => CountMatches(t, other => t.Matches(other, _namespaces), cluster))];
        foreach (var other in cluster.PodsWithAntiAffinity)
        {
            if (cluster.NodeOf(other.Key) is { } name && cluster.Find(name) is { } node)
            {
                Protect(other, node, 1);
            }
        }
    }

    /// <summary>The counts for one pod, or null when nothing about other pods matters to it.</summary>
    public static TopologyFilters? For(PodInfo pod, ClusterState cluster) =>
        pod.Spread.Any(s => s.Required) || pod.PodAffinity.Count > 0 || pod.PodAntiAffinity.Count > 0 || cluster.PodsWithAntiAffinity.Count > 0
            ? new TopologyFilters(pod, cluster)
            : null;

    /// <summary>Why the node does not take the pod, or null.</summary>
    public Refusal? Check(NodeInfo node) => CheckSpread(node) ?? CheckAffinity(node);

    /// <summary>Counts as if a pod were on a node.</summary>
    internal void Add(PodInfo other, NodeInfo node) => Count(other, node, 1);

    /// <summary>Counts as if a pod were no longer on a node.</summary>
    internal void Remove(PodInfo other, NodeInfo node) => Count(other, node, -1);

    private void Count(PodInfo other, NodeInfo node, int by)
    {
        for (var i = 0; i < _spreadTerms.Length; i++)
        {
            if (_spreadTerms[i].Matches(other, _pod.Namespace) && Eligible(_spreadTerms[i], node))
            {
                _spread[i][node.Labels[_spreadTerms[i].TopologyKey]] += by;
                _minimum[i] = null;
            }
        }

        if (_affinity.Length > 0 && MatchesAffinity(other))
        {
            CountTerms(_pod.PodAffinity, _affinity, static _ => true, node, by);
        }

        CountTerms(_pod.PodAntiAffinity, _antiAffinity, t => t.Matches(other, _namespaces), node, by);
        Protect(other, node, by);
    }

    /// <summary>Only pods that all terms of the affinity speak of count for any of them (interpodaffinity, <c>podMatchesAllAffinityTerms</c>).</summary>
    private bool MatchesAffinity(PodInfo other) => _pod.PodAffinity.All(t => t.Matches(other, _namespaces));

    private static void CountTerms(IReadOnlyList<PodTerm> terms, Dictionary<string, int>[] counts, Func<PodTerm, bool> counted, NodeInfo node, int by)
    {
        for (var i = 0; i < counts.Length; i++)
        {
            if (counted(terms[i]) && node.Labels.TryGetValue(terms[i].TopologyKey, out var domain))
            {
                counts[i][domain] = counts[i].GetValueOrDefault(domain) + by;
            }
        }
    }

    private Refusal? CheckSpread(NodeInfo node)
    {
        for (var i = 0; i < _spreadTerms.Length; i++)
        {
            var term = _spreadTerms[i];
            if (!node.Labels.TryGetValue(term.TopologyKey, out var domain))
            {
                return Refusal.Final(Refusal.SpreadLabel);
            }

            var self = term.Matches(_pod, _pod.Namespace) ? 1 : 0;
            if (_spread[i].GetValueOrDefault(domain) + self - Minimum(i) > term.MaxSkew)
            {
                return Refusal.Crowded(Refusal.Spread);
            }
        }

        return null;
    }

    private int Minimum(int constraint) => _minimum[constraint] ??= FindMinimum(constraint);

    private int FindMinimum(int constraint)
    {
        var counts = _spread[constraint];
        if (counts.Count == 0 || counts.Count < _spreadTerms[constraint].MinDomains)
        {
            return 0;
        }

        var minimum = int.MaxValue;
        foreach (var count in counts.Values)
        {
            minimum = Math.Min(minimum, count);
        }

        return minimum;
    }

    private Refusal? CheckAffinity(NodeInfo node)
    {
        if (!AffinityHolds(node))
        {
            return Refusal.Final(Refusal.PodAffinity);
        }

        for (var i = 0; i < _antiAffinity.Length; i++)
        {
            if (node.Labels.TryGetValue(_pod.PodAntiAffinity[i].TopologyKey, out var domain) && _antiAffinity[i].GetValueOrDefault(domain) > 0)
            {
                return Refusal.Crowded(Refusal.PodAntiAffinity);
            }
        }

        return _forbidden.Count > 0 && node.Labels.Any(l => _forbidden.GetValueOrDefault((l.Key, l.Value)) > 0)
            ? Refusal.Crowded(Refusal.ExistingAntiAffinity)
            : null;
    }

    private bool AffinityHolds(NodeInfo node)
    {
        var all = true;
        for (var i = 0; i < _affinity.Length; i++)
        {
            if (!node.Labels.TryGetValue(_pod.PodAffinity[i].TopologyKey, out var domain))
            {
                return false;
            }

            all &= _affinity[i].GetValueOrDefault(domain) > 0;
        }

        // The first pod of a group that wants to be near itself may start anywhere.
        return all || (Array.TrueForAll(_affinity, d => d.Values.All(n => n <= 0)) && MatchesAffinity(_pod));
    }

    private Dictionary<string, int> CountSpread(SpreadTerm term, ClusterState cluster)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var node in cluster.Nodes)
        {
            if (Eligible(term, node))
            {
                var domain = node.Labels[term.TopologyKey];
                counts[domain] = counts.GetValueOrDefault(domain) + term.Count(node, _pod.Namespace);
            }
        }

        return counts;
    }

    /// <summary>A node counts when it has the labels of every constraint and this constraint's policies include it.</summary>
    private bool Eligible(SpreadTerm term, NodeInfo node)
    {
        foreach (var each in _spreadTerms)
        {
            if (!node.Labels.ContainsKey(each.TopologyKey))
            {
                return false;
            }
        }

        return term.Includes(_pod, node);
    }

    private static Dictionary<string, int> CountMatches(PodTerm term, Func<PodInfo, bool> counted, ClusterState cluster)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var node in cluster.Nodes)
        {
            if (!node.Labels.TryGetValue(term.TopologyKey, out var domain))
            {
                continue;
            }

            foreach (var other in node.Pods)
            {
                if (counted(other))
                {
                    counts[domain] = counts.GetValueOrDefault(domain) + 1;
                }
            }
        }

        return counts;
    }

    private void Protect(PodInfo other, NodeInfo node, int by)
    {
        foreach (var term in other.PodAntiAffinity)
        {
            if (node.Labels.TryGetValue(term.TopologyKey, out var domain) && term.Matches(_pod, _namespaces))
            {
                _forbidden[(term.TopologyKey, domain)] = _forbidden.GetValueOrDefault((term.TopologyKey, domain)) + by;
            }
        }
    }
}
