using Hearth.Cluster.Controllers.Workloads;
using Hearth.Kube.Core;
using Hearth.Kube.Objects;

namespace Hearth.Cluster.Tests.Controllers;

/// <summary>Single steps of rollouts, by upstream's rules.</summary>
public sealed class RolloutTests
{
    private static ReplicaSet Set(string name, int replicas, int available) =>
        new() { Metadata = new ObjectMeta { Name = name }, Spec = new() { Replicas = replicas }, Status = new() { Replicas = replicas, AvailableReplicas = available } };

    private static Deployment Of(int replicas, string surge, string unavailable, string type = "RollingUpdate", bool paused = false) => new()
    {
        Spec = new() { Replicas = replicas, Paused = paused, Strategy = new() { Type = type, RollingUpdate = new() { MaxSurge = Amount(surge), MaxUnavailable = Amount(unavailable) } } },
    };

    private static IntOrString Amount(string text) => text.EndsWith('%') ? IntOrString.Of(text) : IntOrString.Of(int.Parse(text));

    private static string Next(Deployment deployment, ReplicaSet current, params ReplicaSet[] old) =>
        string.Join(' ', Rollout.Next(deployment, current, old, old.Sum(o => o.Status!.Replicas ?? 0)).Select(s => $"{s.Set.Metadata.Name}={s.Replicas}"));

    [Theory]
    [InlineData(10, "25%", "25%", "new 0/0; old 10/10", "new=3")] // 10 + 3 may be there
    [InlineData(10, "25%", "25%", "new 3/0; old 10/10", "old=8")] // 8 must be available
    [InlineData(10, "25%", "25%", "new 3/3; old 8/8", "new=5")]
    [InlineData(10, "0", "2", "new 0/0; old 10/10", "old=8")]
    [InlineData(10, "0", "0", "new 0/0; old 10/10", "old=9")] // never both 0
    [InlineData(10, "5", "0", "new 5/0; old 10/10", "")]
    [InlineData(10, "5", "0", "new 5/5; old 10/10", "old=5")]
    [InlineData(10, "5", "2", "new 5/0; old 10/2", "old=8")] // what is not ready goes first, as far as the whole allows
    [InlineData(4, "25%", "25%", "new 4/4; old 0/0", "")]
    [InlineData(2, "25%", "25%", "new 4/4; old 0/0", "new=2")] // scaled down
    [InlineData(6, "25%", "25%", "new 4/4; old 0/0", "new=6")]
    [InlineData(10, "25%", "25%", "new 5/5; old 2/2; older 3/3", "new=8")]
    public void A_step_keeps_within_the_bounds(int replicas, string surge, string unavailable, string sets, string next)
    {
        var parsed = sets.Split("; ").Select(s => s.Split(' ', '/')).Select(p => Set(p[0], int.Parse(p[1]), int.Parse(p[2]))).ToArray();
        Next(Of(replicas, surge, unavailable), parsed[0], parsed[1..]).ShouldBe(next);
    }

    [Fact]
    public void Recreate_lets_all_go_first()
    {
        Next(Of(3, "1", "1", "Recreate"), Set("new", 0, 0), Set("old", 3, 3)).ShouldBe("old=0");
        Next(Of(3, "1", "1", "Recreate"), Set("new", 0, 0), Set("old", 0, 0) with { Status = new() { Replicas = 1 } }).ShouldBe("");
        Next(Of(3, "1", "1", "Recreate"), Set("new", 0, 0), Set("old", 0, 0)).ShouldBe("new=3");
    }

    [Fact]
    public void A_pause_holds_a_rollout_but_not_scaling()
    {
        Next(Of(4, "1", "1", paused: true), Set("new", 1, 1), Set("old", 3, 3)).ShouldBe("");
        Next(Of(4, "1", "1", paused: true), Set("new", 3, 3)).ShouldBe("new=4");
    }

    [Fact]
    public void Pods_go_in_upstreams_order()
    {
        Pod Of(string name, string? node, bool ready, string? cost = null, int age = 0) => new()
        {
            Metadata = new() { Name = name, CreationTimestamp = DateTimeOffset.UnixEpoch.AddHours(-age), Annotations = cost is null ? null : new Dictionary<string, string> { ["controller.kubernetes.io/pod-deletion-cost"] = cost } },
            Spec = new() { NodeName = node },
            Status = new() { Phase = node is null ? "Pending" : "Running", Conditions = ready ? [new Condition { Type = "Ready", Status = "True" }] : null },
        };
        Pod[] pods = [Of("old", "a", true, age: 9), Of("young", "a", true), Of("dear", "b", true, "5"), Of("cheap", "b", true, "-5"), Of("unready", "c", false), Of("waiting", null, false), Of("alone", "d", true)];
        ReplicaSetController.InOrderOfLoss(pods).Select(p => p.Metadata.Name).ShouldBe(["waiting", "unready", "cheap", "young", "old", "alone", "dear"]);
    }

    [Fact]
    public void Stateful_pods_come_and_go_in_order()
    {
        Pod Up(int i, string revision = "r1") => new()
        {
            Metadata = new() { Name = $"db-{i}", Labels = new Dictionary<string, string> { ["controller-revision-hash"] = revision } },
            Status = new() { Phase = "Running", Conditions = [new Condition { Type = "Ready", Status = "True" }] },
        };
        string Next(int replicas, string revision, string policy, int partition, params Pod[] pods)
        {
            var set = new StatefulSet { Metadata = new() { Name = "db" }, Spec = new() { Replicas = replicas, PodManagementPolicy = policy, UpdateStrategy = new() { RollingUpdate = new() { Partition = partition } } } };
            var step = StatefulSetPlan.Next(set, pods.ToDictionary(p => StatefulSetPlan.Ordinal("db", p.Metadata.Name!)!.Value), new HashSet<int>(), revision, DateTimeOffset.UnixEpoch);
            return string.Join(' ', step.Create.Select(c => $"+{c}").Concat(step.Delete.Select(d => $"-{d.Metadata.Name![3..]}")));
        }

        Next(3, "r1", "OrderedReady", 0).ShouldBe("+0");
        Next(3, "r1", "OrderedReady", 0, Up(0)).ShouldBe("+1");
        Next(3, "r1", "OrderedReady", 0, Up(0) with { Status = new() { Phase = "Pending" } }).ShouldBe("");
        Next(3, "r1", "Parallel", 0, Up(1)).ShouldBe("+0 +2");
        Next(1, "r1", "OrderedReady", 0, Up(0), Up(1), Up(2)).ShouldBe("-2");
        Next(3, "r2", "OrderedReady", 0, Up(0), Up(1), Up(2)).ShouldBe("-2");
        Next(3, "r2", "OrderedReady", 0, Up(0), Up(1), Up(2, "r2")).ShouldBe("-1");
        Next(3, "r2", "OrderedReady", 2, Up(0), Up(1), Up(2, "r2")).ShouldBe("");
        Next(2, "r1", "OrderedReady", 0, Up(0), Up(1) with { Status = new() { Phase = "Failed" } }).ShouldBe("-1");
    }
}
