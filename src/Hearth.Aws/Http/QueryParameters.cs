using System.Collections;

namespace Hearth.Aws.Http;

/// <summary>Parameters of a query string or form, decoded, in their order; names may repeat.</summary>
public sealed class QueryParameters : IEnumerable<KeyValuePair<string, string>>
{
    private readonly List<KeyValuePair<string, string>> pairs;

    private QueryParameters(List<KeyValuePair<string, string>> pairs, bool isUtf8 = true) => (this.pairs, IsUtf8) = (pairs, isUtf8);

    /// <summary>Whether all bytes were UTF-8; parameters that were not are left out.</summary>
    public bool IsUtf8 { get; }

    /// <summary>No parameters.</summary>
    public static QueryParameters Empty { get; } = new([]);

    /// <summary>Parses <c>a=1&amp;b&amp;c=x%20y</c>.</summary>
    /// <exception cref="AwsException">Bytes that are not UTF-8.</exception>
    public static QueryParameters Parse(string? text) => ParseReadable(text) is { IsUtf8: true } parameters
        ? parameters
        : throw new AwsException(400, "InvalidURI", "A query parameter is not UTF-8 text.");

    /// <summary>Parses what is UTF-8: enough to tell whom a request was meant for.</summary>
    public static QueryParameters ParseReadable(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return Empty;
        }
        var (pairs, isUtf8) = (new List<KeyValuePair<string, string>>(), true);
        foreach (var part in text.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = part.IndexOf('=');
            var name = equals < 0 ? part : part[..equals];
            var value = equals < 0 ? "" : part[(equals + 1)..];
            if (!PercentEncoding.TryDecode(name, plusIsSpace: true, out name) || !PercentEncoding.TryDecode(value, plusIsSpace: true, out value))
            {
                isUtf8 = false;
                continue;
            }
            pairs.Add(new(name, value));
        }
        return new QueryParameters(pairs, isUtf8);
    }

    /// <summary>The first value of a name, or null.</summary>
    public string? this[string name] => pairs.FirstOrDefault(p => string.Equals(p.Key, name, StringComparison.Ordinal)).Value;

    /// <summary>All values of a name.</summary>
    public IReadOnlyList<string> All(string name) =>
        [.. pairs.Where(p => string.Equals(p.Key, name, StringComparison.Ordinal)).Select(p => p.Value)];

    /// <summary>Whether a name occurs, with or without a value.</summary>
    public bool Has(string name) => pairs.Exists(p => string.Equals(p.Key, name, StringComparison.Ordinal));

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => pairs.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
