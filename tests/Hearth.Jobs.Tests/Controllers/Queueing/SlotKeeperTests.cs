using Hearth.Jobs.Controllers.Queueing;
using Hearth.Jobs.Model;
using Hearth.Jobs.Resources;
using Hearth.Kube.Client;
using Hearth.Kube.Objects;

namespace Hearth.Jobs.Tests.Controllers.Queueing;

public sealed class SlotKeeperTests
{
    [Fact]
    public void After_a_restart_those_on_the_cluster_keep_their_slots_whatever_their_age()
    {
        var woken = new List<string>();
        var keeper = new SlotKeeper(woken.Add);
        keeper.OnRun(WatchEventType.Added, Run("old", 1, JobRunState.Pending));
        woken.ShouldBeEmpty("nobody is given a slot before everybody is counted");

        keeper.Count([Cluster(1)], [Run("old", 1, JobRunState.Pending), Run("running", 2, JobRunState.Running), Run("done", 0, JobRunState.Completed), Run("young", 3, null)]);

        (keeper.Holds(Run("running", 2, JobRunState.Running)), keeper.Holds(Run("old", 1, JobRunState.Pending)), keeper.Holds(Run("young", 3, null))).ShouldBe((true, false, false));
        keeper.OnRun(WatchEventType.Modified, Run("running", 2, JobRunState.Failed));
        woken.ShouldBe(["ns/old"]);
        keeper.OnRun(WatchEventType.Deleted, Run("old", 1, JobRunState.Pending));
        woken.ShouldBe(["ns/old", "ns/young"]);
    }

    private static VirtualCluster Cluster(int limit) => new()
    {
        Metadata = new ObjectMeta { Name = "vc" },
        Spec = new VirtualClusterSpec { SchedulerConfiguration = new SchedulerConfiguration { MaxConcurrentJobRuns = limit } },
    };

    private static JobRun Run(string name, int second, JobRunState? state) => new()
    {
        Metadata = new ObjectMeta { Name = name, Namespace = "ns", CreationTimestamp = DateTimeOffset.UnixEpoch.AddSeconds(second) },
        Spec = new JobRunSpec { VirtualClusterId = "vc" },
        Status = state is null ? null : new JobRunStatus { State = state },
    };
}
