using System.Text.Json.Nodes;
using Hearth.Aws.Http;
using Hearth.Aws.Logs.Storage;

namespace Hearth.Aws.Logs.Api;

/// <summary>Groups and how long they keep their events.</summary>
internal static class GroupOperations
{
    private const int LargestPage = 50;
    private static readonly int[] Days = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];

    public static Task CreateAsync(LogCall call)
    {
        var name = call.GroupName();
        call.Authorize(name, null);
        if (call.Json.Text("kmsKeyId") is not null)
        {
            throw AwsException.NotImplemented("encryption of log groups (kmsKeyId)", "Leave it out.");
        }

        return call.Storage.CreateGroup(name, call.Json.Map("tags"))
            ? call.Json.AnswerAsync()
            : throw new AwsException(400, "ResourceAlreadyExistsException", "The specified log group already exists");
    }

    public static Task DeleteAsync(LogCall call)
    {
        var group = call.RequireGroup();
        return call.Storage.DeleteGroup(group.Name) ? call.Json.AnswerAsync() : throw LogCall.NoSuch("The specified log group does not exist.");
    }

    /// <summary>Lists the groups whose streams the caller may see; AWS would list all of the account's to whoever may list.</summary>
    public static Task DescribeAsync(LogCall call)
    {
        var (page, token) = Find(call);
        return Answer(call, page.Select(g => Describe(call, g)), token);
    }

    public static Task ListAsync(LogCall call)
    {
        var (page, token) = Find(call);
        return Answer(call, page.Select(g => new JsonObject { ["logGroupName"] = g.Name, ["logGroupArn"] = call.ArnOf(g.Name), ["logGroupClass"] = "STANDARD" }), token);
    }

    public static Task PutRetentionAsync(LogCall call)
    {
        var group = call.RequireGroup();
        var days = call.Json.Number("retentionInDays", int.MinValue, int.MaxValue) ?? throw JsonCall.Invalid("retentionInDays", "null", "Member must not be null");
        if (!Days.Contains(days))
        {
            throw JsonCall.Invalid("retentionInDays", $"'{days}'", $"Member must satisfy enum value set: [{string.Join(", ", Days)}]");
        }

        call.Storage.ChangeGroup(group.Name, g => g with { RetentionDays = days });
        return call.Json.AnswerAsync();
    }

    public static Task DeleteRetentionAsync(LogCall call)
    {
        var group = call.RequireGroup();
        call.Storage.ChangeGroup(group.Name, g => g with { RetentionDays = null });
        return call.Json.AnswerAsync();
    }

    private static (IReadOnlyList<LogGroupInfo> Page, string? Token) Find(LogCall call)
    {
        call.Authorize("*", null);
        var (prefix, pattern) = (call.Json.Text("logGroupNamePrefix") ?? "", call.Json.Text("logGroupNamePattern") ?? "");
        if (prefix.Length > 0 && pattern.Length > 0)
        {
            throw new AwsException(400, "InvalidParameterException", "LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.");
        }

        var access = new LogAccess(call.Settings.Authorizer.Access, call.Settings.Region, call.Settings.AccountId);
        var groups = call.Storage.Groups.Where(g =>
            g.Name.StartsWith(prefix, StringComparison.Ordinal) && g.Name.Contains(pattern, StringComparison.OrdinalIgnoreCase)
            && access.Refusal(call.Json.Http.Caller, "logs:DescribeLogStreams", g.Name, null) is null);
        return call.Page(groups, g => g.Name, LargestPage, LargestPage);
    }

    private static Task Answer(LogCall call, IEnumerable<JsonObject> groups, string? token)
    {
        var answer = new JsonObject { ["logGroups"] = new JsonArray([.. groups]) };
        if (token is not null)
        {
            answer["nextToken"] = token;
        }

        return call.Json.AnswerAsync(answer);
    }

    private static JsonObject Describe(LogCall call, LogGroupInfo group)
    {
        var result = new JsonObject
        {
            ["logGroupName"] = group.Name,
            ["creationTime"] = group.Created,
            ["metricFilterCount"] = 0,
            ["arn"] = $"{call.ArnOf(group.Name)}:*",
            ["logGroupArn"] = call.ArnOf(group.Name),
            ["logGroupClass"] = "STANDARD",
            ["storedBytes"] = 0,
        };
        if (group.RetentionDays is { } days)
        {
            result["retentionInDays"] = days;
        }

        return result;
    }
}
