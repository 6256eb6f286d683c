using System.Buffers.Text;
using System.Text;

namespace Hearth.Jobs.Service;

/// <summary>
/// Cuts ordered listings into pages. The token names the last item of a page, so items that come or go between two calls neither repeat nor hide others.
/// </summary>
internal static class PageToken
{
    /// <summary>Page size when the caller names none.</summary>
    public const int DefaultSize = 100;

    /// <summary>The page after a token.</summary>
    /// <param name="items">Everything, newest first.</param>
    /// <param name="place">Time and id by which items are ordered.</param>
    /// <param name="maxResults">Page size, or null.</param>
    /// <param name="token">Where the last page ended, or null.</param>
    /// <exception cref="JobValidationException">The token is not one of ours.</exception>
    public static JobPage<T> Cut<T>(IEnumerable<T> items, Func<T, (DateTimeOffset Time, string Id)> place, int? maxResults, string? token)
    {
        var size = Math.Min(maxResults ?? DefaultSize, DefaultSize);
        var ordered = items.OrderByDescending(i => place(i).Time).ThenByDescending(i => place(i).Id, StringComparer.Ordinal).AsEnumerable();
        if (token is not null)
        {
            var last = Decode(token);
            ordered = ordered.Where(i => Compare(place(i), last) < 0);
        }

        var page = ordered.Take(size + 1).ToArray();
        return page.Length <= size
            ? new JobPage<T>(page, null)
            : new JobPage<T>(page[..size], Encode(place(page[size - 1])));
    }

    private static int Compare((DateTimeOffset Time, string Id) a, (DateTimeOffset Time, string Id) b) =>
        a.Time != b.Time ? a.Time.CompareTo(b.Time) : string.CompareOrdinal(a.Id, b.Id);

    private static string Encode((DateTimeOffset Time, string Id) place) =>
        Base64Url.EncodeToString(Encoding.UTF8.GetBytes(FormattableString.Invariant($"{place.Time.ToUnixTimeMilliseconds()} {place.Id}")));

    private static (DateTimeOffset Time, string Id) Decode(string token)
    {
        try
        {
            var parts = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(token)).Split(' ', 2);
            if (parts.Length == 2 && long.TryParse(parts[0], out var time))
            {
                return (DateTimeOffset.FromUnixTimeMilliseconds(time), parts[1]);
            }
        }
        catch (Exception e) when (e is FormatException or ArgumentOutOfRangeException)
        {
            // Falls through to the one answer for every broken token.
        }

        throw new JobValidationException("nextToken is not valid: use the token of the previous answer, unchanged.", "nextToken");
    }
}
