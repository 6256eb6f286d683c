using Hearth.Platform;

namespace Hearth.Deploy.Cluster;

/// <summary>
/// The nodes that the default job configurations are cut for: one group for tooling, and by zone groups for critical jobs, shared jobs and notebooks.
/// </summary>
public static class DefaultNodes
{
    private const string OnDemand = "on-demand";
    private const string Spot = "spot";

    /// <summary>Small sizes, smallest first: a pool begins above one of them.</summary>
    private static readonly string[] Small = ["nano", "micro", "small", "medium", "large"];

    /// <summary>As managed node groups, for the Cluster Autoscaler.</summary>
    public static IReadOnlyList<NodeGroup> Groups { get; } =
    [
        new() { Name = "tooling", InstanceTypes = ["t3.medium"], MinSize = 2, DesiredSize = 2, MaxSize = 10, Labels = Labels("tooling"), Subnets = "private" },
        Group("critical", 100, OnDemand, ["m6gd.8xlarge"], Labels("critical", null, OnDemand), [Role("critical")]) with { InstanceStorePolicy = "RAID0" },
        Group("shared-driver", 10, OnDemand, ["m6g.xlarge"], Labels("shared", "driver", OnDemand), [Role("shared")]),
        Group("shared-executor", 100, Spot, ["m6g.8xlarge", "m6gd.8xlarge"], Labels("shared", "executor", Spot), [Role("shared"), SpotTaint]),
        Group("notebook-driver", 10, OnDemand, ["t3.large"], Labels("notebook", "driver", OnDemand), [Role("notebook")]),
        Group("notebook-executor", 100, Spot, ["t3.2xlarge", "t3a.2xlarge"], Labels("notebook", "executor", Spot), [Role("notebook"), SpotTaint]),
    ];

    private static Taint SpotTaint => new() { Key = "node-lifecycle", Value = Spot };

    /// <summary>As Karpenter node pools, one a zone; tainted and labelled exactly as the groups.</summary>
    /// <param name="zones">The zones of the network.</param>
    public static IEnumerable<NodePool> Pools(IEnumerable<string> zones)
    {
        string[] all = [.. zones.Distinct(StringComparer.Ordinal)];
        yield return Pool("tooling", all, ["t3", "t3a"], "amd64", Groups[0], ("100", "100Gi"), weight: 50, above: "small", sizes: ["medium", "large", "xlarge"]);
        foreach (var zone in all)
        {
            yield return Pool($"critical-{zone}", [zone], ["m6gd"], "arm64", Groups[1], ("3200", "12800Gi"), weight: 10, above: "large");
            yield return Pool($"shared-driver-{zone}", [zone], ["m6g"], "arm64", Groups[2], ("40", "160Gi"), weight: 10, above: "medium");
            yield return Pool($"shared-executor-{zone}", [zone], ["m6g", "m6gd"], "arm64", Groups[3], ("3200", "12800Gi"), weight: 10, above: "large");
            yield return Pool($"notebook-driver-{zone}", [zone], ["t3", "t3a"], "amd64", Groups[4], ("40", "160Gi"), weight: 20, above: "small");
            yield return Pool($"notebook-executor-{zone}", [zone], ["t3", "t3a"], "amd64", Groups[5], ("800", "3200Gi"), weight: 20, above: "large");
        }
    }

    private static NodePool Pool(string name, string[] zones, string[] families, string architecture, NodeGroup like, (string Cpu, string Memory) limits, int weight, string above, string[]? sizes = null) => new()
    {
        Name = name,
        Weight = weight,
        Labels = like.Labels,
        Taints = like.Taints,
        Limits = new PoolLimits { Cpu = limits.Cpu, Memory = limits.Memory },
        Requirements =
        [
            new() { Key = "kubernetes.io/arch", Values = [architecture] },
            new() { Key = "karpenter.sh/capacity-type", Values = [like.CapacityType] },
            new() { Key = "karpenter.k8s.aws/instance-family", Values = families },
            sizes is null
                ? new() { Key = "karpenter.k8s.aws/instance-size", Operator = "NotIn", Values = Small[..(Array.IndexOf(Small, above) + 1)] }
                : new() { Key = "karpenter.k8s.aws/instance-size", Values = sizes },
            new() { Key = "karpenter.k8s.aws/instance-hypervisor", Values = ["nitro"] },
            new() { Key = "topology.kubernetes.io/zone", Values = zones },
        ],
        Disruption = new Disruption { ConsolidationPolicy = "WhenEmpty", ConsolidateAfter = "300s", ExpireAfter = "720h" },
        NodeClass = new NodeClass { InstanceStorePolicy = like.InstanceStorePolicy, Zones = zones },
    };

    private static NodeGroup Group(string name, int most, string capacity, string[] types, IReadOnlyDictionary<string, string> labels, Taint[] taints) => new()
    {
        Name = name, PerZone = true, CapacityType = capacity, InstanceTypes = types, MaxSize = most, Labels = labels, Taints = taints, Subnets = "private",
    };

    private static Taint Role(string role) => new() { Key = "role", Value = role };

    private static Dictionary<string, string> Labels(string role, string? spark = null, string? lifecycle = null)
    {
        var labels = new Dictionary<string, string>(StringComparer.Ordinal) { ["role"] = role };
        if (spark is not null)
        {
            labels["spark-role"] = spark;
        }

        if (lifecycle is not null)
        {
            labels["node-lifecycle"] = lifecycle;
        }

        return labels;
    }
}
