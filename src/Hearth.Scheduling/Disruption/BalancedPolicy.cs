using System.Globalization;

namespace Hearth.Scheduling.Disruption;

/// <summary>
/// The policy Balanced (Karpenter v1.14, designs/balanced-consolidation): a command must save its share of the pools' cost for its share of their disturbance.
/// </summary>
internal static class BalancedPolicy
{
    private const double Least = 1.0 / 2; // 1/k with k = 2

    /// <summary>Why a command is not worth it, or null when it is or when no pool asks for that.</summary>
    /// <param name="world">The cluster.</param>
    /// <param name="command">What would be done.</param>
    /// <param name="launched">USD/h of what would be launched now.</param>
    public static string? WhyNot(DisruptionWorld world, DisruptionCommand command, decimal launched)
    {
        var pools = command.Candidates.Select(c => c.Pool).ToHashSet(StringComparer.Ordinal);
        if (!pools.Any(p => world.Pools.TryGetValue(p, out var pool) && pool.Policy == PoolDisruption.Balanced))
        {
            return null;
        }

        var nodes = world.Candidates.Where(c => pools.Contains(c.Pool)).ToArray();
        var cost = nodes.Sum(c => c.PricePerHour ?? 0);
        var saved = command.Candidates.Sum(c => c.PricePerHour ?? 0) - launched;
        if (cost <= 0)
        {
            return "NodePool has no known cost to balance";
        }

        var score = (double)(saved / cost) / (command.Candidates.Sum(c => c.DisruptionCost) / nodes.Sum(c => c.DisruptionCost));
        return score >= Least ? null : string.Create(CultureInfo.InvariantCulture, $"Savings do not outweigh the disruption (score {score:0.00}, needed {Least:0.00})");
    }
}
