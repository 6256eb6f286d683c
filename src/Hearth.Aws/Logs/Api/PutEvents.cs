using System.Text;
using System.Text.Json.Nodes;
using Hearth.Aws.Http;
using Hearth.Aws.Logs.Storage;

namespace Hearth.Aws.Logs.Api;

/// <summary>PutLogEvents with its limits. Source: CloudWatch Logs API Reference, PutLogEvents.</summary>
internal static class PutEvents
{
    /// <summary>Tokens have no meaning since 2023; clients still expect one.</summary>
    public const string SequenceToken = "49590302938942361111111111111111111111111111111111111111";

    private const int MostEvents = 10_000;
    private const int LargestBatch = 1_048_576;
    private const int EventOverhead = 26;
    private const long Day = 24L * 3600 * 1000;
    private const long Future = 2L * 3600 * 1000;
    private const long Past = 14 * Day;

    public static Task HandleAsync(LogCall call)
    {
        var (group, stream) = (call.GroupName(), call.StreamName());
        call.Authorize(group, stream);
        var info = StreamOperations.RequireGroup(call, group);
        var events = Read(call);
        if (!call.Storage.HasStream(group, stream))
        {
            throw LogCall.NoSuch("The specified log stream does not exist.");
        }

        var now = call.Settings.Time.GetUtcNow().ToUnixTimeMilliseconds();
        var expired = info.RetentionDays is { } days ? now - (days * Day) : long.MinValue;
        NewLogEvent[] kept = [.. events.Where(e => e.Timestamp <= now + Future && e.Timestamp >= now - Past && e.Timestamp >= expired)];
        if (kept.Length > 0 && !call.Storage.Append(group, stream, kept, durable: true))
        {
            throw LogCall.NoSuch("The specified log stream does not exist.");
        }

        var answer = new JsonObject { ["nextSequenceToken"] = SequenceToken };
        if (kept.Length < events.Count)
        {
            answer["rejectedLogEventsInfo"] = Rejected(events, now, expired);
        }

        return call.Json.AnswerAsync(answer);
    }

    private static List<NewLogEvent> Read(LogCall call)
    {
        var events = new List<NewLogEvent>();
        long size = 0;
        foreach (var one in call.Json.Objects("logEvents"))
        {
            var timestamp = one["timestamp"] is JsonValue time && time.TryGetValue(out long milliseconds)
                ? milliseconds
                : throw JsonCall.Invalid($"logEvents.{events.Count + 1}.member.timestamp", "null", "Member must not be null");
            var message = one["message"] is JsonValue text && text.TryGetValue(out string? line) && line.Length > 0
                ? line
                : throw JsonCall.Invalid($"logEvents.{events.Count + 1}.member.message", "''", "Member must have length greater than or equal to 1");
            size += Encoding.UTF8.GetByteCount(message) + EventOverhead;
            if (events.Count > 0 && timestamp < events[^1].Timestamp)
            {
                throw new AwsException(400, "InvalidParameterException", "Log events in a single PutLogEvents request must be in chronological order.");
            }

            events.Add(new NewLogEvent(timestamp, message));
        }

        Check(events, size);
        return events;
    }

    private static void Check(List<NewLogEvent> events, long size)
    {
        if (events.Count is 0 or > MostEvents)
        {
            throw JsonCall.Invalid("logEvents", $"with {events.Count} members", $"Member must have length between 1 and {MostEvents}");
        }

        if (size > LargestBatch)
        {
            throw new AwsException(400, "InvalidParameterException", $"Upload too large: {size} bytes exceeds limit of {LargestBatch}");
        }

        if (events[^1].Timestamp - events[0].Timestamp > Day)
        {
            throw new AwsException(400, "InvalidParameterException", "The batch of log events in a single PutLogEvents request cannot span more than 24 hours.");
        }
    }

    private static JsonObject Rejected(List<NewLogEvent> events, long now, long expired)
    {
        var result = new JsonObject();
        Add(result, "tooNewLogEventStartIndex", events.FindIndex(e => e.Timestamp > now + Future));
        Add(result, "tooOldLogEventEndIndex", events.FindLastIndex(e => e.Timestamp < now - Past) + 1);
        Add(result, "expiredLogEventEndIndex", events.FindLastIndex(e => e.Timestamp < expired) + 1);
        return result;

        static void Add(JsonObject target, string name, int index)
        {
            if (name.Contains("Start", StringComparison.Ordinal) ? index >= 0 : index > 0)
            {
                target[name] = index;
            }
        }
    }
}
