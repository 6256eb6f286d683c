using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Hearth.Scheduling.Catalog;

/// <summary>
/// Spot prices that a user brings: lines <c>type,price</c> or <c>type,zone,price</c> in USD an hour (empty lines, lines that begin with # and a first line that
/// begins with <c>type</c> are passed over), or the JSON that <c>aws ec2 describe-spot-price-history</c> prints, of which the newest price of each type and zone counts.
/// </summary>
public sealed class SpotPriceList
{
    private const string History = "SpotPriceHistory";
    private readonly FrozenDictionary<(string Type, string Zone), decimal> _prices;

    private SpotPriceList(string name, IEnumerable<KeyValuePair<(string, string), decimal>> prices) => (Name, _prices) = (name, prices.ToFrozenDictionary());

    /// <summary>Where it comes from, for people.</summary>
    public string Name { get; }

    /// <summary>How many prices there are.</summary>
    public int Count => _prices.Count;

    /// <summary>The price (USD/h) of a type in a zone, else of the type everywhere, or null.</summary>
    public decimal? Find(string type, string zone) =>
        _prices.TryGetValue((type, zone), out var here) ? here : _prices.TryGetValue((type, ""), out var everywhere) ? everywhere : null;

    /// <summary>Reads a list.</summary>
    /// <param name="text">Of the file.</param>
    /// <param name="name">Of the file, for messages.</param>
    /// <exception cref="FormatException">A line or entry is wrong; the message names it.</exception>
    public static SpotPriceList Parse(string text, string name) =>
        new(name, text.TrimStart().StartsWith('{') ? OfHistory(text, name) : OfLines(text, name));

    private static Dictionary<(string, string), decimal> OfLines(string text, string name)
    {
        var prices = new Dictionary<(string, string), decimal>();
        var number = 0;
        foreach (var line in text.Split('\n').Select(l => l.Trim()))
        {
            number++;
            if (line.Length == 0 || line[0] == '#' || (prices.Count == 0 && line.StartsWith("type", StringComparison.OrdinalIgnoreCase)))
            {
                continue;
            }

            var parts = line.Split(',', StringSplitOptions.TrimEntries);
            var where = string.Create(CultureInfo.InvariantCulture, $"{name}:{number}");
            if (parts.Length is not (2 or 3) || parts[0].Length == 0)
            {
                throw new FormatException($"{where}: 'type,price' or 'type,zone,price' was expected");
            }

            prices[(parts[0], parts.Length == 3 ? parts[1] : "")] = Price(parts[^1], where);
        }

        return prices;
    }

    private static Dictionary<(string, string), decimal> OfHistory(string text, string name)
    {
        var newest = new Dictionary<(string, string), (string Time, decimal Price)>();
        var entries = Json(text, name)[History] as JsonArray ?? throw new FormatException($"{name}: there is no {History} in it, which `aws ec2 describe-spot-price-history` prints");
        for (var i = 0; i < entries.Count; i++)
        {
            var where = string.Create(CultureInfo.InvariantCulture, $"{name}: {History}[{i}]");
            string Text(string field) => (entries[i] as JsonObject)?[field]?.ToString() ?? throw new FormatException($"{where}: {field} is missing");
            if ((entries[i] as JsonObject)?["ProductDescription"]?.ToString() is { } product && !product.Contains("Linux", StringComparison.Ordinal))
            {
                continue;
            }

            var key = (Text("InstanceType"), Text("AvailabilityZone"));
            var entry = (Time: Text("Timestamp"), Price: Price(Text("SpotPrice"), $"{where}.SpotPrice"));
            if (!newest.TryGetValue(key, out var known) || string.CompareOrdinal(known.Time, entry.Time) < 0)
            {
                newest[key] = entry;
            }
        }

        return newest.ToDictionary(n => n.Key, n => n.Value.Price);
    }

    private static JsonObject Json(string text, string name)
    {
        try
        {
            return JsonNode.Parse(text) as JsonObject ?? throw new FormatException($"{name}: an object was expected");
        }
        catch (JsonException e)
        {
            throw new FormatException($"{name}: no JSON: {e.Message}", e);
        }
    }

    /// <summary>A price of 0 would make everything look free.</summary>
    private static decimal Price(string text, string where) =>
        decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var price) && price > 0
            ? price
            : throw new FormatException($"{where}: '{text}' is not a price above 0, in USD an hour");
}
