using System.Globalization;
using Hearth.Aws.S3.Storage;

namespace Hearth.Aws.S3.Api;

/// <summary>What conditional headers say of a read.</summary>
internal enum ConditionOutcome
{
    Proceed,
    NotModified,
    Failed,
}

/// <summary>Conditional headers of GET, HEAD and of copy sources, in the order of RFC 9110 section 13.2.2.</summary>
internal static class ReadConditions
{
    /// <summary>Evaluates the headers.</summary>
    /// <param name="header">Header values by name.</param>
    /// <param name="prefix">Empty, or <c>x-amz-copy-source-</c>.</param>
    /// <param name="info">The object.</param>
    /// <param name="condition">Name of the header that failed.</param>
    public static ConditionOutcome Evaluate(Func<string, string?> header, string prefix, ObjectInfo info, out string condition)
    {
        var modified = Seconds(info.LastModified);
        condition = "If-Match";
        if (header(prefix + "if-match") is { } match)
        {
            if (!ETags.Matches(match, info.ETag))
            {
                return ConditionOutcome.Failed;
            }
        }
        else if (Date(header(prefix + "if-unmodified-since")) is { } unmodified && modified > unmodified)
        {
            condition = "If-Unmodified-Since";
            return ConditionOutcome.Failed;
        }
        condition = "If-None-Match";
        if (header(prefix + "if-none-match") is { } noneMatch)
        {
            return ETags.Matches(noneMatch, info.ETag) ? ConditionOutcome.NotModified : ConditionOutcome.Proceed;
        }
        condition = "If-Modified-Since";
        return Date(header(prefix + "if-modified-since")) is { } since && modified <= since ? ConditionOutcome.NotModified : ConditionOutcome.Proceed;
    }

    /// <summary>Whether the condition of <c>If-Range</c>, an ETag or a date, holds (RFC 9110 section 13.1.5).</summary>
    public static bool HoldsForRange(string condition, ObjectInfo info) =>
        condition.StartsWith('"') || condition.StartsWith("W/", StringComparison.Ordinal) || Date(condition) is not { } date
            ? ETags.Matches(condition, info.ETag)
            : Seconds(info.LastModified) == date;

    // HTTP dates have whole seconds.
    private static DateTimeOffset Seconds(DateTimeOffset time) => new(time.Ticks - (time.Ticks % TimeSpan.TicksPerSecond), TimeSpan.Zero);

    private static DateTimeOffset? Date(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time : null;
}
