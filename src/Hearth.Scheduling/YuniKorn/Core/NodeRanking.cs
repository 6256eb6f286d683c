using Hearth.Scheduling.Fit;
using Hearth.Scheduling.YuniKorn.Configuration;

namespace Hearth.Scheduling.YuniKorn.Core;

/// <summary>
/// The nodes that take pods of one class, best first, while a round hands out places. It answers as <see cref="NodePicker.Pick"/> does, which looks at every node:
/// within a round nodes only fill, so a node that was left out stays out, and only those that got a pod change their rank.
/// </summary>
internal sealed class NodeRanking
{
    private readonly ClusterState _cluster;
    private readonly PartitionConfig _config;
    private readonly KeyValuePair<string, double>[] _weights;
    private readonly PriorityQueue<int, (double Rank, int Index)> _ranked;
    private int _seen;

    /// <param name="pod">One of the class; other pods must not matter to it.</param>
    /// <param name="cluster">Its nodes must stay the same.</param>
    /// <param name="config">Of the partition.</param>
    /// <param name="changed">How many nodes the round has changed so far.</param>
    public NodeRanking(PodInfo pod, ClusterState cluster, PartitionConfig config, int changed)
    {
        (_cluster, _config, _weights, _seen) = (cluster, config, [.. config.ResourceWeights], changed);
        var takers = new List<(int, (double, int))>();
        for (var i = 0; i < cluster.Nodes.Length; i++)
        {
            if (Takes(pod, cluster.Nodes[i]))
            {
                takers.Add((i, (Rank(cluster.Nodes[i]), i)));
            }
        }

        _ranked = new PriorityQueue<int, (double, int)>(takers);
    }

    /// <summary>The best node, or null.</summary>
    /// <param name="pod">Of the class.</param>
    /// <param name="changed">Nodes that got a pod in this round, in the order of that.</param>
    public NodeInfo? Best(PodInfo pod, IReadOnlyList<string> changed)
    {
        for (; _seen < changed.Count; _seen++)
        {
            var index = IndexOf(changed[_seen]);
            if (index >= 0 && Takes(pod, _cluster.Nodes[index]))
            {
                _ranked.Enqueue(index, (Rank(_cluster.Nodes[index]), index));
            }
        }

        while (_ranked.TryPeek(out var index, out var at))
        {
            var node = _cluster.Nodes[index];
            if (at.Rank.Equals(Rank(node)) && Takes(pod, node))
            {
                return node;
            }

            _ranked.Dequeue(); // full, or it has a newer rank further back
        }

        return null;
    }

    private static bool Takes(PodInfo pod, NodeInfo node) => pod.Requests.FitsIn(node.Free) && NodeFilters.Check(pod, node) is null;

    private double Rank(NodeInfo node) => _config.BinPacking ? -NodePicker.Use(node, _weights) : NodePicker.Use(node, _weights);

    /// <summary>Nodes are in name order.</summary>
    private int IndexOf(string name)
    {
        var (low, high) = (0, _cluster.Nodes.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var order = string.CompareOrdinal(_cluster.Nodes[middle].Name, name);
            if (order == 0)
            {
                return middle;
            }

            (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
        }

        return -1;
    }
}
