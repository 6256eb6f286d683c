using System.Text.Json.Nodes;
using Hearth.Cluster.Controllers.Workloads;
using Hearth.Kube.Core;
using Hearth.Kube.Objects;
using Hearth.Scheduling.Fit;
using Hearth.Scheduling.Resources;

namespace Hearth.Cluster.Tests.Controllers;

/// <summary>Which nodes have a daemon set's pods, and how they are renewed.</summary>
public sealed class DaemonSetPlanTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch.AddHours(1);

    private static DaemonSet Set(string spec = "", string strategy = "") => KubeJson.Read<DaemonSet>(JsonNode.Parse($$"""
        {"metadata": {"name": "logs", "namespace": "kube-system", "uid": "u", "generation": 3},
         "spec": { {{strategy}} "selector": {"matchLabels": {"app": "logs"} },
                  "template": {"metadata": {"labels": {"app": "logs"} }, "spec": { {{spec}} "containers": [{"name": "c", "image": "fluent-bit"}] } } } }
        """)!.AsObject());

    private static NodeInfo Node(string name, string? labels = null, string? taint = null, bool cordoned = false) => new(
        name, ControllerCluster.Map(labels), taint is null ? [] : [new Taint { Key = taint.Split(':')[0], Effect = taint.Split(':')[1] }], new ResourceVector(4000, 1L << 34, 0, 110), cordoned);

    /// <summary>A pod as the controller made it for a node.</summary>
    private static Pod PodOn(string node, string revision, bool ready = true, bool bound = true, string phase = "Running")
    {
        var pod = KubeJson.Read<Pod>(DaemonSetPlan.PodFor(Set(), node, $"logs-{node}-{revision}", revision));
        return pod with
        {
            Spec = pod.Spec! with { NodeName = bound ? node : null },
            Status = new PodStatus { Phase = phase, Conditions = [new Condition { Type = "Ready", Status = ready ? "True" : "False", LastTransitionTime = DateTimeOffset.UnixEpoch }] },
        };
    }

    private static string Text(DaemonSet set, NodeInfo[] nodes, Pod[] pods, params string[] coming)
    {
        var step = DaemonSetPlan.Next(set, nodes, pods, coming.ToHashSet(), "new", Now);
        return string.Join(' ', step.Create.Order().Select(c => "+" + c).Concat(step.Delete.Select(p => "-" + p.Metadata.Name).Order()));
    }

    [Fact]
    public void Nodes_get_a_pod_when_selector_and_taints_allow_it_and_conditions_of_the_node_are_borne()
    {
        NodeInfo[] nodes =
        [
            Node("a", "disk=ssd"), Node("b", "disk=hdd"), Node("tainted", "disk=ssd", "team:NoSchedule"), Node("cordoned", "disk=ssd", cordoned: true),
            Node("unready", "disk=ssd", "node.kubernetes.io/not-ready:NoExecute"), Node("coming", "disk=ssd"), Node("soft", "disk=ssd", "x:PreferNoSchedule"),
        ];
        Text(Set("\"nodeSelector\": {\"disk\": \"ssd\"},"), nodes, [], "coming").ShouldBe("+a +cordoned +soft +unready");
        Text(Set("\"tolerations\": [{\"operator\": \"Exists\"}],"), nodes[1..3], []).ShouldBe("+b +tainted");
    }

    [Fact]
    public void The_scheduler_puts_a_pod_on_its_node_and_nowhere_else_whatever_affinity_the_template_has()
    {
        var set = Set("\"affinity\": {\"nodeAffinity\": {\"requiredDuringSchedulingIgnoredDuringExecution\": {\"nodeSelectorTerms\": [{\"matchExpressions\": [{\"key\": \"disk\", \"operator\": \"Exists\"}]}, {\"matchExpressions\": [{\"key\": \"gpu\", \"operator\": \"Exists\"}]}]}}},");
        var pod = PodInfo.From(KubeJson.Read<Pod>(DaemonSetPlan.PodFor(set, "a", "logs-x", "r")));
        NodeFilters.Check(pod, Node("a", "disk=ssd")).ShouldBeNull();
        NodeFilters.Check(pod, Node("a", "gpu=1")).ShouldBeNull();
        NodeFilters.Check(pod, Node("b", "disk=ssd")).ShouldNotBeNull();
        NodeFilters.Check(pod, Node("a")).ShouldNotBeNull();
    }

    [Fact]
    public void A_pod_leaves_a_node_that_no_longer_suits_it_but_a_taint_against_scheduling_lets_it_stay()
    {
        Text(Set("\"nodeSelector\": {\"disk\": \"ssd\"},"), [Node("a")], [PodOn("a", "new")]).ShouldBe("-logs-a-new");
        Text(Set(), [Node("a", taint: "karpenter.sh/disrupted:NoSchedule")], [PodOn("a", "new")]).ShouldBe("");
        Text(Set(), [Node("a", taint: "out:NoExecute")], [PodOn("a", "new")]).ShouldBe("-logs-a-new");
        Text(Set(), [], [PodOn("gone", "new", bound: false)]).ShouldBe("-logs-gone-new");
    }

    [Fact]
    public void A_pod_that_has_ended_makes_room_for_another_and_of_two_the_older_stays()
    {
        Text(Set(), [Node("a")], [PodOn("a", "new", phase: "Failed")]).ShouldBe("-logs-a-new");
        var twin = PodOn("a", "new") with { Metadata = PodOn("a", "new").Metadata with { Name = "twin", CreationTimestamp = Now } };
        Text(Set(), [Node("a")], [PodOn("a", "new") with { Metadata = PodOn("a", "new").Metadata with { CreationTimestamp = DateTimeOffset.UnixEpoch } }, twin]).ShouldBe("-twin");
    }

    [Fact]
    public void A_new_template_replaces_what_is_down_at_once_and_of_the_rest_as_many_as_may_be_unavailable()
    {
        NodeInfo[] nodes = [Node("a"), Node("b"), Node("c")];
        Pod[] old = [PodOn("a", "old"), PodOn("b", "old"), PodOn("c", "old")];
        Text(Set(), nodes, old).ShouldBe("-logs-a-old");
        Text(Set(strategy: "\"updateStrategy\": {\"type\": \"RollingUpdate\", \"rollingUpdate\": {\"maxUnavailable\": \"67%\"} },"), nodes, old).ShouldBe("-logs-a-old -logs-b-old -logs-c-old");
        Text(Set(), nodes, [PodOn("a", "new", ready: false), old[1], old[2]]).ShouldBe("", "one is down already");
        Text(Set(), nodes, [PodOn("a", "new"), old[1], PodOn("c", "old", ready: false)]).ShouldBe("-logs-c-old");
        Text(Set(strategy: "\"updateStrategy\": {\"type\": \"OnDelete\"},"), nodes, old).ShouldBe("");
    }

    [Fact]
    public void With_a_surge_the_new_pod_comes_before_the_old_one_goes()
    {
        var set = Set(strategy: "\"updateStrategy\": {\"type\": \"RollingUpdate\", \"rollingUpdate\": {\"maxSurge\": 1, \"maxUnavailable\": 0} },");
        NodeInfo[] nodes = [Node("a"), Node("b")];
        Text(set, nodes, [PodOn("a", "old"), PodOn("b", "old")]).ShouldBe("+a");
        Text(set, nodes, [PodOn("a", "old"), PodOn("b", "old")], "a").ShouldBe("");
        Text(set, nodes, [PodOn("a", "old"), PodOn("a", "new", ready: false), PodOn("b", "old")]).ShouldBe("");
        Text(set, nodes, [PodOn("a", "old"), PodOn("a", "new"), PodOn("b", "old")]).ShouldBe("-logs-a-old");
    }

    [Fact]
    public void The_status_counts_nodes_as_kubectl_rollout_status_reads_it()
    {
        var status = DaemonSetPlan.Next(
            Set("\"nodeSelector\": {\"disk\": \"ssd\"},"), [Node("a", "disk=ssd"), Node("b", "disk=ssd"), Node("c", "disk=ssd"), Node("d")],
            [PodOn("a", "new"), PodOn("b", "old", ready: false), PodOn("d", "new")], new HashSet<string>(), "new", Now).Status;
        status.ShouldBe(new DaemonSetStatus
        {
            DesiredNumberScheduled = 3, CurrentNumberScheduled = 2, NumberMisscheduled = 1, NumberReady = 1, UpdatedNumberScheduled = 1, NumberAvailable = 1, NumberUnavailable = 2, ObservedGeneration = 3,
        });
    }
}
