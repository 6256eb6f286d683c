using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Hearth.Aws.Http;
using Hearth.Aws.Logs.Storage;

namespace Hearth.Aws.Logs.Api;

/// <summary>GetLogEvents: pages forward and backward; at an end the token given comes back.</summary>
internal static class GetEvents
{
    /// <summary>Most events of an answer.</summary>
    public const int LargestPage = 10_000;

    private const int LargestAnswer = 1_048_576;
    private const int EventOverhead = 26;

    public static Task HandleAsync(LogCall call)
    {
        var (group, stream) = (call.GroupName(), call.StreamName());
        call.Authorize(group, stream);
        StreamOperations.RequireGroup(call, group);
        if (!call.Storage.HasStream(group, stream))
        {
            throw LogCall.NoSuch("The specified log stream does not exist.");
        }

        var most = call.Json.Number("limit", 1, LargestPage) ?? LargestPage;
        var token = call.Json.Text("nextToken") is { Length: > 0 } text ? Token.Parse(text) : null;
        var forward = token?.Forward ?? call.Json.Flag("startFromHead") == true;
        var (after, before) = Range(call.Json);
        if (token is { } from)
        {
            (after, before) = from.Forward ? (Later(after, from.Position), before) : (after, Earlier(before, from.Position));
        }

        var events = Cut(call.Storage.Read(group, stream, after, before, most, fromEnd: !forward), forward);
        var empty = token?.Position ?? (forward ? new LogPosition(Math.Max(after.Timestamp, 0), after.Timestamp < 0 ? 0 : after.Sequence) : call.Json.Long("endTime") is null ? Newest(call, group, stream) : before);
        return call.Json.AnswerAsync(new JsonObject
        {
            ["events"] = new JsonArray([.. events.Select(e => new JsonObject { ["timestamp"] = e.Position.Timestamp, ["message"] = e.Message, ["ingestionTime"] = e.Ingestion })]),
            ["nextForwardToken"] = new Token(true, events.Count > 0 ? events[^1].Position : empty).ToString(),
            ["nextBackwardToken"] = new Token(false, events.Count > 0 ? events[0].Position : empty).ToString(),
        });
    }

    /// <summary>The times of a request as positions: the start is in, the end is not.</summary>
    public static (LogPosition After, LogPosition Before) Range(JsonCall json) => (
        json.Long("startTime") is { } start ? new LogPosition(start, 0) : LogPosition.Start,
        json.Long("endTime") is { } end ? new LogPosition(end, 0) : LogPosition.End);

    private static LogPosition Newest(LogCall call, string group, string stream) =>
        call.Storage.Read(group, stream, LogPosition.Start, LogPosition.End, 1, fromEnd: true) is [var last] ? last.Position : new LogPosition(0, 0);

    private static LogPosition Later(LogPosition a, LogPosition b) => a.CompareTo(b) > 0 ? a : b;

    private static LogPosition Earlier(LogPosition a, LogPosition b) => a.CompareTo(b) < 0 ? a : b;

    private static IReadOnlyList<LogEvent> Cut(IReadOnlyList<LogEvent> events, bool forward)
    {
        long size = 0;
        var kept = (forward ? events : events.Reverse()).TakeWhile((e, i) => (size += Encoding.UTF8.GetByteCount(e.Message) + EventOverhead) <= LargestAnswer || i == 0);
        return forward ? [.. kept] : [.. kept.Reverse()];
    }

    /// <summary><c>f/TIME SEQUENCE/s</c> in 56 digits, as tokens of the service look.</summary>
    private sealed record Token(bool Forward, LogPosition Position)
    {
        private const int TimeDigits = 28;
        private const int SequenceDigits = 28;

        public static Token Parse(string text)
        {
            var parts = text.Split('/');
            return parts is [("f" or "b") and var direction, { Length: TimeDigits + SequenceDigits } digits, "s"]
                && long.TryParse(digits.AsSpan(0, TimeDigits), NumberStyles.None, CultureInfo.InvariantCulture, out var time)
                && long.TryParse(digits.AsSpan(TimeDigits), NumberStyles.None, CultureInfo.InvariantCulture, out var sequence)
                ? new Token(direction is "f", new LogPosition(time, sequence))
                : throw new AwsException(400, "InvalidParameterException", "The specified nextToken is invalid.");
        }

        public override string ToString() => string.Create(
            CultureInfo.InvariantCulture, $"{(Forward ? 'f' : 'b')}/{Math.Max(0, Position.Timestamp).ToString("D28", CultureInfo.InvariantCulture)}{Position.Sequence.ToString("D28", CultureInfo.InvariantCulture)}/s");
    }
}
