using System.Diagnostics;
using Hearth.Bench.Scheduling;
using Hearth.Scheduling.Catalog;

var started = Stopwatch.GetTimestamp();
var types = Ec2Catalog.Default.Types.Count;
Console.WriteLine($"catalogue: {types} types read in {Stopwatch.GetElapsedTime(started).TotalMilliseconds:N1} ms (cold)");

Console.WriteLine("placing (every node looked at for every pod):");
PlacementBench.Run(100, 1_000);
PlacementBench.Run(1_000, 5_000);
PlacementBench.Run(5_000, 5_000);
PlacementBench.Run(5_000, 50_000);
PlacementBench.Preempt(5_000, 500);

Console.WriteLine("YuniKorn's core (published: site, evaluate_perf_function_with_kwok, API server and binding included):");
YuniKornBench.Run(5_000, 1, 100, 833);
YuniKornBench.Run(5_000, 1, 5_000, 833);
YuniKornBench.Run(5_000, 5, 1_000, 556);
YuniKornBench.Run(5_000, 25, 200, 156);

Console.WriteLine("planning nodes (Karpenter's figures: pull request 2486, Apple M3 Pro):");
var fake = Load.FakePool();
ProvisioningBench.Speed("400 fake types", fake, 1_000, 0.777);
ProvisioningBench.Speed("400 fake types", fake, 5_000, 3.74);
ProvisioningBench.Speed("400 fake types", fake, 10_000, 8.11);
ProvisioningBench.Speed("400 fake types", fake, 20_000, 20.19);
ProvisioningBench.Speed("400 fake types", fake, 100_000, null);
var full = Load.WidePool("us-west-2");
ProvisioningBench.Speed($"c, m, r of EC2 ({full.Pool.Types.Count} types)", full, 5_000, null);
ProvisioningBench.Speed($"c, m, r of EC2 ({full.Pool.Types.Count} types)", full, 20_000, null);

Console.WriteLine("cost of plans beside the optimum:");
OptimalityBench.BruteForce(full, 3);
OptimalityBench.BruteForce(full, 6);
OptimalityBench.BruteForce(full, 8);
ProvisioningBench.Cost("1,000 mixed pods on c, m, r, on-demand", full, Load.Pods(1_000));
ProvisioningBench.Cost("100 executors of 1200m/2Gi on c, m, r, on-demand", full, Load.Alike(100, 1200, 2048));
ProvisioningBench.Cost("20,000 mixed pods on c, m, r, on-demand", full, Load.Pods(20_000));

Console.WriteLine("playing traces (a submission is a driver and eight executors):");
TraceBench.Run(full, 100);
TraceBench.Run(full, 1_000);
