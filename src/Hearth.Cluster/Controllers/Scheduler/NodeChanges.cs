using Hearth.Scheduling.Fit;

namespace Hearth.Cluster.Controllers.Scheduler;

/// <summary>Tells changes of a node that decide placement from the rest (heartbeats, conditions).</summary>
internal static class NodeChanges
{
    public static bool Matter(NodeInfo? old, NodeInfo fresh) =>
        old is null
        || old.Unschedulable != fresh.Unschedulable
        || old.Allocatable != fresh.Allocatable
        || !old.Taints.SequenceEqual(fresh.Taints)
        || old.Labels.Count != fresh.Labels.Count
        || old.Labels.Any(l => !fresh.Labels.TryGetValue(l.Key, out var value) || !string.Equals(value, l.Value, StringComparison.Ordinal));
}
