using Hearth.Kube.Core;
using Hearth.Kube.Client;

namespace Hearth.Cluster.Controllers.Workloads;

/// <summary>What a controller knows of the pods of one owner: those that the watch has shown, and those that were created and are still to be shown.</summary>
public abstract class PodBook
{
    /// <summary>Takes over a change of one of the pods.</summary>
    public abstract void Apply(WatchEventType type, Pod pod);

    /// <summary>A pod that was expected was not created.</summary>
    public abstract void Unexpect(string name);
}
