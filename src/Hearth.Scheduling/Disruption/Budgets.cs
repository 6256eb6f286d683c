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
    /// <param name="now">Budgets with a schedule count from each of its times for their duration (UTC).</param>
    public static int Allowed(IReadOnlyList<Budget> budgets, string reason, int nodes, int busy, DateTimeOffset now)
    {
        var allowed = int.MaxValue;
        foreach (var budget in budgets)
        {
            if (!IsActive(budget, now))
            {
                continue;
            }

            if (budget.Reasons is { Count: > 0 } listed && !listed.Contains(reason, StringComparer.Ordinal))
            {
                continue;
            }

            allowed = Math.Min(allowed, Limit(budget, nodes));
        }

        return allowed == int.MaxValue ? allowed : Math.Max(0, allowed - busy);
    }

    private static bool IsActive(Budget budget, DateTimeOffset now)
    {
        if (budget.Schedule is null && budget.Duration is null)
        {
            return true;
        }

        return !IsReadable(budget, out var schedule, out var duration) || schedule!.HitsBetween(now - duration, now);
    }

    private static bool IsReadable(Budget budget, out CronSchedule? schedule, out TimeSpan duration)
    {
        (schedule, duration) = (null, default);
        try
        {
            schedule = CronSchedule.Parse(budget.Schedule ?? "");
            duration = KarpenterDuration.Parse(budget.Duration ?? "") ?? default;
            return true;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private static int Limit(Budget budget, int nodes)
    {
        if ((budget.Schedule is not null || budget.Duration is not null) && !IsReadable(budget, out _, out _))
        {
            return 0; // a schedule that cannot be read holds everything back, as upstream
        }

        var text = budget.Nodes ?? "10%";
        return text.EndsWith('%')
            ? (int)Math.Ceiling(nodes * int.Parse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture) / 100m)
            : int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
    }
}
