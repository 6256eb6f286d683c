using Hearth.Scheduling.Karpenter;

namespace Hearth.Scheduling.Catalog;

/// <summary>
/// What one region sells: types, zones and prices. Where the packaged tables do not reach, an assumption fills the gap and is stated in
/// <see cref="Assumptions"/> and in each <see cref="Offering.Basis"/>; a price is never 0.
/// </summary>
public sealed class RegionCatalog
{
    private readonly Ec2Catalog _catalog;
    private readonly Func<CatalogRow, decimal?> _price;
    private readonly Func<CatalogRow, string> _zones;
    private readonly PriceBasis _onDemand;
    private readonly PriceBasis _spot;
    private readonly PriceBasis? _listed;
    private readonly SpotPricing _spotPricing;

    private RegionCatalog(Ec2Catalog catalog, string region, SpotPricing spot)
    {
        _catalog = catalog;
        _spotPricing = spot;
        Region = region;
        (_price, var table) = region switch
        {
            "us-east-1" => (static (CatalogRow r) => r.UsEast1, region),
            "us-gov-east-1" => (r => r.UsGovEast1, region),
            "us-gov-west-1" => (r => r.UsGovWest1, region),
            _ => ((Func<CatalogRow, decimal?>)(r => r.UsEast1), "us-east-1"),
        };
        (_zones, var zonesKnown) = region switch
        {
            "us-east-1" => (static (CatalogRow r) => r.ZonesUsEast1, true),
            "us-west-2" => (r => r.ZonesUsWest2, true),
            _ => ((Func<CatalogRow, string>)(r => r.ZonesUsEast1.Length > 0 ? "abc" : ""), false),
        };
        var pricesKnown = string.Equals(table, region, StringComparison.Ordinal);
        var dated = $"on-demand price list of {table}, {Ec2Catalog.PricesOf}";
        _onDemand = pricesKnown ? new(dated, false) : new($"assumed: {dated}, taken for {region}", true);
        _spot = new($"assumed: spot model '{spot.Name}' over the {dated}", true);
        _listed = spot.List is { } list ? new($"spot prices of {list.Name}", false) : null;
        Assumptions = [.. Notes(pricesKnown, zonesKnown, table)];
    }

    /// <summary>For example <c>us-west-2</c>.</summary>
    public string Region { get; }

    /// <summary>What is assumed for want of a table, one sentence each.</summary>
    public IReadOnlyList<string> Assumptions { get; }

    /// <summary>The shipped catalogue as seen from a region.</summary>
    public static RegionCatalog For(string region, SpotPricing? spot = null) => new(Ec2Catalog.Default, region, spot ?? SpotPricing.Typical);

    /// <summary>Every type, also those that the region does not offer.</summary>
    public IReadOnlyList<InstanceType> Types => _catalog.Types;

    /// <summary>A type by its name, or null.</summary>
    public InstanceType? Find(string name) => _catalog.Find(name);

    /// <summary>The on-demand price (USD/h) of a type, or null when none is known.</summary>
    public decimal? OnDemandPrice(string type) => _catalog.Find(type) is null ? null : _price(_catalog.Row(type));

    /// <summary>The zones of the region that offer a type.</summary>
    public IEnumerable<string> Zones(string type) => _zones(_catalog.Row(type)).Select(letter => Region + letter);

    /// <summary>
    /// What can be bought of a type in the zones where there are subnets: nothing when the type has no price, so that it is never taken to be free.
    /// </summary>
    public IReadOnlyList<Offering> Offerings(InstanceType type, IReadOnlyCollection<string> zones)
    {
        var row = _catalog.Row(type.Name);
        if (_price(row) is not { } onDemand)
        {
            return [];
        }

        var offerings = new List<Offering>();
        foreach (var letter in _zones(row))
        {
            var zone = Region + letter;
            if (!zones.Contains(zone))
            {
                continue;
            }

            if (type.OffersOnDemand)
            {
                offerings.Add(new(zone, KarpenterLabels.OnDemand, onDemand, _onDemand));
            }

            if (type.OffersSpot)
            {
                offerings.Add(_spotPricing.List?.Find(type.Name, zone) is { } listed
                    ? new(zone, KarpenterLabels.Spot, listed, _listed!)
                    : new(zone, KarpenterLabels.Spot, _spotPricing.PricePerHour(type.Name, zone, onDemand), _spot));
            }
        }

        return offerings;
    }

    private IEnumerable<string> Notes(bool pricesKnown, bool zonesKnown, string table)
    {
        if (!pricesKnown)
        {
            yield return $"There is no price list of {Region} here: the on-demand prices of {table} ({Ec2Catalog.PricesOf}) are taken, as Karpenter does for a region it has no table for.";
        }

        if (!zonesKnown)
        {
            yield return $"There is no table of what {Region} offers here: zones {Region}a, b and c are taken to offer what us-east-1 offers.";
        }

        yield return $"{(_spotPricing.List is { } list ? $"Where {list.Name} has no spot price" : "There is no list of spot prices")}: the model '{_spotPricing.Name}' ({_spotPricing.Share:P0} of on-demand, {_spotPricing.Spread:P0} up or down by type and zone) is taken.";
    }
}
