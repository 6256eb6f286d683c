using Hearth.Scheduling.Fit;
using Hearth.Scheduling.Provisioning;
using Hearth.Scheduling.Resources;

namespace Hearth.Bench.Scheduling;

/// <summary>What plans cost beside the best that there is: found by trying everything on small loads, bounded from below by a linear programme on large ones.</summary>
internal static class OptimalityBench
{
    private const int Instances = 200;

    /// <summary>Small random loads: every way to part the pods into nodes is tried, each part on the cheapest type that takes it.</summary>
    public static void BruteForce(PoolState pool, int pods)
    {
        var ratios = new List<double>();
        var types = Offers(pool);
        for (var seed = 0; seed < Instances; seed++)
        {
            var random = new Random(seed);
            var load = Enumerable.Range(0, pods).SelectMany(i => Load.Alike(1, 250 * random.Next(1, 33), 512 * random.Next(1, 65), $"s{seed}-{i}-")).ToArray();
            var plan = ProvisioningPlanner.Plan(new ProvisioningRequest { Pods = load, Pools = [pool] });
            ratios.Add((double)(ProvisioningBench.CostOf(plan) / Optimum([.. load.Select(p => p.Requests)], types)));
        }

        ratios.Sort();
        Console.WriteLine($"  {Instances} loads of {pods} pods: mean {ratios.Average():N3}, median {ratios[ratios.Count / 2]:N3}, 95% {ratios[(int)(ratios.Count * 0.95)]:N3}, worst {ratios[^1]:N3} x the optimum; {ratios.Count(r => r < 1.0001)} are optimal");
    }

    /// <summary>Types that pods of no special wish may get, with the lowest price.</summary>
    public static (ResourceVector Allocatable, decimal Price)[] Offers(PoolState pool) =>
        [.. pool.Pool.Types.Where(t => !t.Type.IsExotic).Select(t => (t.Allocatable, t.CheapestPrice(pool.Pool.Requirements)!.Value))];

    /// <summary>
    /// No plan is cheaper: the linear programme that buys parts of nodes, so many that there is enough cpu and enough memory. By duality it is the largest
    /// cpu·u + memory·v over prices u and v at which no type sells its content below value; that is concave in u.
    /// </summary>
    public static double LinearBound(ResourceVector total, (ResourceVector Allocatable, decimal Price)[] types)
    {
        double Value(double u) => (total.MilliCpu * u) + (total.Memory * types.Min(t => ((double)t.Price - (t.Allocatable.MilliCpu * u)) / t.Allocatable.Memory));
        var (low, high) = (0.0, types.Min(t => (double)t.Price / t.Allocatable.MilliCpu));
        for (var i = 0; i < 200; i++)
        {
            var (a, b) = (low + ((high - low) / 3), high - ((high - low) / 3));
            (low, high) = Value(a) < Value(b) ? (a, high) : (low, b);
        }

        return Value((low + high) / 2);
    }

    private static decimal Optimum(ResourceVector[] pods, (ResourceVector Allocatable, decimal Price)[] types)
    {
        var all = 1 << pods.Length;
        var one = new decimal?[all];
        var best = new decimal[all];
        for (var set = 1; set < all; set++)
        {
            var total = Enumerable.Range(0, pods.Length).Where(i => (set & (1 << i)) != 0).Aggregate(ResourceVector.Zero, (sum, i) => sum + pods[i]);
            one[set] = types.Where(t => total.FitsIn(t.Allocatable)).Select(t => (decimal?)t.Price).Min();
            best[set] = decimal.MaxValue;
            var first = set & -set;
            for (var part = set; part > 0; part = (part - 1) & set)
            {
                if ((part & first) != 0 && one[part] is { } price)
                {
                    best[set] = Math.Min(best[set], price + best[set ^ part]);
                }
            }
        }

        return best[all - 1];
    }
}
