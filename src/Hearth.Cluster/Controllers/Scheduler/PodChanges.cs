using Hearth.Kube.Core;
using Hearth.Scheduling.Fit;

namespace Hearth.Cluster.Controllers.Scheduler;

/// <summary>Tells changes of a pod on a node that decide placement of others from the rest (container states, probes).</summary>
internal static class PodChanges
{
    public static bool Matter(PodInfo known, Pod fresh) =>
        known.Started != fresh.Status?.StartTime
        || (fresh.Metadata.IsDeleting() && !known.IsTerminating)
        || known.Labels.Count != (fresh.Metadata.Labels?.Count ?? 0)
        || known.Labels.Any(l => fresh.Metadata.Labels!.GetValueOrDefault(l.Key) != l.Value);
}
