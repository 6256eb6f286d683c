using System.Collections;

namespace Hearth.Aws.Http;

/// <summary>Parameters of a query string or form, decoded, in their order; names may repeat.</summary>
public sealed class QueryParameters : IEnumerable<KeyValuePair<string, string>>
{
    private readonly List<KeyValuePair<string, string>> pairs;

    private QueryParameters(List<KeyValuePair<string, string>> pairs) => this.pairs = pairs;

    /// <summary>No parameters.</summary>
    public static QueryParameters Empty { get; } = new([]);

    /// <summary>Parses <c>a=1&amp;b&amp;c=x%20y</c>.</summary>
    /// <exception cref="AwsException">Bytes that are not UTF-8.</exception>
    public static QueryParameters Parse(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return Empty;
        }
        var pairs = new List<KeyValuePair<string, string>>();
        foreach (var part in text.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = part.IndexOf('=');
            var name = equals < 0 ? part : part[..equals];
            var value = equals < 0 ? "" : part[(equals + 1)..];
            if (!PercentEncoding.TryDecode(name, plusIsSpace: true, out name) || !PercentEncoding.TryDecode(value, plusIsSpace: true, out value))
            {
                throw new AwsException(400, "InvalidURI", "A query parameter is not UTF-8 text.");
            }
            pairs.Add(new(name, value));
        }
        return new QueryParameters(pairs);
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
