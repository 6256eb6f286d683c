using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Hearth.Jobs.Service;

/// <summary>
/// Cuts ordered listings into pages. The token names the last item of a page, so items that come or go between two calls neither repeat nor hide
/// others. It carries a checksum over itself and the listing with its filters: a token that was changed, or that is of another listing, is refused.
/// </summary>
internal static class PageToken
{
    /// <summary>Page size when the caller names none, and the largest.</summary>
    public const int DefaultSize = 100;

    private const int ChecksumBytes = 8;

    /// <summary>The page after a token.</summary>
    /// <param name="items">Everything.</param>
    /// <param name="place">Time and id by which items are ordered, newest first.</param>
    /// <param name="listing">The listing and its filters.</param>
    /// <param name="maxResults">Page size, or null.</param>
    /// <param name="token">Where the last page ended, or null.</param>
    /// <exception cref="JobValidationException">The token is not one of this listing.</exception>
    public static JobPage<T> Cut<T>(IEnumerable<T> items, Func<T, (DateTimeOffset Time, string Id)> place, string listing, int? maxResults, string? token)
    {
        var ordered = items.OrderByDescending(i => place(i).Time).ThenByDescending(i => place(i).Id, StringComparer.Ordinal).AsEnumerable();
        if (token is not null)
        {
            var last = Place(Decode(listing, token));
            ordered = ordered.Where(i => Compare(place(i), last) < 0);
        }

        var size = Size(maxResults);
        var page = ordered.Take(size + 1).ToArray();
        return page.Length <= size ? new JobPage<T>(page, null) : new JobPage<T>(page[..size], Encode(listing, Text(place(page[size - 1]))));
    }

    /// <summary>How many items a page has at most.</summary>
    public static int Size(int? maxResults) => Math.Min(maxResults ?? DefaultSize, DefaultSize);

    /// <summary>A token that carries a text.</summary>
    public static string Encode(string listing, string text) => Base64Url.EncodeToString([.. Checksum(listing, text), .. Encoding.UTF8.GetBytes(text)]);

    /// <summary>The text of a token.</summary>
    /// <exception cref="JobValidationException">The token is not one of this listing.</exception>
    public static string Decode(string listing, string token)
    {
        try
        {
            var bytes = Base64Url.DecodeFromChars(token);
            if (bytes.Length > ChecksumBytes)
            {
                var text = Encoding.UTF8.GetString(bytes.AsSpan(ChecksumBytes));
                if (bytes.AsSpan(0, ChecksumBytes).SequenceEqual(Checksum(listing, text)))
                {
                    return text;
                }
            }
        }
        catch (FormatException)
        {
            // Falls through to the one answer for every broken token.
        }

        throw new JobValidationException("nextToken is not valid: use the token of the previous answer, unchanged and with the same filters.", "nextToken");
    }

    private static int Compare((DateTimeOffset Time, string Id) a, (DateTimeOffset Time, string Id) b) =>
        a.Time != b.Time ? a.Time.CompareTo(b.Time) : string.CompareOrdinal(a.Id, b.Id);

    private static string Text((DateTimeOffset Time, string Id) place) => FormattableString.Invariant($"{place.Time.ToUnixTimeMilliseconds()} {place.Id}");

    private static (DateTimeOffset Time, string Id) Place(string text)
    {
        var parts = text.Split(' ', 2);
        return (DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(parts[0], CultureInfo.InvariantCulture)), parts[1]);
    }

    private static byte[] Checksum(string listing, string text) => SHA256.HashData(Encoding.UTF8.GetBytes($"{listing}\n{text}"))[..ChecksumBytes];
}
