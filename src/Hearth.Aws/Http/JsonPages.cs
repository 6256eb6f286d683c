using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Hearth.Aws.Http;

/// <summary>Pages of the lists of a JSON service: NextToken is a place in one list, bound to the request that it continues.</summary>
internal static class JsonPages
{
    private const long Farthest = int.MaxValue * 1024L;

    /// <summary>The page that MaxResults and NextToken name; the place of a token is the number of items before it.</summary>
    /// <param name="call">The request.</param>
    /// <param name="all">The whole list.</param>
    /// <param name="smallest">Least MaxResults; 0 stands for no choice.</param>
    /// <param name="largest">Most items of a page.</param>
    /// <param name="of">What a token belongs to.</param>
    /// <param name="invalid">The error of a token of something else.</param>
    public static (IReadOnlyList<T> Page, string? Token) Page<T>(this JsonCall call, IReadOnlyList<T> all, int smallest, int largest, string of, Func<AwsException> invalid)
    {
        var most = call.Number("MaxResults", smallest, largest) is { } n and > 0 ? n : largest;
        var start = call.Text("NextToken") is { } token ? (int)Math.Min(Place(token, of) ?? throw invalid(), int.MaxValue - largest) : 0;
        return ([.. all.Skip(start).Take(most)], start + most < all.Count ? Token(start + most, of) : null);
    }

    /// <summary>Answers with a page.</summary>
    public static Task AnswerPageAsync(this JsonCall call, string name, IEnumerable<JsonNode?> items, string? token)
    {
        var answer = new JsonObject { [name] = new JsonArray([.. items]) };
        if (token is not null)
        {
            answer["NextToken"] = token;
        }

        return call.AnswerAsync(answer);
    }

    /// <summary>A token that goes on at a place of one list.</summary>
    public static string Token(long place, string of) => Convert.ToBase64String(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{place} {of}")));

    /// <summary>The place of a token; null when it is no token of that list.</summary>
    public static long? Place(string token, string of)
    {
        var buffer = new byte[token.Length];
        var parts = Convert.TryFromBase64String(token, buffer, out var length) ? Encoding.UTF8.GetString(buffer, 0, length).Split(' ', 2) : [];
        return parts.Length == 2 && parts[1] == of && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var place) && place <= Farthest ? place : null;
    }
}
