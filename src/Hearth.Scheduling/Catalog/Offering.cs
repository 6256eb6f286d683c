namespace Hearth.Scheduling.Catalog;

/// <summary>A type for sale: in one zone, as one capacity type, at a price.</summary>
/// <param name="Zone">For example <c>us-west-2a</c>.</param>
/// <param name="CapacityType"><c>on-demand</c> or <c>spot</c>.</param>
/// <param name="PricePerHour">USD; never 0.</param>
/// <param name="Basis">Where the price comes from and what is assumed.</param>
public sealed record Offering(string Zone, string CapacityType, decimal PricePerHour, PriceBasis Basis);

/// <summary>Where a price comes from.</summary>
/// <param name="Text">One sentence for people.</param>
/// <param name="IsAssumption">Whether anything in it is assumed and not a published price.</param>
public sealed record PriceBasis(string Text, bool IsAssumption);

/// <summary>How spot prices are assumed; there is no published table of them.</summary>
/// <param name="Name">Short name, as in options and results.</param>
/// <param name="Share">Mean share of the on-demand price.</param>
/// <param name="Spread">Largest deviation from the mean, as a share of it; types and zones differ by a stable hash.</param>
public sealed record SpotPricing(string Name, decimal Share, decimal Spread)
{
    /// <summary>45 % of on-demand, 15 % up or down by type and zone: near what public price histories of compute families show.</summary>
    public static SpotPricing Typical { get; } = new("typical", 0.45m, 0.15m);

    /// <summary>The on-demand price itself: what Karpenter takes before its first look at the price history.</summary>
    public static SpotPricing ColdStart { get; } = new("cold-start", 1m, 0m);

    /// <summary>70 % of on-demand everywhere, as Karpenter's own test provider has it.</summary>
    public static SpotPricing Kwok { get; } = new("kwok", 0.7m, 0m);

    /// <summary>Prices that somebody brought: they come before the model; null for none.</summary>
    public SpotPriceList? List { get; init; }

    /// <summary>The model of a name, or null.</summary>
    public static SpotPricing? Find(string name) => new[] { Typical, ColdStart, Kwok }.FirstOrDefault(m => m.Name == name);

    /// <summary>The assumed price (USD/h) of a type in a zone.</summary>
    public decimal PricePerHour(string type, string zone, decimal onDemand)
    {
        var jitter = Spread == 0 ? 0 : Spread * ((StableHash.Of(type, zone) % 2001u / 1000m) - 1m);
        return decimal.Round(onDemand * Share * (1m + jitter), 6, MidpointRounding.AwayFromZero);
    }
}

/// <summary>FNV-1a, the same on every machine and in every run.</summary>
internal static class StableHash
{
    public static uint Of(params ReadOnlySpan<string> parts)
    {
        var hash = 2166136261u;
        foreach (var part in parts)
        {
            foreach (var c in part)
            {
                hash = (hash ^ c) * 16777619u;
            }

            hash = (hash ^ 0xff) * 16777619u;
        }

        return hash;
    }
}
