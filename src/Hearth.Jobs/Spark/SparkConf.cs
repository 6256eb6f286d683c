using System.Collections.Immutable;
using System.Globalization;

namespace Hearth.Jobs.Spark;

/// <summary>A value of a setting that Spark would refuse; the message names key and value.</summary>
public sealed class SparkConfException(string message) : Exception(message);

/// <summary>
/// Settings of one application: <c>spark.*</c> keys to text, with Spark's readers for sizes, times, numbers and switches.
/// Immutable, ordered by key.
/// </summary>
public sealed class SparkConf
{
    private readonly ImmutableSortedDictionary<string, string> _values;

    private SparkConf(ImmutableSortedDictionary<string, string> values) => _values = values;

    /// <summary>No settings.</summary>
    public static SparkConf Empty { get; } = new(ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal));

    /// <summary>All settings by key.</summary>
    public IReadOnlyDictionary<string, string> Values => _values;

    /// <summary>Settings from pairs; a later pair wins.</summary>
    public static SparkConf Of(IEnumerable<KeyValuePair<string, string>> pairs) => Empty.With(pairs);

    /// <summary>With one more setting.</summary>
    public SparkConf With(string key, string value) => new(_values.SetItem(key, value));

    /// <summary>With more settings, which win.</summary>
    public SparkConf With(IEnumerable<KeyValuePair<string, string>> pairs) => new(_values.SetItems(pairs));

    /// <summary>With a setting unless there is one.</summary>
    public SparkConf WithDefault(string key, string value) => _values.ContainsKey(key) ? this : With(key, value);

    /// <summary>Without a setting.</summary>
    public SparkConf Without(string key) => new(_values.Remove(key));

    /// <summary>The text, or null.</summary>
    public string? Get(string key) => _values.GetValueOrDefault(key);

    /// <summary>The text, or a default.</summary>
    public string Get(string key, string byDefault) => _values.GetValueOrDefault(key, byDefault);

    /// <summary>The first of several keys that is set, or null.</summary>
    public string? First(params ReadOnlySpan<string> keys)
    {
        foreach (var key in keys)
        {
            if (Get(key) is { } value)
            {
                return value;
            }
        }

        return null;
    }

    /// <summary>A switch.</summary>
    /// <exception cref="SparkConfException">Neither true nor false.</exception>
    public bool Flag(string key, bool byDefault) => Get(key)?.Trim().ToLowerInvariant() switch
    {
        null => byDefault,
        "true" => true,
        "false" => false,
        _ => throw new SparkConfException($"{key} should be boolean, but was {Get(key)}"),
    };

    /// <summary>A whole number.</summary>
    /// <exception cref="SparkConfException">Not a number.</exception>
    public int Int(string key, int byDefault) => Get(key) is not { } text
        ? byDefault
        : int.TryParse(text.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new SparkConfException($"{key} should be int, but was {text}");

    /// <summary>A number.</summary>
    /// <exception cref="SparkConfException">Not a number.</exception>
    public double? Number(string key) => Get(key) is not { } text
        ? null
        : double.TryParse(text.Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new SparkConfException($"{key} should be double, but was {text}");

    /// <summary>A size in MiB; a bare number is MiB.</summary>
    /// <exception cref="SparkConfException">Not a size.</exception>
    public long? Mebibytes(string key) => Get(key) is { } text ? SparkUnits.Mebibytes(key, text) : null;

    /// <summary>A length of time; a bare number is milliseconds.</summary>
    /// <exception cref="SparkConfException">Not a length of time.</exception>
    public TimeSpan Time(string key, TimeSpan byDefault) => Get(key) is { } text ? SparkUnits.Time(key, text) : byDefault;

    /// <summary>A length of time whose bare numbers have a unit of their own.</summary>
    /// <exception cref="SparkConfException">Not a length of time.</exception>
    public TimeSpan Time(string key, TimeSpan byDefault, TimeSpan bareUnit) => Get(key) is not { } text
        ? byDefault
        : long.TryParse(text.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var bare) ? bare * bareUnit : SparkUnits.Time(key, text);

    /// <summary>Settings below a prefix, keyed by what follows it.</summary>
    public IEnumerable<KeyValuePair<string, string>> Below(string prefix) =>
        from pair in _values
        where pair.Key.Length > prefix.Length && pair.Key.StartsWith(prefix, StringComparison.Ordinal)
        select KeyValuePair.Create(pair.Key[prefix.Length..], pair.Value);
}
