using System.Diagnostics;
using Hearth.Scheduling.Fit;
using Hearth.Scheduling.Provisioning;
using Hearth.Scheduling.Resources;

namespace Hearth.Bench.Scheduling;

/// <summary>Planning nodes for pods that nobody takes, and what the plan costs beside a bound that no plan can beat.</summary>
internal static class ProvisioningBench
{
    public static void Speed(string name, PoolState pool, int pods, double? published, Func<int, IReadOnlyList<PodInfo>>? load = null)
    {
        load ??= count => Load.Pods(count);
        var request = new ProvisioningRequest { Pods = load(pods), Pools = [pool] };
        ProvisioningPlanner.Plan(request with { Pods = load(10) });
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var started = Stopwatch.GetTimestamp();
        var plan = ProvisioningPlanner.Plan(request);
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var perPod = (GC.GetAllocatedBytesForCurrentThread() - allocated) / pods;
        var beside = published is { } other ? $" = 1/{other / seconds:N1} of Karpenter's published {other} s{(load == DiversePods.Mix ? "" : " (its mix has topology besides)")}" : "";
        Console.WriteLine($"  {name}, {pods,6} pods: {seconds,7:N3} s, {plan.Claims.Count} nodes, {perPod,6:N0} B a pod{beside}{(plan.Unplaced.Count > 0 ? $", {plan.Unplaced.Count} without a place" : "")}");
    }

    /// <summary>USD an hour of a plan's nodes.</summary>
    public static decimal CostOf(ProvisioningPlan plan) => plan.Claims.Sum(c => LaunchChooser.Choose(c.Requirements, c.Requests, c.Types)!.Offering.PricePerHour);
}
