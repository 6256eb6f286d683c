using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Hearth.Aws.Http;
using Hearth.Aws.Logs.Filters;
using Hearth.Aws.Logs.Storage;

namespace Hearth.Aws.Logs.Api;

/// <summary>FilterLogEvents: the events of several streams as one, in the order of their times.</summary>
internal static class FilterEvents
{
    private const int Chunk = 1000;
    private const int MostStreams = 100;
    private const int LargestAnswer = 1_048_576;

    public static Task HandleAsync(LogCall call)
    {
        var group = call.RequireGroup();
        var most = call.Json.Number("limit", 1, GetEvents.LargestPage) ?? GetEvents.LargestPage;
        var pattern = Pattern(call.Json.Text("filterPattern"));
        var resume = call.Json.Text("nextToken") is { Length: > 0 } token ? Mark.Parse(token) : null;
        var found = new JsonArray();
        Mark? last = null;
        long size = 0;
        foreach (var (stream, one) in Merge(call, group.Name, Streams(call, group.Name), resume))
        {
            if (!pattern.Matches(one.Message))
            {
                continue;
            }

            size += Encoding.UTF8.GetByteCount(one.Message);
            if (found.Count == most || (size > LargestAnswer && found.Count > 0))
            {
                return AnswerAsync(call, found, last);
            }

            found.Add((JsonNode)Describe(stream, one));
            last = new Mark(one.Position, stream);
        }

        return AnswerAsync(call, found, null);
    }

    private static Task AnswerAsync(LogCall call, JsonArray events, Mark? next)
    {
        var answer = new JsonObject { ["events"] = events, ["searchedLogStreams"] = new JsonArray() };
        if (next is not null)
        {
            answer["nextToken"] = next.ToString();
        }

        return call.Json.AnswerAsync(answer);
    }

    private static FilterPattern Pattern(string? text)
    {
        try
        {
            return FilterPattern.Parse(text);
        }
        catch (FilterPatternException e)
        {
            throw new AwsException(400, "InvalidParameterException", e.Message);
        }
    }

    private static IReadOnlyList<string> Streams(LogCall call, string group)
    {
        var names = call.Json.Texts("logStreamNames");
        var prefix = call.Json.Text("logStreamNamePrefix");
        if (names.Count > 0 && prefix is not null)
        {
            throw new AwsException(400, "InvalidParameterException", "logStreamNames and logStreamNamePrefix are mutually exclusive parameters.");
        }

        if (names.Count > MostStreams)
        {
            throw JsonCall.Invalid("logStreamNames", $"with {names.Count} members", $"Member must have length less than or equal to {MostStreams}");
        }

        if (names.Count == 0)
        {
            return [.. call.Storage.Streams(group).Select(s => s.Name).Where(n => n.StartsWith(prefix ?? "", StringComparison.Ordinal))];
        }

        return names.All(n => call.Storage.HasStream(group, n)) ? [.. names.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)] : throw LogCall.NoSuch("The specified log stream does not exist.");
    }

    private static IEnumerable<(string Stream, LogEvent Event)> Merge(LogCall call, string group, IReadOnlyList<string> streams, Mark? resume)
    {
        var (after, before) = GetEvents.Range(call.Json);
        var heads = new PriorityQueue<IEnumerator<LogEvent>, Mark>();
        foreach (var stream in streams)
        {
            var from = resume is null ? after : resume.After(stream) is var position && position.CompareTo(after) > 0 ? position : after;
            Advance(Events(call, group, stream, from, before).GetEnumerator(), stream);
        }

        while (heads.TryDequeue(out var head, out var mark))
        {
            yield return (mark.Stream, head.Current);
            Advance(head, mark.Stream);
        }

        void Advance(IEnumerator<LogEvent> events, string stream)
        {
            if (events.MoveNext())
            {
                heads.Enqueue(events, new Mark(events.Current.Position, stream));
            }
        }
    }

    private static IEnumerable<LogEvent> Events(LogCall call, string group, string stream, LogPosition after, LogPosition before)
    {
        while (call.Storage.Read(group, stream, after, before, Chunk, fromEnd: false) is { Count: > 0 } chunk)
        {
            foreach (var one in chunk)
            {
                yield return one;
            }

            after = chunk[^1].Position;
        }
    }

    private static JsonObject Describe(string stream, LogEvent one) => new()
    {
        ["logStreamName"] = stream,
        ["timestamp"] = one.Position.Timestamp,
        ["message"] = one.Message,
        ["ingestionTime"] = one.Ingestion,
        ["eventId"] = string.Create(CultureInfo.InvariantCulture, $"{one.Position.Timestamp:D20}{StreamNumber(stream):D16}{one.Position.Sequence:D20}"),
    };

    /// <summary>A number of a stream, the same always: it keeps the ids of events of different streams apart.</summary>
    private static long StreamNumber(string stream) =>
        (long)(BitConverter.ToUInt64(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(stream)), 0) % 10_000_000_000_000_000UL);

    /// <summary>Where a listing of several streams stands: events are ordered by time, then stream, then arrival.</summary>
    private sealed record Mark(LogPosition Position, string Stream) : IComparable<Mark>
    {
        public static Mark Parse(string token)
        {
            var buffer = new byte[token.Length];
            var parts = Convert.TryFromBase64String(token, buffer, out var length) ? Encoding.UTF8.GetString(buffer, 0, length).Split(' ', 3) : [];
            return parts.Length == 3 && long.TryParse(parts[0], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var time)
                && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var sequence)
                ? new Mark(new LogPosition(time, sequence), parts[2])
                : throw new AwsException(400, "InvalidParameterException", "The specified nextToken is invalid.");
        }

        /// <summary>The position in a stream behind which the listing goes on.</summary>
        public LogPosition After(string stream) => string.CompareOrdinal(stream, Stream) switch
        {
            0 => Position,
            < 0 => new LogPosition(Position.Timestamp, long.MaxValue),
            _ => new LogPosition(Position.Timestamp, 0),
        };

        public int CompareTo(Mark? other)
        {
            var byTime = Position.Timestamp.CompareTo(other!.Position.Timestamp);
            return byTime != 0 ? byTime : string.CompareOrdinal(Stream, other.Stream) is var byStream && byStream != 0 ? byStream : Position.Sequence.CompareTo(other.Position.Sequence);
        }

        public override string ToString() => Convert.ToBase64String(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Position.Timestamp} {Position.Sequence} {Stream}")));
    }
}
