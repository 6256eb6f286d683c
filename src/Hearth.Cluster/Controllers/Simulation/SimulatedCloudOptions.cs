using Hearth.Scheduling.Catalog;

namespace Hearth.Cluster.Controllers.Simulation;

/// <summary>The cloud that the embedded cluster has in place of EC2.</summary>
public sealed record SimulatedCloudOptions
{
    public string ClusterName { get; init; } = "hearth";
    public string Region { get; init; } = "us-west-2";

    /// <summary>Zones with subnets.</summary>
    public IReadOnlyList<string> Zones { get; init; } = ["us-west-2a", "us-west-2b"];

    /// <summary>IPv4 block that nodes get their addresses from, prefix /8 to /24.</summary>
    public string NodeCidr { get; init; } = "100.64.0.0/16";

    /// <summary>How spot prices are assumed.</summary>
    public SpotPricing Spot { get; init; } = SpotPricing.Typical;

    /// <summary>Shortest and longest time from launch to registration; instances differ by a stable hash. Zero: at once.</summary>
    public (TimeSpan Shortest, TimeSpan Longest) BootTime { get; init; }

    /// <summary>What nodes report as their kubelet's version.</summary>
    public string KubeletVersion { get; init; } = "v1.33.1-hearth";

    /// <summary>30 to 60 s, as EC2 instances with a small image take.</summary>
    public static (TimeSpan Shortest, TimeSpan Longest) RealisticBootTime => (TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(60));
}
