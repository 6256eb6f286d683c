using System.Diagnostics;
using Hearth.Scheduling.Fit;

namespace Hearth.Bench.Scheduling;

/// <summary>Placing pods on nodes: filter and score every node for every pod (kube-scheduler looks at a sample of a large cluster only).</summary>
internal static class PlacementBench
{
    /// <summary>Pods a second that kube-scheduler's own performance tests demand of SchedulingBasic at 5,000 nodes (its lower gate), API writes included.</summary>
    private const double Gate = 680;

    public static void Run(int nodes, int pods, bool quiet = false)
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
        if (quiet)
        {
            return; // to have it compiled
        }

        Console.WriteLine($"  {pods,6} pods on {nodes,5} nodes: {pods / seconds,9:N0} decisions/s = {pods / seconds / Gate,6:N2} x the gate of 680 pods/s; {perPod,7:N0} B a pod");
    }

    /// <summary>On full nodes every pod of higher priority drives others away: each decision looks for victims on at least 100 nodes, as upstream does.</summary>
    public static void Preempt(int nodes, int pods)
    {
        var cluster = Load.Cluster(nodes);
        var filler = Load.Alike(nodes * 4, 1000, 2048, "f");
        for (var i = 0; i < filler.Count; i++)
        {
            cluster.AddPod(filler[i], cluster.Nodes[i % nodes].Name);
        }

        var load = Load.Alike(pods, 3000, 4096, "h", priority: 1000);
        var started = Stopwatch.GetTimestamp();
        foreach (var pod in load)
        {
            var decision = PodPlacer.Place(pod, cluster).Preempts!;
            foreach (var victim in decision.Victims)
            {
                cluster.RemovePod(victim.Key);
            }

            cluster.AddPod(pod, decision.NodeName);
        }

        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        Console.WriteLine($"  {pods,6} preemptors on {nodes,5} full nodes: {pods / seconds,9:N0} decisions/s, {pods * 3} victims");
    }
}
