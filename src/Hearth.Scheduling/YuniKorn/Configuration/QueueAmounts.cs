using System.Globalization;
using Hearth.Scheduling.Resources;

namespace Hearth.Scheduling.YuniKorn.Configuration;

/// <summary>
/// Amounts of a queue by YuniKorn's names: <c>vcore</c> in millicores, <c>memory</c> in bytes, everything else as a count. As a maximum, a name that is absent is
/// unlimited; as a guarantee it is 0. Immutable.
/// </summary>
public sealed class QueueAmounts
{
    private readonly KeyValuePair<string, long>[] _items;

    /// <summary>From amounts by name.</summary>
    public QueueAmounts(IEnumerable<KeyValuePair<string, long>> items) => _items = [.. items.OrderBy(i => i.Key, StringComparer.Ordinal)];

    /// <summary>No amounts.</summary>
    public static QueueAmounts None { get; } = new([]);

    /// <summary>By name, in order.</summary>
    public IReadOnlyList<KeyValuePair<string, long>> Items => _items;

    /// <summary>Whether nothing is said.</summary>
    public bool IsEmpty => _items.Length == 0;

    /// <summary>The amount of a name, or null.</summary>
    public long? Find(string name)
    {
        foreach (var item in _items)
        {
            if (string.Equals(item.Key, name, StringComparison.Ordinal))
            {
                return item.Value;
            }
        }

        return null;
    }

    /// <summary>How much of a name a vector has. Pods never have <c>cpu</c> in YuniKorn's eyes: it is called <c>vcore</c> there.</summary>
    public static long Of(in ResourceVector vector, string name) => name switch
    {
        YuniKornNames.Vcore => vector.MilliCpu,
        ResourceNames.Cpu => 0,
        _ => vector[name],
    };

    /// <summary>A vector by YuniKorn's names.</summary>
    public static QueueAmounts From(ResourceVector vector) =>
        new(vector.Names().Select(n => new KeyValuePair<string, long>(n == ResourceNames.Cpu ? YuniKornNames.Vcore : n, vector[n])));

    /// <summary>Whether an amount stays within this maximum.</summary>
    public bool Holds(in ResourceVector amount)
    {
        foreach (var (name, most) in _items)
        {
            if (Of(amount, name) > most)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether this is at most <paramref name="other"/> in every name that the other one bounds.</summary>
    public bool Within(QueueAmounts other) => _items.All(i => other.Find(i.Key) is not { } most || i.Value <= most);

    /// <summary>Sums by name.</summary>
    public QueueAmounts Plus(QueueAmounts other) =>
        new(_items.Concat(other._items).GroupBy(i => i.Key, StringComparer.Ordinal).Select(g => new KeyValuePair<string, long>(g.Key, g.Sum(i => i.Value))));

    /// <summary>As <c>map[memory:100 vcore:10]</c>, the way YuniKorn prints amounts.</summary>
    public override string ToString() => "map[" + string.Join(' ', _items.Select(i => string.Create(CultureInfo.InvariantCulture, $"{i.Key}:{i.Value}"))) + "]";
}

/// <summary>Quantities as queue texts write them: whole numbers with one optional suffix (yunikorn-core, pkg/common/resources/quantity.go).</summary>
public static class QueueQuantity
{
    private static readonly (string Suffix, long Factor)[] Suffixes =
    [
        ("Ki", 1L << 10), ("Mi", 1L << 20), ("Gi", 1L << 30), ("Ti", 1L << 40), ("Pi", 1L << 50), ("Ei", 1L << 60),
        ("k", 1_000), ("M", 1_000_000), ("G", 1_000_000_000), ("T", 1_000_000_000_000), ("P", 1_000_000_000_000_000), ("E", 1_000_000_000_000_000_000),
    ];

    /// <summary>Reads one; processors come in millicores.</summary>
    /// <exception cref="FormatException">Not of that form.</exception>
    public static long Parse(string text, bool vcore)
    {
        text = text.Trim();
        if (vcore && text.EndsWith('m'))
        {
            return Digits(text[..^1], text);
        }

        var factor = 1L;
        var digits = text;
        foreach (var (suffix, value) in Suffixes)
        {
            if (text.EndsWith(suffix, StringComparison.Ordinal))
            {
                (factor, digits) = (value, text[..^suffix.Length]);
                break;
            }
        }

        try
        {
            return checked(Digits(digits, text) * factor * (vcore ? 1000 : 1));
        }
        catch (OverflowException)
        {
            throw new FormatException($"invalid quantity '{text}': overflow");
        }
    }

    private static long Digits(string digits, string text) =>
        long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : throw new FormatException($"invalid quantity '{text}'");
}
