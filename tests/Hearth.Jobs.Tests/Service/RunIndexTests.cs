using Hearth.Jobs.Model;
using Hearth.Jobs.Resources;
using Hearth.Jobs.Service;
using Hearth.Kube.Client;

namespace Hearth.Jobs.Tests.Service;

public sealed class RunIndexTests
{
    private readonly ClusterRuns _runs = new();

    [Fact]
    public void Runs_come_newest_first_and_go_on_after_any_id()
    {
        foreach (var id in (string[])["03", "01", "05", "02"])
        {
            _runs.Apply(WatchEventType.Added, Run(id, 1, null));
        }

        Ids(null).ShouldBe("05 03 02 01");
        Ids("03").ShouldBe("02 01");
        Ids("04").ShouldBe("03 02 01");
        Ids("00").ShouldBe("");
    }

    [Fact]
    public void What_is_older_than_what_is_known_changes_nothing()
    {
        _runs.Apply(WatchEventType.Added, Run("01", 7, JobRunState.Running));
        _runs.Apply(WatchEventType.Modified, Run("01", 6, JobRunState.Pending));
        _runs.Scheduler().ShouldBe(new SchedulerStatus(1, 0));
    }

    [Fact]
    public void A_run_that_is_gone_does_not_come_back_with_the_answer_to_a_change()
    {
        _runs.Apply(WatchEventType.Added, Run("01", 1, null));
        _runs.Apply(WatchEventType.Deleted, Run("01", 3, null));
        _runs.Apply(WatchEventType.Bookmark, Run("01", 2, null));
        Ids(null).ShouldBe("");
        _runs.Scheduler().ShouldBe(new SchedulerStatus(0, 0));
    }

    [Fact]
    public void States_are_counted_as_they_change()
    {
        _runs.Apply(WatchEventType.Added, Run("01", 1, null));
        _runs.Apply(WatchEventType.Added, Run("02", 2, JobRunState.Submitted));
        _runs.Apply(WatchEventType.Modified, Run("01", 3, JobRunState.Running));
        _runs.Scheduler().ShouldBe(new SchedulerStatus(1, 1));
        _runs.Apply(WatchEventType.Modified, Run("01", 4, JobRunState.Completed));
        _runs.Scheduler().ShouldBe(new SchedulerStatus(0, 1));
    }

    private static JobRun Run(string id, int version, JobRunState? state) => new()
    {
        Metadata = new() { Name = id, ResourceVersion = version.ToString() }, Status = state is null ? null : new JobRunStatus { State = state },
    };

    private string Ids(string? after) => string.Join(' ', _runs.After(after).Select(r => r.Id));
}
