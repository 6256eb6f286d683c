using System.Diagnostics;
using System.Globalization;
using Hearth.Kube.Core;
using Hearth.Kube.Objects;
using Hearth.Kube.Quantities;
using Hearth.Scheduling.Disruption;
using Hearth.Scheduling.Provisioning;
using Hearth.Scheduling.Simulation;

namespace Hearth.Bench.Scheduling;

/// <summary>Discrete-event simulation of a day of jobs.</summary>
internal static class TraceBench
{
    public static void Run(PoolState pool, int jobs, string policy = PoolDisruption.WhenEmpty)
    {
        var random = new Random(42);
        var submissions = Enumerable.Range(0, jobs).Select(i => new Submission
        {
            Name = string.Create(CultureInfo.InvariantCulture, $"job{i}"), Arrival = TimeSpan.FromMinutes(random.Next(0, 1440)), Duration = TimeSpan.FromMinutes(random.Next(5, 60)),
            Executors = 8, Driver = Pod("1", "4Gi"), Executor = Pod("4", "16Gi"),
        }).ToArray();
        var started = Stopwatch.GetTimestamp();
        var result = TraceSimulator.Run(new SimulationRequest
        {
            Submissions = submissions, Pools = [pool], Disruption = new Dictionary<string, PoolDisruption>(StringComparer.Ordinal) { [pool.Pool.Name] = new(pool.Pool.Name, policy, TimeSpan.FromMinutes(1), []) },
        });
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        Console.WriteLine($"  {jobs,5} jobs in a day, {policy}: {seconds:N2} s = {result.End.TotalSeconds / seconds:N0} x as fast as time; {result.Nodes.Count} nodes, {result.Cost:N2} USD, cpu {result.CpuUse:P0} used");
    }

    private static Pod Pod(string cpu, string memory) => new()
    {
        Metadata = new ObjectMeta { Name = "p", Namespace = "bench" },
        Spec = new PodSpec
        {
            Containers =
            [
                new Container
                {
                    Resources = new ResourceRequirements
                    {
                        Requests = new Dictionary<string, Quantity>(StringComparer.Ordinal) { ["cpu"] = Quantity.Parse(cpu), ["memory"] = Quantity.Parse(memory) },
                    },
                },
            ],
        },
    };
}
