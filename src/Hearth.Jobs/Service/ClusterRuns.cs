using System.Collections.Immutable;
using Hearth.Jobs.Model;
using Hearth.Jobs.Resources;
using Hearth.Kube.Client;

namespace Hearth.Jobs.Service;

/// <summary>The job runs of one virtual cluster by id, the greatest (newest) first.</summary>
internal sealed class ClusterRuns
{
    private static readonly IComparer<JobRun> NewestFirst = Comparer<JobRun>.Create((a, b) => string.CompareOrdinal(b.Id, a.Id));
    private readonly Lock _lock = new();
    private readonly int[] _states = new int[Enum.GetValues<JobRunState>().Length];
    private ImmutableSortedSet<JobRun> _runs = ImmutableSortedSet.Create(NewestFirst);

    /// <summary>The runs older than an id; all for null. A consistent view, whatever happens meanwhile.</summary>
    public IEnumerable<JobRun> After(string? id)
    {
        var runs = Volatile.Read(ref _runs);
        var from = 0;
        if (id is not null)
        {
            var place = runs.IndexOf(Probe(id));
            from = place >= 0 ? place + 1 : ~place;
        }

        for (var i = from; i < runs.Count; i++)
        {
            yield return runs[i];
        }
    }

    /// <summary>How many run and how many wait.</summary>
    public SchedulerStatus Scheduler()
    {
        lock (_lock)
        {
            return new SchedulerStatus(
                _states[(int)JobRunState.Running] + _states[(int)JobRunState.CancelPending],
                _states[(int)JobRunState.Pending] + _states[(int)JobRunState.Submitted]);
        }
    }

    /// <summary>Takes a change in, unless something newer is known. A bookmark changes what is known and adds nothing.</summary>
    public void Apply(WatchEventType change, JobRun run)
    {
        lock (_lock)
        {
            var known = _runs.TryGetValue(run, out var found) ? found : null;
            if (known is null ? change == WatchEventType.Bookmark : RunIndex.Version(known) > RunIndex.Version(run))
            {
                return;
            }

            var runs = _runs;
            if (known is not null)
            {
                runs = runs.Remove(known);
                _states[(int)known.State]--;
            }

            if (change != WatchEventType.Deleted)
            {
                runs = runs.Add(Light(run));
                _states[(int)run.State]++;
            }

            Volatile.Write(ref _runs, runs);
        }
    }

    private static JobRun Probe(string id) => new() { Metadata = new() { Name = id } };

    private static JobRun Light(JobRun run) => run with
    {
        Spec = run.Spec with { JobDriver = null, ConfigurationOverrides = null },
        Status = run.Status is null ? null : run.Status with { Pods = null, Nodes = null, FailureMessage = null },
    };
}
