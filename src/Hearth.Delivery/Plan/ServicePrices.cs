using System.Globalization;
using System.Text.Json.Nodes;

namespace Hearth.Delivery.Plan;

/// <summary>
/// List prices in USD of what is no EC2 instance, from one packaged file (<c>service-prices.json</c>) that names source and date of each. Prices that differ by
/// region are those of us-east-1 times a factor of the region; both are said in <see cref="Assumptions"/>. A price that is not there is an error, never 0.
/// </summary>
internal sealed class ServicePrices
{
    /// <summary>Interface endpoints of a private platform, each in every zone.</summary>
    public const int InterfaceEndpoints = 19;

    private const decimal HoursAMonth = 730;

    private static readonly Lazy<JsonObject> Packaged = new(Read);

    private readonly JsonObject _prices = Packaged.Value["prices"]!.AsObject();
    private readonly decimal _factor;

    private ServicePrices(string region)
    {
        var (basis, factor) = (Packaged.Value["basis"], Packaged.Value["regions"]![region]?.GetValue<decimal>());
        _factor = factor ?? 1;
        var there = factor is null
            ? string.Create(CultureInfo.InvariantCulture, $"No factor is packaged for {region}, so they stand as they are; regions differ by up to a third")
            : factor == 1 ? $"{region} has the same" : string.Create(CultureInfo.InvariantCulture, $"for {region} times {factor}, which is the factor of NAT gateways there");
        Assumptions = [$"Prices of services other than EC2: {basis}; {there}. Data transfer, storage of objects and logs, and use are not included."];
    }

    /// <summary>What the prices rest on, in sentences.</summary>
    public IReadOnlyList<string> Assumptions { get; }

    public static ServicePrices For(string region) => new(region);

    /// <summary>USD a month for one of a thing, or for one GiB of it. Throws when the file has no such price.</summary>
    /// <param name="name">A name of the file, as <c>nat-gateway</c>.</param>
    public decimal Month(string name)
    {
        var price = _prices[name] ?? throw new InvalidOperationException($"service-prices.json has no price of {name}");
        var usd = price["usd"]!.GetValue<decimal>() * (price["everywhere"]?.GetValue<bool>() == true ? 1 : _factor);
        return price["per"]!.GetValue<string>() == "hour" ? usd * HoursAMonth : usd;
    }

    /// <summary>Whether the file has a price.</summary>
    public bool Knows(string name) => _prices.ContainsKey(name);

    private static JsonObject Read()
    {
        using var stream = typeof(ServicePrices).Assembly.GetManifestResourceStream("service-prices.json") ?? throw new InvalidOperationException("service-prices.json is not packaged");
        return JsonNode.Parse(stream)!.AsObject();
    }
}
