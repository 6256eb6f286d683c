using Hearth.Scheduling.Karpenter;
using Hearth.Scheduling.Provisioning;
using Hearth.Scheduling.Requirements;
using Hearth.Scheduling.Resources;

namespace Hearth.Scheduling.Planning;

/// <summary>A node that can be bought.</summary>
/// <param name="Allocatable">What pods may use.</param>
/// <param name="PricePerHour">USD.</param>
public readonly record struct NodePrice(ResourceVector Allocatable, decimal PricePerHour)
{
    /// <summary>What pods of no special wish may get of a pool, at the lowest prices: metal and accelerators are no part of it.</summary>
    /// <param name="pool">The pool.</param>
    /// <param name="capacityType">spot or on-demand; null for whichever is cheaper.</param>
    public static IEnumerable<NodePrice> Of(PoolInfo pool, string? capacityType = null) =>
        from type in pool.Types
        where !type.Type.IsExotic
        let price = type.CheapestPrice(capacityType is null ? pool.Requirements : pool.Requirements.Add(Requirement.In(KarpenterLabels.CapacityType, capacityType)))
        where price is not null
        select new NodePrice(type.Allocatable, price.Value);
}

/// <summary>The least that nodes for pods can cost, whoever plans them: what plans are measured by. Daemons, labels and taints are not looked at.</summary>
public static class CostBounds
{
    /// <summary>So many pods at most are parted in every way.</summary>
    public const int MostPods = 12;

    /// <summary>USD an hour of the cheapest of all ways to part pods into nodes, each part on the cheapest type that takes it; null when a pod fits on none.</summary>
    /// <exception cref="ArgumentOutOfRangeException">More than <see cref="MostPods"/> pods.</exception>
    public static decimal? Cheapest(IReadOnlyList<ResourceVector> pods, IReadOnlyCollection<NodePrice> types)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(pods.Count, MostPods);
        NodePrice[] cheapestFirst = [.. types.OrderBy(t => t.PricePerHour)];
        var all = 1 << pods.Count;
        var one = new decimal?[all];
        var best = new decimal?[all];
        best[0] = 0;
        for (var set = 1; set < all; set++)
        {
            one[set] = OneNode(Total(pods, set), cheapestFirst);
            var first = set & -set;
            for (var part = set; part > 0; part = (part - 1) & set)
            {
                if ((part & first) != 0 && one[part] + best[set ^ part] is { } price && !(price >= best[set]))
                {
                    best[set] = price;
                }
            }
        }

        return best[all - 1];
    }

    /// <summary>The price of the cheapest type that takes so much at once, or null.</summary>
    public static decimal? OneNode(ResourceVector requests, IEnumerable<NodePrice> cheapestFirst)
    {
        foreach (var type in cheapestFirst)
        {
            if (requests.FitsIn(type.Allocatable))
            {
                return type.PricePerHour;
            }
        }

        return null;
    }

    /// <summary>
    /// No plan is cheaper (USD/h): the linear programme that buys parts of nodes until there is enough cpu and enough memory. By duality it is the largest
    /// cpu·u + memory·v over prices u and v of one unit each at which no type sells its content below value; that is concave in u. 0 for no types.
    /// </summary>
    public static double Linear(ResourceVector total, IReadOnlyCollection<NodePrice> types)
    {
        NodePrice[] useful = [.. types.Where(t => t.Allocatable is { MilliCpu: > 0, Memory: > 0 })];
        if (useful.Length == 0)
        {
            return 0;
        }

        double Value(double u) => (total.MilliCpu * u) + (total.Memory * useful.Min(t => ((double)t.PricePerHour - (t.Allocatable.MilliCpu * u)) / t.Allocatable.Memory));
        var (low, high) = (0.0, useful.Min(t => (double)t.PricePerHour / t.Allocatable.MilliCpu));
        for (var i = 0; i < 100; i++)
        {
            var (a, b) = (low + ((high - low) / 3), high - ((high - low) / 3));
            (low, high) = Value(a) < Value(b) ? (a, high) : (low, b);
        }

        return Value((low + high) / 2);
    }

    private static ResourceVector Total(IReadOnlyList<ResourceVector> pods, int set)
    {
        var total = ResourceVector.Zero;
        for (var i = 0; i < pods.Count; i++)
        {
            total += (set & (1 << i)) != 0 ? pods[i] : default;
        }

        return total;
    }
}
