using Hearth.Kube.Core;
using Hearth.Scheduling.Fit;

namespace Hearth.Scheduling.Tests.Fit;

/// <summary>Scores that look at other pods. Nodes are alike in size, so that nothing else decides.</summary>
public sealed class ScoreTests
{
    private static readonly NodeInfo[] Zones =
        [Build.Node("a", labels: "zone=1,kubernetes.io/hostname=a"), Build.Node("b", labels: "zone=2,kubernetes.io/hostname=b"), Build.Node("c", labels: "zone=2,kubernetes.io/hostname=c")];

    private static PodAffinityTerm Term(string labels, string key) => new() { TopologyKey = key, LabelSelector = new ObjectSelector { MatchLabels = Build.Map(labels) } };

    private static PodAffinity Wish(int weight, string labels, string key) =>
        new() { PreferredDuringSchedulingIgnoredDuringExecution = [new WeightedPodAffinityTerm { Weight = weight, PodAffinityTerm = Term(labels, key) }] };

    private static TopologySpreadConstraint Anyway(string key, int skew = 1, string labels = "app=x", string? taints = null) =>
        new() { MaxSkew = skew, TopologyKey = key, WhenUnsatisfiable = "ScheduleAnyway", NodeTaintsPolicy = taints, LabelSelector = new ObjectSelector { MatchLabels = Build.Map(labels) } };

    private static ClusterState With(params (PodInfo Pod, string Node)[] pods)
    {
        var cluster = Build.Cluster(Zones.Select(n => n.Name switch { _ => Build.Node(n.Name, labels: string.Join(',', n.Labels.Select(l => $"{l.Key}={l.Value}"))) }));
        foreach (var (pod, node) in pods)
        {
            cluster.AddPod(pod, node);
        }

        return cluster;
    }

    [Fact]
    public void Wishes_to_be_near_scale_from_the_lowest_sum_to_the_highest()
    {
        var cluster = With((Build.Info("x1", labels: "app=x"), "b"), (Build.Info("x2", labels: "app=x"), "c"), (Build.Info("x3", labels: "app=x"), "a"));
        var pod = Build.Info("p", affinity: new Affinity { PodAffinity = Wish(10, "app=x", "zone") });
        PodAffinityScores.Of(pod, cluster.Nodes, cluster).ShouldBe([0, 100, 100]);
        PodAffinityScores.Of(Build.Info("p", affinity: new Affinity { PodAffinity = Wish(10, "app=y", "zone") }), cluster.Nodes, cluster).ShouldBeNull();
    }

    [Fact]
    public void Wishes_to_be_far_count_against_a_node_also_those_of_pods_that_are_there()
    {
        var cluster = With((Build.Info("x", labels: "app=x", affinity: new Affinity { PodAntiAffinity = Wish(5, "app=y", "kubernetes.io/hostname") }), "a"), (Build.Info("z", labels: "app=z"), "b"));
        PodAffinityScores.Of(Build.Info("y", labels: "app=y"), cluster.Nodes, cluster).ShouldBe([0, 100, 100]);
        var pod = Build.Info("y", labels: "app=y", affinity: new Affinity { PodAntiAffinity = Wish(10, "app=z", "zone") });
        PodAffinityScores.Of(pod, cluster.Nodes, cluster).ShouldBe([100, 0, 0]); // -5, -10, -10
    }

    [Fact]
    public void A_required_affinity_of_a_pod_that_is_there_draws_a_little()
    {
        var cluster = With((Build.Info("x", labels: "app=x", affinity: new Affinity { PodAffinity = new PodAffinity { RequiredDuringSchedulingIgnoredDuringExecution = [Term("app=y", "zone")] } }), "a"));
        PodAffinityScores.Of(Build.Info("y", labels: "app=y"), cluster.Nodes, cluster).ShouldBe([100, 0, 0]);
    }

    [Fact]
    public void The_emptiest_domain_is_the_best_when_spread_is_only_wished()
    {
        var cluster = With((Build.Info("x1", labels: "app=x"), "b"), (Build.Info("x2", labels: "app=x"), "c"), (Build.Info("x3", labels: "app=x"), "a"));
        var pod = Build.Info("p", labels: "app=x", spread: [Anyway("zone")]);
        SpreadScores.Of(pod, cluster.Nodes, cluster).ShouldBe([100, 33, 33]); // ln 4 = 1.39 a pod: 1 and 3 when rounded
        PodPlacer.Place(pod, cluster).NodeName.ShouldBe("a");
    }

    [Fact]
    public void Hosts_are_counted_each_for_itself()
    {
        var cluster = With((Build.Info("x1", labels: "app=x"), "a"), (Build.Info("x2", labels: "app=x"), "a"), (Build.Info("x3", labels: "app=x"), "b"));
        SpreadScores.Of(Build.Info("p", labels: "app=x", spread: [Anyway("kubernetes.io/hostname")]), cluster.Nodes, cluster).ShouldBe([0, 33, 100]);
    }

    [Fact]
    public void A_node_without_the_label_scores_nothing_and_a_required_spread_is_no_wish()
    {
        var cluster = With();
        cluster.SetNode(Build.Node("d"));
        SpreadScores.Of(Build.Info("p", labels: "app=x", spread: [Anyway("zone")]), cluster.Nodes, cluster).ShouldBe([100, 100, 100, 0]);
        SpreadScores.Of(Build.Info("p", spread: [new TopologySpreadConstraint { TopologyKey = "zone", MaxSkew = 1, WhenUnsatisfiable = "DoNotSchedule" }]), cluster.Nodes, cluster).ShouldBeNull();
    }

    [Fact]
    public void A_namespace_selector_matches_the_labels_of_namespaces()
    {
        var cluster = With((Build.Info("x", labels: "app=x"), "b"));
        var term = Term("app=x", "zone") with { NamespaceSelector = new ObjectSelector { MatchLabels = Build.Map("team=a") } };
        var pod = Build.Info("p", affinity: new Affinity { PodAffinity = new PodAffinity { RequiredDuringSchedulingIgnoredDuringExecution = [term] } });
        PodPlacer.Place(pod, cluster).Failure!.Reasons.Keys.ShouldBe([Refusal.PodAffinity]);
        cluster.Namespaces.Set("ns", Build.Map("team=a")).ShouldBeTrue();
        PodPlacer.Place(pod, cluster).NodeName.ShouldBeOneOf("b", "c");
        cluster.Namespaces.Set("ns", Build.Map("team=a")).ShouldBeFalse();
    }

    [Fact]
    public void An_empty_namespace_selector_means_all_and_named_namespaces_add_to_it()
    {
        var cluster = With((Build.Info("x", labels: "app=x"), "b"));
        foreach (var (term, placed) in new[]
        {
            (Term("app=x", "zone") with { NamespaceSelector = new ObjectSelector() }, true),
            (Term("app=x", "zone") with { Namespaces = ["other"] }, false),
            (Term("app=x", "zone") with { Namespaces = ["ns"], NamespaceSelector = new ObjectSelector { MatchLabels = Build.Map("team=z") } }, true),
        })
        {
            var pod = Build.Info("p", affinity: new Affinity { PodAffinity = new PodAffinity { RequiredDuringSchedulingIgnoredDuringExecution = [term] } });
            (PodPlacer.Place(pod, cluster).NodeName is not null).ShouldBe(placed);
        }
    }

    [Fact]
    public void Label_keys_to_match_stand_for_the_pods_own_values()
    {
        TopologySpreadConstraint[] spread = [new() { MaxSkew = 1, TopologyKey = "zone", WhenUnsatisfiable = "DoNotSchedule", MatchLabelKeys = ["rev", "absent"], LabelSelector = new ObjectSelector { MatchLabels = Build.Map("app=x") } }];
        var cluster = With((Build.Info("old", labels: "app=x,rev=1"), "a"), (Build.Info("new", labels: "app=x,rev=2"), "b"));
        PodPlacer.Place(Build.Info("p", labels: "app=x,rev=2", spread: spread), cluster).NodeName.ShouldBe("a");
    }

    [Fact]
    public void Tainted_nodes_hold_a_spread_up_unless_it_honours_taints()
    {
        TopologySpreadConstraint Spread(string? policy) =>
            new() { MaxSkew = 1, TopologyKey = "zone", WhenUnsatisfiable = "DoNotSchedule", NodeTaintsPolicy = policy, LabelSelector = new ObjectSelector { MatchLabels = Build.Map("app=x") } };
        var cluster = Build.Cluster(Build.Node("a", labels: "zone=1"), Build.Node("b", labels: "zone=2", taints: [Build.Taint("k")]));
        cluster.AddPod(Build.Info("x", labels: "app=x"), "a");
        PodPlacer.Place(Build.Info("p", labels: "app=x", spread: [Spread(null)]), cluster).NodeName.ShouldBeNull();
        PodPlacer.Place(Build.Info("p", labels: "app=x", spread: [Spread("Honor")]), cluster).NodeName.ShouldBe("a");
    }
}
