namespace Hearth.Scheduling.Pricing;

/// <summary>What some pods cost on one node.</summary>
/// <param name="Record">The node.</param>
/// <param name="Held">USD for what the pods held.</param>
/// <param name="Node">USD for the whole node, over its whole life.</param>
public sealed record NodeShare(NodeRecord Record, decimal Held, NodeCost Node);

/// <summary>What a piece of work (a job, a team, a label) cost, from the ledger.</summary>
/// <param name="Held">USD for what its pods held.</param>
/// <param name="Nodes">One entry for each node its pods were on.</param>
/// <param name="IsAssumption">Whether some price in it is assumed.</param>
public sealed record WorkCost(decimal Held, IReadOnlyList<NodeShare> Nodes, bool IsAssumption)
{
    /// <summary>Adds up the pods that belong to the work.</summary>
    /// <param name="records">The ledger.</param>
    /// <param name="belongs">Which pods, by namespace, name and labels.</param>
    /// <param name="now">End for what has not ended.</param>
    public static WorkCost Of(IEnumerable<NodeRecord> records, Func<PodRecord, bool> belongs, DateTimeOffset now)
    {
        var shares = new List<NodeShare>();
        foreach (var record in records)
        {
            var uids = (record.Status?.Pods ?? new Dictionary<string, PodRecord>(StringComparer.Ordinal)).Where(p => belongs(p.Value)).Select(p => p.Key).ToArray();
            if (uids.Length > 0 && record.Cost(now) is { } cost)
            {
                shares.Add(new(record, uids.Sum(u => cost.ByPod.GetValueOrDefault(u)), cost));
            }
        }

        return new(
            shares.Sum(s => s.Held),
            [.. shares.OrderBy(s => s.Record.Spec?.StartedAt).ThenBy(s => s.Record.Spec?.NodeName, StringComparer.Ordinal)],
            shares.Any(s => s.Record.Spec?.PriceBasis?.StartsWith("assumed", StringComparison.Ordinal) == true));
    }
}
