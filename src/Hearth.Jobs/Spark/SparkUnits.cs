using System.Globalization;
using System.Text.RegularExpressions;

namespace Hearth.Jobs.Spark;

/// <summary>Sizes and times as Spark writes them (<c>4g</c>, <c>512m</c>, <c>60s</c>): binary sizes, suffixes in either case.</summary>
public static partial class SparkUnits
{
    /// <summary>A size in MiB; a bare number is MiB. Smaller units are cut off, as Spark cuts them.</summary>
    /// <exception cref="SparkConfException">Not a size.</exception>
    public static long Mebibytes(string key, string text)
    {
        var (number, unit) = Split(key, text, "Size must be specified as bytes (b), kibibytes (k), mebibytes (m), gibibytes (g), tebibytes (t), or pebibytes (p). E.g. 50b, 100k, or 250m.");
        return unit switch
        {
            "b" => number >> 20,
            "k" or "kb" => number >> 10,
            "" or "m" or "mb" => number,
            "g" or "gb" => checked(number << 10),
            "t" or "tb" => checked(number << 20),
            "p" or "pb" => checked(number << 30),
            _ => throw new SparkConfException($"{key}: invalid suffix: \"{unit}\" in \"{text}\""),
        };
    }

    /// <summary>A length of time; a bare number is milliseconds.</summary>
    /// <exception cref="SparkConfException">Not a length of time.</exception>
    public static TimeSpan Time(string key, string text)
    {
        var (number, unit) = Split(key, text, "Time must be specified as seconds (s), milliseconds (ms), microseconds (us), minutes (m or min), hour (h), or day (d). E.g. 50s, 100ms, or 250us.");
        return unit switch
        {
            "us" => TimeSpan.FromMicroseconds(number),
            "" or "ms" => TimeSpan.FromMilliseconds(number),
            "s" => TimeSpan.FromSeconds(number),
            "m" or "min" => TimeSpan.FromMinutes(number),
            "h" => TimeSpan.FromHours(number),
            "d" => TimeSpan.FromDays(number),
            _ => throw new SparkConfException($"{key}: invalid suffix: \"{unit}\" in \"{text}\""),
        };
    }

    private static (long Number, string Unit) Split(string key, string text, string rule)
    {
        var match = Pattern().Match(text.Trim().ToLowerInvariant());
        return match.Success && long.TryParse(match.Groups["n"].Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? (number, match.Groups["u"].Value)
            : throw new SparkConfException($"{key}: {rule} Failed to parse \"{text}\"");
    }

    [GeneratedRegex("^(?<n>-?[0-9]{1,15})(?<u>[a-z]*)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Pattern();
}
