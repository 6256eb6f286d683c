namespace Hearth.Platform;

/// <summary>How the simulated cloud behaves, for the embedded platform and for <c>hearth plan</c> alike. AWS takes no notice of it.</summary>
public sealed record SimulationSettings
{
    /// <summary>Of everything that chance decides.</summary>
    public int Seed { get; init; } = 1;

    public LaunchDelay LaunchDelay { get; init; } = new();

    public SpotMarket Spot { get; init; } = new();

    /// <summary>Launches that are refused; faults that are made while the platform runs come on top.</summary>
    public IReadOnlyList<CapacityGap> InsufficientCapacity { get; init; } = [];
}

/// <summary>From the launch of a node until it takes pods; empty: at once embedded (30 to 60 s with <c>--realistic</c>), 30 to 60 s in plans.</summary>
public sealed record LaunchDelay
{
    /// <summary>As <c>30s</c>.</summary>
    public string Shortest { get; init; } = string.Empty;

    /// <summary>As <c>60s</c>; empty is the shortest.</summary>
    public string Longest { get; init; } = string.Empty;

    /// <summary>True when the declaration says something.</summary>
    public bool IsDeclared => Shortest.Length + Longest.Length > 0;
}

/// <summary>Spot instances: what they cost, and how often they are taken back.</summary>
public sealed record SpotMarket
{
    /// <summary><c>typical</c> (45 % of on-demand), <c>kwok</c> (70 %) or <c>cold-start</c> (100 %, what Karpenter takes before its first look).</summary>
    public string Prices { get; init; } = "typical";

    /// <summary>Prices of the user's own, relative to where Hearth is started; types that are not in it keep to <see cref="Prices"/>.</summary>
    public string PriceFile { get; init; } = string.Empty;

    /// <summary>How often a spot node is taken back, on average an hour: 0 to 60.</summary>
    public double InterruptionsPerHour { get; init; }
}

/// <summary>Capacity that is not there; lists that are empty mean everything.</summary>
public sealed record CapacityGap
{
    /// <summary>Names with wildcards, as <c>c5d.*</c>.</summary>
    public IReadOnlyList<string> InstanceTypes { get; init; } = [];
    public IReadOnlyList<string> Zones { get; init; } = [];

    /// <summary>spot, on-demand.</summary>
    public IReadOnlyList<string> CapacityTypes { get; init; } = [];

    /// <summary>Share of launches that are refused, 0-1.</summary>
    public double Probability { get; init; } = 1;
}
