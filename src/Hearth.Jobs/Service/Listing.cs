using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Hearth.Jobs.Validation;

namespace Hearth.Jobs.Service;

/// <summary>What the listings have in common.</summary>
internal static class Listing
{
    /// <summary>Checks a request and names the listing with its filters, for its page tokens.</summary>
    public static string Check<T>(T request, JsonTypeInfo<T> json, int? maxResults) where T : class
    {
        Requests.Check(request, json);
        Requests.CheckPage(maxResults);
        var filters = JsonSerializer.SerializeToNode(request, json)!.AsObject();
        filters.Remove("maxResults");
        filters.Remove("nextToken");
        return $"{typeof(T).Name} {filters.ToJsonString()}";
    }

    /// <summary>Whether a time is within bounds: inclusive below, exclusive above.</summary>
    public static bool Within(DateTimeOffset time, DateTimeOffset? after, DateTimeOffset? before) => (after is null || time >= after) && (before is null || time < before);

    /// <summary>Whether a word is among those wanted; none wanted means all.</summary>
    public static bool Among(string word, IReadOnlyList<string>? wanted) => wanted is not { Count: > 0 } || wanted.Contains(word, StringComparer.Ordinal);
}
