using Hearth.Kube.Client;
using Hearth.Kube.Core;
using Hearth.Scheduling.Fit;

namespace Hearth.Cluster.Controllers.Scheduler;

/// <summary>
/// Another scheduler for pods of its own, which decides in the same loop on the same state as the default scheduler: two that each kept a state of their own would
/// give the same room away twice. All members are called from that loop, one at a time.
/// </summary>
public interface ISchedulingPartner
{
    /// <summary>Once, before everything else.</summary>
    /// <param name="cluster">The state. Places that it hands out it adds there.</param>
    /// <param name="post">Has something done in the loop, from any thread; <see cref="Step"/> follows.</param>
    void Attach(ClusterState cluster, Action<Action> post);

    /// <summary>What is there when the loop starts.</summary>
    void Start(IReadOnlyCollection<Pod> pods);

    /// <summary>A pod changed; the state knows already.</summary>
    void OnPod(WatchEventType type, Pod pod);

    /// <summary>All changes so far are known: decide.</summary>
    void Step();
}
