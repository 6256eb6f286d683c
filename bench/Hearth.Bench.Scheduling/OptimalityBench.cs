using System.Globalization;
using Hearth.Scheduling.Fit;
using Hearth.Scheduling.Planning;
using Hearth.Scheduling.Provisioning;
using Hearth.Scheduling.Resources;

namespace Hearth.Bench.Scheduling;

/// <summary>What plans cost beside the best that there is: found by trying everything on small loads, bounded from below by a linear programme on large ones.</summary>
internal static class OptimalityBench
{
    private const int Instances = 200;

    /// <summary>
    /// Small random loads beside the cheapest of all ways to part them. The second line says where the difference comes from: what the plan's own parts would cost
    /// on the cheapest type for each; what is left is how Karpenter's first fit parts pods.
    /// </summary>
    public static void BruteForce(string name, PoolState pool, int pods)
    {
        NodePrice[] types = [.. NodePrice.Of(pool.Pool).OrderBy(t => t.PricePerHour)];
        var (ratios, launches, parts, fewest) = (new List<double>(), new List<double>(), new List<double>(), 0);
        for (var seed = 0; seed < Instances; seed++)
        {
            var random = new Random(seed);
            var load = Enumerable.Range(0, pods).SelectMany(i => Load.Alike(1, 250 * random.Next(1, 33), 512 * random.Next(1, 65), $"s{seed}-{i}-")).ToArray();
            var plan = Plan(pool, load);
            var (cost, optimum) = (ProvisioningBench.CostOf(plan), CostBounds.Cheapest([.. load.Select(p => p.Requests)], types)!.Value);
            var own = plan.Claims.Sum(c => CostBounds.OneNode(c.Requests, types)!.Value);
            ratios.Add((double)(cost / optimum));
            launches.Add((double)(cost / own));
            parts.Add((double)(own / optimum));
            fewest += plan.Claims.Count == 1 ? 1 : 0;
        }

        Console.WriteLine($"  {name}, {Instances} loads of {pods} pods: {Distribution(ratios)}");
        Console.WriteLine($"    of that choice of types {launches.Average():N3}, parting into nodes {parts.Average():N3} ({fewest} plans are one node)");
    }

    /// <summary>Beside the linear bound, on the whole pool and on the same pool with smaller nodes only.</summary>
    public static void Bound(string name, Func<int?, PoolState> pool, IReadOnlyList<PodInfo> pods)
    {
        NodePrice[] all = [.. NodePrice.Of(pool(null).Pool).OrderBy(t => t.PricePerHour)];
        var bound = CostBounds.Linear(pods.Aggregate(ResourceVector.Zero, (sum, p) => sum + p.Requests), all);
        Console.WriteLine($"  {name}: linear bound {bound:N2} USD/h");
        foreach (var most in new int?[] { null, 64, 32, 16, 8 })
        {
            var plan = Plan(pool(most), pods);
            var cost = (double)ProvisioningBench.CostOf(plan);
            var own = (double)plan.Claims.Sum(c => CostBounds.OneNode(c.Requests, all)!.Value);
            var which = most is { } vcpu ? string.Create(CultureInfo.InvariantCulture, $"at most {vcpu} vCPU") : "any size";
            Console.WriteLine($"    {which,-16} {plan.Claims.Count,6} nodes, {cost / bound,6:N3} x the bound ({cost / own:N3} x the cheapest types for its own parts){(plan.Unplaced.Count > 0 ? $", {plan.Unplaced.Count} unplaced" : "")}");
        }
    }

    private static ProvisioningPlan Plan(PoolState pool, IReadOnlyList<PodInfo> pods) => ProvisioningPlanner.Plan(new ProvisioningRequest { Pods = pods, Pools = [pool] });

    private static string Distribution(List<double> ratios)
    {
        ratios.Sort();
        double At(double share) => ratios[Math.Min(ratios.Count - 1, (int)(ratios.Count * share))];
        return string.Create(
            CultureInfo.InvariantCulture,
            $"mean {ratios.Average():N3}; 10% {At(0.1):N3}, 25% {At(0.25):N3}, median {At(0.5):N3}, 75% {At(0.75):N3}, 95% {At(0.95):N3}, worst {ratios[^1]:N3} x the optimum; {ratios.Count(r => r < 1.0001)} optimal");
    }
}
