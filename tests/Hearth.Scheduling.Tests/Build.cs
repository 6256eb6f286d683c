using Hearth.Kube.Core;
using Hearth.Kube.Objects;
using Hearth.Kube.Quantities;
using Hearth.Scheduling.Catalog;
using Hearth.Scheduling.Fit;
using Hearth.Scheduling.Karpenter;
using Hearth.Scheduling.Provisioning;

namespace Hearth.Scheduling.Tests;

/// <summary>Short ways to say pods, nodes and pools.</summary>
internal static class Build
{
    public static Dictionary<string, string> Map(string? text) => (text ?? "")
        .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .Select(p => p.Split('=', 2)).ToDictionary(p => p[0], p => p.Length > 1 ? p[1] : "", StringComparer.Ordinal);

    public static Dictionary<string, Quantity> Resources(string? text) =>
        Map(text).ToDictionary(p => p.Key, p => Quantity.Parse(p.Value), StringComparer.Ordinal);

    /// <summary><c>Pod("a", "cpu=1,memory=2Gi", "zone=z1")</c></summary>
    public static Pod Pod(string name, string requests = "", string? selector = null, string? labels = null, Affinity? affinity = null,
        IReadOnlyList<Toleration>? tolerations = null, int priority = 0, IReadOnlyList<TopologySpreadConstraint>? spread = null) => new()
    {
        Metadata = new ObjectMeta { Name = name, Namespace = "ns", Uid = "uid-" + name, Labels = Map(labels) },
        Spec = new PodSpec
        {
            Containers = [new Container { Name = "c", Resources = new ResourceRequirements { Requests = Resources(requests) } }],
            NodeSelector = Map(selector),
            Affinity = affinity,
            Tolerations = tolerations,
            Priority = priority,
            TopologySpreadConstraints = spread,
        },
    };

    public static PodInfo Info(string name, string requests = "", string? selector = null, string? labels = null, Affinity? affinity = null,
        IReadOnlyList<Toleration>? tolerations = null, int priority = 0, IReadOnlyList<TopologySpreadConstraint>? spread = null) =>
        PodInfo.From(Pod(name, requests, selector, labels, affinity, tolerations, priority, spread));

    public static NodeInfo Node(string name, string allocatable = "cpu=4,memory=16Gi,pods=110", string? labels = null, IReadOnlyList<Taint>? taints = null, bool unschedulable = false) =>
        NodeInfo.From(new Node
        {
            Metadata = new ObjectMeta { Name = name, Labels = Map(labels) },
            Spec = new NodeSpec { Taints = taints, Unschedulable = unschedulable },
            Status = new NodeStatus { Allocatable = Resources(allocatable) },
        });

    public static ClusterState Cluster(params IEnumerable<NodeInfo> nodes)
    {
        var cluster = new ClusterState();
        foreach (var node in nodes)
        {
            cluster.SetNode(node);
        }

        return cluster;
    }

    public static Taint Taint(string key, string value = "", string effect = "NoSchedule") => new() { Key = key, Value = value, Effect = effect };

    /// <summary><c>Require("karpenter.k8s.aws/instance-cpu In 4,8; karpenter.k8s.aws/instance-generation Gt 2")</c></summary>
    public static IReadOnlyList<NodeSelectorRequirement> Require(string text) =>
    [
        .. text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(r => r.Split(' ', 3)).Select(r => new NodeSelectorRequirement
        {
            Key = r[0].StartsWith('@') ? KarpenterLabels.InstancePrefix + r[0][1..] : r[0],
            Operator = r[1],
            Values = r.Length > 2 ? r[2].Split(',') : null,
        }),
    ];

    public static NodePool Pool(string name, string requirements, string? limits = null, int weight = 0, string? labels = null, IReadOnlyList<Taint>? taints = null) => new()
    {
        Metadata = new ObjectMeta { Name = name, Uid = "uid-" + name },
        Spec = new NodePoolSpec
        {
            Weight = weight == 0 ? null : weight,
            Limits = limits is null ? null : Resources(limits),
            Template = new NodeClaimTemplate
            {
                Metadata = new NodeClaimTemplateMetadata { Labels = Map(labels) },
                Spec = new NodeClaimSpec
                {
                    Requirements = Require(requirements),
                    Taints = taints,
                    NodeClassRef = new NodeClassRef { Group = "karpenter.k8s.aws", Kind = "EC2NodeClass", Name = name },
                },
            },
        },
    };

    public static PoolInfo PoolInfo(NodePool pool, string region = "us-west-2", string zones = "abcd", NodeOverhead? overhead = null, SpotPricing? spot = null) =>
        Scheduling.Provisioning.PoolInfo.From(
            pool,
            new NodeClassInfo(pool.Metadata.Name!, overhead ?? NodeOverhead.Default, [.. zones.Select(z => region + z)]),
            RegionCatalog.For(region, spot));

    public static PoolState State(NodePool pool, string region = "us-west-2", string zones = "abcd", NodeOverhead? overhead = null) =>
        new(PoolInfo(pool, region, zones, overhead), PoolState.LimitsOf(pool), default, 0);
}
