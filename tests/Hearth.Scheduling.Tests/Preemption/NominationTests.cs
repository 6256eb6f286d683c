using Hearth.Scheduling.Fit;

namespace Hearth.Scheduling.Tests.Preemption;

public sealed class NominationTests
{
    private static (ClusterState Cluster, PodInfo Preemptor) Preempted()
    {
        var cluster = Build.Cluster(Build.Node("a", "cpu=4,pods=110"));
        cluster.AddPod(Build.Info("low", "cpu=4", priority: 1), "a");
        var preemptor = Build.Info("high", "cpu=4", priority: 10);
        var decision = PodPlacer.Place(preemptor, cluster).Preempts.ShouldNotBeNull();
        cluster.Nominations.Set(preemptor, decision.NodeName);
        cluster.AddPod(decision.Victims[0].AsPreempted(), "a");
        return (cluster, preemptor);
    }

    [Fact]
    public void The_room_that_a_pod_is_promised_is_not_given_to_a_lesser_one_meanwhile()
    {
        var (cluster, preemptor) = Preempted();
        cluster.RemovePod("ns/low");
        PodPlacer.Place(Build.Info("thief", "cpu=1", priority: 5), cluster).NodeName.ShouldBeNull();
        PodPlacer.Place(Build.Info("same", "cpu=1", priority: 10), cluster).NodeName.ShouldBeNull();
        PodPlacer.Place(Build.Info("higher", "cpu=1", priority: 11), cluster).NodeName.ShouldBe("a");
        PodPlacer.Place(preemptor, cluster).NodeName.ShouldBe("a");
    }

    [Fact]
    public void A_pod_drives_nobody_else_away_while_its_victims_leave()
    {
        var (cluster, preemptor) = Preempted();
        cluster.SetNode(Build.Node("b", "cpu=4,pods=110"));
        cluster.AddPod(Build.Info("other", "cpu=4", priority: 1), "b");
        var again = PodPlacer.Place(preemptor, cluster);
        again.Preempts.ShouldBeNull();
        again.Failure!.KeepsNomination.ShouldBeTrue();
        again.Failure.Message().ShouldBe("0/2 nodes are available: 2 Insufficient cpu. preemption: not eligible due to a terminating pod on the nominated node..");
    }

    [Fact]
    public void It_takes_another_node_when_one_comes_while_its_victims_leave()
    {
        var (cluster, preemptor) = Preempted();
        cluster.SetNode(Build.Node("b", "cpu=4,pods=110"));
        PodPlacer.Place(preemptor, cluster).NodeName.ShouldBe("b");
    }

    [Fact]
    public void A_pod_of_higher_priority_overtakes_one_that_was_promised_room()
    {
        var (cluster, preemptor) = Preempted();
        var decision = PodPlacer.Place(Build.Info("highest", "cpu=4", priority: 20), cluster).Preempts.ShouldNotBeNull();
        decision.Overtaken.ShouldBe([preemptor]);
        decision.Victims.ShouldAllBe(v => v.IsTerminating);
    }

    [Fact]
    public void What_preemption_achieved_needs_no_explanation() =>
        PodPlacer.Place(Build.Info("high", "cpu=4", priority: 10), Full()).Failure!.Message().ShouldBe("0/1 nodes are available: 1 Insufficient cpu.");

    private static ClusterState Full()
    {
        var cluster = Build.Cluster(Build.Node("a", "cpu=4,pods=110"));
        cluster.AddPod(Build.Info("low", "cpu=4", priority: 1), "a");
        return cluster;
    }
}
