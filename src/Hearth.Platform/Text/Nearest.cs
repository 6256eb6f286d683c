namespace Hearth.Platform.Text;

/// <summary>The valid name that a misspelt one most likely stands for.</summary>
public static class Nearest
{
    /// <summary>
    /// The closest of <paramref name="candidates"/> by edit distance (insertions, deletions, replacements and swaps of
    /// neighbours count one each, case ignored), or null when none is near: more than a third of the word would have to change.
    /// </summary>
    public static string? Find(string word, IReadOnlyList<string> candidates)
    {
        string? best = null;
        var bestDistance = int.MaxValue;
        foreach (var candidate in candidates)
        {
            var distance = Distance(word.ToLowerInvariant(), candidate.ToLowerInvariant());
            if (distance < bestDistance)
            {
                (best, bestDistance) = (candidate, distance);
            }
        }

        return best is not null && bestDistance <= Math.Max(1, Math.Max(word.Length, best.Length) / 3) ? best : null;
    }

    /// <summary>The message with what is valid: the nearest name, or else the whole list when it is short enough to read.</summary>
    public static string Describe(string message, string word, IReadOnlyList<string> candidates)
    {
        if (Find(word, candidates) is { } near)
        {
            return $"{message}; did you mean '{near}'?";
        }

        return candidates.Count is > 0 and <= 16 ? $"{message}; valid: {string.Join(", ", candidates)}" : message;
    }

    /// <summary>The closest candidates, nearest first, however far they are.</summary>
    public static IReadOnlyList<string> Closest(string word, IEnumerable<string> candidates, int count) =>
        [.. candidates.OrderBy(c => Distance(word.ToLowerInvariant(), c.ToLowerInvariant())).ThenBy(c => c, StringComparer.Ordinal).Take(count)];

    /// <summary>Optimal string alignment distance.</summary>
    public static int Distance(string a, string b)
    {
        var beforePrevious = new int[b.Length + 1];
        var previous = new int[b.Length + 1];
        var current = new int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++)
        {
            previous[j] = j;
        }

        for (var i = 1; i <= a.Length; i++)
        {
            current[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = a[i - 1] == b[j - 1] ? 0 : 1;
                current[j] = Math.Min(Math.Min(previous[j] + 1, current[j - 1] + 1), previous[j - 1] + cost);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    current[j] = Math.Min(current[j], beforePrevious[j - 2] + 1);
                }
            }

            (beforePrevious, previous, current) = (previous, current, beforePrevious);
        }

        return previous[b.Length];
    }
}
