using System.Globalization;

namespace Hearth.Cluster.ApiServer.Tables;

/// <summary>Durations as kubectl shows them (apimachinery <c>util/duration</c>, HumanDuration).</summary>
internal static class AgeText
{
    /// <summary>Time since an RFC 3339 instant; <c>&lt;unknown&gt;</c> without one.</summary>
    public static string Since(string? timestamp, DateTimeOffset now) =>
        DateTimeOffset.TryParse(timestamp, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var then) ? Of(now - then) : "<unknown>";

    /// <summary><c>45s</c>, <c>5m3s</c>, <c>7h5m</c>, <c>3d4h</c>, <c>2y12d</c> ...</summary>
    public static string Of(TimeSpan span)
    {
        var seconds = (long)Math.Truncate(span.TotalSeconds);
        if (seconds < -1)
        {
            return "<invalid>";
        }

        if (seconds < 0)
        {
            return "0s";
        }

        long minutes = seconds / 60, hours = seconds / 3600, days = hours / 24;
        return (seconds, minutes, hours, days) switch
        {
            ( < 120, _, _, _) => $"{seconds}s",
            (_, < 10, _, _) => Two(minutes, "m", seconds % 60, "s"),
            (_, < 180, _, _) => $"{minutes}m",
            (_, _, < 8, _) => Two(hours, "h", minutes % 60, "m"),
            (_, _, < 48, _) => $"{hours}h",
            (_, _, < 192, _) => Two(days, "d", hours % 24, "h"),
            (_, _, _, < 730) => $"{days}d",
            (_, _, _, < 2920) => Two(days / 365, "y", days % 365, "d"),
            _ => $"{days / 365}y",
        };
    }

    private static string Two(long big, string bigUnit, long small, string smallUnit) =>
        small == 0 ? $"{big}{bigUnit}" : $"{big}{bigUnit}{small}{smallUnit}";
}
