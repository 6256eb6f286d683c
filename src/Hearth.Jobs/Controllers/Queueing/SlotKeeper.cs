using Hearth.Jobs.Model;
using Hearth.Jobs.Resources;
using Hearth.Kube.Client;

namespace Hearth.Jobs.Controllers.Queueing;

/// <summary>
/// Keeps <see cref="RunSlots"/> true to the cluster's objects and wakes runs that are given a slot. Until everything that was there at the start is counted,
/// nobody new gets one.
/// </summary>
internal sealed class SlotKeeper(Action<string> wake)
{
    private readonly Lock _lock = new();
    private readonly RunSlots _slots = new();
    private bool _counted;

    /// <summary>Key of a run.</summary>
    public static string Key(JobRun run) => $"{run.Metadata.Namespace}/{run.Id}";

    /// <summary>Counts what is there: limits first, then runs that are on the cluster, then those that wait.</summary>
    public void Count(IEnumerable<VirtualCluster> clusters, IEnumerable<JobRun> runs)
    {
        lock (_lock)
        {
            foreach (var cluster in clusters)
            {
                _slots.Limit(cluster.Id, LimitOf(cluster));
            }

            foreach (var run in runs.OrderBy(r => Place(r) == RunPlace.Active ? 0 : 1))
            {
                Observe(run);
            }

            _counted = true;
        }
    }

    /// <summary>A virtual cluster changed.</summary>
    public void OnCluster(WatchEventType type, VirtualCluster cluster)
    {
        lock (_lock)
        {
            if (_counted)
            {
                Wake(_slots.Limit(cluster.Id, type == WatchEventType.Deleted ? null : LimitOf(cluster)));
            }
        }
    }

    /// <summary>A run changed.</summary>
    public void OnRun(WatchEventType type, JobRun run)
    {
        lock (_lock)
        {
            if (!_counted)
            {
                return;
            }

            if (type == WatchEventType.Deleted)
            {
                Wake(_slots.Forget(Key(run)));
            }
            else
            {
                Observe(run);
            }
        }
    }

    /// <summary>A run does not exist any more.</summary>
    public void Gone(string key)
    {
        lock (_lock)
        {
            Wake(_slots.Forget(key));
        }
    }

    /// <summary>Whether a run may be put on the cluster.</summary>
    public bool Holds(JobRun run)
    {
        lock (_lock)
        {
            // What was created a moment ago may reach a worker before it reaches the informer.
            Observe(run);
            return _slots.Holds(Key(run));
        }
    }

    private static int? LimitOf(VirtualCluster cluster) => cluster.Spec.SchedulerConfiguration?.MaxConcurrentJobRuns;

    private static RunPlace Place(JobRun run) => run.Status?.State switch
    {
        null or JobRunState.Pending => RunPlace.Waiting,
        { } state => state.IsTerminal() ? RunPlace.Ended : RunPlace.Active,
    };

    private void Observe(JobRun run) =>
        Wake(_slots.Observe(run.Spec.VirtualClusterId ?? "", Key(run), run.Metadata.CreationTimestamp ?? DateTimeOffset.MinValue, Place(run)));

    private void Wake(IReadOnlyList<string> runs)
    {
        foreach (var run in runs)
        {
            wake(run);
        }
    }
}
