using System.Globalization;
using Hearth.Scheduling.Karpenter;

namespace Hearth.Scheduling.Disruption;

/// <summary>How many more nodes of a pool may be disrupted now (Karpenter, nodepool.go and disruption/helpers.go).</summary>
public static class Budgets
{
    /// <summary>The lowest of the budgets that list the reason, less what is already going or not ready; int.MaxValue when there is none.</summary>
    /// <param name="budgets">Of the pool.</param>
    /// <param name="reason">Why nodes would go.</param>
    /// <param name="nodes">Initialised nodes of the pool: percentages are of them, rounded up.</param>
    /// <param name="busy">Nodes that are going or not ready.</param>
    public static int Allowed(IReadOnlyList<Budget> budgets, string reason, int nodes, int busy)
    {
        var allowed = int.MaxValue;
        foreach (var budget in budgets)
        {
            if (budget.Reasons is { Count: > 0 } listed && !listed.Contains(reason, StringComparer.Ordinal))
            {
                continue;
            }

            allowed = Math.Min(allowed, Limit(budget, nodes));
        }

        return allowed == int.MaxValue ? allowed : Math.Max(0, allowed - busy);
    }

    private static int Limit(Budget budget, int nodes)
    {
        if (budget.Schedule is not null || budget.Duration is not null)
        {
            return 0; // Schedules are not evaluated yet: holding back is what upstream does with one it cannot read.
        }

        var text = budget.Nodes ?? "10%";
        return text.EndsWith('%')
            ? (int)Math.Ceiling(nodes * int.Parse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture) / 100m)
            : int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
    }
}
