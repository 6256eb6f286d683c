using FsCheck;
using FsCheck.Fluent;
using Hearth.Kube.Core;
using Hearth.Scheduling.Catalog;
using Hearth.Scheduling.Fit;
using Hearth.Scheduling.Karpenter;
using Hearth.Scheduling.Planning;
using Hearth.Scheduling.Provisioning;

namespace Hearth.Scheduling.Tests.Provisioning;

/// <summary>Random small loads of deployments with rules about each other. Every answer is looked at by the scheduler's own filters and by <see cref="TopologyChecker"/>.</summary>
public sealed class TopologyProperties
{
    private static readonly PoolState[] Pools =
    [
        Build.State(Build.Pool("all", "@family In c5d; @cpu In 4,8; karpenter.sh/capacity-type In spot,on-demand", weight: 2), zones: "abc"),
        Build.State(Build.Pool("west", "@family In m5; @cpu In 4,16; karpenter.sh/capacity-type In on-demand; topology.kubernetes.io/zone In us-west-2b", labels: "team=b", taints: [Build.Taint("team", "b")]), zones: "abc"),
    ];

    private static readonly string[] Kinds =
        ["plain", "zone1", "zone2", "zoneMin4", "host1", "host2", "capacity", "zone+host", "near", "nearHost", "apartHost", "apartZone", "softApart", "softZone", "honor", "apartOther", "nearOther"];

    private static readonly Toleration[] Tolerating = [new Toleration { Key = "team", Operator = "Exists" }];

    private static readonly Gen<Deployment> Deployments =
        from kind in Gen.Elements(Kinds)
        from app in Gen.Elements("x", "y", "z")
        from replicas in Gen.Choose(1, 5)
        from requests in Gen.Elements("cpu=200m,memory=256Mi", "cpu=1,memory=2Gi", "cpu=3,memory=4Gi")
        from selector in Gen.Elements<string?>(null, null, "topology.kubernetes.io/zone=us-west-2b", "team=b", "karpenter.sh/capacity-type=on-demand")
        from tolerates in Gen.Elements(true, false)
        select new Deployment(kind, app, replicas, requests, selector, tolerates);

    private static readonly Gen<Load> Loads =
        from deployments in Gen.NonEmptyListOf(Deployments).Where(d => d.Count <= 5)
        from nodes in Gen.Elements("", "a", "ab", "aab", "abc")
        from bound in Gen.Choose(0, 4)
        select new Load([.. deployments], nodes, bound);

    [Fact]
    public void What_is_planned_keeps_every_rule_at_its_turn() =>
        Prop.ForAll(Loads.ToArbitrary(), load => KeepsRules(load)).Check(Config.QuickThrowOnFailure.WithMaxTest(200));

    [Fact]
    public void What_is_left_without_a_place_would_not_find_one_on_one_more_node() =>
        Prop.ForAll(Loads.ToArbitrary(), load => LeavesNobody(load)).Check(Config.QuickThrowOnFailure.WithMaxTest(200));

    private static void KeepsRules(Load load)
    {
        var nodes = load.Nodes();
        var request = new ProvisioningRequest { Pods = load.Pods(), Pools = Pools, Nodes = [.. nodes.Select(n => ExistingNode.From(n))] };
        var plan = ProvisioningPlanner.Plan(request);
        (plan.Order.Count + plan.Unplaced.Count).ShouldBe(request.Pods.Count);
        ProvisioningPlanner.Plan(request with { Pods = [.. request.Pods.Reverse()] }).Order.Select(p => p.Key).ShouldBe(plan.Order.Select(p => p.Key));

        var checker = new TopologyChecker(Pools);
        var cluster = new ClusterState();
        foreach (var node in nodes)
        {
            cluster.SetNode(new NodeInfo(node.Name, node.Labels, node.Taints, node.Allocatable));
            foreach (var pod in node.Pods)
            {
                cluster.AddPod(pod, node.Name);
            }
        }

        var places = plan.OnExisting.ToDictionary(a => a.Pod.Key, a => a.NodeName, StringComparer.Ordinal);
        foreach (var (claim, name) in plan.Claims.Select((c, i) => (c, $"new-{i}")))
        {
            cluster.SetNode(Launch(claim, name));
            foreach (var pod in claim.Pods)
            {
                places[pod.Key] = name;
            }
        }

        foreach (var pod in plan.Order)
        {
            var node = cluster.Find(places[pod.Key])!;
            NodeFilters.Check(pod, node).ShouldBeNull($"{pod} on {node.Name}");
            TopologyFilters.For(pod, cluster)?.Check(node)?.Reasons.ShouldBeEmpty($"{pod} on {node.Name}: the scheduler's filter");
            checker.Broken(pod, node, cluster).ShouldBeNull($"{pod} on {node.Name}");
            cluster.AddPod(pod, node.Name);
        }
    }

    private static void LeavesNobody(Load load)
    {
        var present = load.Nodes().Select(n => new PlanNode(n, "old", "m5.xlarge", n.Labels[Rules.Zone], "on-demand", 0, null, false));
        var plan = PlacementPlanner.Plan(new PlanRequest { Waves = [load.Pods()], Pools = Pools, Nodes = [.. present] });
        var checker = new TopologyChecker(Pools);
        var cluster = new ClusterState();
        foreach (var node in plan.Nodes)
        {
            cluster.SetNode(node.Node);
            foreach (var pod in node.Node.Pods)
            {
                cluster.AddPod(pod, node.Node.Name);
            }
        }

        foreach (var (pod, _, _, _) in plan.Unplaced)
        {
            foreach (var node in Pools.SelectMany(EveryNode))
            {
                cluster.SetNode(node);
                var takes = NodeFilters.Check(pod, node) is null && TopologyFilters.For(pod, cluster)?.Check(node) is null && checker.Broken(pod, node, cluster) is null;
                cluster.RemoveNode(node.Name);
                takes.ShouldBeFalse($"{pod} was refused, but one more {node.Name} takes it");
            }
        }
    }

    private static NodeInfo Launch(PlannedClaim claim, string name)
    {
        var choice = LaunchChooser.Choose(claim.Requirements, claim.Requests, claim.Types).ShouldNotBeNull();
        return new NodeInfo(name, PlacementPlanner.Labels(claim, choice, name), claim.Pool.Taints, choice.Offer.Allocatable);
    }

    private static IEnumerable<NodeInfo> EveryNode(PoolState pool) =>
        from offer in pool.Pool.Types
        from offering in offer.Offerings
        where pool.Pool.Requirements.Allows(KarpenterLabels.Zone, offering.Zone) && pool.Pool.Requirements.Allows(KarpenterLabels.CapacityType, offering.CapacityType)
        let name = $"more-{pool.Pool.Name}-{offer.Type.Name}-{offering.Zone}-{offering.CapacityType}"
        select new NodeInfo(name, Labels(pool, offer, offering, name), pool.Pool.Taints, offer.Allocatable);

    private static Dictionary<string, string> Labels(PoolState pool, TypeOffer offer, Offering offering, string name) =>
        PlacementPlanner.Labels(new PlannedClaim(pool.Pool, pool.Pool.Requirements, [offer], default, []), new LaunchChoice(offer, offering), name);

    internal sealed record Deployment(string Kind, string App, int Replicas, string Requests, string? Selector, bool Tolerates)
    {
        /// <summary>Pods of one app and kind are of one deployment, or of several that differ in size only.</summary>
        private string Me => $"app={App},kind={Kind},where={Selector?.Replace('=', '-').Replace('/', '-')}{Tolerates}";

        public IEnumerable<PodInfo> Pods(int number, int count) => Enumerable.Range(0, count).Select(i => Build.Info(
            $"{App}-{Kind}-{number}-{i}", Requests, Selector, Me, Affinity(), Tolerates || Selector == "team=b" ? Tolerating : null, spread: Spread()));

        private Affinity? Affinity() => Kind switch
        {
            "near" => Rules.Near(Rules.Zone, Me),
            "nearHost" => Rules.Near(Rules.Host, Me),
            "apartHost" => Rules.Apart(Rules.Host, Me),
            "apartZone" => Rules.Apart(Rules.Zone, Me),
            "softApart" => Rules.Apart(Rules.Host, Me, required: false),
            "apartOther" => Rules.Apart(Rules.Zone, "app=x,kind=plain"),
            "nearOther" => Rules.Near(Rules.Zone, "app=y,kind=plain"),
            _ => null,
        };

        private TopologySpreadConstraint[] Spread() => Kind switch
        {
            "zone1" => [Rules.Spread(Rules.Zone, Me)],
            "zone2" => [Rules.Spread(Rules.Zone, Me, skew: 2)],
            "zoneMin4" => [Rules.Spread(Rules.Zone, Me, minDomains: 4)],
            "host1" => [Rules.Spread(Rules.Host, Me)],
            "host2" => [Rules.Spread(Rules.Host, Me, skew: 2)],
            "capacity" => [Rules.Spread(Rules.Capacity, Me)],
            "zone+host" => [Rules.Spread(Rules.Zone, Me), Rules.Spread(Rules.Host, Me, skew: 2)],
            "softZone" => [Rules.Spread(Rules.Zone, Me, required: false)],
            "honor" => [Rules.Spread(Rules.Zone, Me, taints: "Honor")],
            _ => [],
        };
    }

    /// <param name="Deployments">What waits.</param>
    /// <param name="Zones">A present node for each letter.</param>
    /// <param name="Bound">How many pods of the first deployment are on present nodes, in turn.</param>
    internal sealed record Load(IReadOnlyList<Deployment> Deployments, string Zones, int Bound)
    {
        public override string ToString() => $"nodes '{Zones}' with {Bound} of the first; {string.Join("; ", Deployments)}";

        public PodInfo[] Pods() => [.. Deployments.SelectMany((d, i) => d.Pods(i, d.Replicas))];

        public IReadOnlyList<NodeInfo> Nodes()
        {
            var cluster = Build.Cluster(Zones.Select((z, i) => Build.Node($"old-{i}", "cpu=4,memory=16Gi,pods=20", $"{Rules.Zone}=us-west-2{z},{Rules.Host}=old-{i},{Rules.Capacity}=on-demand")));
            foreach (var pod in Deployments[0].Pods(99, Zones.Length == 0 ? 0 : Bound))
            {
                if (cluster.Nodes.FirstOrDefault(n => PodPlacer.Place(pod, cluster).NodeName == n.Name) is { } node)
                {
                    cluster.AddPod(pod, node.Name);
                }
            }

            return cluster.Nodes;
        }
    }
}
