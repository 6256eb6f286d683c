using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Hearth.Engine.Formatting;
using Hearth.Engine.Types;

namespace Hearth.Engine.Delta.Write;

/// <summary>Statistics of a written file, from what COPY tells about its columns, in the form of the log.</summary>
internal static class WrittenStats
{
    private const int TextLength = 32;

    /// <summary>The JSON text.</summary>
    /// <param name="rows">Rows of the file.</param>
    /// <param name="columns">Stored columns of the table; the first <paramref name="most"/> leaves get statistics.</param>
    /// <param name="most">delta.dataSkippingNumIndexedCols; -1 for all.</param>
    /// <param name="copied">COPY's statistics by quoted column path.</param>
    public static string Of(long rows, IEnumerable<StructField> columns, int most, IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> copied)
    {
        JsonObject min = [], max = [], nulls = [];
        int left = most < 0 ? int.MaxValue : most;
        foreach (StructField field in columns)
        {
            Add(field, DuckTypes.Quote(field.Name), copied, min, max, nulls, ref left);
        }

        return new JsonObject { ["numRecords"] = rows, ["minValues"] = min, ["maxValues"] = max, ["nullCount"] = nulls }.ToJsonString();
    }

    private static void Add(StructField field, string path, IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> copied, JsonObject min, JsonObject max, JsonObject nulls, ref int left)
    {
        if (field.Type is StructType nested)
        {
            JsonObject low = [], high = [], none = [];
            foreach (StructField inner in nested.Fields)
            {
                Add(inner, $"{path}.{DuckTypes.Quote(inner.Name)}", copied, low, high, none, ref left);
            }

            Set(min, field.Name, low);
            Set(max, field.Name, high);
            Set(nulls, field.Name, none);
            return;
        }

        if (left-- <= 0 || field.Type is ArrayType or MapType || !copied.TryGetValue(path, out IReadOnlyDictionary<string, string>? stats))
        {
            return;
        }

        if (stats.TryGetValue("null_count", out string? count) && long.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out long n))
        {
            nulls[field.Name] = n;
        }

        bool nan = stats.TryGetValue("has_nan", out string? has) && has is "true" or "1";
        if (!nan && stats.TryGetValue("min", out string? lowest) && stats.TryGetValue("max", out string? highest) && Bound(lowest, field.Type, upper: false) is { } a && Bound(highest, field.Type, upper: true) is { } b)
        {
            min[field.Name] = a;
            max[field.Name] = b;
        }
    }

    private static void Set(JsonObject into, string name, JsonObject values)
    {
        if (values.Count > 0)
        {
            into[name] = values;
        }
    }

    private static JsonNode? Bound(string text, SparkType type, bool upper)
    {
        if (type.IsNumeric)
        {
            return type.IsFractional
                ? double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double d) && double.IsFinite(d) ? JsonValue.Create(d) : null
                : text.All(c => char.IsAsciiDigit(c) || c is '-' or '.') && text.Length > 0 ? JsonNode.Parse(text) : null;
        }

        return type == SparkType.String ? (upper ? Above(text) : Below(text)) is { } cut ? JsonValue.Create(cut) : null
            : type == SparkType.Date ? DateTimeReader.Date(text) is { } days ? JsonValue.Create(DateText.OfDate(days)) : null
            : type == SparkType.Timestamp ? DateTimeReader.Instant(text.EndsWith("+00", StringComparison.Ordinal) ? text[..^3] : text, TimeZoneInfo.Utc) is { } at ? JsonValue.Create(Millis(at, upper) + "Z") : null
            : type == SparkType.TimestampNtz ? DateTimeReader.LocalMicros(text) is { } local ? JsonValue.Create(Millis(local, upper)) : null
            : null;
    }

    // Milliseconds: the lower bound is rounded down, the upper one up.
    private static string Millis(long micros, bool upper)
    {
        long millis = Math.DivRem(micros, 1000, out long rest);
        millis += rest < 0 ? -1 : 0;
        millis += upper && rest != 0 ? 1 : 0;
        return DateTime.UnixEpoch.AddMilliseconds(millis).ToString("yyyy-MM-dd'T'HH:mm:ss.fff", CultureInfo.InvariantCulture);
    }

    private static string? Below(string text) => text.Contains('\uFFFD', StringComparison.Ordinal) ? null : Prefix(text, TextLength);

    // A cut text is below the values it stands for: a character above the one that was cut off is added (Delta, StatisticsCollection).
    private static string? Above(string text)
    {
        string prefix = Prefix(text, TextLength);
        if (text.Contains('\uFFFD', StringComparison.Ordinal))
        {
            return null;
        }

        return prefix.Length == text.Length ? text : prefix + (text[prefix.Length] < '\u007F' ? "\u007F" : "\U0010FFFF");
    }

    private static string Prefix(string text, int characters)
    {
        StringBuilder prefix = new();
        foreach (Rune rune in text.EnumerateRunes().Take(characters))
        {
            prefix.Append(rune.ToString());
        }

        return prefix.ToString();
    }
}
