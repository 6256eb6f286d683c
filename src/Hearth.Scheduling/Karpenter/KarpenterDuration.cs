using System.Globalization;

namespace Hearth.Scheduling.Karpenter;

/// <summary>Durations as Karpenter's objects write them: <c>30s</c>, <c>1h30m</c>, <c>720h</c> or <c>Never</c>.</summary>
public static class KarpenterDuration
{
    /// <summary>The written form of "no such time".</summary>
    public const string Never = "Never";

    /// <summary>The time span, or null for <c>Never</c>.</summary>
    /// <exception cref="FormatException">Not a duration.</exception>
    public static TimeSpan? Parse(string text)
    {
        if (string.Equals(text, Never, StringComparison.Ordinal))
        {
            return null;
        }

        var total = TimeSpan.Zero;
        var rest = text.AsSpan();
        if (rest.IsEmpty)
        {
            throw Fail(text);
        }

        while (!rest.IsEmpty)
        {
            var digits = rest.IndexOfAnyExceptInRange('0', '9');
            if (digits <= 0 || !long.TryParse(rest[..digits], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                throw Fail(text);
            }

            rest = rest[digits..];
            var milli = rest.StartsWith("ms", StringComparison.Ordinal);
            total += (milli ? 'i' : rest[0]) switch
            {
                'h' => TimeSpan.FromHours(number),
                'm' => TimeSpan.FromMinutes(number),
                's' => TimeSpan.FromSeconds(number),
                'i' => TimeSpan.FromMilliseconds(number),
                _ => throw Fail(text),
            };
            rest = rest[(milli ? 2 : 1)..];
        }

        return total;
    }

    private static FormatException Fail(string text) => new($"'{text}' is not a duration such as 30s, 10m, 1h30m or Never");
}
