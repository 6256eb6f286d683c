using System.Collections.Concurrent;
using System.Globalization;

namespace Hearth.Engine.Formatting;

/// <summary>Time zones by the names Spark accepts: <c>Area/City</c>, <c>Z</c>, <c>UTC</c>, <c>+8</c>, <c>+08:00</c>, <c>UTC+8</c>, <c>GMT-03:30</c>.</summary>
public static class Zones
{
    private static readonly ConcurrentDictionary<string, TimeZoneInfo?> Known = new(StringComparer.Ordinal);

    /// <summary>The zone, or null.</summary>
    public static TimeZoneInfo? Find(string name) => Known.GetOrAdd(name.Trim(), Resolve);

    /// <summary>The zone.</summary>
    /// <exception cref="EngineException">Unknown zone.</exception>
    public static TimeZoneInfo Require(string name) => Find(name)
        ?? throw new EngineException("INVALID_CONF_VALUE.TIME_ZONE", $"The value '{name}' in the config \"spark.sql.session.timeZone\" is invalid. Cannot resolve the given timezone.", ErrorKind.IllegalArgumentException);

    private static TimeZoneInfo? Resolve(string name)
    {
        if (name is "Z" or "UTC" or "GMT" or "UT" or "Etc/UTC")
        {
            return TimeZoneInfo.Utc;
        }

        string offset = name.StartsWith("UTC", StringComparison.Ordinal) || name.StartsWith("GMT", StringComparison.Ordinal) ? name[3..] : name;
        if (offset.Length > 1 && offset[0] is '+' or '-')
        {
            return Fixed(offset);
        }

        return TimeZoneInfo.TryFindSystemTimeZoneById(name, out TimeZoneInfo? zone) ? zone : null;
    }

    private static TimeZoneInfo? Fixed(string offset)
    {
        string[] parts = offset[1..].Split(':');
        if (parts.Length > 3 || !parts.All(p => p.Length is 1 or 2 && p.All(char.IsAsciiDigit)))
        {
            return null;
        }

        int[] n = [.. parts.Select(p => int.Parse(p, CultureInfo.InvariantCulture))];
        TimeSpan span = new(n[0], n.ElementAtOrDefault(1), 0);
        if (span > TimeSpan.FromHours(14))
        {
            return null;
        }

        span = offset[0] == '-' ? -span : span;
        string id = $"{offset[0]}{n[0]:00}:{n.ElementAtOrDefault(1):00}";
        return TimeZoneInfo.CreateCustomTimeZone(id, span, id, id);
    }
}
