using FsCheck;
using FsCheck.Fluent;
using Hearth.Scheduling.Fit;

namespace Hearth.Scheduling.Tests.Preemption;

public sealed class PreemptionProperties
{
    private static readonly string[] Requests = ["cpu=500m", "cpu=1", "cpu=2", "cpu=3,memory=1Gi", "memory=6Gi"];

    [Fact]
    public void Victims_have_lower_priority_suffice_and_none_of_them_could_stay()
    {
        var pod = Gen.Elements(Requests).SelectMany(r => Gen.Choose(0, 4).Select(p => (Requests: r, Priority: p)));
        var loads = Gen.Choose(1, 4).SelectMany(n => Gen.ListOf(pod).Select(pods => (Nodes: n, Pods: pods)));
        Prop.ForAll(loads.SelectMany(l => pod.Select(p => (l, p))).ToArbitrary(), s => Check(s.l.Nodes, s.l.Pods, s.p)).QuickCheckThrowOnFailure();
    }

    private static void Check(int nodes, IReadOnlyList<(string Requests, int Priority)> pods, (string Requests, int Priority) wanted)
    {
        var cluster = Build.Cluster(Enumerable.Range(0, nodes).Select(i => Build.Node($"n{i}", "cpu=4,memory=8Gi,pods=6")));
        for (var i = 0; i < pods.Count; i++)
        {
            var pod = Build.Info($"p{i}", pods[i].Requests, priority: pods[i].Priority);
            if (PodPlacer.Place(pod, cluster).NodeName is { } node)
            {
                cluster.AddPod(pod, node);
            }
        }

        var before = cluster.Nodes.Select(n => n.Requested).ToArray();
        var preemptor = Build.Info("wanted", wanted.Requests, priority: wanted.Priority);
        var placement = PodPlacer.Place(preemptor, cluster);
        cluster.Nodes.Select(n => n.Requested).ShouldBe(before, "a decision changes nothing");
        if (placement.Preempts is not { } preempts)
        {
            return;
        }

        preempts.Victims.ShouldNotBeEmpty();
        preempts.Victims.ShouldAllBe(v => v.Priority < wanted.Priority && cluster.NodeOf(v.Key) == preempts.NodeName);
        foreach (var victim in preempts.Victims)
        {
            cluster.RemovePod(victim.Key);
        }

        NodeFilters.Check(preemptor, cluster.Find(preempts.NodeName)!).ShouldBeNull("the victims' room suffices");
        foreach (var victim in preempts.Victims)
        {
            cluster.AddPod(victim, preempts.NodeName);
            NodeFilters.Check(preemptor, cluster.Find(preempts.NodeName)!).ShouldNotBeNull($"{victim.Key} could have stayed");
            cluster.RemovePod(victim.Key);
        }
    }
}
