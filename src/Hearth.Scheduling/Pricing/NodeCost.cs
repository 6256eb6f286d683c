using Hearth.Scheduling.Resources;

namespace Hearth.Scheduling.Pricing;

/// <summary>A pod's time on a node.</summary>
/// <param name="Key">Any name that is unique among the stays.</param>
/// <param name="Requests">What it held.</param>
/// <param name="From">When it was bound.</param>
/// <param name="To">When it ended; null while it is there.</param>
public sealed record PodStay(string Key, ResourceVector Requests, DateTimeOffset From, DateTimeOffset? To);

/// <summary>What a node cost and who held it.</summary>
/// <param name="Total">USD.</param>
/// <param name="ByPod">USD by pod key.</param>
/// <param name="Idle">USD that nobody held; <see cref="ByPod"/> and this add up to the total.</param>
public sealed record NodeCost(decimal Total, IReadOnlyDictionary<string, decimal> ByPod, decimal Idle)
{
    /// <summary>The price of a node for a time: by the second, as EC2 bills Linux instances (its minimum of a minute is not applied).</summary>
    public static decimal Of(decimal pricePerHour, TimeSpan time) => pricePerHour * time.Ticks / TimeSpan.TicksPerHour;

    /// <summary>
    /// Splits a node's cost. At each moment a pod holds the larger of its shares of cpu and of memory (any resource, in fact); where shares add up to more than
    /// the node they are scaled down to it, and what is not held is idle.
    /// </summary>
    /// <param name="pricePerHour">USD.</param>
    /// <param name="allocatable">Of the node.</param>
    /// <param name="from">When the node started.</param>
    /// <param name="to">When it ended, or now.</param>
    /// <param name="stays">Pods on it; parts outside the node's time are left out.</param>
    public static NodeCost Split(decimal pricePerHour, ResourceVector allocatable, DateTimeOffset from, DateTimeOffset to, IReadOnlyCollection<PodStay> stays)
    {
        var byPod = stays.ToDictionary(s => s.Key, _ => 0m, StringComparer.Ordinal);
        var total = to > from ? Of(pricePerHour, to - from) : 0m;
        var idle = 0m;
        var moments = stays.SelectMany(s => new[] { s.From, s.To ?? to }).Where(m => m > from && m < to)
            .Append(from).Append(to).Distinct().Order().ToArray();
        for (var i = 0; i + 1 < moments.Length && total > 0; i++)
        {
            var cost = Of(pricePerHour, moments[i + 1] - moments[i]);
            var here = stays.Where(s => s.From <= moments[i] && (s.To ?? to) > moments[i]).Select(s => (s.Key, Share: Share(s.Requests, allocatable))).ToArray();
            var held = here.Sum(s => s.Share);
            foreach (var (key, share) in here)
            {
                byPod[key] += cost * share / Math.Max(1m, held);
            }

            idle += cost * Math.Max(0m, 1m - held);
        }

        return new(total, byPod, idle);
    }

    /// <summary>The larger of the pod's shares of the node's cpu, memory and other resources, 0 to 1. The one pod slot it takes does not count.</summary>
    public static decimal Share(ResourceVector requests, ResourceVector allocatable)
    {
        var share = 0m;
        foreach (var name in requests.Names())
        {
            if (name != ResourceNames.Pods && name != ResourceNames.EphemeralStorage && allocatable[name] > 0)
            {
                share = Math.Max(share, (decimal)requests[name] / allocatable[name]);
            }
        }

        return Math.Min(1m, share);
    }
}
