using Hearth.Kube.Core;
using Hearth.Kube.Objects;
using Hearth.Scheduling.ClusterAutoscaler;
using Hearth.Scheduling.Fit;
using Hearth.Scheduling.Preemption;

namespace Hearth.Scheduling.Tests.ClusterAutoscaler;

public sealed class ScaleDownTests
{
    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch;
    private static readonly TimeSpan Due = TimeSpan.FromMinutes(10);

    [Fact]
    public void An_empty_node_goes_when_it_was_not_needed_for_ten_minutes()
    {
        var world = new World().Node("a").Node("b", "cpu=3");
        var first = world.Decide(Start);
        first.Unneeded.Keys.ShouldBe(["a"]);
        (first.Removals.Count, first.Kept["a"], first.Kept["b"]).ShouldBe((0, "NotUnneededLongEnough", "NotUnderutilized"));
        world.Decide(Start + Due - TimeSpan.FromSeconds(1), first).Removals.ShouldBeEmpty();
        var last = world.Decide(Start + Due, first).Removals.Single();
        (last.Node.Node.Metadata.Name, last.Moving.Count, last.Utilization).ShouldBe(("a", 0, 0.0));
    }

    [Fact]
    public void A_node_that_was_needed_in_between_starts_anew()
    {
        var world = new World().Node("a").Node("b", "cpu=3");
        var first = world.Decide(Start);
        var busy = new World().Node("a", "cpu=3").Node("b", "cpu=3").Decide(Start + TimeSpan.FromMinutes(5), first);
        busy.Unneeded.ShouldBeEmpty();
        world.Decide(Start + Due, busy).Removals.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("cpu=1900m", true)]
    [InlineData("cpu=2", false)]
    [InlineData("memory=7Gi", true)]
    [InlineData("cpu=100m,memory=8Gi", false)]
    public void Less_than_half_of_cpu_and_of_memory_may_be_asked_for(string requests, bool goes) =>
        new World().Node("a", requests).Node("b", "cpu=2", min: 1).Due().Removals.Any(r => r.Node.Node.Metadata.Name == "a").ShouldBe(goes);

    [Theory]
    [InlineData(null, null, "Job", null)]
    [InlineData(null, null, null, "NotReplicated")]
    [InlineData("true", null, null, null)]
    [InlineData("false", null, "Job", "NotSafeToEvictAnnotation")]
    [InlineData(null, 0, "Job", "NotEnoughPdb")]
    [InlineData(null, 1, "Job", null)]
    [InlineData("true", 0, "Job", null)]
    public void A_pod_keeps_its_node_when(string? safe, int? budget, string? owner, string? reason)
    {
        var world = new World { Budget = budget }.Node("a", "cpu=1", safe: safe, owner: owner).Node("b", "cpu=2", owner: "Job");
        var decision = world.Due();
        decision.Kept.GetValueOrDefault("a").ShouldBe(reason is null ? null : $"BlockedByPod: ns/on-a: {reason}");
        decision.Removals.Any(r => r.Node.Node.Metadata.Name == "a").ShouldBe(reason is null);
    }

    [Fact]
    public void Pods_need_a_place_elsewhere_and_one_place_is_given_once()
    {
        var none = new World().Node("a", "cpu=1").Node("b", "cpu=3500m").Due();
        none.Kept["a"].ShouldBe("NoPlaceToMovePods");
        var one = new World().Node("a", "cpu=1").Node("b", "cpu=1").Node("c", "cpu=3").Due();
        one.Removals.Count.ShouldBe(1, "c has room for one of them, and then the other has nowhere to go");
        one.Kept["b"].ShouldBe("NoPlaceToMovePods");
    }

    [Fact]
    public void Daemons_go_with_their_node()
    {
        var decision = new World().Node("a", "cpu=1", owner: "DaemonSet").Due();
        decision.Removals.Single().Moving.ShouldBeEmpty();
    }

    [Fact]
    public void A_group_keeps_its_minimum_ten_empty_nodes_go_at_once_and_one_with_pods()
    {
        var world = new World();
        for (var i = 0; i < 14; i++)
        {
            world.Node($"n{i:00}", min: 2);
        }

        world.Due().Removals.Count.ShouldBe(10);
        new World().Node("a", min: 2).Node("b", min: 2).Node("c", min: 2).Due().Removals.Count.ShouldBe(1);
        new World().Node("a", "cpu=1").Node("b", "cpu=1").Node("c", "cpu=2").Due().Removals.Count.ShouldBe(1);
    }

    [Fact]
    public void Nothing_goes_shortly_after_something_came() =>
        new World { LastScaleUp = Start + Due }.Node("a").Due().Removals.ShouldBeEmpty();

    [Fact]
    public void An_annotation_keeps_a_node() => new World { Annotation = ScaleDownPlanner.Disabled }.Node("a").Due().Kept["a"].ShouldBe("ScaleDownDisabledAnnotation");

    [Fact]
    public void Local_storage_and_system_pods_keep_a_node_only_when_the_flags_say_so()
    {
        var pod = Pod("p", "cpu=1", null, "Job") with { Metadata = new ObjectMeta { Name = "p", Namespace = "kube-system", OwnerReferences = [Owner("ReplicaSet")] } };
        var local = pod with { Metadata = pod.Metadata with { Namespace = "ns" }, Spec = pod.Spec! with { Volumes = [new Volume { Name = "v", EmptyDir = new EmptyDirVolumeSource() }] } };
        var strict = new AutoscalerOptions { LocalStorageKeepsNode = true, SystemPodsKeepNode = true };
        (DrainRules.Blocks(pod, new AutoscalerOptions(), []), DrainRules.Blocks(pod, strict, [])).ShouldBe((null, "UnmovableKubeSystemPod"));
        (DrainRules.Blocks(local, new AutoscalerOptions(), []), DrainRules.Blocks(local, strict, [])).ShouldBe((null, "LocalStorageRequested"));
        DrainRules.Blocks(local with { Metadata = local.Metadata with { Annotations = Build.Map(DrainRules.SafeLocalVolumes + "=v") } }, strict, []).ShouldBeNull();
    }

    private static OwnerReference Owner(string kind) => new() { ApiVersion = "v1", Kind = kind, Name = "o", Uid = "u", Controller = true };

    private static Pod Pod(string name, string requests, string? safe, string? owner)
    {
        var pod = Build.Pod(name, requests, labels: "app=x");
        return pod with
        {
            Metadata = pod.Metadata with
            {
                Annotations = safe is null ? null : Build.Map($"{DrainRules.SafeToEvict}={safe}"),
                OwnerReferences = owner is null ? null : [Owner(owner)],
            },
        };
    }

    private sealed class World
    {
        private readonly ClusterState _cluster = new();
        private readonly List<(Node Node, Pod[] Pods, int Min)> _nodes = [];

        public int? Budget { get; init; }
        public string? Annotation { get; init; }
        public DateTimeOffset LastScaleUp { get; init; } = DateTimeOffset.MinValue;

        public World Node(string name, string? requests = null, string? safe = null, string? owner = "Job", int min = 0)
        {
            var info = Build.Node(name);
            _cluster.SetNode(info);
            Pod[] pods = requests is null ? [] : [Pod($"on-{name}", requests, safe, owner)];
            pods = [.. pods.Select(p => p with { Spec = p.Spec! with { NodeName = name } })];
            Array.ForEach(pods, p => _cluster.AddPod(PodInfo.From(p), name));
            _nodes.Add((new Node { Metadata = new ObjectMeta { Name = name, Annotations = Annotation is null ? null : Build.Map($"{Annotation}=true") } }, pods, min));
            return this;
        }

        public ScaleDownDecision Due() => Decide(Start + ScaleDownTests.Due, Decide(Start));

        public ScaleDownDecision Decide(DateTimeOffset now, ScaleDownDecision? before = null)
        {
            var group = new GroupState("g", _nodes[0].Min, 100, _nodes.Count, _nodes.Count, Build.Node("template"));
            return ScaleDownPlanner.Decide(new ScaleDownRequest
            {
                Nodes = [.. _nodes.Select(n => new ScaleDownNode(n.Node, group, n.Pods))],
                Cluster = _cluster, Unneeded = before?.Unneeded ?? new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal),
                LastScaleUp = LastScaleUp, Now = now,
                Budgets = Budget is not { } allowed ? [] :
                [
                    PodBudget.From(new PodDisruptionBudget
                    {
                        Metadata = new ObjectMeta { Name = "b", Namespace = "ns" },
                        Spec = new PodDisruptionBudgetSpec { Selector = new ObjectSelector { MatchLabels = Build.Map("app=x") } },
                        Status = new PodDisruptionBudgetStatus { DisruptionsAllowed = allowed },
                    }),
                ],
            });
        }
    }
}
