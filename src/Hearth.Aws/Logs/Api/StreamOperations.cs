using System.Text.Json.Nodes;
using Hearth.Aws.Http;
using Hearth.Aws.Logs.Storage;

namespace Hearth.Aws.Logs.Api;

/// <summary>Streams of a group.</summary>
internal static class StreamOperations
{
    private const int LargestPage = 50;

    public static Task CreateAsync(LogCall call)
    {
        var (group, stream) = (call.GroupName(), call.StreamName());
        call.Authorize(group, stream);
        RequireGroup(call, group);
        return call.Storage.CreateStream(group, stream)
            ? call.Json.AnswerAsync()
            : throw new AwsException(400, "ResourceAlreadyExistsException", "The specified log stream already exists");
    }

    public static Task DeleteAsync(LogCall call)
    {
        var (group, stream) = (call.GroupName(), call.StreamName());
        call.Authorize(group, stream);
        RequireGroup(call, group);
        return call.Storage.DeleteStream(group, stream) ? call.Json.AnswerAsync() : throw LogCall.NoSuch("The specified log stream does not exist.");
    }

    public static Task DescribeAsync(LogCall call)
    {
        var group = call.RequireGroup();
        var prefix = call.Json.Text("logStreamNamePrefix") ?? "";
        var byTime = call.Json.Text("orderBy") switch
        {
            null or "LogStreamName" => false,
            "LastEventTime" => true,
            var other => throw JsonCall.Invalid("orderBy", $"'{other}'", "Member must satisfy enum value set: [LogStreamName, LastEventTime]"),
        };
        if (byTime && prefix.Length > 0)
        {
            throw new AwsException(400, "InvalidParameterException", "Cannot order by LastEventTime with a logStreamNamePrefix.");
        }

        var streams = call.Storage.Streams(group.Name).Where(s => s.Name.StartsWith(prefix, StringComparison.Ordinal));
        if (byTime)
        {
            streams = streams.OrderBy(s => s.LastEvent ?? s.Created).ThenBy(s => s.Name, StringComparer.Ordinal);
        }

        var (page, token) = call.Page(call.Json.Flag("descending") == true ? streams.Reverse() : streams, s => s.Name, LargestPage, LargestPage);
        var answer = new JsonObject { ["logStreams"] = new JsonArray([.. page.Select(s => Describe(call, group.Name, s))]) };
        if (token is not null)
        {
            answer["nextToken"] = token;
        }

        return call.Json.AnswerAsync(answer);
    }

    /// <summary>Refuses when there is no such group.</summary>
    public static LogGroupInfo RequireGroup(LogCall call, string name) => call.Storage.FindGroup(name) ?? throw LogCall.NoSuch("The specified log group does not exist.");

    private static JsonObject Describe(LogCall call, string group, LogStreamInfo stream)
    {
        var result = new JsonObject
        {
            ["logStreamName"] = stream.Name,
            ["creationTime"] = stream.Created,
            ["arn"] = $"{call.ArnOf(group)}:log-stream:{stream.Name}",
            ["storedBytes"] = 0,
            ["uploadSequenceToken"] = PutEvents.SequenceToken,
        };
        Add(result, "firstEventTimestamp", stream.FirstEvent);
        Add(result, "lastEventTimestamp", stream.LastEvent);
        Add(result, "lastIngestionTime", stream.LastIngestion);
        return result;
    }

    private static void Add(JsonObject target, string name, long? value)
    {
        if (value is not null)
        {
            target[name] = value;
        }
    }
}
