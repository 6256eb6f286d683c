using System.Diagnostics;
using System.Globalization;
using Hearth.Scheduling.Fit;
using Hearth.Scheduling.YuniKorn.Configuration;
using Hearth.Scheduling.YuniKorn.Core;

namespace Hearth.Bench.Scheduling;

/// <summary>YuniKorn's core on the shapes of its published KWOK test: 5,000 pods as one, five and 25 applications. Decisions only; its figures include the API server.</summary>
internal static class YuniKornBench
{
    public static void Run(int nodes, int applications, int podsEach, double published, bool quiet = false)
    {
        var cluster = Load.Cluster(nodes);
        var partition = new Partition(cluster, PartitionConfig.Default);
        var now = DateTimeOffset.UnixEpoch;
        var load = Load.Alike(applications * podsEach, 100, 500);
        for (var app = 0; app < applications; app++)
        {
            var id = string.Create(CultureInfo.InvariantCulture, $"app-{app}");
            partition.Submit(new ApplicationRequest { Id = id, Tags = new Dictionary<string, string>(StringComparer.Ordinal) { ["namespace"] = "ns" } }, now);
            foreach (var pod in load.Skip(app * podsEach).Take(podsEach))
            {
                partition.Add(new Ask(pod) { ApplicationId = id }, now);
            }
        }

        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var started = Stopwatch.GetTimestamp();
        partition.Schedule(now);
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var placed = partition.TakeEffects().OfType<Placed>().Count();
        var perPod = (GC.GetAllocatedBytesForCurrentThread() - allocated) / Math.Max(1, placed);
        if (quiet)
        {
            return; // to have it compiled
        }

        Console.WriteLine($"  {applications,3} x {podsEach,5} on {nodes,5} nodes: {placed / seconds,9:N0} decisions/s = {placed / seconds / published,7:N1} x the published {published:N0} pods/s; {perPod,7:N0} B a pod; {placed} placed");
    }
}
