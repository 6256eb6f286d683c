using System.Text.Json.Nodes;
using Hearth.Aws.Http;

namespace Hearth.Aws.Logs.Api;

/// <summary>Tags of groups, by the older calls and the newer.</summary>
internal static class TagOperations
{
    private const int Most = 50;

    public static Task ListAsync(LogCall call)
    {
        var group = call.RequireGroup();
        var tags = new JsonObject();
        foreach (var (key, value) in group.Tags.OrderBy(t => t.Key, StringComparer.Ordinal))
        {
            tags[key] = value;
        }

        return call.Json.AnswerAsync(new JsonObject { ["tags"] = tags });
    }

    public static Task AddAsync(LogCall call)
    {
        var group = call.RequireGroup();
        var added = call.Json.Map("tags") ?? throw JsonCall.Invalid("tags", "null", "Member must not be null");
        var all = group.Tags.Where(t => !added.ContainsKey(t.Key)).Concat(added).ToDictionary(t => t.Key, t => t.Value, StringComparer.Ordinal);
        if (all.Count > Most)
        {
            throw new AwsException(400, "TooManyTagsException", $"A log group has at most {Most} tags.");
        }

        call.Storage.ChangeGroup(group.Name, g => g with { Tags = all });
        return call.Json.AnswerAsync();
    }

    public static Task RemoveAsync(LogCall call)
    {
        var group = call.RequireGroup();
        var keys = call.Json.Texts("tags") is { Count: > 0 } names ? names : call.Json.Texts("tagKeys");
        call.Storage.ChangeGroup(group.Name, g => g with { Tags = g.Tags.Where(t => !keys.Contains(t.Key, StringComparer.Ordinal)).ToDictionary(t => t.Key, t => t.Value, StringComparer.Ordinal) });
        return call.Json.AnswerAsync();
    }
}
