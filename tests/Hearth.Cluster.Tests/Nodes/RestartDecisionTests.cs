using Hearth.Cluster.Nodes.Pods;
using Hearth.Kube.Core;

namespace Hearth.Cluster.Tests.Nodes;

public sealed class RestartDecisionTests
{
    // https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/ (restart policy, back-off 10 s doubling to 300 s)
    [Theory]
    [InlineData("Always", 0, false, true)]
    [InlineData("Always", 1, false, true)]
    [InlineData("OnFailure", 0, false, false)]
    [InlineData("OnFailure", 3, false, true)]
    [InlineData("Never", 3, false, false)]
    [InlineData("Always", 0, true, false)]
    [InlineData("Always", 1, true, true)]
    [InlineData("Never", 1, true, false)]
    public void Containers_start_again_as_the_policy_says(string policy, int code, bool init, bool expected) =>
        RestartDecision.Restarts(policy, code, init).ShouldBe(expected);

    [Theory]
    [InlineData(1, 10)]
    [InlineData(2, 20)]
    [InlineData(5, 160)]
    [InlineData(6, 300)]
    [InlineData(60, 300)]
    public void The_delay_doubles_up_to_five_minutes(int restart, int seconds) =>
        RestartDecision.BackOff(restart).ShouldBe(TimeSpan.FromSeconds(seconds));

    [Theory]
    [InlineData("Never", "", "w", "Pending")]
    [InlineData("Never", "", "r", "Running")]
    [InlineData("Never", "", "0", "Succeeded")]
    [InlineData("Never", "", "0 7", "Failed")]
    [InlineData("Never", "", "0 r", "Running")]
    [InlineData("Always", "", "0", "Running")]
    [InlineData("OnFailure", "", "7", "Running")]
    [InlineData("Never", "7", "w", "Failed")]
    [InlineData("Always", "7", "w", "Pending")]
    [InlineData("Never", "0", "w", "Pending")]
    public void The_phase_follows_from_the_containers(string policy, string init, string containers, string phase) =>
        RestartDecision.Phase(policy, States(init), States(containers)).ShouldBe(phase);

    private static ContainerStatus[] States(string text) => [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(State)];

    private static ContainerStatus State(string code) => new()
    {
        State = code switch
        {
            "w" => new() { Waiting = new() { Reason = "ContainerCreating" } },
            "r" => new() { Running = new() },
            _ => new() { Terminated = new() { ExitCode = int.Parse(code) } },
        },
    };
}
