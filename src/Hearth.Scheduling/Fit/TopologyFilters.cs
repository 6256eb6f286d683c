namespace Hearth.Scheduling.Fit;

/// <summary>
/// kube-scheduler's filters that look at other pods: topology spread (DoNotSchedule) and required pod affinity and anti-affinity. Counted once for a pod,
/// then asked for each node.
/// </summary>
public sealed class TopologyFilters
{
    private readonly PodInfo _pod;
    private readonly List<Dictionary<string, int>> _spread = [];
    private readonly List<int> _spreadMinimum = [];
    private readonly SpreadTerm[] _spreadTerms;
    private readonly HashSet<string>[] _affinity;
    private readonly HashSet<string>[] _antiAffinity;
    private readonly HashSet<(string Key, string Value)> _forbidden = [];

    private TopologyFilters(PodInfo pod, ClusterState cluster)
    {
        _pod = pod;
        _spreadTerms = [.. pod.Spread.Where(s => s.Required)];
        foreach (var term in _spreadTerms)
        {
            CountSpread(term, cluster);
        }

        _affinity = [.. pod.PodAffinity.Select(t => DomainsWith(t, cluster))];
        _antiAffinity = [.. pod.PodAntiAffinity.Select(t => DomainsWith(t, cluster))];
        Protect(cluster);
    }

    /// <summary>The counts for one pod, or null when nothing about other pods matters to it.</summary>
    public static TopologyFilters? For(PodInfo pod, ClusterState cluster) =>
        pod.Spread.Any(s => s.Required) || pod.PodAffinity.Count > 0 || pod.PodAntiAffinity.Count > 0 || cluster.PodsWithAntiAffinity.Count > 0
            ? new TopologyFilters(pod, cluster)
            : null;

    /// <summary>Why the node does not take the pod, or null.</summary>
    public Refusal? Check(NodeInfo node) => CheckSpread(node) ?? CheckAffinity(node);

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
            if (_spread[i].GetValueOrDefault(domain) + self - _spreadMinimum[i] > term.MaxSkew)
            {
                return Refusal.Crowded(Refusal.Spread);
            }
        }

        return null;
    }

    private Refusal? CheckAffinity(NodeInfo node)
    {
        if (!AffinityHolds(node))
        {
            return Refusal.Final(Refusal.PodAffinity);
        }

        for (var i = 0; i < _antiAffinity.Length; i++)
        {
            if (node.Labels.TryGetValue(_pod.PodAntiAffinity[i].TopologyKey, out var domain) && _antiAffinity[i].Contains(domain))
            {
                return Refusal.Crowded(Refusal.PodAntiAffinity);
            }
        }

        return _forbidden.Count > 0 && node.Labels.Any(l => _forbidden.Contains((l.Key, l.Value)))
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

            all &= _affinity[i].Contains(domain);
        }

        // The first pod of a group that wants to be near itself may start anywhere.
        return all || (Array.TrueForAll(_affinity, d => d.Count == 0) && _pod.PodAffinity.All(t => t.Matches(_pod)));
    }

    private void CountSpread(SpreadTerm term, ClusterState cluster)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var node in cluster.Nodes)
        {
            if (!_pod.AcceptsLabels(node.Name, node.Labels) || !node.Labels.TryGetValue(term.TopologyKey, out var domain))
            {
                continue;
            }

            counts[domain] = counts.GetValueOrDefault(domain) + node.Pods.Count(p => term.Matches(p, _pod.Namespace));
        }

        _spread.Add(counts);
        _spreadMinimum.Add(counts.Count == 0 || counts.Count < term.MinDomains ? 0 : counts.Values.Min());
    }

    private static HashSet<string> DomainsWith(PodTerm term, ClusterState cluster)
    {
        var domains = new HashSet<string>(StringComparer.Ordinal);
        foreach (var node in cluster.Nodes)
        {
            if (node.Labels.TryGetValue(term.TopologyKey, out var domain) && !domains.Contains(domain) && node.Pods.Any(term.Matches))
            {
                domains.Add(domain);
            }
        }

        return domains;
    }

    private void Protect(ClusterState cluster)
    {
        foreach (var other in cluster.PodsWithAntiAffinity)
        {
            foreach (var term in other.PodAntiAffinity)
            {
                if (term.Matches(_pod) && cluster.NodeOf(other.Key) is { } name && cluster.Find(name) is { } node
                    && node.Labels.TryGetValue(term.TopologyKey, out var domain))
                {
                    _forbidden.Add((term.TopologyKey, domain));
                }
            }
        }
    }
}
