using Hearth.Jobs.Controllers;
using Hearth.Kube.Core;
using Hearth.Kube.Objects;

namespace Hearth.Jobs.Tests.Controllers;

public sealed class RunnerObservationTests
{
    [Fact]
    public void A_job_whose_pod_the_cluster_does_not_take_says_why()
    {
        var job = new Job { Metadata = new ObjectMeta { Name = "j" } };

        RunnerObservation.Of(job, []).Seen.Reason.ShouldBe(RunnerObservation.NoPod);
        var (seen, failure) = RunnerObservation.Of(job, [], "pods \"j-1\" is forbidden: exceeded quota: tight");
        failure.ShouldBeNull();
        (seen.Phase, seen.Reason).ShouldBe((DriverPhase.Waiting, RunnerObservation.NotTaken));
        seen.Message.ShouldBe("The cluster does not take the job runner's pod yet: pods \"j-1\" is forbidden: exceeded quota: tight");
    }
}
