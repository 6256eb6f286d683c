using System.Globalization;
using Hearth.Jobs.Model;

namespace Hearth.Cli.Commands.Job;

/// <summary>Words and numbers about jobs, for people.</summary>
internal static class JobText
{
    /// <summary>Every state word, as <c>--state</c> takes them.</summary>
    public static readonly string[] States = [.. Enum.GetValues<JobRunState>().Select(State)];

    /// <summary>The word of the EMR API, for example <c>CANCEL_PENDING</c>.</summary>
    public static string State(JobRunState state) => state == JobRunState.CancelPending ? "CANCEL_PENDING" : state.ToString().ToUpperInvariant();

    /// <summary>Time since then as kubectl shows it; empty when there is no then.</summary>
    public static string Age(DateTimeOffset? since, DateTimeOffset now) => since is { } then ? Span(now - then) : "";

    /// <summary>For example <c>48s</c>, <c>3m12s</c>, <c>2h5m</c>, <c>3d4h</c>.</summary>
    public static string Span(TimeSpan span)
    {
        var seconds = (long)Math.Max(0, span.TotalSeconds);
        return seconds switch
        {
            < 120 => Text($"{seconds}s"),
            < 3600 => Text($"{seconds / 60}m{seconds % 60}s"),
            < 86400 => Text($"{seconds / 3600}h{seconds / 60 % 60}m"),
            _ => Text($"{seconds / 86400}d{seconds / 3600 % 24}h"),
        };
    }

    /// <summary>USD with six decimals.</summary>
    public static string Usd(decimal usd) => usd.ToString("0.000000", CultureInfo.InvariantCulture) + " $";

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}
