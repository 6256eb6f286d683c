using System.Numerics;

namespace Hearth.Engine.Types;

/// <summary>A decimal of up to 38 digits: <c>Unscaled / 10^Scale</c>.</summary>
public readonly record struct SparkDecimal(Int128 Unscaled, int Scale)
{
    /// <summary>Plain digits with exactly <see cref="Scale"/> fraction digits.</summary>
    public override string ToString()
    {
        string digits = Int128.Abs(Unscaled).ToString(System.Globalization.CultureInfo.InvariantCulture);
        string sign = Int128.IsNegative(Unscaled) ? "-" : "";
        if (Scale <= 0)
        {
            return sign + digits + new string('0', -Scale);
        }

        digits = digits.PadLeft(Scale + 1, '0');
        return $"{sign}{digits[..^Scale]}.{digits[^Scale..]}";
    }

    /// <summary>Reads plain or scientific digits; null when it is not a number.</summary>
    public static SparkDecimal? Parse(string text)
    {
        int e = text.AsSpan().IndexOfAny('e', 'E');
        int exponent = 0;
        if (e >= 0 && !int.TryParse(text.AsSpan(e + 1), System.Globalization.NumberStyles.AllowLeadingSign, System.Globalization.CultureInfo.InvariantCulture, out exponent))
        {
            return null;
        }

        string mantissa = e < 0 ? text : text[..e];
        int dot = mantissa.IndexOf('.', StringComparison.Ordinal);
        int scale = dot < 0 ? 0 : mantissa.Length - dot - 1;
        if (!BigInteger.TryParse(dot < 0 ? mantissa : mantissa.Remove(dot, 1), System.Globalization.NumberStyles.AllowLeadingSign, System.Globalization.CultureInfo.InvariantCulture, out BigInteger digits))
        {
            return null;
        }

        scale -= exponent;
        if (scale < 0)
        {
            digits *= BigInteger.Pow(10, -scale);
            scale = 0;
        }

        return BigInteger.Abs(digits) > (BigInteger)Int128.MaxValue ? null : new SparkDecimal((Int128)digits, scale);
    }

    /// <summary>Significant digits.</summary>
    public int Precision => Math.Max(Scale, Unscaled == 0 ? 1 : Int128.Abs(Unscaled).ToString(System.Globalization.CultureInfo.InvariantCulture).Length);
}

/// <summary>Days since 1970-01-01.</summary>
public readonly record struct SparkDate(int Days);

/// <summary>An instant: microseconds since the epoch, UTC.</summary>
public readonly record struct SparkTimestamp(long Micros);

/// <summary>A local date-time: microseconds since 1970-01-01 00:00:00 of the same clock.</summary>
public readonly record struct SparkTimestampNtz(long Micros);

/// <summary>Months, days and microseconds, as libduckdb keeps an INTERVAL.</summary>
public readonly record struct SparkInterval(int Months, int Days, long Micros);

/// <summary>Elements of an array, null for NULL.</summary>
public sealed record ArrayValue(IReadOnlyList<object?> Items);

/// <summary>Field values of a struct in field order.</summary>
public sealed record StructValue(IReadOnlyList<object?> Fields);

/// <summary>Entries of a map in their order.</summary>
public sealed record MapValue(IReadOnlyList<KeyValuePair<object, object?>> Entries);
