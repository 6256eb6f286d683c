using System.Globalization;
using Hearth.Jobs.Resources;

namespace Hearth.Jobs.Controllers;

/// <summary>Adds up what the pods of a run cost. Pure.</summary>
internal static class JobCost
{
    /// <summary>Cost up to a moment; null before any pod was bound.</summary>
    public static CostStatus? Of(IReadOnlyList<PodUse> pods, DateTimeOffset now)
    {
        var used = pods.Where(p => p.From is not null).Select(p => (Pod: p, Time: (p.To ?? now) - p.From!.Value)).Where(u => u.Time >= TimeSpan.Zero).ToArray();
        if (used.Length == 0)
        {
            return null;
        }

        var usd = used.Sum(u => Price(u.Pod) * u.Time.Ticks / TimeSpan.TicksPerHour);
        return new CostStatus
        {
            Usd = used.Any(u => u.Pod.UsdPerHour is not null) ? usd.ToString("0.000000", CultureInfo.InvariantCulture) : null,
            CoreSeconds = (long)used.Sum(u => u.Pod.MilliCpu / 1000m * u.Time.Ticks / TimeSpan.TicksPerSecond),
            MemoryGibSeconds = (long)used.Sum(u => u.Pod.MemoryMib / 1024m * u.Time.Ticks / TimeSpan.TicksPerSecond),
        };
    }

    private static decimal Price(PodUse pod) => pod.UsdPerHour is { } text ? decimal.Parse(text, CultureInfo.InvariantCulture) : 0m;
}
