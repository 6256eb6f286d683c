using System.Globalization;

namespace Hearth.Jobs.Controllers;

/// <summary>State details as EMR words them.</summary>
internal static class StateTexts
{
    /// <summary>Longest state details that the API's model allows, characters.</summary>
    public const int MaxDetails = 256;

    public const string Cancelled = "JobRun CANCELLED successfully.";

    /// <summary>While the virtual cluster runs as many job runs as it may.</summary>
    public const string Queued = "JobRun waits for a slot: the virtual cluster runs as many job runs as its maxConcurrentJobRuns allows.";

    private const string SeeLogs = "Please refer logs uploaded to S3/CloudWatch based on your monitoring configuration.";

    /// <summary>For example <c>JobRun completed successfully. It ran for 1 Minutes 5 Seconds</c>.</summary>
    public static string Completed(TimeSpan ran) => $"JobRun completed successfully. It ran for {Span(ran)}";

    /// <summary>A failure of the program; the cause first, because the rest is always the same.</summary>
    public static string Failed(string? cause) => cause is null ? $"JobRun failed. {SeeLogs}" : Cut($"JobRun failed. {Sentence(cause)} {SeeLogs}", $"JobRun failed. {Sentence(cause)}");

    /// <summary>No node for the driver in time.</summary>
    public static string TimedOut(string? message) => message is null
        ? "JobRun timed out before spark driver pod started running."
        : $"JobRun timed out before spark driver pod started running due to lack of cluster resources. Last event from default-scheduler: FailedScheduling, message: {message}";

    /// <summary>No slot in time.</summary>
    public static string QueuedTooLong(TimeSpan limit) =>
        $"JobRun timed out in the queue: no slot of the virtual cluster became free for {Span(limit)}. Raise its maxConcurrentJobRuns, or submit less at a time.";

    /// <summary>While a driver waits for a node.</summary>
    public static string Unscheduled(string who, string? message) => $"The {who} waits for a node. Last event from default-scheduler: FailedScheduling, message: {message}";

    /// <summary>While a driver waits for something else.</summary>
    public static string Waiting(string who, string reason, string? message) => message is null ? $"The {who} waits: {reason}." : $"The {who} waits: {reason}: {message}";

    /// <summary>While a next attempt waits.</summary>
    public static string Retrying(int attempt, int max, string cause) =>
        string.Create(CultureInfo.InvariantCulture, $"The driver failed and is started again (attempt {attempt} of {max}): {cause}");

    /// <summary>Text cut to what the API shows.</summary>
    public static string? Cut(string? text) => text is { Length: > MaxDetails } ? string.Concat(text.AsSpan(0, MaxDetails - 1), "…") : text;

    private static string Cut(string whole, string shorter) => whole.Length <= MaxDetails ? whole : shorter;

    private static string Sentence(string cause) => cause.EndsWith('.') || cause.EndsWith('!') || cause.EndsWith('?') ? cause : cause + ".";

    private static string Span(TimeSpan span)
    {
        var seconds = (long)Math.Max(0, Math.Round(span.TotalSeconds));
        var parts = new (long Count, string Unit)[] { (seconds / 3600, "Hours"), (seconds / 60 % 60, "Minutes"), (seconds % 60, "Seconds") };
        return string.Join(' ', parts.SkipWhile(p => p.Count == 0 && p.Unit != "Seconds").Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.Count} {p.Unit}")));
    }
}
