using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Hearth.Kube.Quantities;

/// <summary>How a quantity prefers to be written.</summary>
public enum QuantityFormat
{
    /// <summary><c>500m</c>, <c>2</c>, <c>3k</c>, <c>1G</c>.</summary>
    DecimalSI,

    /// <summary><c>512Mi</c>, <c>1Gi</c>.</summary>
    BinarySI,

    /// <summary><c>1e3</c>.</summary>
    DecimalExponent,
}

/// <summary>
/// A Kubernetes resource quantity (apimachinery <c>resource.Quantity</c>): an exact number of base units (cores, bytes, counts) and the format it prefers.
/// Equality and order compare the number only. Smallest step is 1n (10^-9); smaller parts are rounded up, as upstream does.
/// </summary>
[JsonConverter(typeof(QuantityConverter))]
public readonly struct Quantity : IEquatable<Quantity>, IComparable<Quantity>
{
    private readonly decimal _value;

    /// <summary>A quantity of <paramref name="value"/> base units.</summary>
    public Quantity(decimal value, QuantityFormat format = QuantityFormat.DecimalSI)
    {
        _value = value;
        Format = format;
    }

    /// <summary>Nothing.</summary>
    public static Quantity Zero => default;

    /// <summary>Preferred written form.</summary>
    public QuantityFormat Format { get; }

    /// <summary>The exact number of base units.</summary>
    public decimal Exact => _value;

    /// <summary>Whole base units, rounded up (bytes for memory, cores for cpu).</summary>
    public long Value => ToLong(decimal.Ceiling(_value));

    /// <summary>Thousandths of a base unit, rounded up (millicores for cpu).</summary>
    public long MilliValue => ToLong(decimal.Ceiling(_value * 1000m));

    /// <summary>A quantity of whole bytes that prints with a binary suffix.</summary>
    public static Quantity FromBytes(long bytes) => new(bytes, QuantityFormat.BinarySI);

    /// <summary>A quantity of mebibytes.</summary>
    public static Quantity FromMebibytes(long mebibytes) => new((decimal)mebibytes * 1024 * 1024, QuantityFormat.BinarySI);

    /// <summary>A quantity of thousandths, as CPU is counted.</summary>
    public static Quantity FromMilli(long milli) => new(milli / 1000m);

    /// <summary>Parses a quantity.</summary>
    /// <exception cref="FormatException">Not a quantity; the message is upstream's.</exception>
    public static Quantity Parse(string text) => TryParse(text, out var quantity)
        ? quantity
        : throw new FormatException("quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'");

    /// <summary>Parses a quantity; false when the text is not one.</summary>
    public static bool TryParse(string? text, out Quantity quantity) => QuantityText.TryParse(text, out quantity);

    /// <summary>Sum; keeps the left format unless the left is zero.</summary>
    public static Quantity operator +(Quantity a, Quantity b) => new(a._value + b._value, a._value == 0 ? b.Format : a.Format);

    /// <summary>Difference; keeps the left format.</summary>
    public static Quantity operator -(Quantity a, Quantity b) => new(a._value - b._value, a._value == 0 ? b.Format : a.Format);

    /// <summary>Same number of base units.</summary>
    public static bool operator ==(Quantity a, Quantity b) => a._value == b._value;

    /// <summary>Different numbers of base units.</summary>
    public static bool operator !=(Quantity a, Quantity b) => a._value != b._value;

    /// <summary>Order by number.</summary>
    public static bool operator <(Quantity a, Quantity b) => a._value < b._value;

    /// <summary>Order by number.</summary>
    public static bool operator >(Quantity a, Quantity b) => a._value > b._value;

    /// <summary>Order by number.</summary>
    public static bool operator <=(Quantity a, Quantity b) => a._value <= b._value;

    /// <summary>Order by number.</summary>
    public static bool operator >=(Quantity a, Quantity b) => a._value >= b._value;

    /// <inheritdoc/>
    public bool Equals(Quantity other) => _value == other._value;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Quantity other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _value.GetHashCode();

    /// <inheritdoc/>
    public int CompareTo(Quantity other) => _value.CompareTo(other._value);

    /// <summary>The canonical text, for example <c>500m</c> for 0.5 and <c>1Gi</c> for 1024Mi.</summary>
    public override string ToString() => QuantityText.Format(_value, Format);

    private static long ToLong(decimal value) =>
        value >= long.MaxValue ? long.MaxValue : value <= long.MinValue ? long.MinValue : decimal.ToInt64(value);
}

/// <summary>Quantities are strings in JSON; bare numbers are accepted on input.</summary>
public sealed class QuantityConverter : JsonConverter<Quantity>
{
    /// <inheritdoc/>
    public override Quantity Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var text = reader.TokenType == JsonTokenType.Number
            ? System.Text.Encoding.UTF8.GetString(reader.ValueSpan)
            : reader.GetString();
        return Quantity.TryParse(text, out var quantity) ? quantity : throw new JsonException($"'{text}' is not a quantity");
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Quantity value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());

    /// <inheritdoc/>
    public override Quantity ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Quantity.Parse(reader.GetString()!);
}
