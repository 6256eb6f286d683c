using System.Diagnostics;
using Hearth.Scheduling.Fit;

namespace Hearth.Bench.Scheduling;

/// <summary>Placing pods on nodes: filter and score every node for every pod (kube-scheduler looks at a sample of a large cluster only).</summary>
internal static class PlacementBench
{
    /// <summary>Pods a second that kube-scheduler's own performance tests demand of SchedulingBasic at 5,000 nodes (its lower gate), API writes included.</summary>
    private const double Gate = 680;

    public static void Run(int nodes, int pods)
    {
        var cluster = Load.Cluster(nodes);
        var load = Load.Alike(pods, 100, 500);
        PodPlacer.Place(load[0], cluster);
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var started = Stopwatch.GetTimestamp();
        foreach (var pod in load)
        {
            cluster.AddPod(pod, PodPlacer.Place(pod, cluster).NodeName!);
        }

        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var perPod = (GC.GetAllocatedBytesForCurrentThread() - allocated) / pods;
        Console.WriteLine($"  {pods,6} pods on {nodes,5} nodes: {pods / seconds,9:N0} decisions/s = {pods / seconds / Gate,6:N2} x the gate of 680 pods/s; {perPod,7:N0} B a pod");
    }
}
