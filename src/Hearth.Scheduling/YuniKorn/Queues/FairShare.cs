using Hearth.Scheduling.Resources;
using Hearth.Scheduling.YuniKorn.Configuration;

namespace Hearth.Scheduling.YuniKorn.Queues;

/// <summary>How far a queue or an application has used its share (yunikorn-core, pkg/scheduler/objects/sorters.go).</summary>
internal static class FairShare
{
    /// <summary>The largest ratio of used to guaranteed; of resources without a guarantee, to the queue's max, else to what the cluster has.</summary>
    public static double OfQueue(QueueNode queue, in ResourceVector total)
    {
        var share = 0.0;
        foreach (var name in Names(queue.Allocated))
        {
            var used = QueueAmounts.Of(queue.Allocated, name);
            var of = queue.Guaranteed.Find(name) ?? queue.Max.Find(name) ?? QueueAmounts.Of(total, name);
            share = Math.Max(share, of > 0 ? (double)used / of : used > 0 ? double.MaxValue : 0);
        }

        return share;
    }

    /// <summary>The same for an application within its queue.</summary>
    public static double OfApplication(in ResourceVector allocated, QueueNode queue, in ResourceVector total)
    {
        var share = 0.0;
        foreach (var name in Names(allocated))
        {
            var of = queue.Guaranteed.Find(name) ?? queue.Max.Find(name) ?? QueueAmounts.Of(total, name);
            share = Math.Max(share, of > 0 ? (double)QueueAmounts.Of(allocated, name) / of : 0);
        }

        return share;
    }

    private static IEnumerable<string> Names(ResourceVector vector) =>
        vector.Names().Select(n => n == ResourceNames.Cpu ? YuniKornNames.Vcore : n).Where(n => n != ResourceNames.Pods);
}
