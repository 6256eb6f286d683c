using Hearth.Kube.Core;
using Hearth.Scheduling.YuniKorn.Gangs;

namespace Hearth.Scheduling.YuniKorn.Shim;

/// <summary>Where an application stands on the side of Kubernetes (yunikorn-k8shim, pkg/cache/application_state.go).</summary>
public enum ShimState
{
    /// <summary>Its placeholders are made and placed; its real pods wait.</summary>
    Reserving,

    /// <summary>Its pods are placed.</summary>
    Running,

    /// <summary>Its gang was not complete in time: when the placeholders are gone, its pods are placed one by one.</summary>
    Resuming,

    /// <summary>It takes no more pods.</summary>
    Failed,
    Rejected,
}

/// <summary>A pod of an application.</summary>
internal sealed class ShimTask(Pod pod, PodIdentity identity)
{
    public string Key { get; } = $"{pod.Metadata.Namespace}/{pod.Metadata.Name}";
    public Pod Pod { get; set; } = pod;
    public PodIdentity Identity => identity;

    /// <summary>The partition knows it.</summary>
    public bool Submitted { get; set; }

    /// <summary>The partition has given it a place.</summary>
    public bool Placed { get; set; }
    public bool Bound => !string.IsNullOrEmpty(Pod.Spec?.NodeName);
}

/// <summary>An application and its pods.</summary>
internal sealed class ShimApplication(string id, Pod originator, IReadOnlyList<TaskGroup> gang)
{
    public string Id => id;

    /// <summary>The pod that began it.</summary>
    public Pod Originator { get; set; } = originator;
    public string Namespace { get; } = originator.Metadata.Namespace ?? "";
    public IReadOnlyList<TaskGroup> Gang => gang;
    public ShimState State { get; set; } = ShimState.Running;

    /// <summary>Why it was rejected.</summary>
    public string Message { get; set; } = "";

    /// <summary>Pods that have not ended, by key.</summary>
    public SortedDictionary<string, ShimTask> Tasks { get; } = new(StringComparer.Ordinal);

    /// <summary>Placeholders that are to be created and have not come back yet.</summary>
    public HashSet<string> Creating { get; } = new(StringComparer.Ordinal);

    /// <summary>Pods that were there when it failed: until all are deleted its id stays taken.</summary>
    public HashSet<string> Remains { get; } = new(StringComparer.Ordinal);

    /// <summary>All pods that have been seen and not been deleted.</summary>
    public HashSet<string> Objects { get; } = new(StringComparer.Ordinal);

    /// <summary>How many placeholders have been made of each group, so that names differ.</summary>
    public int Made { get; set; }

    public bool IsOriginator(Pod pod) => string.Equals(pod.Metadata.Uid, Originator.Metadata.Uid, StringComparison.Ordinal);

    /// <summary>Every group has as many bound placeholders as it wants members.</summary>
    public bool GangIsComplete()
    {
        foreach (var group in gang.GroupBy(g => g.Name, StringComparer.Ordinal))
        {
            var wanted = group.Sum(g => g.MinMember);
            if (Tasks.Values.Count(t => t.Identity.IsPlaceholder && t.Bound && t.Identity.TaskGroup == group.Key) < wanted)
            {
                return false;
            }
        }

        return true;
    }
}
