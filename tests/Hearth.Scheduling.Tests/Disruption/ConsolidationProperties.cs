using FsCheck;
using FsCheck.Fluent;
using Hearth.Scheduling.Disruption;
using Hearth.Scheduling.Fit;
using Hearth.Scheduling.Karpenter;
using Hearth.Scheduling.Provisioning;

namespace Hearth.Scheduling.Tests.Disruption;

/// <summary>On random clusters: whatever is decided, every pod has a place afterwards, the cluster is cheaper, and no budget is passed.</summary>
public sealed class ConsolidationProperties
{
    private static readonly string[] Types = ["c5.large", "c5.xlarge", "c5.2xlarge", "c5.4xlarge", "c5.9xlarge"];
    private static readonly string[] Pods = ["cpu=100m,memory=128Mi", "cpu=500m,memory=512Mi", "cpu=1,memory=1Gi", "cpu=1500m,memory=2Gi"];

    [Fact]
    public void Every_pod_has_a_place_the_cost_falls_and_budgets_hold()
    {
        var node = Gen.Choose(0, Types.Length - 1).SelectMany(t => Gen.Choose(0, t == 0 ? 1 : 3).SelectMany(n => Gen.Choose(0, Pods.Length - 1).SelectMany(p =>
            Gen.Elements("spot", "on-demand").SelectMany(c => Gen.Choose(0, 9).Select(flag => (Type: Types[t], Count: n, Pod: Pods[p], Capacity: c, Flag: flag))))));
        var budget = Gen.Elements("0", "1", "2", "10%", "50%", "100%");
        var cluster = Gen.NonEmptyListOf(node).SelectMany(n => budget.SelectMany(b => Gen.Elements(true, false).Select(g => (Nodes: n.Take(12).ToArray(), Budget: b, SpotToSpot: g))));
        Prop.ForAll(cluster.ToArbitrary(), c =>
        {
            var world = new World { SpotToSpot = c.SpotToSpot }.Pool(budgets: new Budget { Nodes = c.Budget });
            for (var i = 0; i < c.Nodes.Length; i++)
            {
                var (type, count, pod, capacity, flag) = c.Nodes[i];
                world.Node($"n{i:00}", type, string.Join(';', Enumerable.Repeat(pod, count)), capacity, change: flag switch
                {
                    0 => x => x with { DoNotDisrupt = true }, 1 => x => x with { Ready = false }, 2 => x => x with { LastPodEvent = World.Noon }, 3 => x => x with { Drift = "NodePoolDrifted" }, _ => null,
                });
            }

            Check(world.Now(), c.Budget);
        }).QuickCheckThrowOnFailure();
    }

    private static void Check(DisruptionWorld world, string budget)
    {
        DisruptionCommand?[] commands = [Emptiness.Decide(world), MultiNodeConsolidation.Decide(world), SingleNodeConsolidation.Decide(world).Command, DriftReplacement.Decide(world).Command];
        foreach (var command in commands.OfType<DisruptionCommand>())
        {
            var total = world.Candidates.Count;
            var allowed = Budgets.Allowed([new Budget { Nodes = budget }], command.Reason, total, world.Candidates.Count(c => !c.Ready), world.Now);
            command.Candidates.Count.ShouldBeLessThanOrEqualTo(allowed);
            command.Candidates.ShouldAllBe(c => !c.DoNotDisrupt && (command.Reason == DisruptionReason.Drifted || c.LastPodEvent < World.Noon));
            var launches = command.Replacements.Select(r => LaunchChooser.Choose(r.Requirements, r.Requests, r.Types).ShouldNotBeNull("what is planned can be launched")).ToArray();
            if (command.Reason != DisruptionReason.Drifted)
            {
                launches.Length.ShouldBeLessThanOrEqualTo(1);
                launches.Sum(l => l.Offering.PricePerHour).ShouldBeLessThan(command.Candidates.Sum(c => c.PricePerHour!.Value));
            }

            Place(world, command, launches);
            DisruptionValidation.Again(world, command).Command.ShouldNotBeNull("in a cluster that stands still a decision holds");
        }
    }

    /// <summary>Puts the pods of the nodes that go on what is left, largest first, and expects room for all: an oracle that knows nothing of the planner.</summary>
    private static void Place(DisruptionWorld world, DisruptionCommand command, IReadOnlyList<LaunchChoice> launches)
    {
        var gone = command.Candidates.Select(c => c.NodeName).ToHashSet(StringComparer.Ordinal);
        var free = world.Nodes.Where(n => !gone.Contains(n.Name)).Select(n => n.Free).Concat(launches.Select(l => l.Offer.Allocatable)).ToList();
        foreach (var pod in ProvisioningPlanner.Order(command.Candidates.SelectMany(c => c.Pods)))
        {
            var at = free.FindIndex(f => pod.Requests.FitsIn(f));
            at.ShouldBeGreaterThanOrEqualTo(0, $"{pod} has a place after {World.Show(command)}");
            free[at] -= pod.Requests;
        }
    }
}
