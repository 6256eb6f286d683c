namespace Hearth.Scheduling.Resources;

/// <summary>Amounts by name, sorted, without zeros. Most pods have none, so it is kept out of the vector itself.</summary>
internal sealed class ExtendedResources(KeyValuePair<string, long>[] items)
{
    public static ExtendedResources None { get; } = new([]);

    public IReadOnlyList<KeyValuePair<string, long>> Items => items;

    public bool IsEmpty => items.Length == 0;

    public long Find(string name)
    {
        foreach (var item in items)
        {
            if (string.Equals(item.Key, name, StringComparison.Ordinal))
            {
                return item.Value;
            }
        }

        return 0;
    }

    public ExtendedResources With(string name, long amount) =>
        new ExtendedResources([.. items.Where(i => !string.Equals(i.Key, name, StringComparison.Ordinal))])
            .Merge(new ExtendedResources([new(name, amount)]), static (a, b) => a + b);

    public bool FitsIn(ExtendedResources? available)
    {
        foreach (var (name, amount) in items)
        {
            if (amount > 0 && amount > (available?.Find(name) ?? 0))
            {
                return false;
            }
        }

        return true;
    }

    public ExtendedResources Merge(ExtendedResources other, Func<long, long, long> combine)
    {
        var result = new List<KeyValuePair<string, long>>(items.Length + other.Items.Count);
        int i = 0, j = 0;
        while (i < items.Length || j < other.Items.Count)
        {
            var order = i == items.Length ? 1 : j == other.Items.Count ? -1 : string.CompareOrdinal(items[i].Key, other.Items[j].Key);
            var name = order <= 0 ? items[i].Key : other.Items[j].Key;
            var amount = combine(order <= 0 ? items[i].Value : 0, order >= 0 ? other.Items[j].Value : 0);
            i += order <= 0 ? 1 : 0;
            j += order >= 0 ? 1 : 0;
            if (amount != 0)
            {
                result.Add(new(name, amount));
            }
        }

        return new([.. result]);
    }
}
