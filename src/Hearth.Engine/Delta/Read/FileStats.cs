using System.Globalization;
using System.Text.Json;
using Hearth.Engine.Formatting;
using Hearth.Engine.Types;

namespace Hearth.Engine.Delta.Read;

/// <summary>Statistics of a file (Delta protocol, "Per-file Statistics"). Bounds serve to leave files out, never to answer.</summary>
internal sealed class FileStats
{
    private readonly JsonElement _json;

    private FileStats(JsonElement json) => _json = json;

    /// <summary>Reads the text of a log; null when there is none or it cannot be read.</summary>
    public static FileStats? Read(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind == JsonValueKind.Object ? new FileStats(document.RootElement.Clone()) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Rows in the file, those that a deletion vector hides too; null when unknown.</summary>
    public long? NumRecords => _json.TryGetProperty("numRecords", out JsonElement n) && n.ValueKind == JsonValueKind.Number ? n.GetInt64() : null;

    /// <summary>NULLs of a column; null when unknown.</summary>
    public long? NullCount(string column) => Value("nullCount", column) is { ValueKind: JsonValueKind.Number } n ? n.GetInt64() : null;

    /// <summary>Bounds of a column that hold all its values; null when unknown.</summary>
    public (IComparable Min, IComparable Max)? Bounds(string column, SparkType type)
    {
        IComparable? min = Comparable(Value("minValues", column), type, upper: false), max = Comparable(Value("maxValues", column), type, upper: true);
        return min is null || max is null ? null : (min, max);
    }

    private JsonElement? Value(string part, string column) =>
        _json.TryGetProperty(part, out JsonElement values) && values.ValueKind == JsonValueKind.Object && values.TryGetProperty(column, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private static IComparable? Comparable(JsonElement? json, SparkType type, bool upper)
    {
        if (json is not { } value)
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.Number)
        {
            return type.IsFractional ? value.GetDouble() : type.IsNumeric && value.TryGetDecimal(out decimal number) ? number : null;
        }

        if (value.ValueKind != JsonValueKind.String)
        {
            return null;
        }

        string text = value.GetString()!;
        return type == SparkType.String ? new Utf8Key(text)
            : type == SparkType.Date ? (DateTimeReader.Date(text) is { } days ? (decimal)days : null)
            // Milliseconds: the largest value may be up to one later.
            : type == SparkType.Timestamp ? (DateTimeReader.Instant(text, TimeZoneInfo.Utc) is { } at ? at + (upper ? 1000m : 0m) : null)
            : type == SparkType.TimestampNtz ? (DateTimeReader.LocalMicros(text) is { } local ? local + (upper ? 1000m : 0m) : null)
            : null;
    }

    /// <summary>A constant of a query in the form of <see cref="Bounds"/>; null when it has none.</summary>
    public static IComparable? Comparable(object? value, SparkType type) => value switch
    {
        long n => type.IsFractional ? (double)n : (decimal)n,
        int n => type.IsFractional ? (double)n : (decimal)n,
        double d => type.IsFractional && !double.IsNaN(d) ? d : null,
        float f => type.IsFractional && !float.IsNaN(f) ? (double)f : null,
        SparkDecimal d => decimal.TryParse(d.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture, out decimal exact) ? (type.IsFractional ? (double)exact : exact) : null,
        string s => new Utf8Key(s),
        SparkDate d => (decimal)d.Days,
        SparkTimestamp t => (decimal)t.Micros,
        SparkTimestampNtz t => (decimal)t.Micros,
        _ => null,
    };

    /// <summary>Text in the order of its bytes.</summary>
    public sealed class Utf8Key(string text) : IComparable
    {
        private readonly byte[] _bytes = System.Text.Encoding.UTF8.GetBytes(text);

        /// <inheritdoc/>
        public int CompareTo(object? obj) => _bytes.AsSpan().SequenceCompareTo(((Utf8Key)obj!)._bytes);
    }
}
