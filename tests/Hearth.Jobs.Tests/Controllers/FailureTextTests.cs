using Hearth.Jobs.Controllers;
using Hearth.Jobs.Model;
using Hearth.Kube.Core;

namespace Hearth.Jobs.Tests.Controllers;

public sealed class FailureTextTests
{
    public static IEnumerable<TheoryDataRow<string, string, string>> Cases() => CaseFile.Read("failures.txt").Select(c =>
        new TheoryDataRow<string, string, string>(c.Head, string.Join('\n', c.Body.Where(l => l[0] == '|').Select(l => l[1..])), c.Body.Single(l => l[0] == '=')[2..]));

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_cause_is_found_in_the_output(string name, string output, string cause)
    {
        name.ShouldNotBeEmpty();
        FailureText.Cause(output).ShouldBe(cause);
    }

    [Fact]
    public void Progress_is_no_cause() => FailureText.Cause("26/01/01 10:00:01 INFO ShutdownHookManager: Shutdown hook called; exit code 3\n").ShouldBeNull();

    [Fact]
    public void A_driver_whose_node_went_away_says_so()
    {
        var condition = new Condition { Type = "DisruptionTarget", Status = "True", Reason = "DeletionByPodGC", Message = "PodGC: node no longer exists" };
        var running = new ContainerStatus { Name = "spark-kubernetes-driver", State = new() { Running = new() } };
        var pod = new Pod { Metadata = new() { Name = "d" }, Status = new() { Phase = "Failed", Conditions = [condition], ContainerStatuses = [running] } };

        var failure = DriverFailure.Of(DriverObservation.Of(pod), "d", "n1", null, null);

        failure.Cause.ShouldBe("The driver pod failed: DeletionByPodGC: PodGC: node no longer exists");
    }

    [Fact]
    public void A_driver_that_went_with_the_platform_did_not_run_out_of_memory()
    {
        var seen = new DriverObservation(DriverPhase.Failed, null, 137, "ContainerStatusUnknown", "The container could not be located");

        var failure = DriverFailure.Of(seen, "d", "n1", null, "tick 4");

        failure.ShouldBe(new DriverFailure(FailureReason.InternalError, "The platform stopped while the driver ran, and the driver with it: submit the job again"));
    }

    [Fact]
    public void Silence_has_no_cause() => FailureText.Cause("\n\n").ShouldBeNull();

    [Theory]
    [InlineData(41, "JobRun completed successfully. It ran for 41 Seconds")]
    [InlineData(195, "JobRun completed successfully. It ran for 3 Minutes 15 Seconds")]
    [InlineData(3600, "JobRun completed successfully. It ran for 1 Hours 0 Minutes 0 Seconds")]
    public void Success_tells_how_long_it_took(int seconds, string text) => StateTexts.Completed(TimeSpan.FromSeconds(seconds)).ShouldBe(text);
}
