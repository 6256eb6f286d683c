using Hearth.Platform.Schema;

namespace Hearth.Platform.Fields;

/// <summary><c>spec.simulation</c>.</summary>
internal static class SimulationFields
{
    private static readonly ObjectShape<LaunchDelay> Delay = new("LaunchDelay", "From the launch of a node until it takes pods; left out, at once embedded (30 to 60 s with `--realistic`) and 30 to 60 s in plans.", new(),
    [
        Table<LaunchDelay>.Field("shortest", Texts.Duration, d => d.Shortest, (d, v) => d with { Shortest = v }, "The shortest, as 30s."),
        Table<LaunchDelay>.Field("longest", Texts.Duration, d => d.Longest, (d, v) => d with { Longest = v }, "The longest; left out, the shortest."),
    ]);

    private static readonly ObjectShape<SpotMarket> Spot = new("SpotMarket", "Spot instances: what they cost, and how often they are taken back.", new(),
    [
        Table<SpotMarket>.Field("prices", TextShape.OneOf("typical", "kwok", "cold-start"), s => s.Prices, (s, v) => s with { Prices = v },
            "Assumed prices: `typical` is 45 % of on-demand, a little different by type and zone; `kwok` 70 %; `cold-start` the on-demand price, which Karpenter takes before its first look."),
        Table<SpotMarket>.Field("priceFile", Texts.Any, s => s.PriceFile, (s, v) => s with { PriceFile = v },
            "Prices of your own: lines `type,price` or `type,zone,price` in USD an hour, or the JSON of `aws ec2 describe-spot-price-history`. Relative to where Hearth is started; types that are not in it keep to `prices`."),
        Table<SpotMarket>.Field("interruptionsPerHour", new NumberShape(0, 60), s => s.InterruptionsPerHour, (s, v) => s with { InterruptionsPerHour = v }, "How often a spot node is taken back, on average an hour."),
    ]);

    private static readonly ObjectShape<CapacityGap> Gap = new("CapacityGap", "Launches that are refused for want of capacity.", new(),
    [
        Table<CapacityGap>.Field("instanceTypes", Shapes.Texts, g => g.InstanceTypes, (g, v) => g with { InstanceTypes = v }, "Names with wildcards, as c5d.*; left out, all."),
        Table<CapacityGap>.Field("zones", Shapes.ListOf(Texts.Zone), g => g.Zones, (g, v) => g with { Zones = v }, "Left out, all."),
        Table<CapacityGap>.Field("capacityTypes", Shapes.ListOf(TextShape.OneOf("spot", "on-demand")), g => g.CapacityTypes, (g, v) => g with { CapacityTypes = v }, "Left out, both."),
        Table<CapacityGap>.Field("probability", new NumberShape(0, 1), g => g.Probability, (g, v) => g with { Probability = v }, "Share of launches that are refused."),
    ]);

    public static ObjectShape<SimulationSettings> Simulation { get; } = new("Simulation", "How the simulated cloud behaves, embedded and in `hearth plan`. AWS takes no notice of it.", new(),
    [
        Table<SimulationSettings>.Field("seed", new IntShape(0, int.MaxValue), s => s.Seed, (s, v) => s with { Seed = v }, "Of everything that chance decides."),
        Table<SimulationSettings>.Field("launchDelay", Delay, s => s.LaunchDelay, (s, v) => s with { LaunchDelay = v }, "From the launch of a node until it takes pods."),
        Table<SimulationSettings>.Field("spot", Spot, s => s.Spot, (s, v) => s with { Spot = v }, "What spot instances cost, and how often they are taken back."),
        Table<SimulationSettings>.Field("insufficientCapacity", new ListShape<CapacityGap>(Gap, new()), s => s.InsufficientCapacity, (s, v) => s with { InsufficientCapacity = v }, "Launches that are refused."),
    ]);
}
