using System.Diagnostics;
using Hearth.Bench.Scheduling;
using Hearth.Scheduling.Catalog;

Dictionary<string, Action> parts = new(StringComparer.Ordinal)
{
    ["placing"] = Placing, ["yunikorn"] = YuniKorn, ["planning"] = Planning, ["optimality"] = Optimality, ["traces"] = Traces, ["consolidation"] = Consolidation,
};
foreach (var unknown in args.Where(a => !parts.ContainsKey(a)))
{
    Console.Error.WriteLine($"there is no part {unknown}; parts are {string.Join(", ", parts.Keys)}");
    return 2;
}

foreach (var (_, run) in parts.Where(p => args.Length == 0 || args.Contains(p.Key)))
{
    run();
}

return 0;

static void Placing()
{
    Console.WriteLine("placing (every node looked at for every pod):");
    PlacementBench.Run(100, 1_000, quiet: true);
    PlacementBench.Run(100, 1_000);
    PlacementBench.Run(1_000, 5_000);
    PlacementBench.Run(5_000, 5_000);
    PlacementBench.Run(5_000, 50_000);
    PlacementBench.Preempt(5_000, 500);
}

static void YuniKorn()
{
    Console.WriteLine("YuniKorn's core (published: site, evaluate_perf_function_with_kwok, API server and binding included):");
    YuniKornBench.Run(100, 1, 100, 833, quiet: true);
    YuniKornBench.Run(5_000, 1, 100, 833);
    YuniKornBench.Run(5_000, 1, 5_000, 833);
    YuniKornBench.Run(5_000, 5, 1_000, 556);
    YuniKornBench.Run(5_000, 25, 200, 156);
    YuniKornBench.Run(5_000, 1, 50_000, 833);
}

static void Planning()
{
    var started = Stopwatch.GetTimestamp();
    var types = Ec2Catalog.Default.Types.Count;
    Console.WriteLine($"catalogue: {types} types read in {Stopwatch.GetElapsedTime(started).TotalMilliseconds:N1} ms (cold)");
    Console.WriteLine("planning nodes (Karpenter's figures: pull request 2486, Apple M3 Pro):");
    var fake = Load.FakePool();
    ProvisioningBench.Speed("400 fake types", fake, 1_000, 0.777);
    ProvisioningBench.Speed("400 fake types", fake, 5_000, 3.74);
    ProvisioningBench.Speed("400 fake types", fake, 10_000, 8.11);
    ProvisioningBench.Speed("400 fake types", fake, 20_000, 20.19);
    ProvisioningBench.Speed("400 fake types", fake, 100_000, null);
    ProvisioningBench.Speed("400 fake types, diverse", fake, 1_000, 0.777, DiversePods.Mix);
    ProvisioningBench.Speed("400 fake types, diverse", fake, 5_000, 3.74, DiversePods.Mix);
    ProvisioningBench.Speed("400 fake types, diverse", fake, 10_000, 8.11, DiversePods.Mix);
    ProvisioningBench.Speed("400 fake types, diverse", fake, 20_000, 20.19, DiversePods.Mix);
    var full = Load.WholeCatalogue("us-west-2");
    ProvisioningBench.Speed($"all of EC2 ({full.Pool.Types.Count} types)", full, 5_000, null);
    ProvisioningBench.Speed($"all of EC2 ({full.Pool.Types.Count} types)", full, 20_000, null);
    ProvisioningBench.Speed($"all of EC2 ({full.Pool.Types.Count} types), diverse", full, 5_000, null, DiversePods.Mix);
}

static void Optimality()
{
    Console.WriteLine("cost of plans beside the optimum (everything tried):");
    var wide = Load.WidePool("us-west-2");
    OptimalityBench.BruteForce("c, m, r", wide, 3);
    OptimalityBench.BruteForce("c, m, r", wide, 6);
    OptimalityBench.BruteForce("c, m, r", wide, 8);
    OptimalityBench.BruteForce("c, m, r up to 16 vCPU", Load.WidePool("us-west-2", 16), 8);
    OptimalityBench.BruteForce("r5d", Load.FamilyPool("us-west-2", "r5d"), 8);
    Console.WriteLine("cost of plans beside the linear bound:");
    OptimalityBench.Bound("1,000 mixed pods on c, m, r, on-demand", most => Load.WidePool("us-west-2", most), Load.Pods(1_000));
    OptimalityBench.Bound("100 executors of 1200m/2Gi on c, m, r, on-demand", most => Load.WidePool("us-west-2", most), Load.Alike(100, 1200, 2048));
    OptimalityBench.Bound("20,000 mixed pods on c, m, r, on-demand", most => Load.WidePool("us-west-2", most), Load.Pods(20_000));
}

static void Traces()
{
    Console.WriteLine("playing traces (a submission is a driver and eight executors):");
    var wide = Load.WidePool("us-west-2");
    TraceBench.Run(wide, 100);
    TraceBench.Run(wide, 1_000);
    TraceBench.Run(wide, 10_000);
}

static void Consolidation()
{
    Console.WriteLine("playing traces with consolidation (every change is looked at, each look plans for up to a hundred nodes):");
    var wide = Load.WidePool("us-west-2");
    TraceBench.Run(wide, 100, "WhenEmptyOrUnderutilized");
    TraceBench.Run(wide, 1_000, "WhenEmptyOrUnderutilized");
}
