namespace Hearth.Kube.Patches;

/// <summary>Orders of merged lists.</summary>
internal static class ListOrder
{
    /// <summary>
    /// All keys of both: the wanted ones in their order; a live one that is not wanted stays in front of the first wanted one that it was in front of.
    /// </summary>
    public static List<string> Interleave(IReadOnlyList<string> live, IReadOnlyList<string> wanted)
    {
        var position = live.Select((key, index) => (key, index)).GroupBy(pair => pair.key, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.First().index, StringComparer.Ordinal);
        var wantedKeys = wanted.ToHashSet(StringComparer.Ordinal);
        var others = new Queue<string>(live.Where(key => !wantedKeys.Contains(key)));
        var order = new List<string>();
        foreach (var key in wanted)
        {
            while (others.Count > 0 && position.TryGetValue(key, out var at) && position[others.Peek()] < at)
            {
                order.Add(others.Dequeue());
            }

            order.Add(key);
        }

        order.AddRange(others);
        return order;
    }
}
